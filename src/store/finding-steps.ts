/** What a step of a finding's course makes of its row, and what its exit is to hear. */
import { type Keyring, sealJson } from '../crypto/keyring.ts';
import {
  type FindingStep,
  findingOpened,
  findingResolved,
  type KnownFinding,
} from '../domain/finding-course.ts';
import { type Finding, type FindingState, findingData } from '../domain/findings.ts';
import { newId } from '../ids.ts';
import { hex } from './database.ts';
import { changedRow, type FindingRow, factsOf, type Kept, type Place } from './finding-rows.ts';

/** Where a finding comes from: a run of its connection, or a look-up, which has no run. */
export interface FindingSource {
  readonly orgId: string;
  readonly sandbox: boolean;
  readonly connectionId: string;
  readonly runId?: string;
}

export interface KnownRow extends KnownFinding {
  readonly row: FindingRow;
}

export const knownRow = (row: FindingRow): KnownRow => ({
  id: row.id,
  key: hex(row.fingerprint),
  state: row.state as FindingState,
  row,
  ...(row.exit_id === null ? {} : { exitId: row.exit_id }),
  ...(row.exit_date === null ? {} : { on: row.exit_date }),
  ...(row.noticed_at === null ? {} : { noticedAt: row.noticed_at }),
});

/** Equal for equal identities of a connection, and tells nothing. */
export const fingerprintOf = (
  keyring: Keyring,
  { orgId, connectionId }: FindingSource,
  { identity }: Pick<Finding, 'identity'>,
) => hex(keyring.blindIndex(orgId, `finding of ${connectionId}`, identity));

/** An open finding that ends by itself, or with its connection. */
export const resolvedBy = (
  row: FindingRow,
  resolution: 'agrees' | 'connection_deleted',
  now: Date,
): Kept => ({
  row: changedRow(row, { state: 'resolved', ended_at: now.toISOString() }),
  ...(row.exit_id === null
    ? {}
    : {
        exitId: row.exit_id,
        event: findingResolved(row.id, row.connection_id, findingData(factsOf(row)), resolution),
      }),
});

export function keptBy(
  step: FindingStep<KnownRow>,
  {
    source,
    places,
    now,
  }: { readonly source: FindingSource; readonly places: ReadonlyMap<string, Place>; readonly now: Date },
  keyring: Keyring,
): Kept {
  const { connectionId, orgId } = source;
  const told = (exitId: string | undefined, event: Kept['event']): Pick<Kept, 'exitId' | 'event'> =>
    exitId === undefined || !step.tells || event === undefined ? {} : { exitId, event };
  if (step.kind === 'resolved') {
    const { row } = step.known;
    return resolvedBy(row, 'agrees', now);
  }
  const { found } = step;
  const was = step.kind === 'opened' ? undefined : step.known.row;
  const id = was?.id ?? newId('finding', now);
  const place = places.get(found.exitId ?? '');
  const key =
    place === undefined
      ? keyring.organisationKey(orgId)
      : keyring.openPersonKey(place.person_id, place.wrapped_key);
  const person = {
    ...found.person,
    ...(found.ourNumber === undefined ? {} : { our_number: found.ourNumber }),
  };
  // A dismissed one keeps its words, which lie under the key of the exit that it had then.
  const stays = was?.state === 'dismissed';
  const { filing_kind, filing_id, exit_date, ours, theirs, receipt, since } = findingData(found);
  const seen = {
    filing_id,
    exit_id: found.exitId ?? null,
    exit_date,
    ours,
    theirs,
    receipt,
    since,
    sealed: hex(sealJson(key, person, id)),
  };
  const event = findingOpened(id, connectionId, found);
  const sight = {
    last_seen_at: now.toISOString(),
    noticed_at: source.runId === undefined ? now.toISOString() : null,
  };
  if (was !== undefined) {
    const again =
      step.kind === 'reopened' ? { state: 'open', opened_at: now.toISOString(), ended_at: null } : {};
    const change = { ...(stays ? {} : seen), ...again, ...sight };
    return { row: changedRow(was, change), ...told(found.exitId, event) };
  }
  return {
    row: {
      id,
      org_id: orgId,
      sandbox: source.sandbox,
      connection_id: connectionId,
      reconciliation_id: source.runId ?? null,
      fingerprint: fingerprintOf(keyring, source, found),
      number_index: hex(keyring.blindIndex(orgId, 'finding', found.person.id_number)),
      kind: found.kind,
      filing_kind,
      state: 'open',
      ...seen,
      dismissal: null,
      opened_at: now.toISOString(),
      ...sight,
      ended_at: null,
    },
    ...told(found.exitId, event),
  };
}
