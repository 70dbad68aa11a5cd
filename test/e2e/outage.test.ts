/**
 * Three weeks without an agency, on the test clock: nothing is lost, no attempt is burnt while it is known to be away, the
 * limits are told meanwhile, and afterwards the backlog drains in order of the limits, as fast as the agency allows.
 */
import assert from 'node:assert/strict';
import { ADAPTERS } from '../../adapters/index.ts';
import { addDays, businessDate } from '../../src/domain/dates.ts';
import { sql } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import type { Tenant } from '../support/gateway.ts';
import { useGateway } from '../support/site.ts';

const EXITS = 8;
const RATE = { calls: 6, seconds: 60 };
const DAY_MS = 86_400_000;

interface Happened {
  readonly at: string;
  readonly source: string;
  readonly type: string;
  readonly exit_id: string | null;
}

describe('an outage of three weeks', function () {
  this.timeout(240_000);
  // The labour agency of this test allows few calls, and one at a time: those in hand together may change places.
  const adapters = ADAPTERS.map((entry) =>
    entry.manifest.name === 'labor-soap'
      ? { ...entry, manifest: { ...entry.manifest, rate: RATE, concurrency: 1 } }
      : entry,
  );
  const site = useGateway({}, { adapters });
  let tenant: Tenant;
  before(async () => {
    tenant = await site.newTenant();
  });

  /** A move takes half a minute at the most; what is further away takes several. */
  async function moveTo(to: Date): Promise<readonly Happened[]> {
    const events: Happened[] = [];
    for (;;) {
      const { status, body } = await tenant.call('POST', '/v1/test/clock', {
        to: to.toISOString(),
        frozen: true,
      });
      assert.equal(status, 200, JSON.stringify(body));
      events.push(...body.events);
      if (body.reached) return events;
    }
  }
  const now = async () => new Date((await tenant.call('GET', '/v1/test/clock')).body.now);
  const ours = (events: readonly Happened[], type: string) =>
    events.filter((event) => event.source === 'gateway' && event.type === type);
  const labor = () =>
    sql<{ exit_id: string; state: string; attempts: number; deadline: string; held: boolean }>(
      site.database.url,
      `SELECT exit_id, state, attempts, deadline, held_since IS NOT NULL AS held FROM filings WHERE kind = 'labor_filing' ORDER BY deadline, id`,
    );
  const laborId = async (): Promise<string> => {
    const { data } = (await tenant.call('GET', '/v1/connections')).body;
    return data.find(({ adapter }: { adapter: string }) => adapter === 'labor-soap').id;
  };

  it('loses nothing, burns no attempt, tells the limits, and drains in order within the rate', async () => {
    const connection = `/v1/connections/${await laborId()}`;
    const { health: before } = (await tenant.call('GET', connection)).body;
    assert.equal(before.state, 'available');

    // The first is taken, and the line goes down before we hear of it.
    tenant.agencies.fault({
      fault: { phase: 'after-commit', kind: 'reset' },
      agency: 'labor',
      operation: 'SubmitTermination',
    });
    const today = businessDate(new Date());
    const doubtful = await tenant.open({ exit_date: addDays(today, -EXITS) });
    await eventually(async () => (await tenant.filing(doubtful)).state === 'unknown');
    tenant.agencies.fault({
      fault: { phase: 'connect', kind: 'reset' },
      agency: 'labor',
      times: 10_000,
      id: 'away',
    });
    // The latest limit is opened first.
    const exits: string[] = [doubtful];
    for (let later = EXITS - 1; later > 0; later--)
      exits.push(await tenant.open({ exit_date: addDays(today, later - EXITS) }));
    const opened = new Date((await now()).getTime() + 10 * 60_000);
    await moveTo(opened);
    assert.equal((await tenant.call('GET', connection)).body.health.state, 'unavailable');
    const held = await labor();
    assert.ok(held.every((row) => row.held));
    const away = new Date(opened.getTime() + 21 * DAY_MS);
    const log = await moveTo(away);
    assert.deepEqual(
      (await labor()).map(({ attempts, state }) => [attempts, state]),
      held.map(({ attempts, state }) => [attempts, state]),
      'no attempt was burnt',
    );
    assert.equal(tenant.agencies.cases('labor').length, 1, 'but for the first nothing got there');
    assert.deepEqual(ours(log, 'agency.recovered'), []);
    for (const type of ['exit.deadline_approaching', 'exit.deadline_missed'])
      assert.deepEqual(
        new Set(ours(log, type).map((event) => event.exit_id)),
        new Set(exits),
        `${type} of every exit`,
      );
    // Each was told once that it is held, and each look in between is no news.
    for (const exitId of exits) {
      const { data } = (await tenant.call('GET', `/v1/exits/${exitId}/events?limit=100`)).body;
      const told = data.filter(({ type }: Happened) => type === 'filing.held');
      assert.equal(told.length, 1);
    }

    tenant.agencies.clearFaults('away');
    const drained = await moveTo(new Date(away.getTime() + DAY_MS / 12));
    const [recovered, ...more] = ours(drained, 'agency.recovered');
    assert.ok(recovered);
    assert.deepEqual(more, []);
    for (const exitId of exits) assert.equal((await tenant.exit(exitId)).status, 'completed');
    const cases = tenant.agencies.cases('labor');
    assert.equal(new Set(cases.map(({ serial }) => serial)).size, EXITS);
    assert.equal(cases.length, EXITS);
    const first = (await tenant.filing(doubtful)).attempt_log.map(({ step }: { step: string }) => step);
    assert.equal(first.filter((step: string) => step === 'submit').length, 1, first.join());

    // In order of the limits, whatever the order in which they came.
    await assertInOrder(new Date(recovered.at));
    await assertPaced(new Date(recovered.at));
    const events = await sql<{ type: string; data: Record<string, unknown> }>(
      site.database.url,
      'SELECT type, data FROM events WHERE connection_id IS NOT NULL ORDER BY sequence',
    );
    assert.deepEqual(
      events.map(({ type }) => type),
      ['agency.unavailable', 'agency.recovered'],
    );
    assert.equal(events[1]?.data.waiting, EXITS);
    assert.ok(Number(events[1]?.data.seconds) >= 21 * 86_400 - 60);
  });

  /** Several may go at one instant: half of the rate was saved up. */
  async function assertInOrder(from: Date) {
    const submitted = await sql<{ at: Date }>(
      site.database.url,
      `SELECT min(a.started_at) AS at FROM attempts a JOIN filings f ON f.id = a.filing_id
       WHERE f.kind = 'labor_filing' AND a.step = 'submit' AND a.started_at >= '${from.toISOString()}' GROUP BY f.id ORDER BY f.deadline`,
    );
    assert.equal(submitted.length, EXITS - 1);
    const instants = submitted.map(({ at }) => at.getTime());
    assert.deepEqual(
      instants,
      instants.toSorted((a, b) => a - b),
    );
    assert.ok(new Set(instants).size > 1, 'all at once');
  }

  /** By the organisation's time: any span of the rate's length sees no more calls than it allows. */
  async function assertPaced(from: Date) {
    const calls = await sql<{ started_at: Date }>(
      site.database.url,
      `SELECT a.started_at FROM attempts a JOIN filings f ON f.id = a.filing_id
       WHERE f.kind = 'labor_filing' AND a.step <> 'wait' AND a.started_at >= '${from.toISOString()}' ORDER BY a.started_at`,
    );
    assert.ok(calls.length > 2 * RATE.calls, `${calls.length} calls show nothing`);
    for (const { started_at: begins } of calls) {
      const ends = begins.getTime() + RATE.seconds * 1000;
      const within = calls.filter(({ started_at: at }) => at >= begins && at.getTime() < ends).length;
      assert.ok(within <= RATE.calls, `${within} calls in the minute from ${begins.toISOString()}`);
    }
  }
});
