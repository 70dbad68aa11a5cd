/** Tells deadlines: each exit that has something to tell about one is read, judged and saved. */
import { tellDeadlines } from '../src/domain/telling.ts';
import type { ExitStore } from '../src/store/exits.ts';
import type { OrganisationStore } from '../src/store/organisations.ts';
import type { Wake } from './wake.ts';

export interface ClockTeller {
  readonly exits: ExitStore;
  readonly organisations: Pick<OrganisationStore, 'releasePolicy' | 'now'>;
  readonly wake: Wake;
  readonly clock: () => Date;
  /** ISO 8601 durations before a deadline at which it is told. */
  readonly distances: readonly string[];
}

/** @returns how many exits were told about. One that others changed meanwhile is left to the next pass. */
export async function tellClocks(teller: ClockTeller, most: number): Promise<number> {
  let told = 0;
  for (const id of await teller.exits.clocksDue(teller.clock(), most)) if (await tellExit(teller, id)) told++;
  return told;
}

/** @returns false when others changed the exit meanwhile: what there is to tell then is for the next time. */
export async function tellExit(
  { exits, organisations, wake, clock, distances }: ClockTeller,
  id: string,
): Promise<boolean> {
  const stored = await exits.loadAny(id);
  if (stored === undefined) return false;
  const policy = await organisations.releasePolicy(stored.orgId, stored.sandbox);
  const now = await organisations.now(stored, clock());
  const change = tellDeadlines(stored.exit, { distances, policy, now });
  const committed = await exits.save(stored, change, { now });
  if (committed === undefined) return false;
  await wake.after(change.exit, committed);
  return true;
}
