// Limits that hold on one's own machine as well: what a profile counts, and how deep a message may be nested.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { residentId } from '../../../mocks/kernel/identifiers.ts';
import { XML_DEPTH } from '../../../mocks/kernel/limits.ts';
import { workingDaysMs } from '../../../mocks/kernel/time.ts';
import { isTooDeep } from '../../../mocks/kernel/xml-depth.ts';
import { callOf, openBox } from './insurance-client.ts';
import { laborClient, post, UNIT } from './labor-client.ts';

describe('limits of a sandbox', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let count = 0;
  before(async () => {
    agencies = await startAgencies();
  });
  beforeEach(() => {
    count += 1;
    box = agencies.sandbox(`limits-${count}`, { frozen: true });
  });
  after(() => agencies.close());

  const limits = async () =>
    (await (await fetch(`${box.urls.desk}/limits`)).json()) as Record<string, number>;

  it('counts requests in the profile production-like, says how many, and for how long to wait', async () => {
    const client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
    assert.equal((await limits()).requests_per_minute_of_profile, undefined);
    box.profile('production-like');
    box.clearFaults(); // it is busy at times as well
    const most = (await limits()).requests_per_minute_of_profile ?? 0;
    assert.ok(most >= 60);
    const ping = () => fetch(`${box.urls.labor}/`, { method: 'POST', body: 'x' });
    for (let n = 0; n < most; n += 1) await (await ping()).arrayBuffer();
    const late = await client.send('Ping');
    assert.deepEqual([late.status, late.code], [429, 'RATE_LIMIT']);
    assert.match(late.text, /Fault/);
    const [limit] = box.exchanges('labor').at(-1)?.stages ?? [];
    assert.equal(limit?.stage, 'limits');
    assert.match(limit?.note ?? '', new RegExp(`\\(requests_per_minute_of_profile: ${most}\\)`));
    const wait = Number(late.headers.get('retry-after'));
    assert.ok(wait >= 1 && wait <= 60, String(wait));
    assert.equal((await fetch(`${box.urls.desk}/clock`)).status, 200, 'the desk is not counted');
    const other = agencies.sandbox('limits-other');
    const elsewhere = laborClient(other.urls.labor, await other.identity(UNIT.uscc, UNIT.name));
    assert.equal((await elsewhere.send('Ping')).code, '0');
    box.profile('happy');
    assert.equal((await client.send('Ping')).code, '0');
  });

  it('counts working days in the profile production-like', async () => {
    const friday = new Date('2026-11-27T00:00:00Z'); // 08:00 in China
    const office = agencies.sandbox('limits-office', { start: friday, frozen: true });
    const client = laborClient(office.urls.labor, await office.identity(UNIT.uscc, UNIT.name));
    const submit = async (serial: string, idNumber: string) => {
      office.profile('production-like');
      office.clearFaults();
      await client.submit(serial, { AAC002: idNumber });
    };
    const state = (serial: string) => office.cases('labor').find((each) => each.serial === serial)?.state;
    await submit('S-1', '11010519491231002X');
    office.advance('P3D'); // Monday
    assert.equal(state('S-1'), 'in_review');
    office.advance('P1D');
    assert.equal(state('S-1'), 'concluded');
    office.clerk('labor', { policy: 'manual' });
    office.clerk('labor', { policy: 'accept' });
    await submit('S-2', residentId('990000', '19900101', 1));
    office.advance('P2D'); // Tuesday to Thursday
    assert.equal(state('S-2'), 'concluded');
    office.profile('happy');
    await client.submit('S-3', { AAC002: residentId('990000', '19900101', 2) });
    office.advance('PT3S');
    assert.equal(state('S-3'), 'concluded');
  });

  it('counts from a Saturday as from the days that follow', () => {
    const days = (from: string, n: number) => workingDaysMs(new Date(from), n) / 86_400_000;
    assert.deepEqual(
      [
        days('2026-11-27T00:00:00Z', 1), // Friday
        days('2026-11-28T02:00:00Z', 1), // Saturday
        days('2026-11-29T17:00:00Z', 1), // Monday in China already
        days('2026-11-25T02:00:00Z', 10),
        days('2026-11-25T02:00:00Z', 0),
      ],
      [3, 2, 1, 14, 0],
    );
  });

  const nested = (levels: number, name = 'a') => `<${name}>`.repeat(levels) + `</${name}>`.repeat(levels);

  it('refuses ten thousand levels of SOAP as a Fault', async () => {
    assert.equal((await limits()).xml_depth, XML_DEPTH);
    const answer = await post(box.urls.labor, nested(10_000));
    assert.equal(answer.status, 500, 'as SOAP 1.1 has its Faults');
    assert.match(answer.text, new RegExp(`Fault.*SCHEMA_INVALID.*deeper than ${XML_DEPTH} levels`, 's'));
  });

  it('refuses them in an envelope of the insurance agency as its own error', async () => {
    const { client, sandbox } = await openBox();
    const call = callOf(`<Envelope xmlns="urn:agency:insurance:1">${nested(10_000)}</Envelope>`);
    const { code, payload } = client.read(await client.raw(call), call);
    assert.equal(code, 'SCHEMA_INVALID');
    assert.match(payload, new RegExp(`deeper than ${XML_DEPTH} levels`));
    sandbox.close();
  });

  it('counts what is open at once, whatever stands in attributes, comments and CDATA', () => {
    const most = 3;
    for (const [text, deep] of [
      [nested(3), false],
      [nested(4), true],
      ['<a><b/><b/><b/><b/></a>', false],
      ['<a x="<b><b><b>"/><c y=\'>\'><d/></c>', false],
      ['<a><!-- <b><b><b><b> --><![CDATA[<b><b><b>]]><?pi <b><b><b>?></a>', false],
      ['<a><a><a><a', true],
      ['<a>'.repeat(2) + '</a>'.repeat(2) + '<a>'.repeat(3), false],
      ['', false],
    ] as const)
      assert.equal(isTooDeep(text, most), deep, text);
    assert.ok(!isTooDeep('<'.repeat(100_000), Number.MAX_SAFE_INTEGER));
  });
});
