/** Cancelled exits and the files for agencies without an API: what nobody has seen is taken back by itself. */
import type { Exit } from '../domain/exit.ts';
import type { Filing } from '../domain/filing.ts';
import { refresh } from '../domain/record.ts';
import { newSerial } from '../ids.ts';
import type { Caller } from './auth.ts';
import { changeExit } from './change.ts';
import type { HttpParts } from './parts.ts';

type Parts = Pick<HttpParts, 'store' | 'reachOf'>;

/**
 * Discards the files with a filing of this exit that nobody has downloaded: their other rows are collected anew. To make them
 * without one row was rejected: the row numbers and the digest that somebody may have noted would be another file's.
 * The exit must have been read before: a file that is made afterwards makes a newer version of it.
 * @returns which of its filings are in no file by now.
 */
export async function recall(
  { store, reachOf }: Parts,
  exit: Exit,
  actor: string,
  { orgId, sandbox }: Caller,
  now: Date,
): Promise<(filing: Filing) => boolean> {
  const collected = exit.filings.filter(
    ({ state, adapter }) => state === 'manual' && reachOf(adapter).collects === true,
  );
  const places = await store.uploads.places(collected);
  for (const { uploadId, downloaded } of places) {
    const upload = downloaded ? undefined : await store.uploads.load(orgId, sandbox, uploadId);
    if (upload === undefined) continue;
    await store.uploads.discard(upload, { ...upload.people, discardedBy: actor }, now, { unseen: true });
  }
  const left = places.length === 0 ? [] : await store.uploads.places(collected);
  return ({ id }) => !left.some(({ filingId }) => filingId === id);
}

/** After a file was discarded: whoever of it was cancelled meanwhile is in none any more. Once more does nothing. */
export async function dropCancelled(parts: HttpParts, uploadId: string, caller: Caller): Promise<void> {
  const rows = await parts.store.uploads.rows(uploadId);
  for (const { exitId, filingId, outcome, changed } of rows) {
    if (outcome !== 'discarded' || changed !== 'cancelled') continue;
    await changeExit(parts, exitId, caller, ({ exit }, now) => {
      const filing = exit.filings.find(({ id }) => id === filingId);
      if (filing?.state !== 'manual') return { exit, events: [] };
      const pursuit = { now, newSerial: () => newSerial(now), reachOf: parts.reachOf };
      const change = refresh(exit, filing, { ...pursuit, inNoFile: () => true });
      return change?.exit.filings.includes(filing) === false ? change : { exit, events: [] };
    });
  }
}
