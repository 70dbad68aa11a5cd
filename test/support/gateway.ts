/** A whole gateway for a test, and its tenants: an organisation with a sandbox of the agencies and a HR core of its own. */
import { randomBytes, randomUUID } from 'node:crypto';
import pino from 'pino';
import type { Agencies, SandboxHandle } from '../../mocks/index.ts';
import { type App, type AppOptions, createApp, type Roles } from '../../src/app.ts';
import { connectToMocks, EXAMPLE_EMPLOYER } from '../../src/cli/sandbox.ts';
import { readConfig } from '../../src/config.ts';
import { createKeyring } from '../../src/crypto/keyring.ts';
import { createStore, type Store } from '../../src/store/index.ts';
import { SCOPES } from '../../src/store/organisations.ts';
import { makePerson, nextNumber } from './builders.ts';
import { eventually } from './eventually.ts';
import { type HrCore, startHrCore } from './hr-core.ts';

export const OPERATOR_KEY = 'operator-key-of-the-tests';

/** What every gateway of the tests is told: short leases and sweeps, so that repairs are quick. */
export function testEnvironment(databaseUrl: string, redisUrl?: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    EXITGATE_MASTER_KEY: randomBytes(32).toString('base64'),
    EXITGATE_OPERATOR_KEY: OPERATOR_KEY,
    PORT: '0',
    WEBHOOK_ALLOW: '127.0.0.0/8',
    REQUESTS_PER_MINUTE: '1000000',
    LEASE_SECONDS: '2',
    SWEEP_SECONDS: '1',
    SHUTDOWN_SECONDS: '5',
  };
}

export interface Gateway {
  readonly app: App;
  readonly store: Store;
  readonly url: string;
  /** The log, a line each. */
  readonly log: readonly string[];
}

/** The gateway in this process. */
export async function startGateway(
  environment: Readonly<Record<string, string>>,
  options: Partial<AppOptions> & { readonly roles?: Roles } = {},
): Promise<Gateway> {
  const log: string[] = [];
  const { roles = { api: true, worker: true }, ...rest } = options;
  const app = await createApp(readConfig(environment), roles, {
    log: pino({ level: 'debug' }, { write: (line: string) => log.push(line) }),
    ...rest,
  });
  return { app, store: app.store, url: app.url ?? '', log };
}

/** The store of a gateway that runs in processes of its own. */
export const storeOf = (environment: Readonly<Record<string, string>>): Store =>
  createStore({
    url: environment.DATABASE_URL ?? '',
    connections: 2,
    keyring: createKeyring(Buffer.from(environment.EXITGATE_MASTER_KEY ?? '', 'base64')),
  });

export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; each test looks at what it needs
  readonly body: any;
}

export interface Tenant {
  readonly orgId: string;
  readonly key: string;
  readonly agencies: SandboxHandle;
  readonly core: HrCore;
  readonly endpointId: string;
  call(method: string, path: string, body?: unknown): Promise<Reply>;
  /** Posts an exit (profile `general` unless told otherwise) and returns its id. */
  open(parts?: Record<string, unknown>): Promise<string>;
  /** Waits until the exit is `completed`. @throws at once when it needs a person. */
  completed(exitId: string, within?: number): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  exit(exitId: string): Promise<any>;
  /** The exit's filing of that kind, with its attempts. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  filing(exitId: string, kind?: string): Promise<any>;
  close(): Promise<void>;
}

/** @param mocks its sandbox gets clerks that decide at once. */
export async function makeTenant(
  { store, url }: { readonly store: Store; readonly url: string },
  mocks: Agencies,
): Promise<Tenant> {
  const name = `tenant-${nextNumber()}`;
  const agencies = mocks.sandbox(name);
  for (const agency of ['labor', 'insurance', 'credit'] as const)
    agencies.clerk(agency, { policy: 'accept', delay: 'PT0S' });
  const { id: orgId } = await store.organisations.ensure(name);
  await connectToMocks(store, orgId, agencies.urls, EXAMPLE_EMPLOYER);
  const key = { name: 'test', live: false, scopes: SCOPES, addresses: [] };
  const { secret } = await store.organisations.createKey(orgId, key);
  const core = await startHrCore();
  const call = (method: string, path: string, body?: unknown) => request(url, secret, method, path, body);
  const endpoint = await call('POST', '/v1/webhook-endpoints', { url: core.url });
  core.trust(endpoint.body.secret);

  const exit = async (id: string) => answered(await call('GET', `/v1/exits/${id}`));
  return {
    orgId,
    key: secret,
    agencies,
    core,
    endpointId: endpoint.body.id,
    call,
    open: async (parts) => answered(await call('POST', '/v1/exits', exitDraft(parts))).id,
    exit,
    async completed(id, within = 40_000) {
      let status: unknown;
      const done = async () => {
        // While a server is away the API has no answer; what counts is that it comes back.
        const { body } = await call('GET', `/v1/exits/${id}`).catch(() => ({ body: undefined }));
        status = body?.status;
        if (status === 'attention') throw new Error(`${id} needs a person: ${JSON.stringify(body)}`);
        return status === 'completed';
      };
      await eventually(done, { what: `completion of ${id}`, within, every: 50 }).catch((error: unknown) => {
        throw new Error(`${id} is ${status}`, { cause: error });
      });
    },
    async filing(exitId, kind = 'labor_filing') {
      const { filings } = await exit(exitId);
      const { id } = filings.find((each: { kind: string }) => each.kind === kind);
      return answered(await call('GET', `/v1/filings/${id}`));
    },
    close: core.close,
  };
}

function answered({ status, body }: Reply) {
  if (status >= 300) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

async function request(
  url: string,
  key: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Reply> {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** The body of POST /v1/exits for a synthetic person of its own; `employee` is laid over theirs. */
export function exitDraft({ employee, ...parts }: Record<string, unknown> = {}): Record<string, unknown> {
  const number = nextNumber();
  return {
    external_id: `HR-${number}`,
    profile: 'general',
    reason: 'resignation',
    employer: EXAMPLE_EMPLOYER,
    employee: {
      external_id: `E-${number}`,
      ...makePerson(),
      post: '测试岗位',
      contract: { type: 'fixed_term', start: '2022-03-01', end: '2027-02-28' },
      ...(employee as object | undefined),
    },
    notice_date: '2026-10-26',
    exit_date: '2026-11-25',
    ...parts,
  };
}

/** Gives the tenant's connection to an agency other settings, as PATCH of a connection would. */
export async function changeSettings(
  store: Store,
  { orgId }: Tenant,
  adapter: string,
  change: Record<string, unknown>,
): Promise<void> {
  const connection = (await store.connections.list(orgId, true)).find((each) => each.adapter === adapter);
  if (connection === undefined) throw new Error(`the tenant has no connection to ${adapter}`);
  const opened = await store.connections.open(connection.id);
  const settings = { ...(opened?.settings as object), ...change };
  await store.connections.change(orgId, connection, { settings });
}
