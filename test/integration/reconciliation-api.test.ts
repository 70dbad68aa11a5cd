// Reconciliations and findings over HTTP and a real PostgreSQL: who may ask for what, what is shown and what is masked.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Finding } from '../../src/domain/findings.ts';
import type { Incomplete } from '../../src/domain/incomplete.ts';
import { type Api, connect, draft, NOW, startApi } from '../support/api.ts';
import { syntheticIdNumber } from '../support/builders.ts';
import { freshDatabase, sql, type TestDatabase } from '../support/database.ts';

const NUMBER = syntheticIdNumber(4_001);
const OTHER = syntheticIdNumber(4_002);

describe('reconciliations and findings', function () {
  this.timeout(30_000);
  let database: TestDatabase;
  let api: Api & { key: string };
  let connection: string;
  let exitId: string;
  before(async () => {
    database = await freshDatabase();
    api = await startApi(database.url);
    await connect(api, api.key);
    connection = (await api.get('/v1/connections')).body.data[0].id;
    exitId = (await api.post('/v1/exits', draft('R-1', { disputes: [] }))).body.id;
  });
  after(async () => {
    await api.close();
    await database.drop();
  });

  const orgId = async () => (await api.store.organisations.ensure('Test Securities')).id;
  const found = (parts: Partial<Finding> = {}): Finding => ({
    kind: 'filed_elsewhere',
    filingKind: 'labor_filing',
    identity: randomUUID(),
    on: '2026-10-20',
    theirs: 'accepted',
    receipt: 'R-9',
    person: { name: '测试甲', id_number: NUMBER },
    ...parts,
  });
  /** Ends a run as a worker would, with these findings. */
  async function conclude(runId: string, findings: readonly Finding[], reason?: Incomplete): Promise<void> {
    const token = randomUUID();
    const lease = { token, now: NOW, until: new Date(NOW.getTime() + 30_000) };
    const claim = await api.store.reconciliations.claim(runId, lease);
    assert.ok(claim);
    const counts = { listed: 3, enrolled: 2, compared: 1 };
    const conclusion = {
      complete: reason === undefined,
      findings,
      counts,
      hashes: [],
      ...(reason && { reason }),
    };
    assert.ok(await api.store.reconciliations.conclude(claim, token, conclusion, NOW));
  }
  async function ask(body: object = {}) {
    const {
      status,
      body: run,
      headers,
    } = await api.post('/v1/reconciliations', { connection_id: connection, ...body });
    assert.equal(status, 201, JSON.stringify(run));
    assert.equal(headers.get('location'), `/v1/reconciliations/${run.id}`);
    return run;
  }
  const codes = (body: { errors: { pointer: string; code: string }[] }) =>
    body.errors.map(({ pointer, code }) => `${pointer} ${code}`);

  describe('a reconciliation', () => {
    it('is asked for, woken, and read until it has ended', async () => {
      const run = await ask();
      const { id, requested_at, ...rest } = run;
      assert.ok(requested_at >= NOW.toISOString());
      assert.deepEqual(rest, {
        connection_id: connection,
        from: '2026-07-28',
        to: '2026-11-26',
        night: null,
        state: 'waiting',
        reason: null,
        counts: null,
        ended_at: null,
      });
      assert.equal(api.woken.at(-1), id);
      await conclude(id, []);
      const ended = (await api.get(`/v1/reconciliations/${id}`)).body;
      assert.deepEqual(
        [ended.state, ended.counts],
        ['complete', { listed: 3, enrolled: 2, compared: 1, found: 0, opened: 0, resolved: 0 }],
      );
    });

    it('takes a period, and says what is wrong with one', async () => {
      const { from, to } = await ask({ from: '2026-10-01', to: '2026-10-31' });
      assert.deepEqual([from, to], ['2026-10-01', '2026-10-31']);
      const refused = async (period: object) => {
        const { status, body } = await api.post('/v1/reconciliations', {
          connection_id: connection,
          ...period,
        });
        assert.equal(status, 422);
        return codes(body);
      };
      assert.deepEqual(await refused({ from: '2026-10-31', to: '2026-10-01' }), ['/to period_reversed']);
      assert.deepEqual(await refused({ from: '2025-10-01', to: '2026-10-31' }), ['/to period_too_long']);
      assert.deepEqual(await refused({ from: '2026-02-30' }), ['/from date_invalid']);
      const zh = { headers: { 'accept-language': 'zh' } };
      const reversed = { connection_id: connection, from: '2026-10-31', to: '2026-10-01' };
      const { body } = await api.post('/v1/reconciliations', reversed, zh);
      assert.match(JSON.stringify(body.errors), /结束日期 2026-10-01 早于开始日期 2026-10-31/);
    });

    it('is made once for one Idempotency-Key', async () => {
      const headers = { 'idempotency-key': randomUUID() };
      const body = { connection_id: connection };
      const first = await api.post('/v1/reconciliations', body, { headers });
      const again = await api.post('/v1/reconciliations', body, { headers });
      assert.equal(again.body.id, first.body.id);
      assert.equal(again.headers.get('idempotent-replayed'), 'true');
    });

    it('says why it is incomplete, in the language asked for', async () => {
      const { id } = await ask();
      await conclude(id, [], { code: 'unreachable', since: '2026-10-26T01:00:00.000Z' });
      const read = async (headers = {}) => (await api.get(`/v1/reconciliations/${id}`, { headers })).body;
      const { state, reason } = await read();
      assert.deepEqual(
        [state, reason],
        ['incomplete', 'the agency does not answer since 2026-10-26T01:00:00.000Z'],
      );
      const zh = { 'accept-language': 'zh' };
      assert.equal((await read(zh)).reason, '机构自 2026-10-26T01:00:00.000Z 起无应答');
      const listed = await api.get('/v1/reconciliations?state=incomplete', { headers: zh });
      assert.match(listed.body.data[0].reason, /起无应答$/);
      // As an older version has kept it.
      await sql(database.url, 'UPDATE reconciliations SET reason = $1 WHERE id = $2', ['HTTP 503', id]);
      assert.equal((await read()).reason, 'HTTP 503');
      const { data } = (await api.get('/v1/reconciliations?state=incomplete')).body;
      assert.deepEqual(
        data.map((each: { id: string }) => each.id),
        [id],
      );
    });

    it('is nobody else’s, and needs a scope and a connection of one’s own', async () => {
      const { id } = await ask();
      const other = await api.keyOf('Another');
      const live = await api.keyOf('Test Securities', { live: true });
      const reader = await api.keyOf('Test Securities', { scopes: ['exits:read'] });
      for (const key of [other, live]) {
        assert.equal(
          (await api.get(`/v1/reconciliations/${id}`, { key })).body.code,
          'reconciliation_not_found',
        );
        assert.deepEqual((await api.get('/v1/reconciliations', { key })).body.data, []);
        const asked = await api.post('/v1/reconciliations', { connection_id: connection }, { key });
        assert.equal(asked.body.code, 'connection_not_found');
      }
      const refused = await api.post('/v1/reconciliations', { connection_id: connection }, { key: reader });
      assert.equal(refused.body.code, 'scope_missing');
      assert.equal((await api.get(`/v1/reconciliations/${id}`, { key: reader })).status, 200);
    });
  });

  describe('a finding', () => {
    before(async () => {
      const { id } = await ask();
      const stored = await api.store.exits.load(await orgId(), exitId);
      const filing = stored?.exit.filings.find(({ kind }) => kind === 'labor_filing');
      assert.ok(filing);
      const about = { exitId, filingId: filing.id, ours: filing.state } as const;
      await conclude(id, [
        found(),
        found({ kind: 'identity_differs', ...about, ourNumber: OTHER }),
        found({
          kind: 'still_enrolled',
          filingKind: 'insurance_stop',
          theirs: 'enrolled',
          since: '2022-03-01',
        }),
      ]);
    });
    const list = async (query = '') => (await api.get(`/v1/findings?${query}`)).body;

    it('is listed newest first, page by page, by state, kind, connection and exit', async () => {
      const all = (await list()).data as { id: string; kind: string }[];
      assert.equal(all.length, 3);
      assert.deepEqual(
        all.map(({ id }) => id),
        all
          .map(({ id }) => id)
          .toSorted()
          .toReversed(),
      );
      const first = await list('limit=2');
      const second = await list(`limit=2&cursor=${first.next_cursor}`);
      assert.deepEqual([...first.data, ...second.data], all);
      const kindsOf = async (query: string) =>
        (await list(query)).data.map(({ kind }: { kind: string }) => kind);
      assert.deepEqual(await kindsOf('kind=still_enrolled'), ['still_enrolled']);
      assert.deepEqual(await kindsOf(`exit_id=${exitId}`), ['identity_differs']);
      assert.deepEqual(await kindsOf('state=resolved'), []);
      assert.equal((await kindsOf(`connection_id=${connection}&state=open`)).length, 3);
      assert.equal((await api.get('/v1/findings?kind=lost')).status, 400);
    });

    it('shows whom it is about masked, and our number beside the agency’s', async () => {
      const [shown] = (await list('kind=identity_differs')).data;
      assert.deepEqual(shown.person, {
        name: '测**',
        id_number: `990***********${NUMBER.slice(-4)}`,
        our_id_number: `990***********${OTHER.slice(-4)}`,
      });
      assert.ok(!JSON.stringify(shown).includes(NUMBER));
    });

    it('is told on the exit’s stream, and that of nobody here nowhere', async () => {
      const { data } = (await api.get(`/v1/exits/${exitId}/events`)).body;
      const told = data.filter(({ type }: { type: string }) => type.startsWith('reconciliation.'));
      assert.deepEqual(
        told.map(({ type, data }: { type: string; data: { kind: string } }) => [type, data.kind]),
        [['reconciliation.finding_opened', 'identity_differs']],
      );
      assert.equal(data.at(-1).sequence, data.length);
      const stream = (await api.get('/v1/events?limit=100')).body.data;
      assert.equal(
        stream.filter(({ type }: { type: string }) => type.startsWith('reconciliation.')).length,
        1,
      );
    });

    it('is dismissed by somebody with a reason, once, and its exit told', async () => {
      const [{ id }] = (await list('kind=identity_differs')).data;
      const dismissal = { actor: '赵某', reason: '证件换发，已核实为同一人' };
      const missing = await api.post(`/v1/findings/${id}/dismissal`, {});
      assert.deepEqual(codes(missing.body), ['/actor required', '/reason required']);
      const { status, body } = await api.post(`/v1/findings/${id}/dismissal`, dismissal);
      assert.deepEqual([status, body.state, body.dismissal], [200, 'dismissed', dismissal]);
      assert.ok(body.ended_at);
      assert.deepEqual((await api.get(`/v1/findings/${id}`)).body, body);
      const again = await api.post(`/v1/findings/${id}/dismissal`, dismissal);
      assert.deepEqual([again.status, again.body.code], [409, 'finding_not_open']);
      const last = (await api.get(`/v1/exits/${exitId}/events`)).body.data.at(-1);
      assert.deepEqual(
        [last.type, last.data.resolution, last.data.actor],
        ['reconciliation.finding_resolved', 'dismissed', '赵某'],
      );
    });

    it('is nobody else’s', async () => {
      const [{ id }] = (await list()).data;
      const key = await api.keyOf('Another');
      assert.equal((await api.get(`/v1/findings/${id}`, { key })).body.code, 'finding_not_found');
      const dismissal = { actor: '某人', reason: '无' };
      const { body } = await api.post(`/v1/findings/${id}/dismissal`, dismissal, { key });
      assert.equal(body.code, 'finding_not_found');
      assert.deepEqual((await api.get('/v1/findings', { key })).body.data, []);
    });
  });
});
