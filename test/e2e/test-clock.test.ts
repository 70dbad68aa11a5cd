// One call of the test clock: the gateway's time and the agencies' move together, and everything due happens, in order.
import assert from 'node:assert/strict';
import { addDays, businessDate } from '../../src/domain/dates.ts';
import { eventually } from '../support/eventually.ts';
import type { Tenant } from '../support/gateway.ts';
import { useGateway } from '../support/site.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Happened {
  readonly at: string;
  readonly source: string;
  readonly type: string;
  readonly event_id: string | null;
}

interface Told {
  readonly type: string;
  readonly occurred_at: string;
}

describe('the test clock', function () {
  this.timeout(60_000);
  const site = useGateway();
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await site.newTenant();
  });

  async function move(body: Record<string, unknown>) {
    const reply = await tenant.call('POST', '/v1/test/clock', body);
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    assert.equal(reply.body.reached, true, JSON.stringify(reply.body));
    return reply.body;
  }
  const ours = (events: readonly Happened[]) =>
    events.filter(({ source }) => source === 'gateway').map(({ type }) => type);
  const at = (events: readonly Pick<Happened, 'at' | 'type'>[], type: string) => {
    const found = events.find((event) => event.type === type);
    assert.ok(found, `${type} did not happen`);
    return new Date(found.at);
  };
  function assertInOrder(events: readonly Happened[], from: Date, to: string) {
    const instants = events.map((event) => new Date(event.at).getTime());
    assert.deepEqual(
      instants,
      instants.toSorted((a, b) => a - b),
    );
    for (const instant of instants)
      assert.ok(instant >= from.getTime() - 1000 && instant <= new Date(to).getTime());
  }
  const steps = async (exitId: string, kind: string) =>
    (await tenant.filing(exitId, kind)).attempt_log.map(
      ({ step, outcome }: { step: string; outcome: string }) => `${step} ${outcome}`,
    );

  it('completes an exit whose clerk takes 48 hours, in one call, each event at its own time', async () => {
    tenant.agencies.clerk('labor', { policy: 'accept', delay: 'PT48H' });
    const from = new Date();
    const exitId = await tenant.open();
    const moved = await move({ by: 'P3D' });
    assert.equal((await tenant.exit(exitId)).status, 'completed');
    assertInOrder(moved.events, from, moved.target);
    assert.equal(moved.now, moved.target);
    assert.deepEqual(moved.due, []);
    assert.equal(moved.sandboxes[0].now, moved.now);
    // The filing may have gone out before time moved: the exit's own events have both.
    const { data } = (await tenant.call('GET', `/v1/exits/${exitId}/events?limit=100`)).body;
    const told = data.map(({ type, occurred_at }: Told) => ({ type, at: occurred_at }));
    const accepted = at(told, 'filing.accepted').getTime() - at(told, 'filing.submitted').getTime();
    assert.ok(accepted >= 48 * HOUR_MS - 1000 && accepted <= 48.3 * HOUR_MS, `${accepted / HOUR_MS} h`);
    // The agency's decision comes before our hearing of it, also at the same millisecond.
    const decided = moved.events.findLastIndex(({ type }: Happened) => type === 'review.step');
    assert.ok(decided >= 0);
    assert.ok(decided < moved.events.findIndex(({ type }: Happened) => type === 'filing.accepted'));

    const listed = moved.events.flatMap(({ event_id }: Happened) => event_id ?? []);
    assert.deepEqual(data.map(({ id }: { id: string }) => id).slice(-listed.length), listed);
    await eventually(() => tenant.core.taken(exitId).length === data.length, { what: 'the webhooks' });
    const labor = await steps(exitId, 'labor_filing');
    assert.ok(labor.length < 15, `it is not asked every quarter of an hour: ${labor.length}`);
  });

  it('moves nobody else’s time', async () => {
    const other = await site.newTenant();
    other.agencies.clerk('labor', { policy: 'accept', delay: 'PT48H' });
    const exitId = await other.open();
    await eventually(async () => (await other.filing(exitId)).state === 'submitted');
    await move({ by: 'P10D' });
    assert.equal((await other.filing(exitId)).state, 'submitted');
    const { now, sandboxes } = (await other.call('GET', '/v1/test/clock')).body;
    for (const instant of [now, sandboxes[0].now])
      assert.ok(Math.abs(new Date(instant).getTime() - Date.now()) < HOUR_MS);
  });

  it('tells the dilemma: the limit, the release, the correction, the conclusion', async () => {
    tenant.agencies.clerk('labor', { policy: 'accept', delay: 'PT24H' });
    tenant.agencies.fault({ fault: 'correction', agency: 'labor' });
    const today = businessDate(new Date());
    const exitId = await tenant.open({
      notice_date: addDays(today, -20),
      exit_date: addDays(today, 10),
      disputes: [{ external_id: 'C-9', kind: 'customer_complaint', summary: '测试投诉', amount: '100.00' }],
    });
    const limit = new Date((await tenant.exit(exitId)).decision.due_at);
    const release = {
      actor: '测试总监',
      reason: '期满放行',
      reserved_claims: [{ title: '追偿权', summary: '保留追偿权', dispute: 'C-9', amount: '100.00' }],
    };
    const early = await tenant.call('POST', `/v1/exits/${exitId}/release`, release);
    assert.equal(early.body.code, 'release_too_early');

    const told = await move({ to: 'next-deadline' });
    assert.equal(told.target, limit.toISOString());
    assert.deepEqual(at(told.events, 'exit.decision_required'), limit);
    assert.ok(at(told.events, 'exit.deadline_approaching') < limit);
    const released = await tenant.call('POST', `/v1/exits/${exitId}/release`, release);
    assert.equal(released.status, 201, JSON.stringify(released.body));

    const asked = await move({ by: 'P2D' });
    assert.ok(ours(asked.events).includes('filing.correction_requested'));
    const { id } = await tenant.filing(exitId);
    await tenant.call('POST', `/v1/filings/${id}/amendments`, {
      actor: '测试合规',
      supplements: [{ kind: 'claim', title: '权利主张书', text: '保留追偿权' }],
    });
    const ended = await move({ by: 'P5D' });
    assert.equal(ours(ended.events).at(-1), 'exit.completed');
    assert.equal(tenant.agencies.cases('labor').length, 1);
  });

  it('passes three weeks of maintenance with nothing lost and no attempt burnt', async () => {
    const now = new Date();
    const ends = new Date(Math.ceil(now.getTime() / DAY_MS) * DAY_MS + 21 * DAY_MS);
    const { data } = (await tenant.call('GET', '/v1/connections')).body;
    const labor = data.find(({ adapter }: { adapter: string }) => adapter === 'labor-soap');
    const entered = await tenant.call('POST', `/v1/connections/${labor.id}/maintenances`, {
      starts_at: new Date(now.getTime() - HOUR_MS).toISOString(),
      ends_at: ends.toISOString(),
      reason: '系统升级',
    });
    assert.equal(entered.status, 201, JSON.stringify(entered.body));
    const exitIds = [await tenant.open(), await tenant.open()];

    const held = await move({ to: new Date(ends.getTime() - 1).toISOString(), frozen: true });
    assert.equal(ours(held.events).filter((type) => type === 'filing.submitted').length, 0);
    for (const exitId of exitIds) {
      assert.deepEqual(await steps(exitId, 'labor_filing'), ['wait hold']);
      assert.equal((await tenant.filing(exitId)).attempts, 0);
    }
    const freed = await move({ by: 'PT0.001S' });
    const submitted = freed.events.filter(({ type }: Happened) => type === 'filing.submitted');
    assert.deepEqual(
      submitted.map((event: Happened) => event.at),
      exitIds.map(() => ends.toISOString()),
    );
    await move({ by: 'P1D', frozen: false });
    for (const exitId of exitIds) {
      assert.equal((await tenant.exit(exitId)).status, 'completed');
      assert.equal(
        (await steps(exitId, 'labor_filing')).filter((step: string) => /^submit/.test(step)).length,
        1,
      );
    }
    assert.equal(tenant.agencies.cases('labor').length, 2);
  });

  it('previews what the agencies and the gateway have ahead', async () => {
    tenant.agencies.clerk('labor', { policy: 'accept', delay: 'PT48H' });
    const exitId = await tenant.open();
    await eventually(async () => (await tenant.filing(exitId)).state === 'submitted');
    const { due } = await move({ by: 'P3D', dry_run: true });
    assert.ok(
      due.some(({ agency, event }: Record<string, unknown>) => agency === 'labor' && event === 'review.step'),
    );
    assert.ok(
      due.some((each: Record<string, unknown>) => each.source === 'filing' && each.exit_id === exitId),
    );
    assert.equal((await tenant.filing(exitId)).state, 'submitted');
  });

  it('says so when the agencies do not follow, and is free again', async () => {
    const before = (await tenant.call('GET', '/v1/test/clock')).body;
    await fetch(`${site.mocks.urls.desk}/sandboxes/${tenant.agencies.name}`, { method: 'DELETE' });
    for (const _ of [1, 2]) {
      const { status, body } = await tenant.call('POST', '/v1/test/clock', { by: 'P1D' });
      assert.deepEqual([status, body.code], [502, 'test_desk_failed']);
    }
    const time = await site.gateway.store.organisations.now(
      { orgId: tenant.orgId, sandbox: true },
      new Date(),
    );
    assert.ok(time.getTime() - new Date(before.now).getTime() < HOUR_MS);
  });
});
