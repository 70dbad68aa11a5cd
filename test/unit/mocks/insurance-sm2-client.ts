// A client of the second city's insurance agency for its tests: signs and checks with sm-crypto, which the agency does not
// use, and holds every answer to the contract.
import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { sm2 } from 'sm-crypto';
import { checkAnswer, checkBody } from '../../../mocks/insurance-sm2/contract.ts';
import { insuranceSm2 } from '../../../mocks/insurance-sm2/index.ts';
import { agencyKeys, type Client, clientOf } from '../../../mocks/insurance-sm2/keys.ts';
import { findRoute } from '../../../mocks/insurance-sm2/routes.ts';
import type { Form } from '../../../mocks/insurance-sm2/sm2.ts';
import type { Agency, Call } from '../../../mocks/kernel/agency.ts';
import { prepareKeys } from '../../../mocks/kernel/ca.ts';
import { exchange, type Outcome } from '../../../mocks/kernel/exchange.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../mocks/kernel/sandbox.ts';

export const UNIT = '91110105MA001234X4';
export const ZHANG = { id_type: '01', id_number: '11010519491231002X', name: '张某' };
export const CHANGES = '/api/v2/changes';
const USER_ID = '1234567812345678';
const agency = insuranceSm2 as unknown as Agency; // the kernel keeps agencies of different message types in one list

export interface Answer {
  readonly status: number;
  readonly code: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a test may spoil on the way. */
export interface Spoil {
  readonly form?: Form;
  readonly headers?: Readonly<Record<string, string>>;
  /** After signing. */
  readonly call?: Partial<Call>;
  readonly key?: string;
  readonly sealed?: string;
}

export async function openBox(
  name = 'unit-test',
  start = '2026-11-25T02:00:00Z',
  over: Partial<SandboxOptions> = {},
) {
  const sandbox = createSandbox([agency], {
    name,
    seed: 'seed',
    population: 'auto',
    clerk: 'accept',
    keys: await prepareKeys(),
    start: new Date(start),
    frozen: true,
    ...over,
  });
  return { agency, sandbox, client: createClient(sandbox) };
}

export const advance = (sandbox: Sandbox, seconds: number) =>
  sandbox.clock.advance(new Date(sandbox.clock.now().getTime() + seconds * 1000));

export function unitNo(sandbox: Sandbox): string {
  return sandbox.rolls.unitNumber('insurance-sm2', UNIT);
}

export const change = (sandbox: Sandbox, serial: string, over: Record<string, unknown> = {}) => ({
  serial,
  unit_no: unitNo(sandbox),
  business: '10',
  person: ZHANG,
  reason: '222',
  exit_date: '2026-11-25',
  end_month: '2026-11',
  items: ['01', '02'].map((insurance) => ({ insurance })),
  ...over,
});

/** The lines and the body, signed as one. */
export const signedText = (lines: readonly string[], body: Buffer): number[] => [
  ...Buffer.from(lines.map((line) => `${line}\n`).join('')),
  ...body,
];

export function unseal(body: Buffer, { bodyKey }: Client): unknown {
  const { iv, data } = JSON.parse(body.toString()) as { iv?: string; data?: string };
  if (iv === undefined || data === undefined) return JSON.parse(body.toString());
  const decipher = createDecipheriv('sm4-cbc', Buffer.from(bodyKey, 'hex'), Buffer.from(iv, 'base64'));
  return JSON.parse(
    Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]).toString(),
  );
}

export function createClient(sandbox: Sandbox, { checks = true } = {}) {
  const client = clientOf(UNIT, sandbox);
  const agencyKey = agencyKeys(sandbox).publicKey;
  const raw = (call: Call) => exchange(agency, sandbox, call);

  function sealed(content: unknown): string {
    const iv = randomBytes(16);
    const cipher = createCipheriv('sm4-cbc', Buffer.from(client.bodyKey, 'hex'), iv);
    const data = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()]);
    return JSON.stringify({ iv: iv.toString('base64'), data: data.toString('base64') });
  }

  function build(path: string, content: unknown, spoil: Spoil = {}): Call {
    const body = Buffer.from(spoil.sealed ?? sealed(content));
    const { encoding, text } = spoil.form ?? { encoding: 'rs', text: 'base64' };
    const headers = {
      'content-type': 'application/json',
      'x-client-id': client.clientId,
      'x-timestamp': String(sandbox.clock.wallNow().getTime()),
      'x-nonce': randomBytes(16).toString('hex'),
      ...spoil.headers,
    };
    const lines = ['POST', path, headers['x-timestamp'], headers['x-nonce']];
    const hex = sm2.doSignature(signedText(lines, body), spoil.key ?? client.privateKey, {
      hash: true,
      der: encoding === 'der',
      userId: USER_ID,
      ...(spoil.key === undefined && { publicKey: client.publicKey }),
    });
    const signature = text === 'hex' ? hex : Buffer.from(hex, 'hex').toString('base64');
    return {
      method: 'POST',
      path,
      query: new URLSearchParams(),
      headers: { 'x-signature': signature, ...headers },
      body,
      base: 'http://city2.test/s/unit-test/insurance-sm2',
      ...spoil.call,
    };
  }

  /** The signature must be the agency's over these bytes, this request and this status. */
  function verifyAnswer(
    call: Call,
    status: number,
    headers: Answer['headers'],
    body: Buffer,
    form: Form,
  ): void {
    const { 'x-timestamp': at = '', 'x-nonce': nonce = '', 'x-signature': signature = '' } = headers;
    // What is no nonce is not repeated.
    assert.equal(nonce, /^[A-Za-z0-9]{16,64}$/.exec(call.headers['x-nonce'] ?? '')?.[0] ?? '');
    const text = signedText([String(status), call.path, at, nonce], body);
    const hex = Buffer.from(signature, form.text).toString('hex');
    const options = { hash: true, der: form.encoding === 'der', userId: USER_ID };
    assert.ok(sm2.doVerifySignature(text, hex, agencyKey, options), 'the agency’s signature');
  }

  function read(outcome: Outcome, call: Call, form: Form = { encoding: 'rs', text: 'base64' }): Answer {
    assert.ok('reply' in outcome, `the agency did not answer but ${outcome.kind}`);
    const { status, headers } = outcome.reply;
    const body = Buffer.from(outcome.reply.body as Buffer);
    checkBody(JSON.parse(body.toString()));
    const content = unseal(body, client) as Answer['content'];
    checkAnswer(findRoute(call)?.path, content);
    if (checks) verifyAnswer(call, status, headers, body, form);
    return {
      status,
      headers,
      content,
      code: String(content.code),
      data: (content.data ?? {}) as Answer['data'],
    };
  }

  const send = async (path: string, content: unknown, spoil: Spoil = {}): Promise<Answer> => {
    const call = build(path, content, spoil);
    return read(await raw(call), call, spoil.form);
  };
  return {
    client,
    agencyKey,
    build,
    raw,
    read,
    send,
    file: (serial: string, over: Record<string, unknown> = {}) =>
      send(CHANGES, change(sandbox, serial, over)),
    query: (serial: string) => send(`${CHANGES}/query`, { serial }),
    person: (over: Record<string, unknown> = {}) => send('/api/v2/persons/state', { ...ZHANG, ...over }),
  };
}
