// Windows and maintenance over the whole way, each on a gateway clock of its own: what waits and until when, what is told
// and how often, what goes out afterwards, and that nothing was sent meanwhile.
import assert from 'node:assert/strict';
import { EXAMPLE_EMPLOYER } from '../../src/cli/sandbox.ts';
import { eventually } from '../support/eventually.ts';
import type { Tenant } from '../support/gateway.ts';
import { useGateway } from '../support/site.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const within = 20_000;

/** Month `ahead` months after this one: the gateway's clock runs ahead of the queue's, never behind it. */
function monthFrom(ahead: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)).toISOString().slice(0, 7);
}
const [NOVEMBER, DECEMBER] = [monthFrom(1), monthFrom(2)];
const noonOf = (month: string, day: number) =>
  new Date(`${month}-${String(day).padStart(2, '0')}T12:00:00+08:00`);

describe('an agency that is closed', function () {
  this.timeout(60_000);
  let ahead = 0;
  const site = useGateway({}, { clock: () => new Date(Date.now() + ahead) });
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await site.newTenant();
    itIs(noonOf(NOVEMBER, 24));
  });
  afterEach(() => {
    ahead = 0;
  });

  /** Moves the gateway's clock, and the agencies' with it. */
  function itIs(at: Date): void {
    ahead = at.getTime() - Date.now();
    tenant.agencies.advance(at);
  }
  const open = (region: string = EXAMPLE_EMPLOYER.region) =>
    tenant.open({
      employer: { ...EXAMPLE_EMPLOYER, region },
      notice_date: `${NOVEMBER}-01`,
      last_attendance_date: `${NOVEMBER}-24`,
      exit_date: `${NOVEMBER}-24`,
    });
  async function confirm(month: string, opens: number, closes: number): Promise<string> {
    const { body } = await tenant.call('POST', '/v1/windows', {
      region: '11',
      month,
      opens,
      closes,
      source: '测试经办日历',
      confirmed_by: '测试确认人',
    });
    return body.id;
  }
  /** From the API, whose answer lags behind nothing: what is not there has not been told. */
  const told = async (exitId: string, type: string) => {
    const { data } = (await tenant.call('GET', `/v1/exits/${exitId}/events`)).body;
    return (data as { type: string; data: Record<string, unknown> }[]).filter((each) => each.type === type);
  };
  const heard = (exitId: string, type: string) =>
    eventually(async () => (await told(exitId, type))[0], { what: type, within, every: 50 });
  const batches = (operation = 'stop') =>
    tenant.agencies.cases('insurance').filter((each) => each.operation === operation);
  const stopped = (count: number) =>
    eventually(() => batches().length === count, { what: `${count} stops at the agency`, within, every: 50 });
  const log = async (exitId: string, kind: string) =>
    (await tenant.filing(exitId, kind)).attempt_log.map(
      (each: { step: string; outcome: string }) => `${each.step} ${each.outcome}`,
    );

  it('past its window: told once, held without an attempt, then filed for the next month', async () => {
    await confirm(NOVEMBER, 5, 20);
    await confirm(DECEMBER, 3, 18);
    const exitId = await open();
    const { data } = await heard(exitId, 'filing.held');
    assert.equal(data.kind, 'insurance_stop');
    assert.equal(data.until, new Date(`${DECEMBER}-03T00:00:00+08:00`).toISOString());
    const reason = `window closed: region 110000 takes insurance_stop for ${DECEMBER} from ${DECEMBER}-03`;
    assert.equal(data.reason, reason);
    const held = await tenant.filing(exitId, 'insurance_stop');
    assert.deepEqual([held.state, held.attempts, held.last_error], ['due', 0, reason]);
    assert.deepEqual(await log(exitId, 'insurance_stop'), ['wait hold']);
    // The clock was moved past a night, whose reconciliation asks for lists and not for this filing.
    const asked = tenant.agencies.exchanges('insurance').map(({ operation }) => operation ?? '');
    assert.deepEqual(
      asked.filter((operation) => !/^(sign-in|batch-list|unit-roster)$/.test(operation)),
      [],
      'the agency was not even asked',
    );

    itIs(noonOf(DECEMBER, 3));
    await tenant.completed(exitId);
    const [stop, ...others] = batches();
    assert.deepEqual(others, []);
    const rows = stop?.detail.rows as readonly { AAE003: string; AAE035: string }[];
    assert.deepEqual(
      [...new Set(rows.map(({ AAE003, AAE035 }) => `${AAE003} ${AAE035}`))],
      [`${DECEMBER.replace('-', '')} ${NOVEMBER.replace('-', '')}24`],
    );
    assert.equal((await told(exitId, 'filing.held')).length, 1);
    assert.equal((await told(exitId, 'filing.window_unknown')).length, 0);
    assert.deepEqual((await log(exitId, 'insurance_stop')).slice(0, 2), ['wait hold', 'submit pending']);
  });

  it('until somebody corrects its window: goes out at once, for its own month', async () => {
    const id = await confirm(NOVEMBER, 5, 20);
    const exitId = await open();
    const { data } = await heard(exitId, 'filing.held');
    assert.equal(data.until, new Date(`${DECEMBER}-01T00:00:00+08:00`).toISOString());
    assert.match(String(data.reason), /not confirmed yet$/);
    const asked = await heard(exitId, 'filing.window_unknown');
    assert.equal(asked.data.month, DECEMBER, 'the next window is asked for in good time');
    assert.equal(await confirm(NOVEMBER, 5, 25), id);
    await stopped(1);
    const rows = batches()[0]?.detail.rows as readonly { AAE003: string }[];
    assert.deepEqual([...new Set(rows.map(({ AAE003 }) => AAE003))], [NOVEMBER.replace('-', '')]);
  });

  it('at times that nobody has confirmed: filed all the same, asked once for each region and month', async () => {
    const exits = await Promise.all([open(), open(), open('310115')]);
    const [first = '', second = '', elsewhere = ''] = exits;
    await stopped(3);
    const both = await Promise.all([first, second].map((exitId) => told(exitId, 'filing.window_unknown')));
    const [asked, ...more] = both.flat();
    assert.deepEqual(more, []);
    const { filing_id, ...question } = asked?.data ?? {};
    assert.match(String(filing_id), /^fil_/);
    assert.deepEqual(question, { kind: 'insurance_stop', region: '110000', month: NOVEMBER });

    const [other, ...others] = await told(elsewhere, 'filing.window_unknown');
    assert.deepEqual([other?.data.region, others.length], ['310115', 0]);
    const { questions } = (await tenant.call('GET', '/v1/windows')).body;
    assert.deepEqual(
      questions.map((each: { region: string; month: string }) => `${each.region} ${each.month}`),
      [`110000 ${NOVEMBER}`, `310115 ${NOVEMBER}`],
    );
    for (const exitId of exits)
      assert.deepEqual(await told(exitId, 'filing.held'), [], 'an unknown window holds nothing');
  });

  it('for maintenance: nothing is asked, not even what became of a filing; an early end lets go', async () => {
    tenant.agencies.clerk('labor', { policy: 'manual' });
    const exitId = await open();
    await heard(exitId, 'filing.submitted');
    const { data: connections } = (await tenant.call('GET', '/v1/connections')).body;
    const { id } = connections.find((each: { adapter: string }) => each.adapter === 'labor-soap');
    const now = Date.now() + ahead;
    const times = [
      { starts_at: new Date(now - 1000), ends_at: new Date(now + DAY_MS) },
      { starts_at: new Date(now + DAY_MS), ends_at: new Date(now + 2 * DAY_MS) },
    ];
    const entered: string[] = [];
    // The later one first: whoever looks in between finds nothing that runs.
    for (const time of times.toReversed()) {
      const path = `/v1/connections/${id}/maintenances`;
      entered.push((await tenant.call('POST', path, { ...time, reason: '系统升级' })).body.id);
    }
    // By now it is time to ask again, and the worker has not kept what it knew.
    itIs(new Date(now + HOUR_MS));
    const { data } = await heard(exitId, 'filing.held');
    const end = times[1]?.ends_at.toISOString();
    assert.deepEqual([data.reason, data.until], [`maintenance until ${end}: 系统升级`, end]);
    const held = await tenant.filing(exitId);
    assert.deepEqual([held.state, held.attempts], ['submitted', 0]);
    assert.equal((await log(exitId, 'labor_filing')).at(-1), 'wait hold');
    const asked = tenant.agencies.exchanges('labor').length;

    const [filed] = tenant.agencies.cases('labor');
    tenant.agencies.decide('labor', filed?.id ?? '', { decision: 'accept' });
    for (const each of entered) await tenant.call('DELETE', `/v1/maintenances/${each}`);
    await heard(exitId, 'filing.verified');
    assert.ok(tenant.agencies.exchanges('labor').length > asked);
    assert.equal((await told(exitId, 'filing.held')).length, 1);
    const rows = (await log(exitId, 'labor_filing')).filter((each: string) => each === 'wait hold');
    assert.equal(rows.length, 1, 'a row for each look at the calendar');
  });
});
