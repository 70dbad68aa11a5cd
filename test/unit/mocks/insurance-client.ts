// A client of the insurance agency for its tests: CMS by node-forge, answers checked against the XSD, head by head.
import assert from 'node:assert/strict';
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  privateDecrypt,
  privateEncrypt,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import forge from 'node-forge';
import { insurance } from '../../../mocks/insurance/index.ts';
import type { Agency, Call, Identity } from '../../../mocks/kernel/agency.ts';
import { prepareKeys } from '../../../mocks/kernel/ca.ts';
import { exchange, type Outcome } from '../../../mocks/kernel/exchange.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../mocks/kernel/sandbox.ts';

export const UNIT = '91110105MA001234X4';
export const ZHANG = { id: '11010519491231002X', name: '张某' };
const XSD = new URL('../../../mocks/insurance/contract/insurance.xsd', import.meta.url);
const validator = XsdValidator.fromDoc(XmlDocument.fromBuffer(readFileSync(XSD)));
const NS = 'xmlns="urn:agency:insurance:1"';
// The kernel keeps agencies of different message types in one list.
const agency = insurance as unknown as Agency;

export interface Wire {
  code: string;
  head: string;
  payload: string;
  payloadBytes: Buffer;
  signature: Buffer;
  encoding: string;
  status: number;
  headers: Readonly<Record<string, string>>;
}

export interface Session {
  id: string;
  algorithm: 'sm4-cbc' | 'aes-256-cbc';
  key: Buffer;
}

/** What a test may spoil on the way. */
export interface Spoil {
  signer?: Identity;
  attributes?: string;
  head?: (head: string) => string;
  payload?: (payload: string) => string;
  /** After signing. */
  tamper?: (payload: string) => string;
  encoding?: string;
  key?: Buffer;
  envelope?: (envelope: string) => string;
  bare?: boolean;
  detached?: boolean;
  signature?: (der: Buffer) => Buffer;
}

export const text = (xml: string, name: string): string => {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  assert.ok(found !== undefined, `no ${name} in ${xml}`);
  return found;
};

export async function openBox(
  name = 'unit-test',
  start = '2026-11-25T02:00:00Z',
  over: Partial<SandboxOptions> = {},
) {
  const keys = await prepareKeys();
  const sandbox = createSandbox([agency], {
    name,
    seed: 'seed',
    population: 'auto',
    clerk: 'accept',
    keys,
    start: new Date(start),
    frozen: true,
    ...over,
  });
  const identity = await sandbox.ca.identity(UNIT, '某证券有限公司');
  return { agency, sandbox, identity, client: createClient(sandbox, identity) };
}

export const callOf = (body: Buffer | string, over: Partial<Call> = {}): Call => ({
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: { 'content-type': 'application/xml; charset=UTF-8' },
  body: Buffer.from(body as string),
  base: 'http://insurance.test',
  ...over,
});

export const advance = (sandbox: Sandbox, seconds: number) =>
  sandbox.clock.advance(new Date(sandbox.clock.now().getTime() + seconds * 1000));

/** Throws what libxml2 finds wrong. */
export function conforms(xml: string | Buffer): void {
  const doc = XmlDocument.fromString(xml.toString());
  try {
    validator.validate(doc);
  } finally {
    doc.dispose();
  }
}

const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** forge writes the CMS; its RSA in JavaScript takes 25 ms, so Node's signs the DigestInfo (RFC 8017 section 9.2). */
const nativeKey = ({ privateKey }: Identity): forge.pki.rsa.PrivateKey => {
  const sign = (md: forge.md.MessageDigest) =>
    privateEncrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
      Buffer.concat([SHA256_INFO, Buffer.from(md.digest().getBytes(), 'binary')]),
    ).toString('binary');
  return { sign } as unknown as forge.pki.rsa.PrivateKey; // all that addSigner uses of it
};

export function sign(
  content: Buffer,
  identity: Identity,
  { bare = false, detached = true, signers = 1 } = {},
): Buffer {
  const p7 = forge.pkcs7.createSignedData();
  p7.content = forge.util.createBuffer(content.toString('binary'));
  p7.addCertificate(identity.certificatePem);
  const attributes = [
    { type: forge.pki.oids.contentType ?? '', value: forge.pki.oids.data ?? '' },
    { type: forge.pki.oids.messageDigest ?? '' },
  ];
  for (let count = 0; count < signers; count += 1)
    p7.addSigner({
      key: nativeKey(identity),
      certificate: identity.certificatePem,
      digestAlgorithm: forge.pki.oids.sha256 ?? '',
      ...(bare ? {} : { authenticatedAttributes: attributes }),
    });
  p7.sign({ detached });
  return Buffer.from(forge.asn1.toDer(p7.toAsn1()).getBytes(), 'binary');
}

export function createClient(sandbox: Sandbox, identity: Identity, unit = UNIT) {
  let session: Session | undefined;
  let queries = 0;

  function build(
    transCode: string,
    element: string,
    messageId: string,
    spoil: Spoil = {},
    plain = false,
  ): Call {
    const live = plain ? undefined : session;
    const inSession = live ? ` Session="${live.id}"` : '';
    const bound =
      spoil.attributes ?? `TransCode="${transCode}" MessageId="${messageId}" Unit="${unit}"${inSession}`;
    const payload = `<Payload ${NS} ${bound}>${element}</Payload>`;
    const signed = Buffer.from(spoil.payload?.(payload) ?? payload);
    const der = sign(signed, spoil.signer ?? identity, spoil);
    const sent = Buffer.from(spoil.tamper?.(signed.toString()) ?? signed);
    const head = [
      `<TransCode>${transCode}</TransCode><MessageId>${messageId}</MessageId><Time>20261125103000</Time><Unit>${unit}</Unit>`,
      live ? `<Session>${live.id}</Session>` : '',
      `<Signature>${(spoil.signature?.(der) ?? der).toString('base64')}</Signature>`,
    ].join('');
    let body = `<Body encoding="${spoil.encoding ?? 'plain'}">${sent.toString('base64')}</Body>`;
    if (live && spoil.encoding === undefined) {
      const iv = Buffer.alloc(16, 7);
      const cipher = createCipheriv(live.algorithm, spoil.key ?? live.key, iv);
      const data = Buffer.concat([cipher.update(sent), cipher.final()]).toString('base64');
      body = `<Body encoding="${live.algorithm}" iv="${iv.toString('base64')}">${data}</Body>`;
    }
    const envelope = `<Envelope ${NS}><Head>${spoil.head?.(head) ?? head}</Head>${body}</Envelope>`;
    return callOf(spoil.envelope?.(envelope) ?? envelope);
  }

  function read(outcome: Outcome, call: Call): Wire {
    assert.equal(outcome.kind, 'reply', `the agency did not answer but ${outcome.kind}`);
    assert.ok('reply' in outcome);
    const xml = outcome.reply.body.toString();
    assert.match(xml, /<Envelope/, `no envelope: ${xml}`);
    conforms(xml);
    const head = /<Head>(.*)<\/Head>/s.exec(xml)?.[1] ?? '';
    const [, encoding = '', , iv = '', data = ''] =
      /<Body encoding="([^"]+)"( iv="([^"]+)")?>([^<]*)<\/Body>/.exec(xml) ?? [];
    let payloadBytes: Buffer = Buffer.from(data, 'base64');
    if (encoding !== 'plain') {
      assert.ok(session);
      const decipher = createDecipheriv(session.algorithm, session.key, Buffer.from(iv, 'base64'));
      payloadBytes = Buffer.concat([decipher.update(payloadBytes), decipher.final()]);
    }
    const payload = payloadBytes.toString();
    conforms(payload);
    const code = text(head, 'Code');
    const attribute = (name: string) => new RegExp(`<Payload[^>]* ${name}="([^"]*)"`).exec(payload)?.[1];
    assert.equal(attribute('Code'), code);
    assert.equal(attribute('RequestHash'), createHash('sha256').update(call.body).digest('hex'));
    for (const name of ['TransCode', 'MessageId', 'Unit']) assert.equal(attribute(name), text(head, name));
    const signature = Buffer.from(text(head, 'Signature'), 'base64');
    const { status, headers } = outcome.reply;
    return { code, head, payload, payloadBytes, signature, encoding, status, headers };
  }

  const client = {
    get session() {
      return session;
    },
    set session(next: Session | undefined) {
      session = next;
    },
    build,
    read,
    /** Whatever the wire shows. */
    raw: (call: Call) => exchange(agency, sandbox, call),
    /** Sends and reads, in the session once there is one. */
    async send(
      transCode: string,
      element: string,
      messageId = `Q-${++queries}`,
      spoil: Spoil = {},
    ): Promise<Wire> {
      const call = build(transCode, element, messageId, spoil, ['0001', '0002'].includes(transCode));
      return read(await exchange(agency, sandbox, call), call);
    },
    async signIn(algorithm: Session['algorithm'] = 'sm4-cbc'): Promise<Wire> {
      const answer = await client.send('0002', `<SignIn><Algorithm>${algorithm}</Algorithm></SignIn>`);
      assert.equal(answer.code, '0');
      const key = privateDecrypt(
        { key: identity.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
        Buffer.from(text(answer.payload, 'Key'), 'base64'),
      );
      session = { id: text(answer.payload, 'Session'), algorithm, key };
      return answer;
    },
    /** AAC001 */
    async person({ id, name } = ZHANG): Promise<string> {
      const answer = await client.send(
        '1002',
        `<QueryPerson><AAC002>${id}</AAC002><AAC003>${name}</AAC003></QueryPerson>`,
      );
      assert.equal(answer.code, '0');
      return text(answer.payload, 'AAC001');
    },
    progress: (messageId: string) =>
      client.send('3001', `<Progress><MessageId>${messageId}</MessageId></Progress>`),
    state: (aac001: string) => client.send('3002', `<PersonState><AAC001>${aac001}</AAC001></PersonState>`),
  };
  return client;
}

export interface RowOptions {
  no?: number;
  insurance?: string;
  id?: string;
  name?: string;
  reason?: string;
  date?: string;
  month?: string;
}

const who = (aac001: string, { id = ZHANG.id, name = ZHANG.name }: RowOptions) =>
  `<AAC001>${aac001}</AAC001><AAC002>${id}</AAC002><AAC003>${name}</AAC003>`;

export function stopRow(aac001: string, options: RowOptions = {}): string {
  const { no = 1, insurance: kind = '110', reason = '222', date = '20261125', month = '202611' } = options;
  return `<Row no="${no}">${who(aac001, options)}<AAE140>${kind}</AAE140><AAC050>22</AAC050><AAE160>${reason}</AAE160><AAE035>${date}</AAE035><AAE003>${month}</AAE003></Row>`;
}

export function transferRow(aac001: string, options: RowOptions = {}): string {
  const { no = 1, insurance: kind = '110', date = '20261126' } = options;
  return `<Row no="${no}">${who(aac001, options)}<AAE140>${kind}</AAE140><AAE035>${date}</AAE035><TargetRegion>310000</TargetRegion></Row>`;
}

export const stop = (...rows: string[]) => `<Stop>${rows.join('')}</Stop>`;
export const transfer = (...rows: string[]) => `<Transfer>${rows.join('')}</Transfer>`;

/** Code of every row of a progress answer. */
export const rowCodes = (payload: string): string[] =>
  [...payload.matchAll(/<Row no="\d+"><Code>([^<]*)<\/Code>/g)].map((match) => match[1] ?? '');
