/** What signals come to, over HTTP: a score with its reasons, an exit's assessment, and warnings. */
import assert from 'node:assert/strict';
import { draft as exitDraft, NOW } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { signal, useSignalling } from '../support/signalling.ts';

describe('the API: risk', () => {
  const { api, report, riskOf, warningsOf } = useSignalling();

  it('warn when a threshold is crossed, once, and tell the endpoints in the lane of the employee', async () => {
    const endpoint = await api.post('/v1/webhook-endpoints', {
      url: 'https://hr.example.com/risk',
      event_types: ['risk.warned'],
    });
    const employee_external_id = 'E-warn';
    for (let index = 0; index < 4; index++) await report({ employee_external_id, amount: '50000.00' });
    await report({ employee_external_id, kind: 'customer_complaint', source: 'customer_service' });
    const events = await eventually(async () => {
      const found = await warningsOf(employee_external_id);
      return found.length === 3 && found;
    });
    assert.deepEqual(
      events.map((event: { sequence: number; data: { level: string; score: number } }) => [
        event.sequence,
        event.data.level,
        event.data.score,
      ]),
      [
        [1, 'elevated', 40],
        [2, 'high', 60],
        [3, 'high', 70],
      ],
    );
    const [, second] = events;
    assert.deepEqual([second.exit_id, second.external_id], [null, null]);
    assert.equal(second.data.text.zh, '该员工存在3次违规记录，涉及客户损失150000元，需重点审核');

    const { body } = await api.get(`/v1/deliveries?endpoint_id=${endpoint.body.id}`);
    assert.deepEqual(
      body.data.map((each: { event_id: string; exit_id: string | null }) => [each.event_id, each.exit_id]),
      events.toReversed().map(({ id }: { id: string }) => [id, null]),
    );
    // Signals wake the lane and no filing.
    const lane = api.woken.filter((each) => each.startsWith('emp_') && each.endsWith('/1'));
    assert.equal(lane.length, 3);
    const [employeeId = ''] = (lane[0] ?? '').split(':');
    const due = await api.store.deliveries.due(new Date(NOW.getTime() + 60_000), 100);
    assert.ok(due.some(({ endpointId, exitId }) => endpointId === endpoint.body.id && exitId === employeeId));
    const claimed = await api.store.deliveries.claim(
      { endpointId: endpoint.body.id, exitId: employeeId },
      { token: 't', now: new Date(NOW.getTime() + 60_000), until: new Date(NOW.getTime() + 90_000) },
    );
    assert.deepEqual(
      [claimed?.event.sequence, claimed?.event.exitId, claimed?.event.data.level],
      [1, null, 'elevated'],
    );
  });

  it('from many departments at once are all recorded, and cross each threshold once', async () => {
    const employee_external_id = 'E-crowd';
    await Promise.all(Array.from({ length: 20 }, () => report({ employee_external_id })));
    assert.equal((await riskOf(employee_external_id)).reasons[0].count, 20);
    const events = await eventually(async () => {
      const found = await warningsOf(employee_external_id);
      return found.length >= 2 && found;
    });
    assert.deepEqual(
      events.map((event: { data: { level: string } }) => event.data.level),
      ['elevated', 'high'],
    );
    const twin = signal({ employee_external_id: 'E-twin' });
    const replies = await Promise.all(Array.from({ length: 8 }, () => api.post('/v1/signals', twin)));
    assert.deepEqual(new Set(replies.map(({ status, body }) => `${status} ${body.id}`)).size, 1);
  });

  it('make a score with a reason for every point, and show what is behind it', async () => {
    const first = await report({ employee_external_id: 'E/科 1', amount: '50000.00' });
    await report({
      employee_external_id: 'E/科 1',
      kind: 'attendance_anomaly',
      source: 'hr',
      occurred_on: '2023-01-02',
    });
    const body = await riskOf(encodeURIComponent('E/科 1'));
    assert.deepEqual([body.employee_external_id, body.score, body.level], ['E/科 1', 20, 'low']);
    assert.deepEqual(body.reasons, [
      {
        code: 'violation',
        title: { en: 'violations', zh: '违规记录' },
        count: 1,
        amount: '50000.00',
        points: 20,
        since: '2026-10-01',
        facts: [{ id: first.id, points: 20 }],
      },
    ]);
    assert.deepEqual(
      body.signals.map(({ id }: { id: string }) => id),
      [first.id],
    );
    const nobody = await api.get('/v1/employees/E-nobody/risk');
    assert.deepEqual([nobody.status, nobody.body.score, nobody.body.signals], [200, 0, []]);
    assert.equal((await api.get(`/v1/employees/${'x'.repeat(101)}/risk`)).body.code, 'employee_not_found');
  });

  it('are counted in the assessment of an exit, with the disputes that are open, none of them twice', async () => {
    const employee = { ...(exitDraft('x').employee as object), external_id: 'E-exit' };
    for (let index = 0; index < 3; index++)
      await report({ employee_external_id: 'E-exit', amount: '50000.00' });
    // The dispute of the exit, reported by customer service as well.
    await report({
      external_id: 'C-88',
      employee_external_id: 'E-exit',
      kind: 'customer_complaint',
      source: 'customer_service',
      amount: '200000.00',
    });
    const exit = (await api.post('/v1/exits', exitDraft('with-risk', { employee, profile: 'general' }))).body;
    const { status, body } = await api.get(`/v1/exits/${exit.id}/assessment`);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual([body.exit_id, body.profile, body.score, body.level], [exit.id, 'general', 90, 'high']);
    assert.equal(
      body.text.zh,
      '该员工存在3次违规记录，涉及客户损失150000元；1起未处理的纠纷，涉及主张金额200000元，需重点审核',
    );
    assert.match(
      body.text.en,
      /^On record: 3 violations, with customer losses of 150000 yuan; 1 unsettled dispute,/,
    );
    const clearance = { gate: 'open_dispute', subject: 'C-88', actor: '合规部' };
    assert.equal((await api.post(`/v1/exits/${exit.id}/clearances`, clearance)).status, 201);
    const settled = (await api.get(`/v1/exits/${exit.id}/assessment`)).body;
    assert.deepEqual(
      settled.reasons.map(({ code }: { code: string }) => code),
      ['violation', 'customer_complaint'],
    );
    assert.equal((await api.get('/v1/exits/exit_00000000000000000000000000/assessment')).status, 404);
  });
});
