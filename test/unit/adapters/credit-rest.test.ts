import assert from 'node:assert/strict';
import nock from 'nock';
import { creditRest } from '../../../adapters/credit-rest/index.ts';
import { changeOf, idTypeOf, practitionerOf, REASONS } from '../../../adapters/credit-rest/map.ts';
import { openAnswer, requestId } from '../../../adapters/credit-rest/open.ts';
import {
  type Answer,
  lookupOutcome,
  pingOutcome,
  readBackOutcome,
  submitOutcome,
  withdrawOutcome,
} from '../../../adapters/credit-rest/reply.ts';
import { getChange, signatureOf, submitChange } from '../../../adapters/credit-rest/request.ts';
import { readIdentity, readTrust } from '../../../src/crypto/certificates.ts';
import { signDetached, verifyDetached } from '../../../src/crypto/jws.ts';
import { EXIT_REASONS } from '../../../src/domain/words.ts';
import { makeCall } from '../../support/call.ts';
import { makeFilingOrder, UNIT } from '../../support/filing-order.ts';
import { makeCa, type TestIdentity } from '../../support/pki.ts';

describe('adapters/credit-rest', () => {
  const now = new Date('2026-11-25T01:30:00Z');
  const filing = makeFilingOrder({ kind: 'credit_update' });
  const ca = makeCa();
  const employer = ca.issue(UNIT.name, { serialNumber: UNIT.uscc });
  const agency = ca.issue('credit.agency.mock');
  const trust = readTrust(ca.certificatePem, 'credit.agency.mock');
  const identity = readIdentity(employer.certificatePem, employer.keyPem);
  const BODY =
    '{"serial":"EG-0001-1","unit_uscc":"91110105MA001234X4","practitioner":{"id_type":"resident_id",' +
    '"id_number":"11010519491231002X","name":"张某"},"change":"cancel","effective_date":"2026-11-25","reason":"resignation"}';

  describe('map and request', () => {
    const practitioner = practitionerOf(filing);
    assert.ok(practitioner);

    it('has a word for every reason', () => {
      assert.deepEqual(Object.keys(REASONS), [...EXIT_REASONS]);
    });

    it('names documents in the words of the agency, and none that it cannot tell', () => {
      assert.equal(idTypeOf('resident_id', '11010519491231002X'), 'resident_id');
      assert.equal(idTypeOf('passport', 'E12345678'), 'passport');
      assert.equal(idTypeOf('hmt_permit', '810000199001010018'), 'hk_macau_permit');
      assert.equal(idTypeOf('hmt_permit', '820000199001010010'), 'hk_macau_permit');
      assert.equal(idTypeOf('hmt_permit', 'H1234567890'), 'hk_macau_permit');
      assert.equal(idTypeOf('hmt_permit', '830000199001010012'), 'taiwan_permit');
      assert.equal(idTypeOf('hmt_permit', '12345678'), 'taiwan_permit');
      assert.equal(idTypeOf('hmt_permit', 'X1'), undefined);
      assert.equal(idTypeOf(undefined, '11010519491231002X'), undefined);
    });

    it('writes the body of the published example to the byte, the same for every resend', () => {
      const first = submitChange(filing, 'EG-0001-1', practitioner);
      assert.equal(first.body?.toString(), BODY);
      assert.deepEqual(submitChange(filing, 'EG-0001-1', practitioner), first);
    });

    it('attaches supplements only when there are some', () => {
      const supplements = [{ kind: 'claim', title: 't', text: 'x' }];
      const change = changeOf({ ...filing, supplements }, 'EG-1', practitioner);
      assert.deepEqual(change.supplements, supplements);
      assert.equal('supplements' in changeOf(filing, 'EG-1', practitioner), false);
    });

    it('signs body, method and path, and the minute: another time is another signature over the same body', () => {
      const question = getChange('EG-0001-1');
      const jws = signatureOf(question, identity, now);
      const verdict = verifyDetached(jws, Buffer.alloc(0), readTrust(ca.certificatePem, UNIT.name), now);
      assert.ok(verdict.ok);
      const { x5c: _, ...header } = verdict.header;
      assert.deepEqual(header, {
        alg: 'RS256',
        iat: 1795570200,
        htm: 'GET',
        htu: '/v1/registration-changes/EG-0001-1',
      });
      assert.notEqual(signatureOf(question, identity, new Date(now.getTime() + 1000)), jws);
    });
  });

  describe('opening', () => {
    const sent = 'header..signature';
    const body = Buffer.from('{"receipt":"R1","state":"received"}');
    const open = (
      signer: TestIdentity,
      header: Record<string, string | number>,
      changes: { body?: Buffer; signed?: Buffer; status?: number } = {},
    ) => {
      const by = readIdentity(signer.certificatePem, signer.keyPem);
      const signature = signDetached(changes.signed ?? body, by, header);
      const answer = {
        kind: 'answered',
        status: changes.status ?? 202,
        headers: { 'x-jws-signature': signature },
        body: changes.body ?? body,
      } as const;
      const opened = openAnswer(answer, sent, trust, now);
      return opened.kind === 'opened' ? opened.status : opened.reason;
    };
    const header = { status: 202, rid: requestId(sent) };

    it('knows the id of the published example', () => {
      const example =
        'eyJhbGciOiJSUzI1NiIsIng1YyI6WyJNSUlCIl0sImlhdCI6MTc5NTU3MzgwMCwiaHRtIjoiUE9TVCIsImh0dSI6Ii92MS9yZWdpc3RyYXRpb24tY2hhbmdlcyJ9..c2ln';
      assert.equal(requestId(example), 'sQTpe9WhR8OzE1X-zWETSR4AoLPWhkPfp3-sVGw1Brg');
    });

    it('opens a good answer, and no other', () => {
      assert.equal(open(agency, header), 202);
      assert.match(String(open(makeCa().issue('credit.agency.mock'), header)), /not issued/);
      assert.match(String(open(employer, header)), /another subject/);
      assert.match(
        String(open(agency, header, { body: Buffer.from('{"receipt":"R2","state":"received"}') })),
        /match/,
      );
      assert.match(String(open(agency, { ...header, rid: requestId('other') })), /another request/);
      assert.match(String(open(agency, { status: 202 })), /another request/);
      assert.match(String(open(agency, header, { status: 200 })), /another status/);
      const cut = body.subarray(0, -3);
      assert.match(String(open(agency, header, { body: cut, signed: cut })), /unreadable/);
    });

    it('believes nothing that is not signed', () => {
      const bare = { kind: 'answered', status: 202, headers: {}, body } as const;
      assert.deepEqual(openAnswer(bare, sent, trust, now), {
        kind: 'untrusted',
        reason: 'HTTP 202 without a signature',
      });
    });
  });

  describe('reply', () => {
    const problem = (status: number, code: string): Answer => ({
      status,
      body: {
        type: 'about:blank',
        title: 't',
        status,
        code,
        detail: 'd',
        errors: [{ pointer: '/x', message: 'm' }],
      },
    });
    const change = (state: string, more: object = {}): Answer => ({
      status: 200,
      body: { serial: 'EG-0001-1', revision: 'EG-0001-1', receipt: 'R1', state, ...more },
    });
    const looked = (answer: Answer) => lookupOutcome(answer, 'EG-0001-1');

    it('submit: received or known is pending; an error is final unless it is about the connection', () => {
      const received = { kind: 'pending', receipt: 'R1', stage: 'received' };
      assert.deepEqual(submitOutcome({ status: 202, body: { receipt: 'R1', state: 'received' } }), received);
      const known = { status: 200, body: { code: 'DUPLICATE', receipt: 'R1', state: 'concluded' } };
      assert.deepEqual(submitOutcome(known), { ...received, stage: 'in_review' });
      for (const code of ['SERIAL_REUSED', 'NOT_IN_UNIT', 'ALREADY_DONE', 'SCHEMA_INVALID'])
        assert.deepEqual(submitOutcome(problem(422, code)), { kind: 'refused', code, message: 'd\n/x: m' });
      assert.equal(submitOutcome(problem(401, 'INVALID_TOKEN')).kind, 'retry');
      for (const code of ['AUTH_SIGNATURE', 'AUTH_CERTIFICATE', 'AUTH_BINDING', 'AUTH_UNIT', 'ROUTE_UNKNOWN'])
        assert.equal(submitOutcome(problem(401, code)).kind, 'hold', code);
      for (const body of [undefined, {}, { receipt: 7, state: 'received' }])
        assert.equal(submitOutcome({ status: 202, body }).kind, 'unsure');
    });

    it('lookup: every state of the agency', () => {
      assert.deepEqual(looked(change('received')), { kind: 'pending', receipt: 'R1', stage: 'received' });
      assert.deepEqual(looked(change('in_review')), { kind: 'pending', receipt: 'R1', stage: 'in_review' });
      assert.deepEqual(looked(change('concluded')), { kind: 'accepted', receipt: 'R1' });
      const refused = { kind: 'refused', receipt: 'R1', code: 'X_1', message: 'no' };
      assert.deepEqual(looked(change('rejected', { code: 'X_1', message: 'no' })), refused);
      assert.deepEqual(looked(change('withdrawn')), { ...refused, code: 'WITHDRAWN', message: '' });
      const correction = { field: 'supplement', reason: 'more', due: '2026-12-01' };
      assert.deepEqual(looked(change('correction_requested', { code: 'MATERIAL_MISSING', correction })), {
        kind: 'correction',
        receipt: 'R1',
        code: 'MATERIAL_MISSING',
        message: 'more',
        fields: [{ field: 'supplement', message: 'more' }],
        due: '2026-12-01',
      });
      assert.equal(looked(change('something_new')).kind, 'unsure');
    });

    it('lookup: only NOT_FOUND is "never seen"; a wrong address is not, another filing is not', () => {
      assert.deepEqual(looked(problem(404, 'NOT_FOUND')), { kind: 'absent' });
      assert.equal(looked(problem(404, 'ROUTE_UNKNOWN')).kind, 'hold');
      assert.equal(looked(problem(422, 'NOT_FOUND')).kind, 'unsure');
      assert.equal(looked({ status: 404, body: {} }).kind, 'unsure');
      assert.equal(
        looked(change('concluded', { serial: 'EG-0002-1', revision: 'EG-0002-1' })).kind,
        'unsure',
      );
      assert.equal(looked(change('concluded', { serial: 'EG-0000-1' })).kind, 'accepted');
    });

    it('read-back: cancelled as of the exit date', () => {
      const read = (status: string, since: string) =>
        readBackOutcome({ status: 200, body: { registration_no: 'S1', status, since } }, filing);
      assert.deepEqual(read('cancelled', '2026-11-25'), { kind: 'agrees' });
      assert.equal(read('cancelled', '2026-11-24').kind, 'differs');
      assert.equal(read('registered', '2026-11-25').kind, 'differs');
      assert.equal(read('other', '2026-11-25').kind, 'unsure');
      assert.equal(readBackOutcome(problem(404, 'NOT_FOUND'), filing).kind, 'differs');
      assert.equal(readBackOutcome(problem(401, 'AUTH_CERTIFICATE'), filing).kind, 'hold');
    });

    it('withdrawal and ping', () => {
      assert.deepEqual(withdrawOutcome(change('withdrawn')), { kind: 'accepted', receipt: 'R1' });
      assert.equal(withdrawOutcome(change('concluded')).kind, 'unsure');
      assert.equal(withdrawOutcome(problem(409, 'WITHDRAW_TOO_LATE')).kind, 'refused');
      assert.equal(pingOutcome({ status: 200, body: {} }, [], now).kind, 'up');
      assert.deepEqual(pingOutcome(problem(401, 'AUTH_CERTIFICATE'), [], now), {
        kind: 'down',
        checks: [],
        reason: 'the agency answers AUTH_CERTIFICATE',
      });
    });
  });

  describe('the exact requests of one submission', () => {
    const settings = {
      url: 'http://credit.test/base/',
      certificate: employer.certificatePem,
      key: employer.keyPem,
      ca: ca.certificatePem,
      client_id: 'client-1',
      client_secret: 's3cret',
    };
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

    it('asks for a token once, then sends the change; keeps body and signature, no credential', async () => {
      const tokens = nock('http://credit.test')
        .post('/base/oauth/token', 'grant_type=client_credentials')
        .basicAuth({ user: 'client-1', pass: 's3cret' })
        .reply(200, { access_token: 'tok', token_type: 'Bearer', expires_in: 1800 });
      let signature = '';
      const answer = Buffer.from('{"receipt":"CRD-1","state":"received"}');
      const by = readIdentity(agency.certificatePem, agency.keyPem);
      nock('http://credit.test')
        .post('/base/v1/registration-changes', BODY)
        .matchHeader('authorization', 'Bearer tok')
        .matchHeader('content-type', 'application/json')
        .matchHeader('x-jws-signature', (value) => {
          signature = String(value);
          return true;
        })
        .times(2)
        .reply(202, answer, {
          'X-JWS-Signature': () => signDetached(answer, by, { status: 202, rid: requestId(signature) }),
        });
      const adapter = creditRest.create(settings);
      const call = makeCall({ now });
      for (const attempt of [1, 2]) {
        const outcome = await adapter.submit(filing, call);
        assert.deepEqual(
          outcome,
          { kind: 'pending', receipt: 'CRD-1', stage: 'received' },
          `attempt ${attempt}`,
        );
      }
      assert.ok(tokens.isDone());
      const bound = verifyDetached(
        signature,
        Buffer.from(BODY),
        readTrust(ca.certificatePem, UNIT.name),
        now,
      );
      assert.ok(bound.ok);
      assert.equal(bound.header.htu, '/v1/registration-changes');
      const kept = call.kept.map((message) => `${message.direction} ${message.contentType}`);
      assert.deepEqual(kept.slice(0, 4).sort(), [
        'received application/jose',
        'received application/octet-stream',
        'sent application/jose',
        'sent application/json',
      ]);
      const everything = [
        ...call.kept.map((message) => Buffer.from(message.body).toString()),
        ...call.lines,
      ].join();
      assert.doesNotMatch(everything, /s3cret|Bearer|tok\b/);
      assert.doesNotMatch(call.lines.join(), /张某|11010519491231002X/);
    });

    it('files nothing when there is no token', async () => {
      nock('http://credit.test').post('/base/oauth/token').reply(401, { error: 'invalid_client' });
      assert.deepEqual(await creditRest.create(settings).submit(filing, makeCall({ now })), {
        kind: 'hold',
        reason: 'the agency does not accept our client (HTTP 401)',
      });
    });

    it('leaves a document that cannot be named to a person', async () => {
      const person = { name: '张某', id_type: 'hmt_permit', id_number: 'X1' };
      const outcome = await creditRest.create(settings).submit({ ...filing, person }, makeCall({ now }));
      assert.equal(outcome.kind, 'manual');
    });

    it('says what is wrong with settings', () => {
      const said = (change: object) =>
        creditRest.manifest.settings
          .safeParse({ ...settings, ...change })
          .error?.issues.map(({ message }) => message);
      assert.equal(said({}), undefined);
      assert.deepEqual(said({ url: 'ftp://x' }), ['must be the http or https address of the agency']);
      assert.deepEqual(said({ key: agency.keyPem }), ['must be the key of the certificate']);
      assert.deepEqual(said({ key: 'x' }), ['must be a PEM private key without a passphrase']);
      assert.deepEqual(said({ certificate: 'x' }), ['must be a PEM certificate']);
      assert.deepEqual(said({ certificate: agency.certificatePem, key: agency.keyPem }), [
        "must carry the unit's USCC as the subject's serialNumber",
      ]);
      assert.deepEqual(said({ client_secret: '' }), ["must be the client's secret"]);
    });

    it('marks its secrets', () => {
      const { shape } = creditRest.manifest.settings;
      const secret = Object.keys(shape).filter((name) => {
        const field: unknown = shape[name];
        return typeof field === 'object' &&
          field !== null &&
          'meta' in field &&
          typeof field.meta === 'function'
          ? field.meta()?.secret === true
          : false;
      });
      assert.deepEqual(secret, ['key', 'client_secret']);
    });
  });
});
