/** Changing an exit on somebody's request: read, decide, save; who comes second reads again and decides anew. */
import type { Change } from '../domain/exit.ts';
import { problem } from '../problem.ts';
import type { StoredExit } from '../store/exits.ts';
import type { Caller } from './auth.ts';
import type { Shown } from './exit-view.ts';
import { id } from './fields.ts';
import type { HttpParts } from './parts.ts';
import { timeOf } from './time.ts';
import { wakeAfter } from './wake.ts';

export const exitId = { schema: id('exit'), absent: 'exit_not_found' } as const;

/** Each loses at most once to each other that decides on the same exit: more departments than these never clear at once. */
const TRIES = 50;

/** @throws Problem when the organisation has no such exit, or one of the other world (test or live). */
export async function loadExit(
  { store }: HttpParts,
  id: string,
  { orgId, sandbox }: Caller,
): Promise<StoredExit> {
  const stored = await store.exits.load(orgId, id);
  if (stored === undefined || stored.sandbox !== sandbox) throw problem('exit_not_found', {});
  return stored;
}

/** A sentence names ten of many. */
export const shortList = (names: readonly string[]): string =>
  names.length > 10 ? `${names.slice(0, 10).join(', ')} …` : names.join(', ');

/**
 * @param decide throws a Problem when the exit cannot become that.
 * @param guarded the change is about what filings carry: it is decided anew when one of them went out meanwhile.
 */
export async function changeExit(
  parts: HttpParts,
  id: string,
  caller: Caller,
  decide: (stored: StoredExit, now: Date) => Change | Promise<Change>,
  { guarded = false } = {},
): Promise<Shown> {
  for (let tried = 0; tried < TRIES; tried++) {
    const stored = await loadExit(parts, id, caller);
    const now = await timeOf(parts, caller);
    const change = await decide(stored, now);
    if (change.exit === stored.exit) return stored;
    const committed = await parts.store.exits.save(stored, change, { now, guarded });
    if (committed === undefined) continue;
    await wakeAfter(parts, change.exit, committed);
    const { secret } = change;
    return {
      ...stored,
      exit: change.exit,
      updatedAt: now,
      secret: secret === undefined ? stored.secret : () => secret(stored.secret()),
    };
  }
  throw problem('busy', {}, { headers: { 'Retry-After': '1' } });
}
