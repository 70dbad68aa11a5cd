import assert from 'node:assert/strict';
import nock from 'nock';
import type { Adapter } from '../../../adapters/adapter.ts';
import { laborSoap } from '../../../adapters/labor-soap/index.ts';
import { envelopeOf } from '../../../adapters/labor-soap/request.ts';
import { readIdentity } from '../../../src/crypto/certificates.ts';
import { makeCall } from '../../support/call.ts';
import { makeFilingOrder } from '../../support/filing-order.ts';
import { makeCa } from '../../support/pki.ts';
import { responseOf, resultOf, signedAnswer } from '../../support/soap-agency.ts';

const URL = 'http://labor.agency.test/soap';

describe('labor-soap adapter', function () {
  this.timeout(20_000);
  const ca = makeCa();
  const agency = ca.issue('labor.agency.mock');
  const unit = ca.issue('某证券有限公司', { serialNumber: '91110105MA001234X4' });
  const settings = { url: URL, certificate: unit.certificatePem, key: unit.keyPem, ca: ca.certificatePem };
  const order = makeFilingOrder();

  /** What the agency was sent, without signatures; and its answers by operation, signed. */
  let sent: string[];
  let raw: string[];
  let adapter: Adapter;
  const states = (stage: string, conclusion: string, serial = 'EG-0001-1') =>
    `<SAA036>LAB0000000001</SAA036><BAE941>${serial}</BAE941><SAA043>${stage}</SAA043><TAA103>${conclusion}</TAA103>`;
  const answers = {
    QueryUnit: `${resultOf('0')}<AAB001>110500012345</AAB001><AAB004>某证券有限公司</AAB004>`,
    QueryPerson: `${resultOf('0')}<AAC001>2000345678</AAC001><employmentState>active</employmentState>`,
    SubmitTermination: `${resultOf('0')}${states('2', '0')}<duplicate>false</duplicate>`,
  };
  function serve(more: Partial<Record<string, string>> = {}): void {
    const all: Partial<Record<string, string>> = { ...answers, ...more };
    nock('http://labor.agency.test')
      .persist()
      .post('/soap')
      .reply(function (_uri, body) {
        const text = typeof body === 'string' ? body : '';
        raw.push(text);
        sent.push(text.replace(/<ds:Signature .*<\/ds:Signature>/, '…'));
        const operation = /#(\w+)"$/.exec(String(this.req.headers.soapaction))?.[1] ?? '';
        const inner = all[operation];
        return inner?.startsWith('<html')
          ? [200, inner]
          : [
              200,
              signedAnswer(responseOf(operation, inner ?? resultOf('NO_ANSWER')), agency),
              { 'content-type': 'text/xml' },
            ];
      });
  }
  const operations = () => sent.map((xml) => /<(\w+) xmlns="urn:agency:labor:1"/.exec(xml)?.[1]);

  before(() => {
    if (!nock.isActive()) nock.activate();
  });
  beforeEach(() => {
    nock.disableNetConnect();
    sent = [];
    raw = [];
    adapter = laborSoap.create(settings);
  });
  afterEach(() => {
    nock.cleanAll();
    nock.enableNetConnect();
  });

  it('sends exactly this request', async () => {
    nock('http://labor.agency.test', {
      reqheaders: { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:agency:labor:1#QueryUnit"' },
    })
      .post(
        '/soap',
        (body) =>
          String(body).replace(/<ds:Signature .*<\/ds:Signature>/, '') ===
          '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>' +
            '<wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"' +
            ' soap:mustUnderstand="1"></wsse:Security></soap:Header>' +
            '<soap:Body xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" wsu:Id="body">' +
            '<QueryUnit xmlns="urn:agency:labor:1"><BAB010>91110105MA001234X4</BAB010></QueryUnit></soap:Body></soap:Envelope>',
      )
      .reply(200, signedAnswer(responseOf('QueryUnit', resultOf('UNIT_UNKNOWN', 'none')), agency));
    const outcome = await adapter.submit(order, makeCall());
    assert.deepEqual(outcome, { kind: 'refused', code: 'UNIT_UNKNOWN', message: 'none' });
    assert.ok(nock.isDone());
  });

  it('looks up unit and person before it files; the person every time, the unit once', async () => {
    serve();
    const call = makeCall();
    assert.deepEqual(await adapter.submit(order, call), {
      kind: 'pending',
      receipt: 'LAB0000000001',
      stage: 'received',
    });
    await adapter.submit(order, makeCall());
    const once = ['QueryPerson', 'SubmitTermination'];
    assert.deepEqual(operations(), ['QueryUnit', ...once, ...once]);
    assert.match(sent[2] ?? '', /<AAB001>110500012345<\/AAB001>.*<AAC001>2000345678<\/AAC001>/);
    assert.equal(call.kept.length, 6, 'every message, both ways');
  });

  it('sends the same bytes for the same serial, whenever and however often', async () => {
    serve();
    await adapter.submit(order, makeCall());
    await laborSoap
      .create(settings)
      .submit(makeFilingOrder(), makeCall({ attempt: 9, now: new Date('2026-12-01T00:00:00Z') }));
    const submissions = raw.filter((xml) => xml.includes('<SubmitTermination '));
    assert.equal(submissions.length, 2);
    assert.equal(submissions[0], submissions[1]);
  });

  it('escapes what people write, and signs what it sends', () => {
    const identity = readIdentity(settings.certificate, settings.key);
    const xml = envelopeOf('QueryUnit', { BAB010: `<&>"'\n\t]]> 张` }, identity).toString();
    assert.match(xml, /<BAB010>&lt;&amp;&gt;"'\n\t]]&gt; 张<\/BAB010>/);
    assert.equal(xml.match(/<ds:Signature /g)?.length, 1);
  });

  it('retries when a question before the filing has no trustworthy answer', async () => {
    serve({ QueryPerson: '<html></html>' });
    assert.equal((await adapter.submit(order, makeCall())).kind, 'retry');
    assert.deepEqual(operations(), ['QueryUnit', 'QueryPerson']);
  });

  it('is unsure when the answer to the filing itself is not trustworthy, or is about another one', async () => {
    for (const answer of ['<html></html>', resultOf('0'), resultOf('0') + states('6', '1', 'EG-0002-1')]) {
      nock.cleanAll();
      serve({ SubmitTermination: answer });
      assert.equal((await adapter.submit(order, makeCall())).kind, 'unsure');
    }
  });

  it('is refused without the person’s data, and asks nothing', async () => {
    const outcome = await adapter.submit(makeFilingOrder({ person: { name: '张某' } }), makeCall());
    assert.equal(outcome.kind === 'refused' && outcome.code, 'PERSON_INCOMPLETE');
  });

  it('asks for the unit’s number again after NOT_IN_UNIT', async () => {
    serve({ QueryPerson: resultOf('NOT_IN_UNIT') });
    assert.equal((await adapter.submit(order, makeCall())).kind, 'refused');
    await adapter.submit(order, makeCall());
    assert.deepEqual(operations(), ['QueryUnit', 'QueryPerson', 'QueryUnit', 'QueryPerson']);
  });

  it('reads DUPLICATE as done, and fetches what became of it', async () => {
    const duplicate = `${resultOf('DUPLICATE')}${states('6', '2')}<duplicate>true</duplicate>`;
    const reason = '<reason><code>BAD_DATE</code><message>m</message></reason>';
    serve({ SubmitTermination: duplicate, QueryFiling: resultOf('0') + states('6', '2') + reason });
    const outcome = await adapter.submit(order, makeCall());
    assert.equal(outcome.kind === 'refused' && outcome.code, 'BAD_DATE');
    nock.cleanAll();
    serve({ SubmitTermination: duplicate, QueryFiling: '<html></html>' });
    assert.equal(
      (await adapter.submit(order, makeCall())).kind,
      'pending',
      'the receipt is not lost with the question',
    );
  });

  it('looks up by serial: absent, lost, or another’s', async () => {
    serve({ QueryFiling: resultOf('NOT_FOUND') });
    assert.deepEqual(await adapter.lookup?.(order, makeCall()), { kind: 'absent' });
    const known = makeFilingOrder({ receipt: 'LAB0000000001' });
    assert.equal((await adapter.lookup?.(known, makeCall()))?.kind, 'unsure', 'a receipt cannot vanish');
    const second = makeFilingOrder({ receipt: 'LAB0000000001', revision: 2 });
    assert.equal((await adapter.lookup?.(second, makeCall()))?.kind, 'absent', 'the revision never arrived');
    nock.cleanAll();
    serve({ QueryFiling: resultOf('0') + states('6', '1') });
    assert.equal(
      (await adapter.lookup?.(makeFilingOrder({ receipt: 'LAB0000000009' }), makeCall()))?.kind,
      'unsure',
    );
    assert.equal((await adapter.lookup?.(known, makeCall()))?.kind, 'accepted');
  });

  it('amends under the receipt, with the whole content and the new serial', async () => {
    serve({ SupplementFiling: resultOf('0') + states('2', '0', 'EG-0001-2') });
    const second = makeFilingOrder({ receipt: 'LAB0000000001', revision: 2 });
    assert.equal((await adapter.amend?.(second, makeCall({ serial: 'EG-0001-2' })))?.kind, 'pending');
    assert.match(sent.at(-1) ?? '', /<SAA036>LAB0000000001<\/SAA036><BAE941>EG-0001-2<\/BAE941><AAB001>/);
    assert.equal((await adapter.amend?.(order, makeCall()))?.kind, 'refused');
  });

  it('withdraws, or is told that it is too late', async () => {
    const filed = makeFilingOrder({ receipt: 'LAB0000000001' });
    serve({ WithdrawFiling: resultOf('0') + states('1', '0') });
    assert.equal((await adapter.withdraw?.(filed, makeCall()))?.kind, 'accepted');
    nock.cleanAll();
    serve({ WithdrawFiling: resultOf('WITHDRAW_TOO_LATE') });
    assert.equal((await adapter.withdraw?.(filed, makeCall()))?.kind, 'refused');
  });

  it('reads the employment back: day and reason must be those that were filed', async () => {
    const ended = (day: string, reason: string) =>
      `${resultOf('0')}<AAC001>2000345678</AAC001><employmentState>ended</employmentState><abc916>${day}</abc916><abc917>${reason}</abc917>`;
    const cases = [
      [answers.QueryPerson, 'differs'],
      [ended('20261125', '6313'), 'agrees'],
      [ended('20261126', '6313'), 'differs'],
      [ended('20261125', '6317'), 'differs'],
      [resultOf('NOT_IN_UNIT'), 'differs'],
      ['<html></html>', 'unsure'],
    ] as const;
    for (const [answer, kind] of cases) {
      nock.cleanAll();
      serve({ QueryPerson: answer });
      assert.equal((await adapter.readBack?.(order, makeCall()))?.kind, kind);
    }
  });

  it('pings', async () => {
    serve({
      Ping: `${resultOf('0')}<time>20261125093000</time><businessHours>open</businessHours>`,
      QueryUnit: answers.QueryUnit,
    });
    const up = await adapter.ping?.(makeCall());
    assert.ok(up?.kind === 'up');
    assert.equal(up.message, 'agency time 20261125093000, open');
    assert.deepEqual(
      up.checks.map(({ subject, ok }) => `${subject} ${ok}`),
      ['address true', 'certificate true', 'clock true', 'unit true'],
    );
    nock.cleanAll();
    serve({ Ping: '<html></html>' });
    assert.equal((await adapter.ping?.(makeCall()))?.kind, 'down');
  });

  it('says what is wrong with its settings', () => {
    const { settings: schema } = laborSoap.manifest;
    const issues = (change: object) =>
      schema
        .safeParse({ ...settings, ...change })
        .error?.issues.map((issue) => [issue.path.join('.'), issue.message]) ?? [];
    assert.deepEqual(issues({}), []);
    assert.match(String(issues({ url: 'ftp://a/' })), /^url,must be the http or https address/);
    assert.match(String(issues({ certificate: 'x' })), /^certificate,must be a PEM certificate/);
    assert.match(String(issues({ key: agency.keyPem })), /^key,must be the key of the certificate/);
    assert.match(String(issues({ ca: '' })), /^ca,must be/);
    assert.match(String(issues({ reason_version: '9' })), /1 or 1-broad/);
    assert.match(String(issues({ timeout: 31 })), /^timeout,must be 30 seconds or fewer/);
    assert.equal(schema.shape.key?.meta()?.secret, true);
  });
});
