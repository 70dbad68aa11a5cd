// A client of the credit agency for its tests: JWS by jose, every answer checked against the contract, rid and status.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { FlattenedSign } from 'jose';
import { checkAnswer, fits } from '../../../mocks/credit/contract.ts';
import { credit } from '../../../mocks/credit/index.ts';
import { findRoute } from '../../../mocks/credit/routes.ts';
import type { Agency, Call, Identity } from '../../../mocks/kernel/agency.ts';
import { prepareKeys } from '../../../mocks/kernel/ca.ts';
import { exchange, type Outcome } from '../../../mocks/kernel/exchange.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../mocks/kernel/sandbox.ts';

export const UNIT = '91110105MA001234X4';
export const ZHANG = { id_type: 'resident_id', id_number: '11010519491231002X', name: '张某' };
export const CHANGES = '/v1/registration-changes';
// The kernel keeps agencies of different message types in one list.
const agency = credit as unknown as Agency;

export interface Answer {
  status: number;
  type: string;
  body: Record<string, unknown>;
  headers: Readonly<Record<string, string>>;
  raw: Buffer;
}

/** What a test may spoil on the way. */
export interface Spoil {
  token?: string | null;
  signer?: Identity;
  header?: Record<string, unknown>;
  alg?: 'RS256' | 'PS256';
  /** After signing. */
  call?: Partial<Call>;
  signature?: (jws: string) => string | undefined;
}

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
  return { agency, sandbox, identity, client: await createClient(sandbox, identity) };
}

export const advance = (sandbox: Sandbox, seconds: number) =>
  sandbox.clock.advance(new Date(sandbox.clock.now().getTime() + seconds * 1000));

export const change = (serial: string, over: Record<string, unknown> = {}) => ({
  serial,
  unit_uscc: UNIT,
  practitioner: ZHANG,
  change: 'cancel',
  effective_date: '2026-11-25',
  reason: 'resignation',
  ...over,
});

export const callOf = (method: string, path: string, over: Partial<Call> = {}): Call => ({
  method,
  path,
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  base: 'http://credit.test/s/unit-test/credit',
  ...over,
});

export function tokenCall(
  sandbox: Sandbox,
  over: { unit?: string; secret?: string; form?: string; basic?: boolean } = {},
) {
  const {
    unit = UNIT,
    secret = sandbox.ca.clientSecret(unit),
    form = 'grant_type=client_credentials',
    basic = true,
  } = over;
  const inForm = basic ? '' : `&client_id=client-${unit}&client_secret=${encodeURIComponent(secret)}`;
  const authorization = `Basic ${Buffer.from(`client-${unit}:${secret}`).toString('base64')}`;
  return callOf('POST', '/oauth/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(basic && { authorization }) },
    body: Buffer.from(form + inForm),
  });
}

/** The signature must be the agency's over these bytes, this request and this status. */
export function verifyAnswer(sandbox: Sandbox, answer: Answer, request: Call): void {
  const [head = '', empty, tail = ''] = (answer.headers['x-jws-signature'] ?? '').split('.');
  assert.equal(empty, '');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  assert.ok(fits('AnswerJwsHeader', header), JSON.stringify(header));
  const certificate = Buffer.from(header.x5c[0], 'base64');
  assert.equal(sandbox.ca.verify(certificate).cn, 'credit.agency.mock');
  const input = Buffer.from(`${head}.${answer.raw.toString('base64url')}`);
  const key = createPublicKey(
    new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'pem' }),
  );
  assert.ok(verify('sha256', input, key, Buffer.from(tail, 'base64url')), 'the agency’s signature');
  assert.equal(header.status, answer.status);
  const sent = request.headers['x-jws-signature'];
  const rid = sent && createHash('sha256').update(sent).digest('base64url');
  assert.equal(header.rid, rid);
}

export async function createClient(sandbox: Sandbox, identity: Identity, unit = UNIT) {
  const raw = (call: Call) => exchange(agency, sandbox, call);

  function read(outcome: Outcome, call: Call): Answer {
    assert.ok('reply' in outcome, `the agency did not answer but ${outcome.kind}`);
    const { status, headers } = outcome.reply;
    const bytes = Buffer.from(outcome.reply.body as Buffer);
    const type = headers['content-type'] ?? '';
    const body = JSON.parse(bytes.toString());
    checkAnswer(findRoute(call)?.route.path, call.method, status, type, body);
    const answer = { status, headers, type, body, raw: bytes };
    if (call.path === '/oauth/token') assert.equal(headers['x-jws-signature'], undefined);
    else verifyAnswer(sandbox, answer, call);
    return answer;
  }

  const call = tokenCall(sandbox, { unit });
  const token = String(read(await raw(call), call).body.access_token);

  async function build(method: string, path: string, content?: unknown, spoil: Spoil = {}): Promise<Call> {
    const body =
      content === undefined
        ? Buffer.alloc(0)
        : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
    const signer = spoil.signer ?? identity;
    const header = {
      alg: spoil.alg ?? 'RS256',
      x5c: [signer.certificateDer.toString('base64')],
      iat: Math.floor(sandbox.clock.wallNow().getTime() / 1000),
      htm: method,
      htu: path,
      ...spoil.header,
    };
    const jws = await new FlattenedSign(body).setProtectedHeader(header).sign(signer.privateKey);
    const detached = `${jws.protected}..${jws.signature}`;
    const signature = spoil.signature ? spoil.signature(detached) : detached;
    const bearer = spoil.token === undefined ? token : spoil.token;
    const headers = {
      ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
      ...(signature !== undefined && { 'x-jws-signature': signature }),
      ...(content !== undefined && { 'content-type': 'application/json' }),
    };
    return callOf(method, path, { headers, body, ...spoil.call });
  }

  return {
    token,
    build,
    raw,
    read,
    async send(method: string, path: string, content?: unknown, spoil: Spoil = {}): Promise<Answer> {
      const built = await build(method, path, content, spoil);
      return read(await raw(built), built);
    },
    async submit(serial: string, over: Record<string, unknown> = {}): Promise<Answer> {
      return this.send('POST', CHANGES, change(serial, over));
    },
    async state(serial: string): Promise<Answer> {
      return this.send('GET', `${CHANGES}/${serial}`);
    },
    async practitioner(over: Record<string, unknown> = {}): Promise<Answer> {
      return this.send('POST', '/v1/practitioners/query', { ...ZHANG, unit_uscc: UNIT, ...over });
    },
  };
}
