// Clients that know nothing but the published contract: the `soap` package reads the WSDL from the running mock and files;
// curl, xmlsec1 and xmllint do the same on the command line.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClientAsync, type ISecurity } from 'soap';
import { type Agencies, type Identity, startAgencies } from '../../../mocks/index.ts';
import { requireTool } from '../../support/tools.ts';
import { DS, SOAP, signXml, UNIT } from './labor-client.ts';

const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';

/** Writes the empty Security header, then signs the Body: what a soap library's certificate security does. */
const bodySignature = (identity: Identity): ISecurity => ({
  toXML: () => '',
  postProcess: (xml) =>
    signXml(xml.replace('<soap:Header>', `<soap:Header><wsse:Security xmlns:wsse="${WSSE}"/>`), identity),
});

describe('labor agency and a foreign SOAP client', () => {
  let agencies: Agencies;
  before(async () => {
    agencies = await startAgencies({ only: ['labor'] });
  });
  after(() => agencies.close());

  it('reads the WSDL at the address called and files with it', async () => {
    const box = agencies.sandbox('foreign');
    const client = await createClientAsync(`${box.urls.labor}/?wsdl`);
    client.setSecurity(bodySignature(await box.identity(UNIT.uscc, UNIT.name)));
    const call = async (operation: string, input: object): Promise<Record<string, unknown>> => {
      const method: unknown = Reflect.get(client, `${operation}Async`);
      assert.ok(typeof method === 'function', `the WSDL has no ${operation}`);
      const [answer]: [Record<string, unknown>] = await method.call(client, input);
      return answer;
    };
    const person = { AAC058: '01', AAC002: '440305199202290036', AAC003: '李某' };
    const { AAB001, AAB004 } = await call('QueryUnit', { BAB010: UNIT.uscc });
    assert.equal(AAB004, UNIT.name);
    const { AAC001 } = await call('QueryPerson', { AAB001, ...person });
    const filed = await call('SubmitTermination', {
      BAE941: 'F-1',
      AAB001,
      BAB010: UNIT.uscc,
      AAB004,
      AAC001,
      ...person,
      post: '柜员',
      abc916: '20261125',
      abc917: '6319',
      yearsOfService: '2.5',
      supplement: [{ kind: 'handover', title: '交接单', text: '完成 & 签字' }],
    });
    assert.deepEqual([filed.result, filed.SAA043], [{ code: '0', message: 'received' }, '2']);
    assert.deepEqual(box.cases('labor')[0]?.detail.supplements, [
      { kind: 'handover', title: '交接单', text: '完成 & 签字' },
    ]);
  });

  describe('on the command line', () => {
    let folder: string;
    before(function () {
      for (const tool of ['curl', 'xmlsec1', 'xmllint']) requireTool(tool, this);
      folder = mkdtempSync(join(tmpdir(), 'exitgate-foreign-'));
    });
    after(() => folder && rmSync(folder, { recursive: true }));

    /** The agency answers in this process: nothing here may block it. */
    const run = async (tool: string, ...args: readonly string[]) =>
      (await promisify(execFile)(tool, args, { cwd: folder, timeout: 20_000 })).stdout;
    const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
    const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
    /** What xmlsec1 fills in. */
    const template = (content: string) => `<soap:Envelope xmlns:soap="${SOAP}">
<soap:Header><wsse:Security xmlns:wsse="${WSSE}"><ds:Signature xmlns:ds="${DS}"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="${C14N}"/>
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
<ds:Reference URI="#body"><ds:Transforms><ds:Transform Algorithm="${C14N}"/></ds:Transforms>
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>
</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature></wsse:Security></soap:Header>
<soap:Body xmlns:wsu="${WSU}" wsu:Id="body">${content}</soap:Body></soap:Envelope>`;

    it('xmlsec1 signs, curl sends, xmlsec1 verifies the answer and xmllint finds it as the schema says', async () => {
      const box = agencies.sandbox('shell');
      const { keyPem, certificatePem } = await box.identity(UNIT.uscc, UNIT.name);
      for (const [name, text] of Object.entries({
        'key.pem': keyPem,
        'cert.pem': certificatePem,
        'ca.pem': box.caPem,
      }))
        writeFileSync(join(folder, name), text);
      const query = `<QueryUnit xmlns="urn:agency:labor:1"><BAB010>${UNIT.uscc}</BAB010></QueryUnit>`;
      writeFileSync(join(folder, 'template.xml'), template(query));
      const id = ['--id-attr:Id', `${SOAP}:Body`];
      await run(
        'xmlsec1',
        '--sign',
        '--privkey-pem',
        'key.pem,cert.pem',
        ...id,
        '--output',
        'request.xml',
        'template.xml',
      );
      const headers = [
        '-H',
        'Content-Type: text/xml; charset=utf-8',
        '-H',
        'SOAPAction: "urn:agency:labor:1#QueryUnit"',
      ];
      await run(
        'curl',
        '-sf',
        '--noproxy',
        '*',
        ...headers,
        '--data-binary',
        '@request.xml',
        '-o',
        'answer.xml',
        `${box.urls.labor}/`,
      );
      await run('xmlsec1', '--verify', '--trusted-pem', 'ca.pem', ...id, 'answer.xml');
      for (const schema of ['labor.xsd', 'envelope.xsd'])
        await run('curl', '-sf', '--noproxy', '*', '-o', schema, `${box.urls.labor}/?xsd=${schema}`);
      const body = await run('xmllint', '--xpath', "//*[local-name()='Body']/*", 'answer.xml');
      writeFileSync(join(folder, 'body.xml'), body);
      await run('xmllint', '--noout', '--nonet', '--schema', 'labor.xsd', 'body.xml');
      assert.match(readFileSync(join(folder, 'answer.xml'), 'utf8'), /<AAB001>\d{6,20}<\/AAB001>/);
    });

    it('and a body that was changed afterwards is refused by both sides', async () => {
      const box = agencies.sandbox('shell');
      const tampered = readFileSync(join(folder, 'request.xml'), 'utf8').replace(
        UNIT.uscc,
        '91110000600037341L',
      );
      writeFileSync(join(folder, 'tampered.xml'), tampered);
      const answer = await run(
        'curl',
        '-s',
        '--noproxy',
        '*',
        '-H',
        'Content-Type: text/xml; charset=utf-8',
        '-H',
        'SOAPAction: "urn:agency:labor:1#QueryUnit"',
        '--data-binary',
        '@tampered.xml',
        `${box.urls.labor}/`,
      );
      assert.match(answer, /AUTH_SIGNATURE/);
      await assert.rejects(
        run('xmlsec1', '--verify', '--trusted-pem', 'ca.pem', '--id-attr:Id', `${SOAP}:Body`, 'tampered.xml'),
      );
    });
  });
});
