// Work on a filing by hand, over HTTP: an answer to a correction, and a receipt from the counter.
import assert from 'node:assert/strict';
import { agencySays } from '../support/agency-says.ts';
import { expectReply, useDeciding } from '../support/deciding.ts';

describe('the API: work on a filing by hand', function () {
  this.timeout(30_000);
  const at = useDeciding();
  const { api, events, read, refused, ungated } = at;
  const labor = async (id: string) => (await read(id)).filings[0];
  const asked = { kind: 'correction', receipt: 'R-1', code: 'MORE', message: '…', fields: [] } as const;
  const answer = {
    actor: '测试合规',
    supplements: [{ kind: 'claim', title: '主张书', text: '保留追偿权' }],
  };

  it('answers a correction once, under the receipt', async () => {
    const id = await ungated();
    const { id: filing } = await labor(id);
    const path = `/v1/filings/${filing}/amendments`;
    const words = { en: /due.*PATCH/, zh: /due.*PATCH/ };
    await refused('POST', path, answer, 409, 'filing_not_asked', words);
    await agencySays(api.store, id, asked);
    const { status, body } = await api.post(path, answer);
    assert.deepEqual([status, body.state, body.revision, body.receipt], [201, 'due', 2, 'R-1']);
    await refused('POST', path, answer, 409, 'filing_not_asked', words);
    const told = (await events(id)).find(({ type }) => type === 'filing.amended');
    assert.deepEqual([told?.data.supplements, told?.data.titles], [['claim'], ['主张书']]);
  });

  it('is done at the counter where the adapter cannot answer', async () => {
    at.reach = { withdraw: [], amend: [] } as never;
    const id = await ungated();
    await agencySays(api.store, id, asked);
    const { id: filing } = await labor(id);
    await refused('POST', `/v1/filings/${filing}/amendments`, answer, 409, 'filing_cannot_amend', {
      en: new RegExp(`/v1/filings/${filing}/receipt`),
      zh: new RegExp(`/v1/filings/${filing}/receipt`),
    });
    const entered = await api.post(`/v1/filings/${filing}/receipt`, { receipt: 'BJ-1', actor: '测试人事' });
    assert.deepEqual([entered.status, entered.body.state, entered.body.receipt], [201, 'accepted', 'BJ-1']);
  });

  it('enters a receipt for what is in a person’s hands, and for nothing else', async () => {
    const id = await ungated();
    const { id: filing } = await labor(id);
    const path = `/v1/filings/${filing}/receipt`;
    const body = { receipt: 'BJ-1', actor: '测试人事' };
    await refused('POST', path, body, 409, 'filing_not_manual', { en: /due/, zh: /due/ });
    await refused('POST', path, { actor: '测试人事' }, 422, 'body_invalid', {
      pointer: '/receipt',
      en: /./,
      zh: /[\u4e00-\u9fff]/,
    });
    await agencySays(api.store, id, { kind: 'manual', instructions: '请到窗口办理' });
    const entered = await api.post(path, body);
    assert.deepEqual([entered.status, entered.body.state, entered.body.receipt], [201, 'accepted', 'BJ-1']);
  });

  it('is nobody else’s', async () => {
    const { id: filing } = await labor(await ungated());
    const key = await api.keyOf('Another');
    for (const [noun, body] of [
      ['amendments', answer],
      ['receipt', { receipt: 'BJ-1', actor: '测试' }],
    ] as const)
      expectReply(await api.post(`/v1/filings/${filing}/${noun}`, body, { key }), 404, 'filing_not_found');
  });
});
