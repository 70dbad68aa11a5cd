/** Organisations and their API keys. A key is `eg_test_…` or `eg_live_…`; only its SHA-256 is kept. */
import { createHash, randomBytes } from 'node:crypto';
import type { ReleasePolicy } from '../domain/release.ts';
import { type TestTime, testNow } from '../domain/test-time.ts';
import { newId } from '../ids.ts';
import type { Database } from './database.ts';
import { createTestTimes } from './test-time.ts';

export const SCOPES = [
  'exits:read',
  'exits:write',
  'documents',
  'risk',
  'webhooks',
  'connections',
  'organisation',
] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey {
  readonly id: string;
  readonly orgId: string;
  readonly name: string;
  readonly hint: string;
  readonly live: boolean;
  readonly scopes: readonly string[];
  readonly addresses: readonly string[];
  readonly expiresAt?: Date;
  readonly revokedAt?: Date;
  readonly createdAt: Date;
}

export interface NewKey {
  readonly name: string;
  readonly live: boolean;
  readonly scopes: readonly Scope[];
  /** CIDR ranges; empty: anywhere. */
  readonly addresses: readonly string[];
  readonly expiresAt?: Date;
}

export interface OrganisationStore {
  /** Finds by name or makes one. */
  ensure(name: string): Promise<{ readonly id: string; readonly created: boolean }>;
  find(nameOrId: string): Promise<{ readonly id: string; readonly name: string } | undefined>;
  list(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Of live data, and of the sandbox's: what a test key changes must not reach real exits. */
  releasePolicy(orgId: string, sandbox: boolean): Promise<ReleasePolicy>;
  /** Exits whose limit has come already are looked at again. */
  setReleasePolicy(orgId: string, sandbox: boolean, policy: ReleasePolicy, now: Date): Promise<void>;
  /** The time that counts for its business: real time, or for its sandbox the organisation's test time. */
  now(of: { readonly orgId: string; readonly sandbox: boolean }, real: Date): Promise<Date>;
  testTime(orgId: string): Promise<TestTime>;
  /** @returns the key itself, for the only time. */
  createKey(orgId: string, key: NewKey): Promise<{ readonly secret: string; readonly key: ApiKey }>;
  listKeys(orgId: string): Promise<readonly ApiKey[]>;
  revokeKey(id: string): Promise<boolean>;
  /** Whoever holds the secret; revoked and expired keys are returned as well, for the caller to say why. */
  findKey(secret: string): Promise<ApiKey | undefined>;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();

export function createOrganisationStore(database: Database): OrganisationStore {
  const testTime = createTestTimes(database);
  return {
    testTime,
    now: async ({ orgId, sandbox }, real) => (sandbox ? testNow(await testTime(orgId), real) : real),

    async ensure(name) {
      const id = newId('organisation');
      await database.organisations.createMany({ data: [{ id, name }], skipDuplicates: true });
      const row = await database.organisations.findUniqueOrThrow({ where: { name } });
      return { id: row.id, created: row.id === id };
    },

    async releasePolicy(orgId, sandbox) {
      const row = await database.organisations.findUniqueOrThrow({
        where: { id: orgId },
        select: { release_policy: true, sandbox_release_policy: true },
      });
      const policy = sandbox ? row.sandbox_release_policy : row.release_policy;
      return policy === 'auto_release' ? 'auto_release' : 'require_decision';
    },

    async setReleasePolicy(orgId, sandbox, policy, now) {
      const column = sandbox ? 'sandbox_release_policy' : 'release_policy';
      await database.organisations.update({ where: { id: orgId }, data: { [column]: policy } });
      await database.exits.updateMany({
        where: { org_id: orgId, sandbox, status: 'gated', decision_due_at: { lte: now } },
        data: { clocks_next_at: now },
      });
    },

    async find(nameOrId) {
      const row = await database.organisations.findFirst({
        where: { OR: [{ id: nameOrId }, { name: nameOrId }] },
      });
      return row === null ? undefined : { id: row.id, name: row.name };
    },

    list: () => database.organisations.findMany({ select: { id: true, name: true }, orderBy: { id: 'asc' } }),

    async createKey(orgId, { name, live, scopes, addresses, expiresAt }) {
      const secret = `eg_${live ? 'live' : 'test'}_${randomBytes(24).toString('base64url')}`;
      const row = await database.api_keys.create({
        data: {
          id: newId('apiKey'),
          org_id: orgId,
          name,
          hash: sha256(secret),
          hint: secret.slice(0, 12),
          live,
          scopes: [...scopes],
          addresses: [...addresses],
          expires_at: expiresAt ?? null,
        },
      });
      return { secret, key: apiKey(row) };
    },

    async listKeys(orgId) {
      return (await database.api_keys.findMany({ where: { org_id: orgId }, orderBy: { id: 'asc' } })).map(
        apiKey,
      );
    },

    async revokeKey(id) {
      const { count } = await database.api_keys.updateMany({
        where: { id, revoked_at: null },
        data: { revoked_at: new Date() },
      });
      return count === 1;
    },

    async findKey(secret) {
      const row = await database.api_keys.findUnique({ where: { hash: sha256(secret) } });
      return row === null ? undefined : apiKey(row);
    },
  };
}

function apiKey(row: {
  id: string;
  org_id: string;
  name: string;
  hint: string;
  live: boolean;
  scopes: string[];
  addresses: string[];
  expires_at: Date | null;
  revoked_at: Date | null;
  created_at: Date;
}): ApiKey {
  return {
    id: row.id,
    orgId: row.org_id,
    name: row.name,
    hint: row.hint,
    live: row.live,
    scopes: row.scopes,
    addresses: row.addresses,
    createdAt: row.created_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
  };
}
