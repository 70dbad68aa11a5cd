/**
 * The composition root: reads top to bottom, builds each part from its own slice of the settings, and hands it what it
 * needs. Everything acquired pushes its release; `close` runs them in reverse.
 */
import type { Logger } from 'pino';
import type { AdapterEntry, Capability } from '../adapters/adapter.ts';
import { ADAPTERS } from '../adapters/index.ts';
import { createAgencies } from '../queues/agencies.ts';
import { createCallbacks } from '../queues/callbacks.ts';
import { tellClocks } from '../queues/clocks.ts';
import { createCodes } from '../queues/codes.ts';
import { runLane } from '../queues/deliveries.ts';
import { runFiling } from '../queues/filings.ts';
import { createAgencyHealth } from '../queues/health.ts';
import { createHolds } from '../queues/holds.ts';
import { createQueueSystem, type QueueSystem } from '../queues/queue.ts';
import {
  canList,
  RECONCILIATIONS,
  reconcileNightly,
  runReconciliation,
  wakeReconciliation,
} from '../queues/reconciliations.ts';
import { startSweep } from '../queues/sweep.ts';
import { createTestClock } from '../queues/test-clock.ts';
import { createUploadDesk } from '../queues/uploads.ts';
import { createWake, DELIVERIES, type Wake } from '../queues/wake.ts';
import { readCalendar } from './calendars.ts';
import { readClocks } from './clocks.ts';
import type { Config } from './config.ts';
import { createKeyring } from './crypto/keyring.ts';
import { migrateAll, openDatabase } from './database.ts';
import { listen } from './http/listen.ts';
import { localSecret } from './local.ts';
import { createMetrics } from './metrics.ts';
import { PROFILES, readProfiles } from './profiles.ts';
import { findSandboxes } from './sandbox-desk.ts';
import { createStore, type Store } from './store/index.ts';
import { createGuard } from './webhooks/guard.ts';
import { createSender } from './webhooks/send.ts';
import { newWebhookSecret } from './webhooks/signing.ts';

export interface App {
  readonly store: Store;
  readonly queues: QueueSystem;
  readonly wake: Wake;
  /** Where the API answers, when this process serves it. */
  readonly url?: string;
  readonly operatorKey?: string;
  /** Settles with a sentence when the process cannot go on: the embedded database ended by itself. */
  readonly failed: Promise<string>;
  /** Lets work in hand end, within the limit, and releases everything. May be called twice. */
  close(): Promise<void>;
}

export interface Roles {
  readonly api: boolean;
  readonly worker: boolean;
}

export interface AppOptions {
  readonly log: Logger;
  readonly clock?: () => Date;
  readonly random?: () => number;
  /** Instead of the written list. */
  readonly adapters?: readonly AdapterEntry[];
}

const LONGEST_DELIVERY_SECONDS = 15;
/** A night's runs need not be quick, and must not crowd out the filings. */
const RECONCILIATIONS_AT_A_TIME = 2;

/** @throws Error with a sentence for the operator; whatever had been started by then is stopped again. */
export async function createApp(config: Config, roles: Roles, options: AppOptions): Promise<App> {
  const { log, clock = () => new Date(), random = Math.random, adapters = ADAPTERS } = options;
  const manifests = new Map(adapters.map(({ manifest }) => [manifest.name, manifest]));
  /** What an adapter can still do about a filing in each state; one that is gone can do nothing. */
  const reachOf = (adapter: string) => {
    const { withdraws = [], amends = [], capabilities = [] } = manifests.get(adapter) ?? {};
    return { withdraw: withdraws, amend: amends, collects: capabilities.includes('upload') };
  };
  const capableOf = (capability: Capability) =>
    adapters.flatMap(({ manifest }) => (manifest.capabilities.includes(capability) ? [manifest.name] : []));
  const releases: (() => Promise<void> | void)[] = [];
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      for (const release of releases.reverse()) await release();
    })();
    return closing;
  };
  try {
    const profiles = readProfiles(PROFILES);
    const clockWork = {
      clocks: readClocks(`${PROFILES}/statutes/clocks.yaml`),
      calendar: readCalendar(`${PROFILES}/calendars`),
    };
    const distances = config.deadlineDistances;
    const database = await openDatabase(config, log);
    releases.push(database.close);
    await migrateAll(database.url, config.redisUrl);

    const keyring = createKeyring(
      Buffer.from(config.masterKey ?? localSecret(config.dataFolder, 'master.key', 32), 'base64'),
    );
    const operatorKey =
      config.operatorKey ??
      (config.databaseUrl === undefined ? localSecret(config.dataFolder, 'operator.key', 18) : undefined);
    const store = createStore({ url: database.url, connections: config.databaseConnections, keyring });
    releases.push(() => store.close());
    await store.checkMasterKey();

    const queues = createQueueSystem({
      databaseUrl: database.url,
      ...(config.redisUrl === undefined ? {} : { redisUrl: config.redisUrl }),
      ...(config.queuePrefix === undefined ? {} : { prefix: config.queuePrefix }),
      log,
      lockMs: config.leaseSeconds * 1000,
      clock,
    });
    releases.push(() => queues.close());
    for (const { manifest } of adapters) queues.open(manifest.name);
    queues.open(DELIVERIES);
    queues.open(RECONCILIATIONS);
    const wake = createWake(queues, log);
    const wakeRun = (id: string) => wakeReconciliation(queues, id);
    const guard = createGuard(config.webhookAllow);
    const { exits, organisations } = store;
    const teller = { exits, organisations, wake, clock, distances };

    const stopping = new AbortController();
    const agencies = createAgencies(store.connections, adapters);
    const health = createAgencyHealth({ store, agencies, wake, clock, random, log, signal: stopping.signal });
    releases.push(async () => {
      stopping.abort();
      await health.settled();
    });

    if (roles.worker) {
      const sender = createSender(guard);
      const leaseMs = config.leaseSeconds * 1000;
      const codes = createCodes({ store, agencies, adapters: capableOf('codes'), clock, log });
      const filings = {
        store,
        codes,
        agencies,
        health,
        holds: createHolds({ store, health, wake, clock, log }),
        reachOf,
        wake,
        clock,
        random,
        log,
        signal: stopping.signal,
        leaseMs,
        distances,
        longestRetryMs: config.longestRetrySeconds * 1000,
      };
      const deliveries = {
        deliveries: store.deliveries,
        sender,
        clock,
        random,
        leaseMs: LONGEST_DELIVERY_SECONDS * 1000 + leaseMs,
      };
      for (const { manifest } of adapters)
        queues.work(manifest.name, Math.min(manifest.concurrency, config.workerConcurrency), (id, job) =>
          runFiling(filings, id, job),
        );
      queues.work(DELIVERIES, config.workerConcurrency, (id, job) => runLane(deliveries, id, job));
      const reconciliations = {
        store,
        agencies,
        health,
        wake,
        clock,
        log,
        signal: stopping.signal,
        leaseMs,
      };
      queues.work(RECONCILIATIONS, RECONCILIATIONS_AT_A_TIME, (id) => runReconciliation(reconciliations, id));
      const listable = ADAPTERS.map(({ manifest }) => manifest)
        .filter(canList)
        .map(({ name }) => name);
      const sweep = startSweep({
        store,
        wake,
        refreshCodes: codes.refreshDue,
        tell: (most) => tellClocks(teller, most),
        reconcile: (most) => reconcileNightly(reconciliations, wakeRun, listable, most),
        probe: health.probeDue,
        clock,
        log,
        intervalMs: config.sweepSeconds * 1000,
      });
      releases.push(async () => {
        await sweep.stop();
        await queues.drain(config.shutdownSeconds * 1000);
        // What has not ended by now is told to: a submission in flight becomes `unknown` and is looked up at the next start.
        stopping.abort();
        sender.close();
      });
    }

    let url: string | undefined;
    if (roles.api) {
      // Loaded here: a worker has no use for them, and starts a third sooner without.
      const [{ createHttp }, { mountBoard }] = await Promise.all([
        import('./http/service.ts'),
        import('../queues/board.ts'),
      ]);
      const metrics = createMetrics(store, queues);
      const service = createHttp({
        store,
        profiles,
        clockWork,
        distances,
        manifests,
        testConnection: health.test,
        connectionChanged: health.changed,
        reachOf,
        wake,
        wakeRun,
        checkEndpointUrl: guard.check,
        newWebhookSecret,
        callbacks: createCallbacks({ store, agencies, wake, clock, log, count: metrics.callback }),
        publicUrl: () => config.publicUrl ?? url ?? '',
        clock,
        testClock: createTestClock({
          ...teller,
          store,
          probe: health.probe,
          sandboxesOf: findSandboxes(store.connections, config.sandboxDeskUrl),
        }),
        uploads: createUploadDesk({ store, agencies, adapters: capableOf('upload') }),
        log,
        limits: { bodyBytes: config.bodyLimitBytes, requestsPerMinute: config.requestsPerMinute },
        readiness: () => readiness(store, queues),
        metrics: metrics.read,
        ...(operatorKey === undefined
          ? {}
          : { operator: { key: operatorKey, mount: (router) => mountBoard(router, queues) } }),
      });
      const door = await listen(service, config);
      releases.push(door.close);
      url = door.url;
    }
    return Object.freeze({
      store,
      queues,
      wake,
      failed: database.failed,
      close,
      ...(url === undefined ? {} : { url }),
      ...(operatorKey === undefined ? {} : { operatorKey }),
    });
  } catch (error) {
    await close();
    throw error;
  }
}

async function readiness(store: Store, queues: QueueSystem): Promise<Record<string, string>> {
  const of = (check: Promise<void>) =>
    check.then(
      () => 'ok',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  const [database, queue] = await Promise.all([of(store.ping()), of(queues.ping())]);
  return { database, queue };
}
