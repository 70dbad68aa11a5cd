// Amendments over HTTP, by PATCH and by POST: what follows a change, many at once, and what is refused.
import assert from 'node:assert/strict';
import { agencySays } from '../support/agency-says.ts';
import { DISPUTE, expectReply, useDeciding } from '../support/deciding.ts';

describe('the API: an amendment', function () {
  this.timeout(30_000);
  const { api, draftOf, events, open, read, refused, ungated } = useDeciding();
  const patch = (id: string, body: unknown, ask = {}) =>
    api.ask('PATCH', `/v1/exits/${id}`, { body, ...ask });

  it('moves what followed the exit date, and keeps what is left out', async () => {
    const id = await open();
    const before = await read(id);
    const { status, body } = await patch(id, { exit_date: '2026-12-31' });
    assert.equal(status, 200);
    assert.deepEqual(
      [body.exit_date, body.last_attendance_date, body.insurance_end_month, body.facts_revision],
      ['2026-12-31', '2026-12-31', '2026-12', 2],
    );
    assert.deepEqual(
      [body.disputes, body.reason, body.non_compete],
      [before.disputes, before.reason, before.non_compete],
    );
    const own = await patch(id, { last_attendance_date: '2026-12-30' });
    const moved = await patch(id, { exit_date: '2027-01-05' });
    assert.deepEqual(
      [own.body.last_attendance_date, moved.body.last_attendance_date],
      ['2026-12-30', '2026-12-30'],
    );
    assert.equal((await patch(id, { non_compete: null })).body.non_compete, null);
  });

  it('of several at once loses none of what each has changed', async () => {
    const id = await open();
    const replies = await Promise.all([
      patch(id, { exit_date: '2026-12-05' }),
      patch(id, { reason: 'mutual_by_employee' }),
      patch(id, { employee: { post: '测试岗' } }),
      patch(id, { insurance_end_month: '2027-02' }),
      patch(id, { employee: { name: '测试新名' } }),
      patch(id, { disputes: [{ external_id: 'C-3', ...DISPUTE }] }),
    ]);
    assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200]);
    const { exit_date, reason, insurance_end_month, employee, blockers, facts_revision } = await read(id);
    assert.deepEqual(
      [exit_date, reason, insurance_end_month, employee.post, blockers.length, facts_revision],
      ['2026-12-05', 'mutual_by_employee', '2027-02', '测试岗', 3, 6],
    );
    assert.equal(employee.name, '测***');
  });

  it('is refused where it says nothing, what cannot be, or too little', async () => {
    const path = `/v1/exits/${await open()}`;
    await refused('PATCH', path, {}, 422, 'body_invalid', { pointer: '', en: /./, zh: /[\u4e00-\u9fff]/ });
    await refused('PATCH', path, { exit_date: '2026-02-30' }, 422, 'body_invalid', {
      pointer: '/exit_date',
      en: /exists/,
      zh: /真实存在/,
    });
    await refused('PATCH', path, { exit_date: '2026-10-01' }, 422, 'body_invalid', {
      pointer: '/exit_date',
      en: /2026-10-26/,
      zh: /2026-10-26/,
    });
    await refused('PATCH', path, { employee: { id_number: '110101199002300014' } }, 422, 'body_invalid', {
      pointer: '/employee/id_number',
      en: /no field/,
      zh: /没有/,
    });
    expectReply(
      await patch('exit_00000000000000000000000000', { exit_date: '2026-12-01' }),
      404,
      'exit_not_found',
    );
  });

  it('warns of what somebody should look at', async () => {
    const { body } = await patch(await open(), { exit_date: '2026-11-01' });
    assert.deepEqual(
      body.warnings.map(({ code }: { code: string }) => code),
      ['notice_short'],
    );
  });

  it('comes by POST as well: sent again with other facts, it is the same exit, amended', async () => {
    const first = draftOf();
    const { body: before } = await api.post('/v1/exits', first);
    const again = { ...first, exit_date: '2026-12-01', last_attendance_date: '2026-12-01', disputes: [] };
    const { status, body } = await api.post('/v1/exits', again);
    assert.deepEqual(
      [status, body.id, body.exit_date, body.facts_revision],
      [201, before.id, '2026-12-01', 2],
    );
    assert.equal(body.blockers.length, 2, 'only a clearance settles a dispute');
    const other = { ...first, employee: { ...(first.employee as object), external_id: 'E-other' } };
    await refused('POST', '/v1/exits', other, 409, 'exit_fixed', {
      en: /\/employee\/external_id/,
      zh: /\/employee\/external_id/,
    });
  });

  it('of the reason needs a named person once filing has begun, by either way', async () => {
    const first = draftOf({ disputes: [] });
    const { body: exit } = await api.post('/v1/exits', first);
    const sent = { kind: 'pending', receipt: 'R-1', stage: 'received' } as const;
    await agencySays(api.store, exit.id, sent);
    const words = { en: /amended_by/, zh: /amended_by/ };
    const reason = 'mutual_by_employee';
    await refused('PATCH', `/v1/exits/${exit.id}`, { reason }, 409, 'reason_needs_actor', words);
    await refused('POST', '/v1/exits', { ...first, reason }, 409, 'reason_needs_actor', words);
    const named = await patch(exit.id, { reason, amended_by: { actor: '测试人事', note: '协商一致' } });
    assert.deepEqual([named.status, named.body.reason], [200, reason]);
    const amended = (await events(exit.id)).find(({ type }) => type === 'exit.amended');
    assert.deepEqual([amended?.data.named_person, amended?.data.actor], [true, '测试人事']);
  });

  it('answers a correction that the agency has asked for', async () => {
    const id = await ungated();
    await agencySays(api.store, id, {
      kind: 'correction',
      receipt: 'R-1',
      code: 'DATE',
      message: '…',
      fields: [],
    });
    assert.equal((await read(id)).status, 'attention');
    const { body } = await patch(id, { exit_date: '2026-11-26' });
    assert.deepEqual([body.status, body.filings[0].state, body.filings[0].revision], ['filing', 'due', 2]);
    assert.ok(api.woken.filter((each) => each.startsWith(`${id}: labor_filing`)).length >= 2, 'it is woken');
  });
});
