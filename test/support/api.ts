/** The HTTP service over a real socket and a real database, and a client that holds it to its own document. */

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { z } from 'zod';
import { ADAPTERS } from '../../adapters/index.ts';
import { createAgencies } from '../../queues/agencies.ts';
import { createTestClock } from '../../queues/test-clock.ts';
import { createUploadDesk } from '../../queues/uploads.ts';
import type { Wake } from '../../queues/wake.ts';
import { createKeyring } from '../../src/crypto/keyring.ts';
import { healthy } from '../../src/domain/health.ts';
import { exitDraftExample } from '../../src/http/examples.ts';
import type { HttpParts } from '../../src/http/parts.ts';
import { createHttp, listEndpoints } from '../../src/http/service.ts';
import { readProfiles } from '../../src/profiles.ts';
import { createStore, type Store } from '../../src/store/index.ts';
import { type NewKey, SCOPES } from '../../src/store/organisations.ts';
import { PURSUIT } from './builders.ts';
import { CLOCK_WORK, DISTANCES } from './clock-work.ts';
import { freshDatabase, type TestDatabase } from './database.ts';
import { conform } from './document.ts';

export const PROFILES = fileURLToPath(new URL('../../profiles', import.meta.url));
export const NOW = new Date('2026-10-26T02:00:00Z');

/** An adapter that takes any kind of filing; of its settings, one is secret. */
export const MANIFEST = {
  name: 'paper',
  title: { en: 'Paper', zh: '纸质' },
  kinds: ['labor_filing', 'insurance_stop', 'insurance_transfer', 'credit_update'],
  regions: ['*'],
  personFields: ['name', 'id_type', 'id_number'],
  protocol: 'by hand',
  capabilities: ['ping', 'parseCallback', 'list', 'roster'],
  settings: z.object({
    url: z.url({ error: 'must be the address of the agency' }),
    key: z.string().min(3, 'must be a key').meta({ secret: true }).describe('Key'),
    version: z.string().default('1').meta({ title: 'Version' }),
  }),
} satisfies NonNullable<ReturnType<HttpParts['manifests']['get']>>;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; the document has been held against it
  readonly body: any;
}

export interface Ask {
  readonly key?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Api {
  readonly url: string;
  readonly store: Store;
  /** The log, a line each. */
  readonly log: readonly string[];
  /** What was woken: `<exit id>: <kinds due>/<number of lanes>`. */
  readonly woken: string[];
  ask(method: string, path: string, ask?: Ask): Promise<Reply>;
  get(path: string, ask?: Ask): Promise<Reply>;
  post(path: string, body: unknown, ask?: Ask): Promise<Reply>;
  /** A key of an organisation, made when new. */
  keyOf(organisation: string, key?: Partial<NewKey>): Promise<string>;
  close(): Promise<void>;
}

/** `key` is used where a request names none. */
export async function startApi(
  databaseUrl: string,
  parts: Partial<HttpParts> = {},
): Promise<Api & { key: string }> {
  const store = createStore({ url: databaseUrl, connections: 5, keyring: createKeyring(randomBytes(32)) });
  const log: string[] = [];
  const woken: string[] = [];
  let tick = 0;
  // Ids made in the same millisecond have no order.
  const clock = () => new Date(NOW.getTime() + tick++);
  const { exits, organisations } = store;
  const wake: Wake = {
    filing: async () => {},
    lane: async () => {},
    after: async (exit, { endpointIds }) => {
      const due = exit.filings.filter(({ state }) => state === 'due').map(({ kind }) => kind);
      woken.push(`${exit.id}: ${due.join()}/${endpointIds.length}`);
    },
  };
  const all: HttpParts = {
    store,
    profiles: readProfiles(PROFILES),
    reachOf: PURSUIT.reachOf,
    clockWork: CLOCK_WORK,
    distances: DISTANCES,
    manifests: new Map([[MANIFEST.name, MANIFEST]]),
    testConnection: async (id) => ({
      ping: { kind: 'up', message: 'it answers', checks: [] },
      milliseconds: 1,
      health: (await store.health.load(id))?.health ?? healthy(NOW),
    }),
    connectionChanged: async () => {},
    wake,
    wakeRun: async (id) => void woken.push(id),
    checkEndpointUrl: async (url) => (url.includes('//127.') ? 'it is a loopback address' : undefined),
    callbacks: async () => undefined,
    publicUrl: () => 'https://exitgate.example',
    newWebhookSecret: () => `whsec_${randomBytes(24).toString('base64')}`,
    clock,
    testClock: createTestClock({
      store,
      exits,
      organisations,
      wake,
      clock,
      distances: DISTANCES,
      probe: async () => false,
      sandboxesOf: async () => [],
    }),
    uploads: createUploadDesk({
      store,
      agencies: createAgencies(store.connections, ADAPTERS),
      adapters: [],
    }),
    log: pino({ level: 'info' }, { write: (line: string) => log.push(line) }),
    limits: { bodyBytes: 100_000, requestsPerMinute: 100_000 },
    readiness: async () => ({ database: 'ok' }),
    metrics: async () => ({ contentType: 'text/plain', body: 'exitgate_up 1\n' }),
    ...parts,
  };
  const endpoints = listEndpoints(all);
  const server: Server = createHttp(all).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function keyOf(organisation: string, key: Partial<NewKey> = {}): Promise<string> {
    const { id } = await store.organisations.ensure(organisation);
    const all: NewKey = { name: 'test', live: false, scopes: SCOPES, addresses: [], ...key };
    return (await store.organisations.createKey(id, all)).secret;
  }
  const key = await keyOf('Test Securities');

  async function ask(
    method: string,
    path: string,
    { body, headers = {}, ...rest }: Ask = {},
  ): Promise<Reply> {
    const bearer = 'key' in rest ? rest.key : key;
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const reply = {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    };
    conform(endpoints, method, path, reply);
    return reply;
  }

  return {
    url,
    store,
    log,
    woken,
    key,
    keyOf,
    ask,
    get: (path, given) => ask('GET', path, given),
    post: (path, body, given) => ask('POST', path, { body, ...given }),
    async close() {
      server.closeAllConnections();
      server.close();
      await store.close();
    },
  };
}

/** The documentation's exit under another external id, with changes laid over it. */
export function draft(external_id: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...structuredClone(exitDraftExample), profile: 'general', external_id, ...change };
}

/** Connects an organisation's key to the paper adapter. */
export async function connect(api: Pick<Api, 'post'>, key: string): Promise<void> {
  const body = {
    name: 'Paper',
    adapter: 'paper',
    settings: { url: 'https://agency.example', key: 'secret' },
  };
  const { status } = await api.post('/v1/connections', body, { key });
  assert.equal(status, 201);
}

export interface SuiteApi extends Omit<Api, 'close'> {
  /** Of an organisation that is connected to the paper adapter. */
  readonly key: string;
  readonly databaseUrl: string;
}

/** For a suite: the service over a database of its own, up for all of its tests. */
export function useApi(parts: Partial<HttpParts> = {}): SuiteApi {
  let database: TestDatabase | undefined;
  let started: (Api & { key: string }) | undefined;
  before(async function () {
    this.timeout(30_000);
    database = await freshDatabase();
    started = await startApi(database.url, parts);
    await connect(started, started.key);
  });
  after(async () => {
    await started?.close();
    await database?.drop();
  });

  const up = () => {
    if (started === undefined) throw new Error('the API is up from the suite’s own `before` on');
    return started;
  };
  return {
    get url() {
      return up().url;
    },
    get databaseUrl() {
      return database?.url ?? '';
    },
    get store() {
      return up().store;
    },
    get log() {
      return up().log;
    },
    get woken() {
      return up().woken;
    },
    get key() {
      return up().key;
    },
    ask: (...given) => up().ask(...given),
    get: (...given) => up().get(...given),
    post: (...given) => up().post(...given),
    keyOf: (...given) => up().keyOf(...given),
  };
}
