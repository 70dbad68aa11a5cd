/** Signals over HTTP: recorded once, refused when private, and readable only by whom they concern. */
import assert from 'node:assert/strict';
import { draft as exitDraft } from '../support/api.ts';
import { sql } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { signal, useSignalling } from '../support/signalling.ts';

describe('the API: signals', () => {
  const { api, report, riskOf, warningsOf } = useSignalling();

  it('are recorded and read: in lists without their words', async () => {
    const { status, headers, body } = await api.post(
      '/v1/signals',
      signal({ employee_external_id: 'E-read', amount: '50000.00' }),
    );
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(body.amount, '50000.00');
    const read = await api.get(headers.get('location') ?? '');
    assert.deepEqual([read.status, read.body], [200, body]);
    assert.equal(read.body.summary, '测试：私下接受客户委托');
    const listed = await api.get('/v1/signals?employee_external_id=E-read');
    assert.deepEqual(
      listed.body.data.map((each: object) => [(each as { id: string }).id, 'summary' in each]),
      [[body.id, false]],
    );
    assert.equal((await api.get('/v1/signals/sig_00000000000000000000000000')).body.code, 'signal_not_found');
  });

  it('page through, newest first', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index++)
      ids.push(
        (await report({ employee_external_id: 'E-page', kind: 'training_missed', source: 'training' })).id,
      );
    const seen: string[] = [];
    let next: string | null = '/v1/signals?employee_external_id=E-page&limit=2';
    while (next !== null) {
      const { body } = await api.get(next);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      next = body.has_more
        ? `/v1/signals?employee_external_id=E-page&limit=2&cursor=${body.next_cursor}`
        : null;
    }
    assert.deepEqual(seen, ids.toReversed());
    const none = await api.get('/v1/signals?employee_external_id=E-page&kind=violation');
    assert.deepEqual(none.body.data, []);
  });

  it('count once, however often they are sent; another content under the same external_id is refused', async () => {
    const first = signal({ employee_external_id: 'E-again', amount: '10.00' });
    const { body } = await api.post('/v1/signals', first);
    const again = await api.post('/v1/signals', first);
    assert.deepEqual([again.status, again.body], [201, body]);
    for (const change of [
      { kind: 'customer_complaint' },
      { employee_external_id: 'E-other' },
      { occurred_on: '2026-10-02' },
      { amount: '11.00' },
      { amount: undefined },
      { source: 'audit' },
      { summary: '别的内容' },
      { evidence: [] },
    ]) {
      const other = await api.post('/v1/signals', { ...first, ...change });
      assert.deepEqual([other.status, other.body.code], [409, 'signal_exists'], JSON.stringify(change));
      assert.equal(other.body.signal_id, body.id);
    }
    assert.equal((await riskOf('E-again')).reasons[0].count, 1);
    assert.equal((await riskOf('E-other')).score, 0);
  });

  it('are refused when they come from private life, with the reason in both languages', async () => {
    for (const change of [
      { source: 'social_media' },
      { source: 'private_chat' },
      { kind: 'location' },
      { kind: 'health' },
    ]) {
      const en = await api.post('/v1/signals', signal(change));
      assert.equal(en.status, 422);
      const [error] = en.body.errors;
      assert.deepEqual([error.code, error.pointer], ['signal_private', `/${Object.keys(change)[0]}`]);
      assert.match(error.detail, /social media.*PIPL §6, §13, §28.*: (violation|hr), /);
      const zh = await api.post('/v1/signals', signal(change), { headers: { 'accept-language': 'zh' } });
      assert.match(zh.body.errors[0].detail, /社交媒体.*《个人信息保护法》第六条/);
    }
    const slip = await api.post('/v1/signals', signal({ source: 'complience' }));
    assert.equal(slip.body.errors[0].code, 'value_unknown');
    const future = await api.post('/v1/signals', signal({ occurred_on: '2026-10-27' }));
    assert.deepEqual([future.status, future.body.errors[0].code], [422, 'date_in_future']);
    const unknown = await api.post('/v1/signals', { ...signal(), wechat_id: 'x' });
    assert.equal(unknown.body.errors[0].pointer, '/wechat_id');
  });

  it('are seen by no other organisation, no key of the other world, and no key without the scope', async () => {
    const own = await report({ employee_external_id: 'E-own' });
    const exit = (await api.post('/v1/exits', exitDraft('own-exit'))).body;
    const stranger = await api.keyOf('Other Firm');
    const live = await api.keyOf('Test Securities', { live: true });
    for (const key of [stranger, live]) {
      assert.equal((await api.get(`/v1/signals/${own.id}`, { key })).status, 404);
      assert.equal((await api.get(`/v1/exits/${exit.id}/assessment`, { key })).status, 404);
      assert.deepEqual((await api.get('/v1/signals', { key })).body.data, []);
      assert.deepEqual((await api.get('/v1/events', { key })).body.data, []);
      const risk = await api.get('/v1/employees/E-own/risk', { key });
      assert.deepEqual([risk.body.score, risk.body.signals], [0, []]);
      // The same external_id is theirs to use.
      const theirs = await api.post('/v1/signals', signal({ external_id: own.external_id }), { key });
      assert.equal(theirs.status, 201);
    }
    const reader = await api.keyOf('Test Securities', { scopes: ['exits:read', 'exits:write'] });
    for (const path of ['/v1/signals', '/v1/employees/E-own/risk', `/v1/exits/${exit.id}/assessment`])
      assert.equal((await api.get(path, { key: reader })).body.code, 'scope_missing', path);
  });

  it('are sealed at rest, and gone with the key of the employee', async () => {
    const body = signal({
      employee_external_id: 'E-erased',
      summary: '绝密概要一二三',
      evidence: [{ title: '绝密证据四五六', reference: 'SECRET-REFERENCE-77' }],
    });
    const { id } = (await api.post('/v1/signals', body)).body;
    await report({ employee_external_id: 'E-erased', amount: '50000.00' });
    const warned = await eventually(async () => {
      const found = await warningsOf('E-erased');
      return found.length === 1 && found;
    });
    assert.equal(warned[0].data.score, 35);
    const tables = await sql(
      api.databaseUrl,
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    for (const { table_name } of tables as { table_name: string }[]) {
      const held = JSON.stringify(
        await sql(api.databaseUrl, `SELECT to_jsonb(t)::text AS row FROM "${table_name}" t`),
      );
      for (const words of ['绝密概要一二三', '绝密证据四五六', 'SECRET-REFERENCE-77', '该员工存在'])
        assert.ok(!held.includes(words), `${words} in ${table_name}`);
    }
    assert.ok(!api.log.join('').includes('绝密'));

    await sql(api.databaseUrl, "UPDATE employees SET wrapped_key = NULL WHERE external_id = 'E-erased'");
    const read = await api.get(`/v1/signals/${id}`);
    assert.deepEqual([read.status, read.body.summary, read.body.evidence], [200, null, []]);
    const [event] = await warningsOf('E-erased');
    assert.deepEqual(Object.keys(event.data).toSorted(), ['employee_external_id', 'level', 'signal_id']);
    for (const again of [body, signal({ employee_external_id: 'E-erased' })]) {
      const refused = await api.post('/v1/signals', again);
      assert.deepEqual([refused.status, refused.body.code], [410, 'employee_erased']);
    }
  });
});
