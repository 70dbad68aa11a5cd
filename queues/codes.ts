/** Code tables of agencies that have some: fetched, kept in the store, handed over with every call. */
import type { Logger } from 'pino';
import type { Call, CodeTable } from '../adapters/adapter.ts';
import { tablesAt } from '../src/domain/codes.ts';
import type { FetchedCodes } from '../src/store/codes.ts';
import type { Store } from '../src/store/index.ts';
import type { Agencies, OpenAgency } from './agencies.ts';
import { keep } from './kept.ts';

export interface Codes {
  /** The tables by which a filing that was prepared then is made; an adapter without tables costs nothing. */
  of({ adapter }: OpenAgency, connectionId: string, preparedAt: Date): Promise<readonly CodeTable[]>;
  /** Fetches them now. An agency that does not answer is asked again another time. */
  refresh(connectionId: string): Promise<void>;
  /** Fetches what nobody has fetched for a day. */
  refreshDue(): Promise<void>;
}

export interface CodeOptions {
  readonly store: Pick<Store, 'codes' | 'connections' | 'organisations'>;
  readonly agencies: Agencies;
  /** Names of the adapters that can fetch tables. */
  readonly adapters: readonly string[];
  readonly clock: () => Date;
  readonly log: Logger;
}

/** How long tables that another process has fetched may go unnoticed. */
const KEPT_MS = 60_000;
const DAY_MS = 86_400_000;
const PATIENCE_MS = 60_000;

export function createCodes({ store, agencies, adapters, clock, log }: CodeOptions): Codes {
  const kept = keep<readonly FetchedCodes[]>((connectionId) => store.codes.read(connectionId), KEPT_MS);
  // An agency that has not answered is not asked again by every filing.
  const tried = keep<void>(fetched, KEPT_MS);

  async function fetched(connectionId: string): Promise<void> {
    const place = await store.connections.place(connectionId);
    const agency = await agencies.open(connectionId).catch(() => undefined); // told by whoever files there
    if (place === undefined || agency?.adapter.codes === undefined) return;
    const said = log.child({ connection: connectionId, adapter: place.adapter });
    const real = clock();
    const now = await store.organisations.now(place, real);
    const call: Call = {
      serial: '',
      attempt: 1,
      signal: AbortSignal.timeout(Math.min(agency.manifest.timeout * 1000, PATIENCE_MS)),
      now,
      log: (message) => said.info(message),
      // Public tables, and nobody's filing.
      keep: () => {},
      codes: [],
    };
    const answer = await agency.adapter.codes(call).catch((error: unknown) => {
      said.error({ error: error instanceof Error ? error.name : 'unknown' }, 'adapter threw in codes');
    });
    if (answer === undefined) return;
    if (answer.kind === 'codes') await store.codes.save(place, answer.tables, now, real);
    else said.warn({ reason: answer.reason }, 'code tables could not be fetched');
  }

  async function refresh(connectionId: string): Promise<void> {
    await fetched(connectionId);
    await kept.fresh(connectionId);
  }

  return {
    async of({ adapter }, connectionId, preparedAt) {
      if (adapter.codes === undefined) return [];
      const known = await kept.get(connectionId);
      if (known.length > 0) return tablesAt(known, preparedAt);
      await tried.get(connectionId);
      return tablesAt(await kept.fresh(connectionId), preparedAt);
    },
    refresh,
    async refreshDue() {
      if (adapters.length === 0) return;
      const due = await store.codes.due(adapters, new Date(clock().getTime() - DAY_MS));
      for (const connectionId of due) await refresh(connectionId);
    },
  };
}
