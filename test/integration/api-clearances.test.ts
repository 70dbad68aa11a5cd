// Clearances over HTTP: the documents they rest on, waived and taken back, and many at once.
import assert from 'node:assert/strict';
import { DISPUTE, expectReply, useDeciding } from '../support/deciding.ts';

describe('the API: a clearance', function () {
  this.timeout(30_000);
  const { api, events, open, read, refused, types } = useDeciding();
  const clear = (id: string, parts: Record<string, unknown>) =>
    api.post(`/v1/exits/${id}/clearances`, { gate: 'open_dispute', actor: '测试合规', ...parts });
  const documents = [{ title: '和解协议', kind: 'settlement_agreement', sha256: 'ab'.repeat(32) }];

  it('names the documents that it rests on, and is shown with them', async () => {
    const id = await open();
    const path = `/v1/exits/${id}/clearances`;
    const body = { gate: 'open_dispute', actor: '测试合规' };
    await refused('POST', path, body, 422, 'clearance_documents_missing', {
      pointer: '/documents',
      en: /settlement_agreement, judgment/,
      zh: /settlement_agreement, judgment/,
    });
    const { body: half } = await clear(id, { subject: 'C-1', documents, note: '已和解' });
    assert.equal(half.status, 'gated');
    const [gate, other] = half.gates;
    assert.deepEqual([gate.state, other.state], ['cleared', 'open']);
    assert.deepEqual(gate.clearance, {
      actor: '测试合规',
      note: '已和解',
      documents: [{ ...documents[0], reference: null }],
    });
    const { body: whole } = await clear(id, { documents });
    assert.deepEqual([whole.status, whole.blockers, whole.decision], ['filing', [], null]);
  });

  it('names all of them where the gate says so', async () => {
    const handover = [{ external_id: 'H-1', kind: 'work', title: '测试工作' }];
    const id = await open({ disputes: [], handover });
    const one = [{ title: '清单', kind: 'handover_list' }];
    const body = { gate: 'handover', actor: '测试', documents: one };
    await refused('POST', `/v1/exits/${id}/clearances`, body, 422, 'clearance_documents_missing', {
      pointer: '/documents',
      en: /receipt/,
      zh: /receipt/,
    });
    const both = [...one, { title: '签收单', kind: 'receipt' }];
    expectReply(await clear(id, { gate: 'handover', documents: both }), 201);
  });

  it('is waived with a note, and taken back while nothing is filed', async () => {
    const id = await open();
    const path = `/v1/exits/${id}/clearances`;
    const waive = { gate: 'open_dispute', subject: 'C-1', decision: 'waived', actor: '测试总监' };
    await refused('POST', path, waive, 422, 'body_invalid', {
      pointer: '/note',
      en: /./,
      zh: /[\u4e00-\u9fff]/,
    });
    const { body: waived } = await clear(id, { ...waive, note: '测试豁免' });
    assert.deepEqual(
      waived.gates.map(({ state }: { state: string }) => state),
      ['waived', 'open'],
    );
    const { body: back } = await clear(id, { subject: 'C-1', decision: 'revoked', note: '又起争议' });
    assert.equal(back.blockers.length, 2);
    await refused('POST', path, { ...waive, decision: 'revoked' }, 409, 'gate_not_cleared', {
      en: /open_dispute/,
      zh: /open_dispute/,
    });
    assert.deepEqual(await types(id), [
      'exit.opened',
      'exit.gated',
      'exit.cleared',
      'exit.clearance_revoked',
    ]);
  });

  it('is not taken twice, nor taken back once filing has begun, nor given to another gate', async () => {
    const id = await open();
    const path = `/v1/exits/${id}/clearances`;
    await clear(id, { documents });
    const body = { gate: 'open_dispute', actor: '测试', documents };
    await refused('POST', path, body, 409, 'gate_already_cleared', {
      en: /open_dispute/,
      zh: /open_dispute.*无/,
    });
    await refused('POST', path, { ...body, decision: 'revoked' }, 409, 'exit_not_gated', {
      en: /filing/,
      zh: /filing/,
    });
    await refused('POST', path, { ...body, gate: 'none' }, 404, 'gate_not_found', { en: /none/, zh: /无/ });
  });

  it('of many departments at once: none is lost', async () => {
    const many = Array.from({ length: 24 }, (_, index) => ({ external_id: `M-${index}`, ...DISPUTE }));
    const id = await open({ disputes: many });
    const replies = await Promise.all(
      many.map(({ external_id: subject }) => clear(id, { subject, actor: `测试部门 ${subject}`, documents })),
    );
    assert.deepEqual([...new Set(replies.map(({ status }) => status))], [201]);
    const exit = await read(id);
    assert.equal(exit.status, 'filing');
    for (const gate of exit.gates) assert.equal(gate.clearance.actor, `测试部门 ${gate.subject}`);
    const told = (await events(id)).filter(({ type }) => type === 'exit.cleared');
    assert.deepEqual(
      told.flatMap(({ data }) => data.subjects as string[]).sort(),
      many.map(({ external_id }) => external_id).sort(),
    );
    assert.equal((await types(id)).filter((type) => type === 'exit.filing_started').length, 1);
  });
});
