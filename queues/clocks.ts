/** Tells deadlines: each exit that has something to tell about one is read, judged and saved. */
import { tellDeadlines } from '../src/domain/telling.ts';
import type { ExitStore } from '../src/store/exits.ts';
import type { OrganisationStore } from '../src/store/organisations.ts';
import type { Wake } from './wake.ts';

export interface ClockTeller {
  readonly exits: ExitStore;
  readonly organisations: Pick<OrganisationStore, 'releasePolicy'>;
  readonly wake: Wake;
  readonly clock: () => Date;
  /** ISO 8601 durations before a deadline at which it is told. */
  readonly distances: readonly string[];
}

/** @returns how many exits were told about. One that others changed meanwhile is left to the next pass. */
export async function tellClocks(
  { exits, organisations, wake, clock, distances }: ClockTeller,
  most: number,
): Promise<number> {
  let told = 0;
  for (const id of await exits.clocksDue(clock(), most)) {
    const stored = await exits.loadAny(id);
    if (stored === undefined) continue;
    const policy = await organisations.releasePolicy(stored.orgId, stored.sandbox);
    const now = clock();
    const change = tellDeadlines(stored.exit, { distances, policy, now });
    const committed = await exits.save(stored, change, { now });
    if (committed === undefined) continue;
    await wake.after(change.exit, committed);
    told++;
  }
  return told;
}
