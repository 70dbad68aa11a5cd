/**
 * A run of reconciliation: claim it, read the agency's list and roster page by page, compare, keep what was found. It only
 * asks, so a worker that dies leaves nothing behind but a claim that runs out, and the next one starts over.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Adapter, Manifest } from '../adapters/adapter.ts';
import { addDays, businessDate } from '../src/domain/dates.ts';
import type { Enrolled, TheirFiling } from '../src/domain/findings.ts';
import type { Incomplete } from '../src/domain/incomplete.ts';
import { reconcile } from '../src/domain/reconcile.ts';
import type { BusinessDate } from '../src/domain/words.ts';
import type { Store } from '../src/store/index.ts';
import type { Conclusion, RunClaim } from '../src/store/runs.ts';
import type { Agencies } from './agencies.ts';
import type { AgencyHealth } from './health.ts';
import { pageReader } from './pages.ts';
import type { Ending, QueueSystem } from './queue.ts';
import type { Wake } from './wake.ts';

export const RECONCILIATIONS = 'reconciliations';

/** A wake that is lost costs time: sweep finds the row. */
export const wakeReconciliation = (queues: QueueSystem, id: string): Promise<void> =>
  queues.open(RECONCILIATIONS).wake(id, { name: id });

export interface ReconciliationWorker {
  readonly store: Pick<Store, 'reconciliations' | 'maintenances' | 'health' | 'rates'>;
  readonly health: Pick<AgencyHealth, 'note'>;
  readonly agencies: Agencies;
  readonly wake: Pick<Wake, 'after'>;
  readonly clock: () => Date;
  readonly log: Logger;
  /** Aborted when the process may not wait any longer. */
  readonly signal: AbortSignal;
  readonly leaseMs: number;
}

/** What is judged when nobody says otherwise: exits of the last three months, and those filed ahead. */
export const usualPeriod = (today: BusinessDate) => ({ from: addDays(today, -90), to: addDays(today, 31) });

/** An agency may have an exit under another day than ours: asked for is more than is judged. */
const MARGIN_DAYS = 31;
const LIST_DELAY_SECONDS = 86_400;

/** @param token of whoever asked for the run and holds it; a worker has its own. */
export async function runReconciliation(
  worker: ReconciliationWorker,
  id: string,
  token: string = randomUUID(),
): Promise<Ending> {
  const { store, clock, leaseMs } = worker;
  const until = new Date(clock().getTime() + leaseMs);
  const claim = await store.reconciliations.claim(id, { token, now: clock(), until });
  // Ended, or another worker has it: should that one die, sweep finds the row.
  if (claim === undefined) return { kind: 'done' };
  const began = clock().getTime();
  const conclusion = await examine(worker, claim, token);
  if (conclusion === undefined) return { kind: 'done' };
  const now = new Date(claim.now.getTime() + clock().getTime() - began);
  const told = await store.reconciliations.conclude(claim, token, conclusion, now);
  for (const [exitId, committed] of told ?? [])
    await worker.wake.after({ id: exitId, filings: [] }, committed);
  worker.log.info(
    {
      reconciliation: id,
      connection: claim.connectionId,
      ...conclusion.counts,
      found: conclusion.findings.length,
      ...(conclusion.reason === undefined ? {} : { reason: conclusion.reason }),
    },
    `reconciliation ${conclusion.complete ? 'complete' : 'incomplete'}`,
  );
  return { kind: 'done' };
}

/** @returns undefined when the claim was lost, or the process ends: the run is left to whoever comes next. */
async function examine(
  worker: ReconciliationWorker,
  claim: RunClaim,
  token: string,
): Promise<Conclusion | undefined> {
  const closed = await maintenanceOf(worker, claim);
  if (closed !== undefined) return nothing(closed);
  const opened = await open(worker, claim);
  if (opened === undefined) return nothing({ code: 'connection_unopened' });
  const { adapter, manifest } = opened;
  const { list, roster } = adapter;
  if (list === undefined) return nothing({ code: 'cannot_list', adapter: manifest.name });
  const reader = pageReader(worker, claim, token, manifest);
  const from = addDays(claim.period.from, -MARGIN_DAYS);
  const to = addDays(claim.period.to, MARGIN_DAYS);
  const listed = await reader.read((call, page) => list({ from, to }, call, page));
  // An agency that does not answer is not asked for the other half as well.
  const enrolled =
    roster !== undefined && listed.stopped === undefined
      ? await reader.read((call, page) => roster(call, page))
      : undefined;
  if (reader.lost()) return undefined;
  const theirs = listed.entries.map((each): TheirFiling => ({ ...each, person: plain(each.person) }));
  const people = enrolled?.entries.map((each): Enrolled => ({ ...each, person: plain(each.person) }));
  const ours = await worker.store.reconciliations.ours({
    orgId: claim.orgId,
    sandbox: claim.sandbox,
    connectionId: claim.connectionId,
    kinds: manifest.kinds,
    period: claim.period,
    theirs,
    roster: people ?? [],
  });
  const reason = listed.stopped ?? enrolled?.stopped;
  const complete = reason === undefined;
  const delayMs = (manifest.listDelay ?? LIST_DELAY_SECONDS) * 1000;
  // What happened while the list was being read is younger than the list, however quick the agency.
  const settledBefore = new Date(claim.now.getTime() - delayMs);
  const findings = reconcile({
    connectionId: claim.connectionId,
    period: claim.period,
    ours,
    theirs,
    complete,
    today: businessDate(claim.now),
    settledBefore,
    ...(people === undefined ? {} : { roster: people }),
  });
  const counts = { listed: theirs.length, enrolled: people?.length ?? 0, compared: ours.length };
  return {
    complete,
    findings,
    counts,
    hashes: reader.hashes,
    settledBefore,
    ...(reason === undefined ? {} : { reason }),
  };
}

const nothing = (reason: Incomplete): Conclusion => ({
  complete: false,
  reason,
  findings: [],
  counts: { listed: 0, enrolled: 0, compared: 0 },
  hashes: [],
});

const plain = ({ name, id_number }: TheirFiling['person']): TheirFiling['person'] => ({
  id_number: id_number.trim().toUpperCase(),
  ...(name === undefined ? {} : { name: name.trim() }),
});

/** During a maintenance nothing is asked, as nothing is sent. */
async function maintenanceOf(
  { store }: ReconciliationWorker,
  claim: RunClaim,
): Promise<Incomplete | undefined> {
  const ahead = await store.maintenances.ahead(claim.connectionId, claim.now);
  const running = ahead.find(({ startsAt, endsAt }) => startsAt <= claim.now && claim.now < endsAt);
  return (
    running && {
      code: 'maintenance_entered',
      until: running.endsAt.toISOString(),
      reason: running.reason,
    }
  );
}

async function open({ agencies, log }: ReconciliationWorker, { connectionId }: RunClaim) {
  try {
    return await agencies.open(connectionId);
  } catch (error) {
    log.error({ connection: connectionId, error: String(error) }, 'connection cannot be opened');
    return undefined;
  }
}

/** Of adapters, those that can be reconciled with. */
export const canList = (manifest: Pick<Manifest, 'capabilities'>): boolean =>
  manifest.capabilities.includes('list' satisfies keyof Adapter);

/** Plans the night's runs where the night has come, and wakes those and what was left behind. */
export async function reconcileNightly(
  { store, clock }: Pick<ReconciliationWorker, 'store' | 'clock'>,
  wake: (id: string) => Promise<void>,
  adapters: readonly string[],
  most: number,
): Promise<void> {
  const now = clock();
  await store.reconciliations.planNight(adapters, now, usualPeriod);
  for (const id of await store.reconciliations.due(now, most)) await wake(id);
}
