// The adapter over HTTP, and its settings.
import assert from 'node:assert/strict';
import nock from 'nock';
import { creditRest } from '../../../adapters/credit-rest/index.ts';
import { requestId } from '../../../adapters/credit-rest/open.ts';
import { readIdentity, readTrust } from '../../../src/crypto/certificates.ts';
import { signDetached, verifyDetached } from '../../../src/crypto/jws.ts';
import { makeCall } from '../../support/call.ts';
import { agency, BODY, ca, employer, filing, now } from '../../support/credit-agency.ts';
import { UNIT } from '../../support/filing-order.ts';

describe('adapters/credit-rest: the exact requests of one submission', () => {
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
    const bound = verifyDetached(signature, Buffer.from(BODY), readTrust(ca.certificatePem, UNIT.name), now);
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
