// What follows after an agency has spoken: the end of a correction that nobody answered, and what was settled and is taken back.
import assert from 'node:assert/strict';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { EXAMPLE_EMPLOYER } from '../../src/cli/sandbox.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Gateway, makeTenant, startGateway, type Tenant, testEnvironment } from '../support/gateway.ts';
import { useRealNetwork } from '../support/real-network.ts';

interface Told {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; each test looks at what it needs
  readonly data: any;
}

describe('after the agency has spoken', function () {
  this.timeout(60_000);
  useRealNetwork();
  let mocks: Agencies;
  let database: TestDatabase;
  let gateway: Gateway;
  let tenant: Tenant;
  before(async () => {
    mocks = await startAgencies();
    database = await freshDatabase();
    gateway = await startGateway({ ...testEnvironment(database.url), SANDBOX_DESK_URL: mocks.urls.desk });
  });
  after(async () => {
    await gateway?.app.close();
    await mocks?.close();
    await database?.drop();
  });
  beforeEach(async () => {
    tenant = await makeTenant(gateway, mocks);
  });
  afterEach(() => tenant.close());

  const move = async (body: Record<string, unknown>) => {
    const reply = await tenant.call('POST', '/v1/test/clock', body);
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    assert.equal(reply.body.reached, true, JSON.stringify(reply.body));
  };
  const told = async (exitId: string): Promise<readonly Told[]> =>
    (await tenant.call('GET', `/v1/exits/${exitId}/events?limit=100`)).body.data;
  const types = async (exitId: string) => (await told(exitId)).map(({ type }) => type);
  const stateOf = async (exitId: string, kind?: string) => (await tenant.filing(exitId, kind)).state;

  it('LAB.CORRECTION_OVERDUE: is told in time, and its end is noticed', async () => {
    tenant.agencies.rule('LAB.CORRECTION_OVERDUE');
    const exitId = await tenant.open();
    await eventually(async () => (await stateOf(exitId)) === 'correction_requested', {
      what: 'the question',
    });
    const { id, correction } = await tenant.filing(exitId);
    assert.equal(correction.message, 'answer by tomorrow (请于次日前补正)');
    assert.deepEqual(
      correction.field_messages.map(({ field }: { field: string }) => field),
      ['supplement'],
    );
    const { data } = (await tenant.call('GET', `/v1/deadlines?exit_id=${exitId}`)).body;
    const [nearest] = data.filter(({ filing_id }: { filing_id: string }) => filing_id === id);
    assert.deepEqual([nearest.clock, nearest.due], ['correction', correction.due]);

    await move({ by: 'P3D' });
    assert.equal(await stateOf(exitId), 'rejected');
    const events = await told(exitId);
    const about = (type: string) =>
      events.filter((each) => each.type === type && each.data.clock === 'correction');
    assert.ok(about('exit.deadline_approaching').length > 0, 'it comes near');
    assert.deepEqual(
      about('exit.deadline_missed').map((each) => [each.data.filing_id, each.data.due]),
      [[id, correction.due]],
    );
    const rejected = events.filter(({ type }) => type === 'filing.rejected');
    assert.deepEqual(
      rejected.map((each) => each.data.code),
      ['CORRECTION_OVERDUE'],
    );
    const order = events.map(({ type, data: { clock } }) => `${type} ${clock ?? ''}`.trim());
    assert.ok(order.indexOf('exit.deadline_missed correction') < order.indexOf('filing.rejected'));
    const left = (await tenant.call('GET', `/v1/deadlines?exit_id=${exitId}`)).body.data;
    assert.ok(!left.some(({ clock }: { clock: string }) => clock === 'correction'));
  });

  it('an answer that comes after the end is told as what it is there', async () => {
    tenant.agencies.clerk('labor', { policy: 'manual' });
    const exitId = await tenant.open();
    const found = await eventually(() => tenant.agencies.cases('labor')[0], { what: 'the case' });
    // Its day is long past for the agency, while here it is still ahead.
    tenant.agencies.decide('labor', found.receipt, {
      decision: 'correction',
      field: 'supplement',
      code: 'MATERIAL_MISSING',
      reason: '缺少材料',
    });
    await eventually(async () => (await stateOf(exitId)) === 'correction_requested', {
      what: 'the question',
    });
    tenant.agencies.advance('P60D');
    const { id } = await tenant.filing(exitId);
    const answer = { actor: '测试合规', supplements: [{ kind: 'claim', title: '说明', text: '补充说明' }] };
    const { status, body } = await tenant.call('POST', `/v1/filings/${id}/amendments`, answer);
    assert.ok(status < 300, JSON.stringify(body));
    await eventually(async () => (await stateOf(exitId)) === 'rejected', { what: 'what it is there' });
    const events = await told(exitId);
    const rejected = events.find(({ type }) => type === 'filing.rejected');
    assert.equal(rejected?.data.code, 'CORRECTION_OVERDUE');
  });

  it('SM2.ANNULLED: what was settled and is taken back is a finding at once, by its callback', async () => {
    const client = tenant.agencies.sm2Client(EXAMPLE_EMPLOYER.uscc);
    const connection = await tenant.call('POST', '/v1/connections', {
      name: 'second city',
      adapter: 'insurance-sm2',
      region: '440300',
      employer_uscc: EXAMPLE_EMPLOYER.uscc,
      settings: {
        url: tenant.agencies.urls['insurance-sm2'],
        uscc: EXAMPLE_EMPLOYER.uscc,
        client_id: client.clientId,
        private_key: client.privateKey,
        agency_public_key: client.agencyPublicKey,
        body_key: client.bodyKey,
      },
    });
    assert.equal(connection.status, 201, JSON.stringify(connection.body));
    tenant.agencies.callTo('insurance-sm2', connection.body.callback_url);
    tenant.agencies.clerk('insurance-sm2', { policy: 'accept', delay: 'PT0S' });
    tenant.agencies.rule('SM2.ANNULLED');
    const exitId = await tenant.open({ employer: { ...EXAMPLE_EMPLOYER, region: '440300' } });
    await move({ by: 'P1D' });
    assert.equal((await tenant.exit(exitId)).status, 'completed');
    await move({ by: 'P3D' });
    const openFindings = async () =>
      (await tenant.call('GET', `/v1/findings?state=open&exit_id=${exitId}`)).body.data;
    const differs = async () =>
      (await openFindings()).filter(({ kind }: { kind: string }) => kind === 'state_differs');
    await eventually(async () => (await differs()).length === 2, { what: 'the findings' });
    const found = (await differs()) as Record<string, unknown>[];
    assert.deepEqual(
      found
        .map((each) => [each.filing_kind, each.ours, each.theirs, each.reconciliation_id].join(' '))
        .toSorted(),
      ['insurance_stop verified rejected ', 'insurance_transfer verified rejected '],
    );
    const opened = (await told(exitId)).filter(({ type }) => type === 'reconciliation.finding_opened');
    assert.deepEqual(
      opened.map(({ data }) => data.finding_id).toSorted(),
      found.map(({ id }) => id).toSorted(),
    );
    // The night's run does not take it back, and does not tell it twice.
    await move({ by: 'P3D' });
    assert.deepEqual(
      (await differs()).map(({ id }: { id: string }) => id).toSorted(),
      found.map(({ id }) => id).toSorted(),
    );
    const again = (await types(exitId)).filter((type) => type === 'reconciliation.finding_resolved');
    assert.deepEqual(again, []);
  });
});
