// How each adapter asks for the agency's list and roster, and what it makes of the answers.
import assert from 'node:assert/strict';
import nock from 'nock';
import { creditRest } from '../../../adapters/credit-rest/index.ts';
import { changesPage, practitionersPage } from '../../../adapters/credit-rest/lists.ts';
import { requestId } from '../../../adapters/credit-rest/open.ts';
import { batchesPage, rosterPage } from '../../../adapters/insurance-xml/lists.ts';
import { batchList, payloadOf, unitRoster } from '../../../adapters/insurance-xml/request.ts';
import { readXml } from '../../../adapters/insurance-xml/xml.ts';
import { laborSoap } from '../../../adapters/labor-soap/index.ts';
import { readIdentity, readTrust } from '../../../src/crypto/certificates.ts';
import { signDetached, verifyDetached } from '../../../src/crypto/jws.ts';
import { makeCall } from '../../support/call.ts';
import { UNIT } from '../../support/filing-order.ts';
import { makeCa } from '../../support/pki.ts';
import { faultOf, responseOf, resultOf, signedAnswer } from '../../support/soap-agency.ts';

const NOVEMBER = { from: '2026-11-01', to: '2026-11-30' };
const NOW = new Date('2026-11-25T01:30:00Z');
const ZHANG = { name: '张某', id_number: '11010519491231002X' };

describe('adapters: lists', () => {
  const ca = makeCa();
  const employer = ca.issue(UNIT.name, { serialNumber: UNIT.uscc });
  before(() => {
    if (!nock.isActive()) nock.activate();
  });
  // Active, it stands between all sockets of the run.
  after(() => nock.restore());
  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    const unused = nock.pendingMocks();
    nock.cleanAll();
    nock.enableNetConnect();
    assert.deepEqual(unused, []);
  });

  describe('labor-soap', () => {
    const agency = ca.issue('labor.agency.mock');
    const settings = {
      url: 'http://labor.agency.test/soap',
      certificate: employer.certificatePem,
      key: employer.keyPem,
      ca: ca.certificatePem,
    };
    /** Answers in turn, each to the operation and the body that are expected. */
    function serve(...turns: readonly (readonly [operation: string, asked: string, answer: string])[]): void {
      for (const [operation, asked, answer] of turns)
        nock('http://labor.agency.test', { reqheaders: { soapaction: `"urn:agency:labor:1#${operation}"` } })
          .post('/soap', (body) => {
            const content = /<soap:Body [^>]*>(.*)<\/soap:Body>/.exec(String(body))?.[1];
            return content === `<${operation} xmlns="urn:agency:labor:1">${asked}</${operation}>`;
          })
          .reply(
            200,
            signedAnswer(answer.startsWith('<soap:') ? answer : responseOf(operation, answer), agency),
          );
    }
    const unit = [
      'QueryUnit',
      '<BAB010>91110105MA001234X4</BAB010>',
      `${resultOf('0')}<AAB001>110500012345</AAB001>`,
    ] as const;
    const period = '<AAB001>110500012345</AAB001><from>20261101</from><to>20261130</to>';
    const filing = (
      receipt: string,
      stage: string,
      conclusion: string,
      withdrawn = false,
      correcting = false,
    ) =>
      `<filing><SAA036>${receipt}</SAA036><BAE941>EG-${receipt}</BAE941><SAA043>${stage}</SAA043><TAA103>${conclusion}</TAA103>` +
      `<withdrawn>${withdrawn}</withdrawn><correcting>${correcting}</correcting>` +
      '<AAC002>11010519491231002X</AAC002><AAC003>张某</AAC003><abc916>20261125</abc916></filing>';

    it('asks page by page with exactly these requests, and reads states, dates and persons', async () => {
      const adapter = laborSoap.create(settings);
      const first = `${resultOf('0')}${filing('LAB000001', '3', '0')}${filing('LAB000002', '3', '0', false, true)}<next>LAB000002</next>`;
      const second =
        resultOf('0') +
        filing('LAB000003', '6', '1') +
        filing('LAB000004', '6', '2') +
        filing('LAB000005', '1', '0', true);
      serve(
        unit,
        ['ListFilings', period, first],
        ['ListFilings', `${period}<cursor>LAB000002</cursor>`, second],
      );
      const page = await adapter.list?.(NOVEMBER, makeCall({ now: NOW }));
      assert.ok(page?.kind === 'page');
      assert.deepEqual(page.entries[0], {
        serial: 'EG-LAB000001',
        receipt: 'LAB000001',
        kind: 'labor_filing',
        state: 'in_review',
        person: ZHANG,
        exitDate: '2026-11-25',
      });
      assert.equal(page.next, 'LAB000002');
      const rest = await adapter.list?.(NOVEMBER, makeCall({ now: NOW }), page.next);
      assert.ok(rest?.kind === 'page');
      assert.deepEqual(
        [...page.entries, ...rest.entries].map(({ state }) => state),
        ['in_review', 'correction_requested', 'accepted', 'rejected', 'withdrawn'],
      );
      assert.equal('next' in rest, false);
    });

    it('reads nobody, one and several', async () => {
      const adapter = laborSoap.create(settings);
      const employee = (number: string) =>
        `<employee><AAC001>2000345678</AAC001><AAC002>${number}</AAC002><AAC003>张某</AAC003><since>20220301</since></employee>`;
      const asked = '<AAB001>110500012345</AAB001>';
      serve(
        unit,
        ['ListEmployees', asked, resultOf('0')],
        ['ListEmployees', asked, resultOf('0') + employee('A1')],
      );
      assert.deepEqual(await adapter.roster?.(makeCall({ now: NOW })), { kind: 'page', entries: [] });
      assert.deepEqual(await adapter.roster?.(makeCall({ now: NOW })), {
        kind: 'page',
        entries: [{ kind: 'labor_filing', person: { name: '张某', id_number: 'A1' }, since: '2022-03-01' }],
      });
    });

    it('takes no refusal and no unreadable list for an empty one', async () => {
      const kinds: unknown[] = [];
      for (const answer of [
        resultOf('DATE_INVALID'),
        `${resultOf('0')}<filing><SAA036>LAB000001</SAA036></filing>`,
        faultOf('Client', 'SCHEMA_INVALID'),
        faultOf('Server', 'NOT_IMPLEMENTED'),
        faultOf('Client', 'AUTH_CERTIFICATE'),
      ]) {
        serve(unit, ['ListFilings', period, answer]);
        const page = await laborSoap.create(settings).list?.(NOVEMBER, makeCall({ now: NOW }));
        kinds.push(page?.kind);
      }
      assert.deepEqual(kinds, ['unsure', 'unsure', 'unsure', 'unsure', 'hold']);
    });
  });

  describe('insurance-xml', () => {
    const answer = (code: string, content: string) => {
      const element = readXml(Buffer.from(content.replace('>', ' xmlns="urn:agency:insurance:1">')));
      assert.ok(element);
      return { code, content: element };
    };
    const row = (no: number, number: string, code?: string) =>
      `<Row no="${no}"><AAC002>${number}</AAC002><AAC003>张某</AAC003><AAE140>110</AAE140><AAE035>20261125</AAE035>` +
      `${code === undefined ? '' : `<Code>${code}</Code>`}</Row>`;
    const batch = (state: string, rows: string, trans = '2001') =>
      `<Batch><MessageId>EG-1</MessageId><TransCode>${trans}</TransCode><AAZ308>R1</AAZ308><State>${state}</State>${rows}</Batch>`;
    const list = (...batches: string[]) =>
      batchesPage(answer('0', `<BatchListAnswer>${batches.join('')}</BatchListAnswer>`), NOW);

    it('asks with exactly these payloads', () => {
      const bytes = (transaction: ReturnType<typeof batchList>) =>
        payloadOf(transaction('Q1', NOW), UNIT.uscc, undefined).toString();
      const payload = (code: string, content: string) =>
        `<Payload xmlns="urn:agency:insurance:1" TransCode="${code}" MessageId="Q1" Unit="91110105MA001234X4">${content}</Payload>`;
      assert.equal(
        bytes(batchList('2026-11-01', '2026-11-30', undefined)),
        payload('3003', '<BatchList><From>20261101</From><To>20261130</To></BatchList>'),
      );
      assert.equal(
        bytes(batchList('2026-11-01', '2026-11-30', 'AAZ1')),
        payload('3003', '<BatchList><From>20261101</From><To>20261130</To><Cursor>AAZ1</Cursor></BatchList>'),
      );
      assert.equal(bytes(unitRoster('P1')), payload('3004', '<UnitRoster><Cursor>P1</Cursor></UnitRoster>'));
      assert.equal(bytes(unitRoster(undefined)), payload('3004', '<UnitRoster/>'));
    });

    it('makes a filing of each person in a batch, judged by that person’s rows', () => {
      const page = list(
        batch(
          'finished',
          row(1, 'A', '0') +
            row(2, 'B', 'ROW_ERROR') +
            row(3, 'A', 'ALREADY_DONE') +
            row(4, 'C', '0') +
            row(5, 'C', 'CORRECTION'),
        ),
      );
      assert.ok(page.kind === 'page');
      assert.deepEqual(
        page.entries.map(({ person, state }) => [person.id_number, state]),
        [
          ['A', 'accepted'],
          ['B', 'rejected'],
          ['C', 'correction_requested'],
        ],
      );
      assert.deepEqual(page.entries[0], {
        serial: 'EG-1',
        receipt: 'R1',
        kind: 'insurance_stop',
        state: 'accepted',
        person: { name: '张某', id_number: 'A' },
        exitDate: '2026-11-25',
      });
    });

    it('reads what is under way, and which kind it is', () => {
      const page = list(batch('received', row(1, 'A')), batch('processing', row(1, 'A'), '2002'));
      assert.ok(page.kind === 'page');
      assert.deepEqual(
        page.entries.map(({ kind, state }) => [kind, state]),
        [
          ['insurance_stop', 'in_review'],
          ['insurance_transfer', 'in_review'],
        ],
      );
    });

    it('takes no unreadable list for a shorter one', () => {
      for (const wrong of [
        batch('finished', row(1, 'A')),
        batch('received', ''),
        batch('received', row(1, 'A'), '9'),
      ])
        assert.equal(list(batch('received', row(1, 'A')), wrong).kind, 'unsure', wrong);
      const codes = ['SCHEMA_INVALID', 'AUTH_CERTIFICATE', 'RATE_LIMIT'].map(
        (code) => batchesPage(answer(code, '<Error></Error>'), NOW).kind,
      );
      assert.deepEqual(codes, ['unsure', 'hold', 'retry']);
    });

    it('counts a person as insured since the oldest insurance that is paid', () => {
      const insurance = (kind: string, since: string) =>
        `<Insurance><AAE140>${kind}</AAE140><AAE035>${since}</AAE035></Insurance>`;
      const insured = `<Insured><AAC001>P1</AAC001><AAC002>A</AAC002><AAC003>张某</AAC003>${insurance('110', '20230101')}${insurance('310', '20220101')}</Insured>`;
      const page = rosterPage(
        answer('0', `<UnitRosterAnswer>${insured}<Next>P1</Next></UnitRosterAnswer>`),
        NOW,
      );
      assert.deepEqual(page, {
        kind: 'page',
        entries: [{ kind: 'insurance_stop', person: { name: '张某', id_number: 'A' }, since: '2022-01-01' }],
        next: 'P1',
      });
    });
  });

  describe('credit-rest', () => {
    const agency = ca.issue('credit.agency.mock');
    const change = (state: string) => ({
      serial: 'EG-1',
      revision: 'EG-2',
      receipt: 'CRD-1',
      state,
      practitioner: { id_type: 'resident_id', ...ZHANG },
      effective_date: '2026-11-25',
    });

    it('asks with the query in the address and under the signature', async () => {
      nock('http://credit.test')
        .post('/base/oauth/token')
        .reply(200, { access_token: 'tok', token_type: 'Bearer', expires_in: 1800 });
      let signature = '';
      const answer = Buffer.from(JSON.stringify({ changes: [change('concluded')], next: 'CRD-1' }));
      const by = readIdentity(agency.certificatePem, agency.keyPem);
      nock('http://credit.test')
        .get('/base/v1/registration-changes?from=2026-11-01&to=2026-11-30&cursor=CRD-0')
        .matchHeader('x-jws-signature', (value) => {
          signature = String(value);
          return true;
        })
        .reply(200, answer, {
          'X-JWS-Signature': () => signDetached(answer, by, { status: 200, rid: requestId(signature) }),
        });
      const adapter = creditRest.create({
        url: 'http://credit.test/base/',
        certificate: employer.certificatePem,
        key: employer.keyPem,
        ca: ca.certificatePem,
        client_id: 'client-1',
        client_secret: 's3cret',
      });
      const call = makeCall({ now: NOW });
      assert.deepEqual(await adapter.list?.(NOVEMBER, call, 'CRD-0'), {
        kind: 'page',
        entries: [
          {
            serial: 'EG-2',
            receipt: 'CRD-1',
            kind: 'credit_update',
            state: 'accepted',
            person: ZHANG,
            exitDate: '2026-11-25',
          },
        ],
        next: 'CRD-1',
      });
      const bound = verifyDetached(signature, Buffer.alloc(0), readTrust(ca.certificatePem, UNIT.name), NOW);
      assert.equal(
        bound.ok && bound.header.htu,
        '/v1/registration-changes?from=2026-11-01&to=2026-11-30&cursor=CRD-0',
      );
      assert.doesNotMatch(call.lines.join(), /张某|11010519491231002X/);
    });

    it('reads every state, and the register', () => {
      const states = ['received', 'in_review', 'correction_requested', 'concluded', 'rejected', 'withdrawn'];
      const page = changesPage({ status: 200, body: { changes: states.map(change) } });
      assert.ok(page.kind === 'page');
      assert.deepEqual(
        page.entries.map(({ state }) => state),
        ['in_review', 'in_review', 'correction_requested', 'accepted', 'rejected', 'withdrawn'],
      );
      const practitioners = [{ registration_no: 'S1', ...ZHANG, since: '2022-03-01' }];
      assert.deepEqual(practitionersPage({ status: 200, body: { practitioners } }), {
        kind: 'page',
        entries: [{ kind: 'credit_update', person: ZHANG, since: '2022-03-01' }],
      });
    });

    it('takes no refusal and no unreadable list for an empty one', () => {
      const refused = (status: number, code: string) =>
        changesPage({ status, body: { code, title: 't' } }).kind;
      assert.deepEqual([refused(422, 'CURSOR_INVALID'), refused(404, 'ROUTE_UNKNOWN')], ['unsure', 'hold']);
      assert.equal(changesPage({ status: 200, body: {} }).kind, 'unsure');
      assert.equal(changesPage({ status: 200, body: { changes: [change('lost')] } }).kind, 'unsure');
      assert.equal(practitionersPage({ status: 200, body: { practitioners: [{}] } }).kind, 'unsure');
    });
  });
});
