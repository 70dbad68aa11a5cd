/**
 * How agencies are: what a call showed is written down for all processes, what is closed is not called, and one process at
 * a time asks whether it is back. What the manifest allows is held here as well: both say when a call may be made.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Manifest, Ping } from '../adapters/adapter.ts';
import type { StepResult } from '../src/domain/filing.ts';
import {
  type Health,
  holdOf,
  observe,
  paceOf,
  renew,
  type Seen,
  seenByPing,
  seenOf,
} from '../src/domain/health.ts';
import { newSerial } from '../src/ids.ts';
import type { StoredHealth } from '../src/store/health.ts';
import type { Store } from '../src/store/index.ts';
import type { Agencies } from './agencies.ts';
import type { Ahead, Hold } from './holds.ts';
import { keep } from './kept.ts';
import type { Wake } from './wake.ts';

export interface AgencyHealth {
  /** Why the filing's agency is not to be called now. */
  hold(ahead: Ahead): Promise<Hold | undefined>;
  /**
   * Leave for one call. @returns undefined when it is given; else when to come again, by the organisation's time: the claim
   * is given up by then. Nothing is told and nothing counted: who waits for a second or its turn is not held.
   */
  admit(ahead: Ahead, manifest: Manifest): Promise<Date | undefined>;
  /** What a filing's call has shown of its agency. */
  note(connectionId: string, result: StepResult): Promise<void>;
  /** Begins to ask the agencies whose time has come. */
  probeDue(): Promise<void>;
  /** Asks one, unless another process does. @returns whether it was asked. */
  probe(connectionId: string): Promise<boolean>;
  /** Its settings are others: what was seen by the old ones says nothing of it, so it is asked at once, and who waits tries anew. */
  changed(connectionId: string): Promise<void>;
  /** Asks one for a person, whatever is known of it. @throws Error when the connection cannot be opened. */
  test(connectionId: string): Promise<Tested>;
  /** Waits for the questions that are under way. */
  settled(): Promise<void>;
}

export interface Tested {
  /** undefined: the adapter cannot ask. */
  readonly ping: Ping | undefined;
  readonly milliseconds: number;
  readonly health: Health;
}

/** How long what another process has seen may go unnoticed. */
const KEPT_MS = 1_000;
const MOST_CONFLICTS = 20;
const MOST_PROBES = 100;
/** A question takes a moment where the agency answers; how long it takes where not, nobody should count the seconds of. */
const DOUBT_MS = 250;
const PROBE_MS = 10_000;
/** After its own time an adapter has so long to come back. */
const GRACE_MS = 5_000;

export interface AgencyHealthParts {
  readonly store: Pick<Store, 'health' | 'rates' | 'filings' | 'organisations'>;
  readonly agencies: Agencies;
  readonly wake: Pick<Wake, 'after' | 'filing'>;
  readonly clock: () => Date;
  readonly random: () => number;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly keptMs?: number;
}

export function createAgencyHealth(parts: AgencyHealthParts): AgencyHealth {
  const { store, agencies, wake, clock, random, log, signal, keptMs = KEPT_MS } = parts;
  const known = keep((connectionId) => store.health.load(connectionId), keptMs);
  const asking = new Map<string, Promise<boolean>>();

  /** Decides on the newest state, however often others change it meanwhile. @returns how it is then. */
  async function take(connectionId: string, seen: Seen | ((now: Date) => Seen)): Promise<Health | undefined> {
    for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
      const before = await store.health.load(connectionId);
      if (before === undefined) return undefined;
      const now = await store.organisations.now(before, clock());
      const shown = typeof seen === 'function' ? seen(now) : seen;
      const waiting = shown.probe ? await store.health.waiting(connectionId) : 0;
      const about = { connection_id: connectionId, name: before.name, adapter: before.adapter };
      const canAsk = await asks(connectionId);
      const context = { now, random: random(), about, waiting, canAsk };
      const { health, events } = observe(before.health, shown, context);
      const committed =
        health === before.health ? { endpointIds: [] } : await store.health.save(before, health, events, now);
      if (committed === undefined) continue;
      await known.fresh(connectionId);
      await wake.after({ id: connectionId, filings: [] }, committed);
      if (before.health.state !== 'available' && health.state === 'available') await release(before, now);
      return health;
    }
    log.warn(
      { connection: connectionId },
      'what was seen of an agency is not written down: it kept changing',
    );
    return undefined;
  }

  const asks = (connectionId: string) =>
    agencies.open(connectionId).then(
      ({ adapter }) => adapter.ping !== undefined,
      () => false,
    );

  /** After the change is committed: who holds a filing meanwhile looks again after saving. */
  async function release(connection: StoredHealth, now: Date): Promise<void> {
    const released = await store.filings.releaseHeld(connection, now);
    // In order, and what is lost on the way sweep finds.
    for (const filing of released) await wake.filing(filing).catch(() => {});
  }

  async function ask(connectionId: string): Promise<Omit<Tested, 'health'>> {
    const before = await store.health.load(connectionId);
    const { adapter, manifest } = await agencies.open(connectionId, before?.settingsVersion);
    if (before === undefined || adapter.ping === undefined) return { ping: undefined, milliseconds: 0 };
    const began = performance.now();
    const stop = new AbortController();
    const halt = () => stop.abort();
    signal.addEventListener('abort', halt, { once: true });
    if (signal.aborted) halt();
    const timeUp = setTimeout(halt, manifest.timeout * 1000);
    let patience: NodeJS.Timeout | undefined;
    const late = new Promise<Ping>((resolve) => {
      const down: Ping = { kind: 'down', reason: 'no answer in time', symptom: 'unreachable', checks: [] };
      patience = setTimeout(() => resolve(down), manifest.timeout * 1000 + GRACE_MS);
    });
    const now = await store.organisations.now(before, clock());
    const agencyLog = log.child({ connection: connectionId, adapter: manifest.name });
    try {
      const call = {
        serial: newSerial(now),
        attempt: 1,
        signal: stop.signal,
        now,
        log: (message: string) => agencyLog.info(message),
        keep: () => {},
        codes: [],
      };
      const ping = await Promise.race([adapter.ping(call), late]);
      return { ping, milliseconds: Math.round(performance.now() - began) };
    } catch (error) {
      // It breaks its contract; what its words would quote is not for the log.
      log.error(
        { connection: connectionId, error: error instanceof Error ? error.name : 'unknown' },
        'adapter threw in ping',
      );
      // No word of the agency's: an open circuit stays open.
      const reason = 'the adapter failed in ping';
      const ping: Ping = { kind: 'down', reason, symptom: 'unreachable', checks: [] };
      return { ping, milliseconds: Math.round(performance.now() - began) };
    } finally {
      clearTimeout(timeUp);
      clearTimeout(patience);
      signal.removeEventListener('abort', halt);
    }
  }

  async function probeNow(connectionId: string): Promise<boolean> {
    const { manifest } = await agencies.open(connectionId);
    const real = clock();
    const until = new Date(real.getTime() + manifest.timeout * 1000 + 2 * GRACE_MS);
    if (!(await store.health.claimProbe(connectionId, { token: randomUUID(), real, until }))) return false;
    const { ping } = await ask(connectionId);
    // Told to stop: what it did not hear says nothing.
    if (signal.aborted) return true;
    await take(connectionId, (now) => seenByPing(ping, now));
    return true;
  }

  /** One at a time in this process as well. */
  function probe(connectionId: string): Promise<boolean> {
    const running =
      asking.get(connectionId) ??
      probeNow(connectionId)
        .catch((error: unknown) => {
          log.warn({ connection: connectionId, error: String(error) }, 'an agency was not asked');
          return false;
        })
        .finally(() => asking.delete(connectionId));
    asking.set(connectionId, running);
    return running;
  }

  /** Closed or not, the next word counts from here: a doubt is over at once, an outage when the agency has answered. */
  async function renewed(connectionId: string): Promise<StoredHealth | undefined> {
    for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
      const before = await store.health.load(connectionId);
      if (before === undefined) return undefined;
      const now = await store.organisations.now(before, clock());
      const health = renew(before.health, now);
      if (health === before.health || (await store.health.save(before, health, [], now)) !== undefined)
        return before;
    }
    return undefined;
  }

  const isDue = ({ probeAt }: Health, now: Date) => probeAt !== undefined && probeAt <= now;

  return {
    probe,

    async hold({ filing, now }) {
      const kept = await known.get(filing.connectionId);
      if (kept === undefined || holdOf(kept.health, now) === undefined) return undefined;
      // What was kept may let go, never hold: the agency may have come back just now.
      const { health } = (await known.fresh(filing.connectionId)) ?? kept;
      return holdOf(health, now);
    },

    async admit(ahead, { rate }) {
      const { filing, now, token } = ahead;
      const { connectionId } = filing;
      const wait = (from: Date, everyMs: number) =>
        store.rates
          .lineUp({ filingId: filing.id, token, now }, connectionId, { from, everyMs }, clock())
          // The claim was lost: whoever has it decides.
          .then((turn) => turn ?? from);
      const in_ = (milliseconds: number) => new Date(now.getTime() + milliseconds);
      const closed = ({ state, busyUntil }: Health) =>
        state !== 'available' || (busyUntil !== undefined && busyUntil > now);
      const { everyMs, burst } = rate === undefined ? { everyMs: 0, burst: 0 } : paceOf(rate);
      const kept = await known.get(connectionId);
      if (kept !== undefined && closed(kept.health)) {
        const { health } = (await known.fresh(connectionId)) ?? kept;
        if (health.state !== 'available') {
          if (isDue(health, now)) void probe(connectionId);
          return wait(in_(health.state === 'doubted' ? DOUBT_MS : PROBE_MS), 0);
        }
        if (health.busyUntil !== undefined && health.busyUntil > now) return wait(health.busyUntil, everyMs);
      }
      if (rate === undefined) return undefined;
      const turn = await store.rates.take(connectionId, { everyMs, burst }, now);
      return turn === undefined ? undefined : wait(turn, everyMs);
    },

    async note(connectionId, result) {
      const kept = await known.get(connectionId);
      const { symptom } = seenOf(result, clock());
      // The usual case costs nothing: it has answered, and nobody had said otherwise.
      if (symptom === undefined && (kept === undefined || kept.health.failures === 0)) return;
      const health = await take(connectionId, (now) => seenOf(result, now));
      if (health?.state === 'doubted') void probe(connectionId);
    },

    async probeDue() {
      const due = await store.health.probesDue(clock(), MOST_PROBES);
      // Nobody waits for one that does not answer.
      for (const connectionId of due) void probe(connectionId);
    },

    async changed(connectionId) {
      const before = await renewed(connectionId);
      await known.fresh(connectionId);
      if (before === undefined) return;
      // Nobody waits for one that does not answer.
      if (before.health.state !== 'available') void probe(connectionId);
      const { orgId } = before;
      const now = await store.organisations.now(before, clock());
      const released = await store.filings.releaseHeld({ orgId, connectionId, tried: true }, now);
      for (const filing of released) await wake.filing(filing).catch(() => {});
    },

    async test(connectionId) {
      const { ping, milliseconds } = await ask(connectionId);
      const symptom = ping?.kind === 'down' ? ping.symptom : undefined;
      // Who tries an address must not close the door on everybody's filings, nor put off the next question: a test that
      // fails is no outage. One that is answered shows what any answer shows.
      if (ping !== undefined && (symptom === undefined || symptom === 'busy')) {
        const before = await store.health.load(connectionId);
        const probe = before !== undefined && before.health.state !== 'available';
        await take(connectionId, (now) => ({ ...seenByPing(ping, now), probe }));
      }
      const after = await known.fresh(connectionId);
      if (after === undefined) throw new Error(`there is no connection ${connectionId}`);
      return { ping, milliseconds, health: after.health };
    },

    async settled() {
      await Promise.all(asking.values());
    },
  };
}
