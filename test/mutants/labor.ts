/** The rules of the labour agency, and how labor-soap misses each. */
import assert from 'node:assert/strict';
import { only, put, resigned, signedInfo, text } from './labor-message.ts';
import { byCheck, byFiling, byPing, expectNo, OTHER, type Proof, type Scene } from './proof.ts';

const submission =
  (change: (xml: string) => string) =>
  ({ own }: Scene) =>
    only('SubmitTermination', resigned(own.privateKey, change));
const BAD = 'AUTH_SIGNATURE';
const SIGNATURE = /<ds:Signature[ >][\s\S]*<\/ds:Signature>/;

export const LABOR: readonly Proof[] = [
  byPing('labor.markup', 'a DOCTYPE before the message', BAD, () => text((xml) => `<!DOCTYPE x>${xml}`)),
  byPing('labor.depth', 'a hundred elements, each in the one before', 'SCHEMA_INVALID', () =>
    text((xml) =>
      xml.replace('<soap:Header>', `<soap:Header>${'<x xmlns="urn:x">'.repeat(100)}${'</x>'.repeat(100)}`),
    ),
  ),
  byPing('labor.encoding', 'a message that calls itself ISO-8859-1', 'SCHEMA_INVALID', () =>
    text((xml) => `<?xml version="1.0" encoding="ISO-8859-1"?>${xml}`),
  ),
  byPing('labor.action', 'a SOAPAction of another operation', 'SCHEMA_INVALID', () => (sent) => ({
    ...sent,
    headers: { ...sent.headers, soapaction: '"urn:agency:labor:1#QueryUnit"' },
  })),
  byPing('labor.one-signature', 'two signatures', BAD, () =>
    text((xml) => xml.replace(SIGNATURE, (one) => one + one)),
  ),
  byPing('labor.signature-place', 'a signature beside wsse:Security', BAD, () =>
    text((xml) => {
      const one = SIGNATURE.exec(xml)?.[0] ?? '';
      return xml.replace(one, '').replace('<soap:Header>', `<soap:Header>${one}`);
    }),
  ),
  byPing('labor.one-body', 'a second Body that nobody would read', BAD, () =>
    text((xml) => xml.replace('<soap:Header>', '<soap:Header><x xmlns="urn:x"><soap:Body/></x>')),
  ),
  byPing('labor.one-body', 'an Id twice', BAD, () =>
    text((xml) => xml.replace('<soap:Header>', '<soap:Header><x xmlns="urn:x" Id="body"/>')),
  ),
  byPing('labor.reference', 'a reference to something else than the Body', BAD, ({ own }) =>
    text((xml) => signedInfo(own.privateKey, xml.replace('URI="#body"', 'URI="#else"'))),
  ),
  byPing('labor.signature-parts', 'something unknown inside the signature', BAD, () =>
    text((xml) => xml.replace('</ds:Signature>', '<ds:Object/></ds:Signature>')),
  ),
  byPing('labor.algorithms', 'a digest that calls itself SHA-1', BAD, ({ own }) =>
    text((xml) =>
      signedInfo(
        own.privateKey,
        xml.replace('http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2000/09/xmldsig#sha1'),
      ),
    ),
  ),
  byFiling('labor.digest', 'a day altered on the way', BAD, () =>
    only('SubmitTermination', text(put('abc916', '20261126'))),
  ),
  byPing('labor.signature', 'a signature by another key', BAD, async ({ box }) => {
    const { privateKey } = await box.identity(OTHER.uscc, OTHER.name);
    return resigned(privateKey, (xml) => xml);
  }),
  {
    rule: 'labor.unit',
    title: 'a certificate of somebody else holds the filing',
    async run({ box, create, filing, call, subject }) {
      const foreign = await box.identity(OTHER.uscc, OTHER.name);
      const adapter = create({ certificate: foreign.certificatePem, key: foreign.keyPem });
      assert.equal((await adapter.submit(filing, call())).kind, 'hold');
      assert.deepEqual(subject.cases(), []);
    },
  },
  byFiling(
    'labor.schema',
    'an element that the schema does not have',
    'SCHEMA_INVALID',
    submission((xml) => xml.replace('</SubmitTermination>', '<extra>1</extra></SubmitTermination>')),
  ),
  byFiling('labor.unit-number', 'a wrong AAB001', 'NOT_IN_UNIT', submission(put('AAB001', '11010500000000'))),
  byFiling('labor.person-number', 'a wrong AAC001', 'NOT_IN_UNIT', submission(put('AAC001', '100000000000'))),
  byFiling(
    'labor.reason',
    'a reason that the table does not have',
    'REASON_UNKNOWN',
    submission(put('abc917', '9999')),
  ),
  byFiling('labor.day', 'the thirtieth of February', 'DATE_INVALID', submission(put('abc916', '20260230'))),
  {
    rule: 'labor.order-of-days',
    title: 'an employment that ends before it began is refused',
    async run({ adapter, filing, call, subject }) {
      expectNo(await adapter.submit({ ...filing, exitDate: '2020-01-01' }, call()), 'DATE_INVALID');
      assert.deepEqual(subject.cases(), []);
    },
  },
  byCheck('labor.serial-once', 'sent twice, filed once: the receipt is recovered'),
  byCheck('labor.serial-content', 'the same serial with other content is refused'),
  {
    rule: 'labor.one-open',
    title: 'a second filing for an employment under review is refused',
    async run({ adapter, filing, call, submit }) {
      await submit();
      expectNo(await adapter.submit(filing, call('EG-0002-1')), 'FILING_OPEN');
    },
  },
  {
    rule: 'labor.ended-once',
    title: 'an employment that has ended is not filed again',
    async run({ box, adapter, filing, call, submit }) {
      await submit();
      box.advance('P1D');
      expectNo(await adapter.submit(filing, call('EG-0002-1')), 'ALREADY_ENDED');
    },
  },
  {
    rule: 'labor.own-filings',
    title: 'a unit does not withdraw the filing of another',
    async run({ box, create, filing, call, submit, lookup }) {
      const filed = await submit();
      assert.ok(filed.kind === 'pending');
      const foreign = await box.identity(OTHER.uscc, OTHER.name);
      const adapter = create({ certificate: foreign.certificatePem, key: foreign.keyPem });
      expectNo(await adapter.withdraw?.({ ...filing, receipt: filed.receipt }, call()), 'NOT_FOUND');
      assert.equal(await lookup(), 'pending');
    },
  },
  {
    rule: 'labor.correction-asked',
    title: 'a supplement that nobody asked for is refused',
    async run({ adapter, filing, call, submit }) {
      const filed = await submit();
      assert.ok(filed.kind === 'pending');
      const next = { ...filing, revision: 2, receipt: filed.receipt };
      expectNo(await adapter.amend?.(next, call('EG-0001-2')), 'NO_CORRECTION_ASKED');
    },
  },
  {
    rule: 'labor.supplement-person',
    title: 'a supplement about somebody else is refused',
    async run({ box, adapter, filing, call, submit }) {
      const filed = await box.withFault({ fault: 'correction', agency: 'labor' }, submit);
      assert.ok(filed.kind === 'pending');
      box.advance('PT1M');
      const person = { name: '李某', id_type: 'resident_id', id_number: '990000199001010017' };
      const next = { ...filing, revision: 2, receipt: filed.receipt, person };
      expectNo(await adapter.amend?.(next, call('EG-0001-2')), 'IDENTITY_MISMATCH');
    },
  },
  {
    rule: 'labor.withdraw-early',
    title: 'is too late to withdraw once it is concluded',
    async run({ box, adapter, filing, call, submit }) {
      const filed = await submit();
      assert.ok(filed.kind === 'pending');
      box.advance('P1D');
      expectNo(await adapter.withdraw?.({ ...filing, receipt: filed.receipt }, call()), 'WITHDRAW_TOO_LATE');
    },
  },
  {
    rule: 'labor.correction-due',
    title: 'a correction that nobody answered in time has failed',
    async run({ box, adapter, filing, call, submit }) {
      await box.withFault({ fault: 'correction', agency: 'labor' }, submit);
      box.advance('P30D');
      expectNo(await adapter.lookup?.(filing, call()), 'CORRECTION_OVERDUE');
    },
  },
  {
    rule: 'labor.dispute',
    title: 'a filing over a known dispute without the settlement is sent back',
    async run({ box, filing, submit, lookup }) {
      box.dispute({ id_number: filing.person.id_number ?? '' });
      await submit();
      box.advance('PT1M');
      assert.equal(await lookup(), 'correction');
    },
  },
];
