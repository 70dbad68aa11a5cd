/** A store over a fresh database, with an organisation that is ready to open exits. */
import { createKeyring, type Keyring } from '../../src/crypto/keyring.ts';
import type { Committed, StoredExit } from '../../src/store/exits.ts';
import { createStore, type Store } from '../../src/store/index.ts';
import { type ConnectionsByKind, type DraftParts, makeDraft, nextNumber } from './builders.ts';
import { freshDatabase } from './database.ts';

export const MASTER_KEY = Buffer.alloc(32, 7);

export interface TestStore {
  readonly store: Store;
  readonly keyring: Keyring;
  readonly url: string;
  /** Another process' view of the same database. */
  another(): Store;
  /** Closes and drops; for `after` or `afterEach`. */
  close(): Promise<void>;
}

export async function openTestStore(): Promise<TestStore> {
  const database = await freshDatabase();
  const keyring = createKeyring(MASTER_KEY);
  const opened: Store[] = [];
  const another = () => {
    const store = createStore({ url: database.url, connections: 5, keyring });
    opened.push(store);
    return store;
  };
  return {
    store: another(),
    keyring,
    url: database.url,
    another,
    async close() {
      await Promise.all(opened.map((store) => store.close()));
      await database.drop();
    },
  };
}

export interface TestOrganisation {
  readonly id: string;
  readonly connections: ConnectionsByKind;
  /** @returns what was committed, and the exit's id. */
  openExit(parts?: DraftParts): Promise<Committed & { readonly exitId: string }>;
  /** Opens one and reads it back. */
  storedExit(parts?: DraftParts): Promise<StoredExit>;
}

export async function makeOrganisation(store: Store, { sandbox = true } = {}): Promise<TestOrganisation> {
  const { id } = await store.organisations.ensure(`测试机构 ${nextNumber()}`);
  const connect = async (adapter: string, kinds: Parameters<typeof store.connections.create>[2]['kinds']) => {
    const draft = { name: adapter, adapter, kinds, region: '', employerUscc: '', settings: {} };
    const connection = await store.connections.create(id, sandbox, draft);
    return kinds.map((kind) => [kind, { id: connection.id, adapter }] as const);
  };
  const connections: ConnectionsByKind = new Map([
    ...(await connect('labor-soap', ['labor_filing'])),
    ...(await connect('insurance-xml', ['insurance_stop', 'insurance_transfer'])),
    ...(await connect('credit-rest', ['credit_update'])),
  ]);
  const openExit: TestOrganisation['openExit'] = async (parts = {}) => {
    const { change, secret, now } = makeDraft({ connections, ...parts });
    const committed = await store.exits.open(id, sandbox, change, secret, now);
    if (committed === undefined) throw new Error('the organisation has an exit of that external id');
    return { ...committed, exitId: change.exit.id };
  };
  return {
    id,
    connections,
    openExit,
    async storedExit(parts) {
      const { exitId } = await openExit(parts);
      const stored = await store.exits.load(id, exitId);
      if (stored === undefined) throw new Error('an exit that was opened cannot be read');
      return stored;
    },
  };
}
