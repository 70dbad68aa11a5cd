// The test clock over HTTP without workers or agencies: what it refuses, deadlines to the millisecond, previews, standing still.
import assert from 'node:assert/strict';
import { createTestClock } from '../../queues/test-clock.ts';
import { connect, draft, NOW, useApi } from '../support/api.ts';
import { DISTANCES } from '../support/clock-work.ts';

const PATH = '/v1/test/clock';
const DISPUTE = {
  external_id: 'C-1',
  kind: 'customer_complaint',
  summary: '测试投诉',
  amount: '100.00',
};

describe('the test clock over HTTP', function () {
  this.timeout(30_000);
  const api = useApi();
  let key: string;
  let organisations = 0;
  beforeEach(async () => {
    key = await api.keyOf(`Clock ${organisations++}`);
    await connect(api, key);
  });

  const move = (body: Record<string, unknown>, by = key) => api.post(PATH, body, { key: by });
  async function moved(body: Record<string, unknown>) {
    const { status, body: answer } = await move(body);
    assert.equal(status, 200, JSON.stringify(answer));
    return answer;
  }
  /** Held by its dispute until the end of the notice. @returns its id, and the limit. */
  async function gated(): Promise<{ readonly id: string; readonly limit: Date }> {
    const { body } = await api.post('/v1/exits', draft('held', { disputes: [DISPUTE] }), { key });
    assert.equal(body.status, 'gated');
    return { id: body.id, limit: new Date(body.decision.due_at) };
  }
  const types = (answer: { events: { type: string }[] }) => answer.events.map(({ type }) => type);
  const earlier = (limit: Date, ms: number) => new Date(limit.getTime() - ms).toISOString();

  it('asks for the decision at the limit, and not a millisecond before', async () => {
    const { id, limit } = await gated();
    const early = await moved({ to: earlier(limit, 1), frozen: true });
    assert.equal(early.now, earlier(limit, 1));
    assert.ok(!types(early).includes('exit.decision_required'));
    assert.equal((await api.get(`/v1/exits/${id}`, { key })).body.decision.required, false);
    const at = await moved({ by: 'PT0.001S' });
    assert.equal(at.frozen, true, 'it stays as it was');
    const [asked] = at.events.filter(({ type }: { type: string }) => type === 'exit.decision_required');
    assert.equal(asked.at, limit.toISOString());
    assert.equal(asked.exit_id, id);
    assert.equal((await api.get('/v1/exits?decision=required', { key })).body.data[0].id, id);
  });

  it('stops at each distance on the way, so that every one is told, at its own instant', async () => {
    const { limit } = await gated();
    const { events } = await moved({ to: limit.toISOString() });
    const told = events.filter(({ type }: { type: string }) => type.startsWith('exit.d'));
    const day = 86_400_000;
    assert.deepEqual(told.map(({ at, type }: { at: string; type: string }) => `${at} ${type}`).slice(0, 4), [
      `${earlier(limit, 7 * day)} exit.deadline_approaching`,
      `${earlier(limit, 3 * day)} exit.deadline_approaching`,
      `${earlier(limit, day)} exit.deadline_approaching`,
      `${limit.toISOString()} exit.decision_required`,
    ]);
  });

  it('jumps to the next event, and to the next deadline', async () => {
    const { limit } = await gated();
    const day = 86_400_000;
    assert.equal((await moved({ to: 'next-event' })).now, earlier(limit, 7 * day));
    assert.equal((await moved({ to: 'next-deadline' })).now, limit.toISOString());
  });

  it('dates what is done afterwards by its time, for this organisation’s test data alone', async () => {
    await moved({ by: 'P40D', frozen: true });
    const now = (await api.get(PATH, { key })).body.now;
    assert.ok(new Date(now).getTime() - NOW.getTime() >= 40 * 86_400_000);
    const { body } = await api.post('/v1/exits', draft('late'), { key });
    assert.equal(body.created_at, now);
    const other = await api.keyOf('Clock of somebody else');
    await connect(api, other);
    const theirs = (await api.post('/v1/exits', draft('theirs'), { key: other })).body.created_at;
    const live = await api.keyOf(`Clock ${organisations - 1}`, { live: true });
    await connect(api, live);
    const alive = (await api.post('/v1/exits', draft('live'), { key: live })).body.created_at;
    for (const at of [theirs, alive]) assert.ok(new Date(at).getTime() - NOW.getTime() < 86_400_000, at);
  });

  it('previews, and changes nothing', async () => {
    const { id, limit } = await gated();
    const preview = await moved({ to: limit.toISOString(), dry_run: true });
    assert.deepEqual(preview.events, []);
    assert.deepEqual(
      preview.due.map(({ source, exit_id }: { source: string; exit_id: string }) => `${source} ${exit_id}`),
      [`deadline ${id}`],
    );
    const { now } = (await api.get(PATH, { key })).body;
    assert.ok(new Date(now) < new Date(limit.getTime() - 86_400_000));
  });

  it('ends where it is while work has nobody to do it, and says what is open', async () => {
    const name = `Clock ${organisations - 1}`;
    const { body } = await api.post('/v1/exits', draft('nobody works', { disputes: [] }), { key });
    assert.equal(body.status, 'filing');
    const { store } = api;
    const clock = () => NOW;
    const impatient = createTestClock({
      ...store,
      store,
      wake: { filing: async () => {}, lane: async () => {}, after: async () => {} },
      clock,
      distances: DISTANCES,
      probe: async () => false,
      sandboxesOf: async () => [],
      patienceMs: 50,
    });
    const { id: orgId } = await store.organisations.ensure(name);
    const answer = await impatient.move(orgId, { by: 'P1D', dryRun: false });
    assert.ok('reached' in answer);
    assert.equal(answer.reached, false);
    const [open] = answer.due;
    assert.ok(open?.source === 'filing');
    assert.deepEqual([open.exitId, open.inHand], [body.id, false]);
    assert.equal(answer.now < answer.target, true);
    assert.ok(
      await impatient.move(orgId, { to: answer.target.toISOString(), dryRun: false }),
      'it is free again',
    );
  });

  it('refuses live keys in both languages, the past, the far future, and what says nothing', async () => {
    const live = await api.keyOf('Clock of the living', { live: true });
    for (const asking of [move({ by: 'P1D' }, live), api.get(PATH, { key: live })]) {
      const { status, body } = await asking;
      assert.deepEqual([status, body.code], [403, 'test_key_needed']);
    }
    const zh = await api.get(PATH, { key: live, headers: { 'accept-language': 'zh' } });
    assert.match(zh.body.detail, /测试密钥/);

    const past = await move({ to: '2026-10-26T01:59:59.999Z' });
    assert.deepEqual([past.status, past.body.code], [409, 'test_clock_backwards']);
    const nothing = await move({ to: 'next-event' });
    assert.deepEqual([nothing.status, nothing.body.code], [409, 'test_clock_nothing_ahead']);
    for (const [body, code, pointer] of [
      [{ by: 'P1827D' }, 'time_too_far', '/by'],
      [{ to: '2100-01-01T00:00:00Z' }, 'time_too_far', '/to'],
      [{ by: 'P1M' }, 'duration_invalid', '/by'],
      [{ to: 'tomorrow' }, 'instant_or_jump', '/to'],
      [{ by: 'P1D', to: 'next-event' }, 'clock_move_twice', '/to'],
      [{ dry_run: true }, 'clock_move_missing', ''],
    ] as const) {
      const answer = await move(body);
      assert.equal(answer.status, 422, JSON.stringify(answer.body));
      assert.deepEqual(
        answer.body.errors.map((each: { code: string; pointer: string }) => [each.code, each.pointer]),
        [[code, pointer]],
      );
    }
  });

  it('needs a scope to be moved, and an Idempotency-Key', async () => {
    const reader = await api.keyOf(`Clock ${organisations - 1}`, { scopes: ['exits:read'] });
    assert.equal((await move({ by: 'P1D' }, reader)).status, 403);
    assert.equal((await api.get(PATH, { key: reader })).status, 200);
    const once = { key, headers: { 'idempotency-key': 'once' } };
    const first = await api.post(PATH, { by: 'P1D', frozen: true }, once);
    const again = await api.post(PATH, { by: 'P1D', frozen: true }, once);
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.deepEqual(again.body, first.body);
    assert.equal((await api.get(PATH, { key })).body.now, first.body.now);
  });
});
