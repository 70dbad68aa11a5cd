import assert from 'node:assert/strict';
import { connect, draft, startApi, useApi } from '../support/api.ts';

describe('the API: exits', () => {
  const api = useApi();

  it('opens an exit, gated, with the person masked and the blockers in the language asked for', async () => {
    const { status, headers, body } = await api.post('/v1/exits', draft('open-1'), {
      headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.5' },
    });
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(headers.get('location'), `/v1/exits/${body.id}`);
    assert.equal(headers.get('content-language'), 'zh');
    assert.equal(body.status, 'gated');
    assert.deepEqual([body.employee.name, body.employee.id_number], ['张*', '110***********002X']);
    assert.equal(body.blockers[0].title, '存在未处理的纠纷');
    assert.deepEqual(
      body.filings.map((each: { kind: string; state: string }) => `${each.kind} ${each.state}`),
      ['labor_filing waiting', 'insurance_stop waiting', 'insurance_transfer waiting'],
    );
    assert.deepEqual(body.warnings, []);
    const read = await api.get(`/v1/exits/${body.id}`);
    assert.equal(read.body.blockers[0].title, 'An open dispute is not settled');
    assert.equal(read.body.disputes[0].summary, '客户李某投诉私下受托交易');
    const listed = await api.get('/v1/exits?external_id=open-1');
    assert.equal(listed.body.data.length, 1);
    assert.equal('disputes' in listed.body.data[0], false);
  });

  it('starts filing at once when nothing blocks, and wakes the filing that is due', async () => {
    const { body } = await api.post('/v1/exits', draft('open-2', { disputes: [] }));
    assert.equal(body.status, 'filing');
    assert.deepEqual(
      api.woken.filter((each) => each.startsWith(body.id)),
      [`${body.id}: labor_filing/0`],
    );
  });

  it('fills in what may be left out', async () => {
    const { last_attendance_date: _, disputes: __, non_compete: ___, ...rest } = draft('open-3');
    const { body } = await api.post('/v1/exits', rest);
    assert.equal(body.last_attendance_date, '2026-11-25');
    assert.equal(body.insurance_end_month, '2026-11');
    assert.equal(body.non_compete, null);
  });

  it('warns of a short notice and of a region that is not known, and takes the exit', async () => {
    const employee = { ...(draft('x').employee as object), id_number: '99010519491231002X' };
    const number = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'X']
      .map((last) => `99010519491231002${last}`)
      .find((each) => checksOut(each));
    const body = draft('warn-1', {
      exit_date: '2026-11-01',
      last_attendance_date: '2026-11-01',
      employee: { ...employee, id_number: number },
    });
    const en = await api.post('/v1/exits', body);
    assert.equal(en.status, 201, JSON.stringify(en.body));
    assert.deepEqual(
      en.body.warnings.map((each: { code: string; pointer: string }) => `${each.code} ${each.pointer}`),
      ['notice_short /exit_date', 'resident_id_region_unknown /employee/id_number'],
    );
    assert.match(en.body.warnings[0].detail, /6 day\(s\).*30.*2026-11-25/);
    const zh = await api.post(
      '/v1/exits',
      { ...body, external_id: 'warn-2' },
      { headers: { 'accept-language': 'zh' } },
    );
    assert.match(zh.body.warnings[0].detail, /提前通知 6 天，法定为 30 天/);
  });

  it('answers an exit that is sent again with the one that is there, and refuses to make it somebody else’s', async () => {
    const first = await api.post('/v1/exits', draft('twice'));
    const second = await api.post('/v1/exits', draft('twice'));
    assert.deepEqual([second.status, second.body.id], [201, first.body.id]);
    assert.deepEqual(second.body.facts_revision, 1);
    const { employee } = draft('twice') as { employee: object };
    const third = await api.post(
      '/v1/exits',
      draft('twice', { employee: { ...employee, external_id: 'E-other' } }),
    );
    assert.deepEqual([third.status, third.body.code, third.body.exit_id], [409, 'exit_fixed', first.body.id]);
    assert.match(third.body.detail, /\/employee\/external_id/);
  });

  it('says which connection is missing, for whom, and how to make it', async () => {
    const key = await api.keyOf('Unconnected');
    const { status, body } = await api.post('/v1/exits', draft('lost'), { key });
    assert.equal(status, 422);
    assert.equal(body.code, 'connection_missing');
    assert.equal(body.errors.length, 3);
    assert.match(body.errors[0].detail, /labor_filing.*91110105MA001234X4.*110000.*POST \/v1\/connections/);
  });

  it('clears a gate, lets the exit go, and says what is open when there is nothing to clear', async () => {
    const { body: exit } = await api.post('/v1/exits', draft('clear-1'));
    const path = `/v1/exits/${exit.id}/clearances`;
    const settled = {
      gate: 'open_dispute',
      subject: 'C-88',
      actor: '王某',
      documents: [{ title: '和解协议' }],
    };
    const wrong = await api.post(path, { ...settled, gate: 'handover' });
    assert.equal(wrong.status, 404);
    assert.equal(wrong.body.code, 'gate_not_found');
    assert.match(wrong.body.detail, /open_dispute \(C-88\)/);
    const cleared = await api.post(path, settled);
    assert.equal(cleared.status, 201, JSON.stringify(cleared.body));
    assert.equal(cleared.body.status, 'filing');
    assert.deepEqual(cleared.body.blockers, []);
    assert.ok(api.woken.includes(`${exit.id}: labor_filing/0`));
    const again = await api.post(path, settled);
    assert.equal(again.body.code, 'gate_already_cleared');
    assert.equal(again.status, 409);
    const events = await api.get(`/v1/exits/${exit.id}/events`);
    assert.deepEqual(
      events.body.data.map((each: { sequence: number; type: string }) => `${each.sequence} ${each.type}`),
      ['1 exit.opened', '2 exit.gated', '3 exit.cleared', '4 exit.filing_started'],
    );
    assert.equal(events.body.data[2].data.actor, '王某');
  });

  it('lets concurrent clearances of several items all stand', async () => {
    const items = ['A', 'B', 'C'];
    const disputes = items.map((external_id) => ({ external_id, kind: 'internal', summary: 'open' }));
    const { body: exit } = await api.post('/v1/exits', draft('clear-2', { disputes }));
    const replies = await Promise.all(
      items.map((subject) =>
        api.post(`/v1/exits/${exit.id}/clearances`, { gate: 'open_dispute', subject, actor: 'W' }),
      ),
    );
    assert.deepEqual(
      replies.map(({ status }) => status),
      [201, 201, 201],
    );
    assert.equal((await api.get(`/v1/exits/${exit.id}`)).body.status, 'filing');
  });

  it('goes on when the wake fails: sweep repairs it', async () => {
    const broken = await startApi(api.databaseUrl, {
      wake: { after: () => Promise.reject(new Error('queue gone')) },
    });
    try {
      const key = await broken.keyOf('Broken queue');
      await connect(broken, key);
      const { status } = await broken.post('/v1/exits', draft('unwoken'), { key });
      assert.equal(status, 201);
      assert.ok(broken.log.some((line) => line.includes('a wake was lost')));
    } finally {
      await broken.close();
    }
  });

  it('lists and reads filings with their attempts', async () => {
    const { body: exit } = await api.post('/v1/exits', draft('filings', { disputes: [] }));
    const listed = await api.get(`/v1/filings?exit_id=${exit.id}&state=due`);
    assert.equal(listed.body.data.length, 1);
    const read = await api.get(`/v1/filings/${listed.body.data[0].id}`);
    assert.equal(read.body.kind, 'labor_filing');
    assert.equal(read.body.deadline, '2026-12-10');
    assert.deepEqual(read.body.attempt_log, []);
  });
});

/** GB 11643, written out again. */
function checksOut(number: string): boolean {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(number[index]), 0);
  return '10X98765432'[sum % 11] === number[17];
}
