// Cancellation over HTTP, also of what an agency has concluded.
import assert from 'node:assert/strict';
import { agencySays } from '../support/agency-says.ts';
import { useDeciding } from '../support/deciding.ts';

describe('the API: a cancellation', function () {
  this.timeout(30_000);
  const { api, open, read, refused, ungated } = useDeciding();
  const by = { actor: '测试人事', reason: '员工撤回辞职' };

  it('ends an exit, which is then not changed any more', async () => {
    const id = await open();
    const { status, body } = await api.post(`/v1/exits/${id}/cancel`, by);
    assert.deepEqual([status, body.status, body.decision], [201, 'cancelled', null]);
    assert.ok(body.cancelled_at);
    const words = { en: /cancelled/, zh: /已取消/ };
    const clearance = { gate: 'open_dispute', actor: '测试' };
    await refused('POST', `/v1/exits/${id}/cancel`, by, 409, 'exit_cancelled', words);
    await refused('PATCH', `/v1/exits/${id}`, { exit_date: '2026-12-01' }, 409, 'exit_cancelled', words);
    await refused('POST', `/v1/exits/${id}/clearances`, clearance, 409, 'exit_cancelled', words);
    const { data } = (await api.get(`/v1/deadlines?exit_id=${id}`)).body;
    assert.deepEqual(data, [], 'its clocks run no more');
  });

  it('stays with a person while something is concluded, until the receipt of its withdrawal is entered', async () => {
    const id = await ungated();
    await agencySays(api.store, id, { kind: 'accepted', receipt: 'R-1' });
    const { body } = await api.post(`/v1/exits/${id}/cancel`, by);
    assert.deepEqual([body.status, body.filings[0].state], ['attention', 'manual']);
    const entered = await api.post(`/v1/filings/${body.filings[0].id}/receipt`, {
      outcome: 'withdrawn',
      actor: '测试人事',
    });
    assert.deepEqual([entered.status, entered.body.state], [201, 'withdrawn']);
    assert.equal((await read(id)).status, 'cancelled');
  });
});
