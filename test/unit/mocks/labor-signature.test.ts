// Who may speak at all: everything that is not one good signature over the one Body must be refused, and signed answers
// must verify in another implementation.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import { type Agencies, type Identity, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { DS, element, envelope, laborClient, OTHER, post, SOAP, signXml, UNIT } from './labor-client.ts';

describe('labor signatures', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let identity: Identity;
  const ping = envelope(element('Ping', {}));
  const refused = async (xml: string, code: string) => {
    const answer = await post(box.urls.labor, xml);
    assert.deepEqual([answer.status, answer.code], [500, code], answer.text);
    assert.match(answer.text, /<faultcode>soap:Client<\/faultcode>/);
    assertSigned(answer.text);
  };

  before(async () => {
    agencies = await startAgencies({ only: ['labor'] });
    box = agencies.sandbox('signatures');
    identity = await box.identity(UNIT.uscc, UNIT.name);
  });
  after(() => agencies.close());

  /** By xml-crypto, which the mock does not use; and only what the reference covers may be read. */
  function assertSigned(xml: string, certificate?: string): string {
    const node = new DOMParser().parseFromString(xml, 'text/xml').getElementsByTagNameNS(DS, 'Signature')[0];
    assert.ok(node, 'the answer is not signed');
    const pem = certificate ?? agencyCertificate(xml);
    const signature = new SignedXml({ publicCert: pem });
    signature.loadSignature(node.toString());
    assert.ok(signature.checkSignature(xml));
    return signature.getSignedReferences()[0] ?? '';
  }
  const agencyCertificate = (xml: string) =>
    `-----BEGIN CERTIFICATE-----\n${/<ds:X509Certificate>([^<]+)</.exec(xml)?.[1] ?? ''}\n-----END CERTIFICATE-----`;

  it('takes a request signed by another implementation and answers with a signed Body', async () => {
    const answer = await post(box.urls.labor, signXml(ping, identity));
    assert.equal(answer.status, 200, answer.text);
    assert.match(assertSigned(answer.text), /PingResponse/);
  });

  it('answers so that xmlsec1 agrees', async function () {
    if (spawnSync('xmlsec1', ['--version']).error) return this.skip();
    const folder = mkdtempSync(join(tmpdir(), 'labor-'));
    try {
      const answer = await post(box.urls.labor, signXml(ping, identity));
      const verify = (xml: string) => {
        writeFileSync(join(folder, 'answer.xml'), xml);
        writeFileSync(join(folder, 'ca.pem'), box.caPem);
        const id = `--id-attr:Id`;
        return spawnSync(
          'xmlsec1',
          ['--verify', id, `${SOAP}:Body`, '--trusted-pem', 'ca.pem', 'answer.xml'],
          { cwd: folder },
        );
      };
      assert.equal(verify(answer.text).status, 0);
      assert.notEqual(verify(answer.text.replace('<code>0<', '<code>NO_<')).status, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses no signature, a changed body and a changed signature', async () => {
    await refused(ping, 'AUTH_SIGNATURE');
    const query = signXml(envelope(element('QueryUnit', { BAB010: UNIT.uscc })), identity);
    await refused(query.replace(UNIT.uscc, OTHER.uscc), 'AUTH_SIGNATURE');
    const flip = (text: string) => (text.startsWith('A') ? `B${text.slice(1)}` : `A${text.slice(1)}`);
    const bent = query.replace(
      /(<ds:SignatureValue>)([^<]+)/,
      (_all, tag: string, value: string) => tag + flip(value),
    );
    await refused(bent, 'AUTH_SIGNATURE');
  });

  it('refuses a wrapped Body: the signed one moved away, another one read', async () => {
    const signed = signXml(ping, identity);
    const body = /<soap:Body[\s\S]*<\/soap:Body>/.exec(signed)?.[0] ?? '';
    const forged = `<soap:Body>${element('QueryUnit', { BAB010: UNIT.uscc })}</soap:Body>`;
    const wrapped = signed.replace(body, forged).replace('<soap:Header>', `<soap:Header><x>${body}</x>`);
    await refused(wrapped, 'AUTH_SIGNATURE');
    // The same with the forged Body bearing an Id of its own, and with the same Id.
    const wsu = / xmlns:wsu="[^"]+"/.exec(body)?.[0] ?? '';
    await refused(wrapped.replace('<soap:Body>', `<soap:Body${wsu} wsu:Id="other">`), 'AUTH_SIGNATURE');
    await refused(wrapped.replace('<soap:Body>', `<soap:Body${wsu} wsu:Id="body">`), 'AUTH_SIGNATURE');
  });

  it('refuses a signature over something else than the Body', async () => {
    const header = ping
      .replace('<soap:Header>', `<soap:Header><Body xmlns="urn:x" Id="decoy"/>`)
      .replace(/ wsu:Id="body"/, '');
    await refused(signXml(header, identity), 'AUTH_SIGNATURE');
  });

  it('refuses a reference without Id, and a second Body that is not even read', async () => {
    await refused(signXml(ping, identity, { isEmptyUri: true }), 'AUTH_SIGNATURE');
    const second = signXml(ping, identity).replace('<soap:Header>', '<soap:Header><x><soap:Body/></x>');
    await refused(second, 'AUTH_SIGNATURE');
  });

  it('refuses two signatures and an Id that is used twice', async () => {
    const signed = signXml(ping, identity);
    const signature = /<ds:Signature[\s\S]*<\/ds:Signature>/.exec(signed)?.[0] ?? '';
    await refused(signed.replace(signature, signature + signature), 'AUTH_SIGNATURE');
    await refused(signed.replace('<soap:Header>', '<soap:Header><x Id="body"/>'), 'AUTH_SIGNATURE');
  });

  it('refuses DOCTYPE, comments and processing instructions', async () => {
    const signed = signXml(ping, identity);
    await refused(`<!DOCTYPE x [<!ENTITY a "b">]>${signed}`, 'AUTH_SIGNATURE');
    await refused(signed.replace('</soap:Envelope>', '<!-- x --></soap:Envelope>'), 'AUTH_SIGNATURE');
    await refused(`<?xml version="1.0"?><?x y?>${signed}`, 'AUTH_SIGNATURE');
    await refused(`${signed}<!-- after -->`, 'AUTH_SIGNATURE');
  });

  it('refuses a certificate of another CA, of another sandbox, or expired', async () => {
    const stranger = await agencies.sandbox('elsewhere').identity(UNIT.uscc, UNIT.name);
    await refused(signXml(ping, stranger), 'AUTH_CERTIFICATE');
    const late = agencies.sandbox('late');
    const old = await late.identity(UNIT.uscc, UNIT.name);
    late.advance('P1200D');
    const answer = await post(late.urls.labor, signXml(ping, old));
    assert.equal(answer.code, 'AUTH_CERTIFICATE', answer.text);
  });

  it('refuses to speak for another unit', async () => {
    await refused(signXml(envelope(element('QueryUnit', { BAB010: OTHER.uscc })), identity), 'AUTH_UNIT');
    const other = laborClient(box.urls.labor, await box.identity(OTHER.uscc, OTHER.name), OTHER);
    const number = (await other.send('QueryUnit', { BAB010: OTHER.uscc })).field('AAB001') ?? '';
    const fields = { AAB001: number, AAC058: '01', AAC002: '11010519491231002X', AAC003: '张某' };
    await refused(signXml(envelope(element('QueryPerson', fields)), identity), 'AUTH_UNIT');
  });

  it('names line and rule when the schema is broken, and only after the signature holds', async () => {
    const wrong = envelope(`\n\n${element('QueryFiling', { SAA036: 'no receipt' })}`);
    const answer = await post(box.urls.labor, signXml(wrong, identity));
    assert.deepEqual([answer.code, answer.field('line')], ['SCHEMA_INVALID', '3']);
    assert.match(answer.field('message') ?? '', /SAA036/);
    await refused(signXml(envelope(element('DropTables', {})), identity), 'SCHEMA_INVALID');
    await refused(signXml(envelope(element('Ping', {}) + element('Ping', {})), identity), 'SCHEMA_INVALID');
    await refused('<not xml', 'SCHEMA_INVALID');
    const mismatch = await post(box.urls.labor, signXml(ping, identity), {
      soapaction: '"urn:agency:labor:1#QueryUnit"',
    });
    assert.equal(mismatch.code, 'SCHEMA_INVALID');
  });
});
