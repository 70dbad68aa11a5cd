import assert from 'node:assert/strict';
import nock from 'nock';
import { insuranceXml } from '../../../adapters/insurance-xml/index.ts';
import { field, readXml } from '../../../adapters/insurance-xml/xml.ts';
import { readTrust } from '../../../src/crypto/certificates.ts';
import { verifyCms } from '../../../src/crypto/cms.ts';
import { makeCall } from '../../support/call.ts';
import { makeFilingOrder, UNIT } from '../../support/filing-order.ts';
import { insuranceAnswer } from '../../support/insurance-agency.ts';
import { makeCa } from '../../support/pki.ts';

describe('adapters/insurance-xml', () => {
  const now = new Date('2026-11-25T01:30:00Z');
  const ca = makeCa();
  const employer = ca.issue(UNIT.name, { serialNumber: UNIT.uscc });
  const agency = ca.issue('insurance.agency.mock');
  const settings = {
    url: 'http://insurance.test/',
    certificate: employer.certificatePem,
    key: employer.keyPem,
    ca: ca.certificatePem,
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

  /** The agency's answer is made of the request, as its hash stands in it. */
  function serve(code: string, content: string): () => string {
    let request = '';
    nock('http://insurance.test')
      .post('/', (body) => {
        request = String(body);
        return true;
      })
      .matchHeader('content-type', 'application/xml; charset=UTF-8')
      .reply(200, () => {
        const head = readXml(Buffer.from(request))?.children[0];
        const to = {
          code: field(head, 'TransCode') as '0001' | '0002',
          messageId: field(head, 'MessageId') ?? '',
          unit: UNIT.uscc,
          session: undefined,
          request: Buffer.from(request),
        };
        return insuranceAnswer(content, to, agency, { code });
      });
    return () => request;
  }

  it('tests the connection with exactly this request', async () => {
    const request = serve(
      '0',
      '<ConnectivityTestAnswer><AgencyTime>20261125093000</AgencyTime></ConnectivityTestAnswer>',
    );
    const ping = await insuranceXml.create(settings).ping?.(makeCall({ now }));
    assert.equal(ping?.checks.find(({ subject }) => subject === 'address')?.ok, true);
    const id = /<MessageId>(Q[0-9a-f]{32})<\/MessageId>/.exec(request())?.[1] ?? '';
    const [head, body] = readXml(Buffer.from(request()))?.children ?? [];
    const payload =
      `<Payload xmlns="urn:agency:insurance:1" TransCode="0001" MessageId="${id}" Unit="91110105MA001234X4">` +
      '<ConnectivityTest/></Payload>';
    const signature = field(head, 'Signature') ?? '';
    assert.equal(
      request(),
      '<Envelope xmlns="urn:agency:insurance:1"><Head><TransCode>0001</TransCode>' +
        `<MessageId>${id}</MessageId><Time>20261125093000</Time><Unit>91110105MA001234X4</Unit>` +
        `<Signature>${signature}</Signature></Head>` +
        `<Body encoding="plain">${Buffer.from(payload).toString('base64')}</Body></Envelope>`,
    );
    assert.equal(body?.text, Buffer.from(payload).toString('base64'));
    const trust = readTrust(ca.certificatePem, UNIT.name);
    assert.ok(verifyCms(Buffer.from(signature, 'base64'), Buffer.from(payload), trust, now).ok);
  });

  it('files nothing while it cannot sign in', async () => {
    const stop = makeFilingOrder({ kind: 'insurance_stop' });
    const outcome = async (code: string, content = '<Error/>') => {
      const request = serve(code, content);
      const call = makeCall({ now });
      const result = await insuranceXml.create(settings).submit(stop, call);
      assert.match(request(), /<TransCode>0002</);
      assert.deepEqual(
        call.kept.map(({ operation }) => operation),
        ['0002', '0002'],
      );
      return result;
    };
    assert.equal((await outcome('MAINTENANCE')).kind, 'hold');
    assert.equal((await outcome('AUTH_CERTIFICATE')).kind, 'hold');
    assert.equal((await outcome('RATE_LIMIT')).kind, 'retry');
    assert.equal((await outcome('SOMETHING_NEW')).kind, 'retry');
    const foreignKey = `<SignInAnswer><Session>S0000000001</Session><ExpiresIn>1800</ExpiresIn><Algorithm>sm4-cbc</Algorithm><Key>AAAA</Key></SignInAnswer>`;
    assert.deepEqual(await outcome('0', foreignKey), {
      kind: 'retry',
      reason: 'the agency does not let us sign in (0)',
    });
  });

  it('says what is wrong with settings', () => {
    const said = (change: object) =>
      insuranceXml.manifest.settings
        .safeParse({ ...settings, ...change })
        .error?.issues.map((issue) => issue.message);
    assert.equal(said({}), undefined);
    assert.deepEqual(said({ cipher: 'des' }), ['must be one of sm4-cbc, aes-256-cbc']);
    assert.deepEqual(said({ ca: 'x' }), ['must be one or more PEM certificates']);
    assert.deepEqual(insuranceXml.manifest.settings.parse(settings), {
      ...settings,
      agency: 'insurance.agency.mock',
      cipher: 'sm4-cbc',
    });
  });
});
