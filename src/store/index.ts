/** The store: all that reads and writes PostgreSQL, as one frozen object. */
import type { Keyring } from '../crypto/keyring.ts';
import { type CallbackStore, createCallbackStore } from './callbacks.ts';
import { type CodeStore, createCodeStore } from './codes.ts';
import { type ConnectionStore, createConnectionStore } from './connections.ts';
import { openDatabase } from './database.ts';
import { createDeliveryStore, type DeliveryStore } from './deliveries.ts';
import { createDocumentStore, type DocumentStore } from './documents.ts';
import { createEndpointStore, type EndpointStore } from './endpoints.ts';
import { createEventStore, type EventStore } from './events.ts';
import { createExitStore, type ExitStore } from './exits.ts';
import { createFilingStore, type FilingStore } from './filings.ts';
import { createFindingStore, type FindingStore } from './findings.ts';
import { createHealthStore, type HealthStore } from './health.ts';
import { createIdempotencyStore, type IdempotencyStore } from './idempotency.ts';
import { createMaintenanceStore, type MaintenanceStore } from './maintenances.ts';
import { createOrganisationStore, type OrganisationStore } from './organisations.ts';
import { createOwnGateStore, type OwnGateStore } from './own-gates.ts';
import { createPersons } from './persons.ts';
import { createPinStore, type PinStore } from './pins.ts';
import { createRateStore, type RateStore } from './rates.ts';
import { createReconciliationStore, type ReconciliationStore } from './reconciliations.ts';
import { createSignalStore, type SignalStore } from './signals.ts';
import { createTestClockStore, type TestClockStore } from './test-clock.ts';
import { createUploadStore, type UploadStore } from './uploads.ts';
import { createWindowStore, type WindowStore } from './windows.ts';

export interface Store {
  readonly organisations: OrganisationStore;
  readonly connections: ConnectionStore;
  readonly callbacks: CallbackStore;
  readonly codes: CodeStore;
  readonly exits: ExitStore;
  readonly filings: FilingStore;
  readonly events: EventStore;
  readonly endpoints: EndpointStore;
  readonly deliveries: DeliveryStore;
  readonly documents: DocumentStore;
  readonly signals: SignalStore;
  readonly windows: WindowStore;
  readonly uploads: UploadStore;
  readonly maintenances: MaintenanceStore;
  readonly reconciliations: ReconciliationStore;
  readonly findings: FindingStore;
  readonly health: HealthStore;
  readonly rates: RateStore;
  readonly testClock: TestClockStore;
  readonly ownGates: OwnGateStore;
  readonly pins: PinStore;
  readonly idempotency: IdempotencyStore;
  /** @throws Error when the database was written under another master key. */
  checkMasterKey(): Promise<void>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export function createStore(options: {
  readonly url: string;
  readonly connections: number;
  readonly keyring: Keyring;
}): Store {
  const { keyring } = options;
  const database = openDatabase(options.url, options);
  return Object.freeze({
    organisations: createOrganisationStore(database),
    connections: createConnectionStore(database, keyring),
    callbacks: createCallbackStore(database),
    codes: createCodeStore(database),
    exits: createExitStore(database, keyring, createPersons(database, keyring)),
    filings: createFilingStore(database),
    events: createEventStore(database, keyring),
    endpoints: createEndpointStore(database, keyring),
    deliveries: createDeliveryStore(database, keyring),
    documents: createDocumentStore(database, keyring),
    signals: createSignalStore(database, keyring),
    windows: createWindowStore(database),
    uploads: createUploadStore(database, keyring),
    maintenances: createMaintenanceStore(database),
    reconciliations: createReconciliationStore(database, keyring),
    findings: createFindingStore(database, keyring),
    health: createHealthStore(database),
    rates: createRateStore(database),
    testClock: createTestClockStore(database),
    ownGates: createOwnGateStore(database),
    pins: createPinStore(database),
    idempotency: createIdempotencyStore(database, keyring),
    checkMasterKey: async () => {
      // Not `upsert`, which looks first: of several processes that start on an empty database all but one would fail.
      await database.installations.createMany({
        data: [{ id: 1, key_check: keyring.check }],
        skipDuplicates: true,
      });
      const { key_check } = await database.installations.findUniqueOrThrow({ where: { id: 1 } });
      if (!Buffer.from(key_check).equals(keyring.check))
        throw new Error(
          'EXITGATE_MASTER_KEY is not the key that this database was written under: names and numbers in it could not be read',
        );
    },
    ping: async () => {
      await database.$queryRaw`SELECT 1`;
    },
    close: () => database.$disconnect(),
  });
}
