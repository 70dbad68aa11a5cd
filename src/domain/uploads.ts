/**
 * Uploads: the spreadsheets of agencies without an API. Which row a result belongs to, and what it makes of the filing. Pure.
 */
import type { EventDraft } from './events.ts';
import type { Change, Exit } from './exit.ts';
import { judged, withFilings } from './exit-course.ts';
import type { Filing } from './filing.ts';
import { type Pursuit, pursue } from './pursue.ts';

/** `settled`: no row waits for a result any more. A discarded file does not count. */
export const UPLOAD_STATES = ['open', 'closed', 'confirmed', 'settled', 'discarded'] as const;
export type UploadState = (typeof UPLOAD_STATES)[number];

export interface UploadFile {
  readonly mediaType: string;
  /** Without the dot. */
  readonly extension: string;
  readonly bytes: Uint8Array;
}

/** What came of making a file. */
export type Closed =
  | { readonly kind: 'closed' | 'empty' | 'not_open' | 'busy' }
  /** An amendment has taken what the agency's form requires. */
  | { readonly kind: 'incomplete'; readonly filingId: string; readonly columns: readonly string[] };

export type RowResult =
  /** Some agencies give one number for the whole file, and rows have none. */
  | { readonly kind: 'accepted'; readonly receipt?: string }
  /** `message` is the agency's own text, and treated as personal. */
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string };

/** By what a result names its row: at least one. Serial and number decide; the row alone where nothing else is given, or between equals. */
export interface RowKey {
  readonly row?: number;
  readonly serial?: string;
  readonly idNumber?: string;
  /** No key: only held against the row that nothing but its number names. */
  readonly name?: string;
}

/** What the agency's result sheet says of one row. */
export interface SheetResult extends RowKey {
  /** The sheet's line, its title included: for who must correct it. */
  readonly line: number;
  readonly result: RowResult;
}

/** Why a sheet cannot be read; line and column as a person sees them. Never holds what a cell says. */
export type SheetFault =
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'too_large'; readonly rows: number }
  | { readonly kind: 'no_header'; readonly outcome: string; readonly keys: readonly string[] }
  | { readonly kind: 'no_key'; readonly line: number; readonly columns: readonly string[] }
  | { readonly kind: 'row_invalid'; readonly line: number; readonly column: string }
  | {
      readonly kind: 'value_unknown';
      readonly line: number;
      readonly column: string;
      readonly values: readonly string[];
    }
  /** A formula that shows nothing or an error, a number of which a spreadsheet has made a date or rounded the last digits. */
  | { readonly kind: 'cell_uncertain'; readonly line: number; readonly column: string }
  | {
      readonly kind: 'too_long';
      readonly line: number;
      readonly column: string;
      readonly maximum: number;
    };

export type SheetRead =
  | { readonly kind: 'read'; readonly results: readonly SheetResult[] }
  | { readonly kind: 'faulty'; readonly faults: readonly SheetFault[] };

/** A row of a file that was made. */
export interface FileRow {
  readonly row: number;
  readonly filingId: string;
  readonly exitId: string;
  readonly serial: string;
  /** The exit's facts that it carries. */
  readonly factsRevision: number;
  readonly settled?: SettledResult;
}

export type SettledResult =
  | { readonly kind: 'accepted'; readonly receipt: string }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string };

export type ResultFault =
  | 'row_unknown'
  | 'row_ambiguous'
  | 'name_differs'
  | 'receipt_missing'
  | 'said_twice'
  | 'conflicts';

export interface Matched<Row> {
  /** The place of the result among those given. */
  readonly at: number;
  readonly row: Row;
  readonly result: SettledResult;
}

/**
 * Finds each result its row. All or nothing: a sheet with one fault is corrected and sent again whole, which is harmless.
 * @param idNumberOf asked only where a result names a number, `nameOf` where it names a person by the row alone.
 * @param receipt of the whole file: for accepted rows without one of their own.
 */
export function matchResults<Row extends FileRow>(
  rows: readonly Row[],
  given: readonly (RowKey & { readonly result: RowResult })[],
  {
    idNumberOf,
    nameOf,
    receipt,
  }: {
    readonly idNumberOf: (row: Row) => string;
    readonly nameOf: (row: Row) => string;
    readonly receipt?: string;
  },
): {
  readonly matched: readonly Matched<Row>[];
  /** `at`: the place in `given`. */
  readonly faults: readonly { readonly at: number; readonly fault: ResultFault; readonly row?: number }[];
} {
  const matched = new Map<number, Matched<Row>>();
  const faults: { at: number; fault: ResultFault; row?: number }[] = [];
  const byNumber = new Map<string, Row[]>();
  if (given.some(({ idNumber }) => idNumber !== undefined))
    for (const row of rows) byNumber.set(idNumberOf(row), [...(byNumber.get(idNumberOf(row)) ?? []), row]);
  for (const [at, each] of given.entries()) {
    const found = candidates(each);
    const [row] = found;
    if (row === undefined || found.length > 1) {
      faults.push({ at, fault: row === undefined ? 'row_unknown' : 'row_ambiguous' });
      continue;
    }
    const result = settledResult(each.result, receipt);
    const earlier = matched.get(row.row)?.result;
    const { serial, idNumber, name } = each;
    if (serial === undefined && idNumber === undefined && name !== undefined && !mayBe(nameOf(row), name))
      faults.push({ at, fault: 'name_differs', row: row.row });
    else if (result === undefined) faults.push({ at, fault: 'receipt_missing', row: row.row });
    else if (earlier !== undefined && !sameResult(earlier, result))
      faults.push({ at, fault: 'said_twice', row: row.row });
    else if (row.settled !== undefined && !sameResult(row.settled, result))
      faults.push({ at, fault: 'conflicts', row: row.row });
    else matched.set(row.row, { at, row, result });
  }
  return { matched: [...matched.values()], faults };

  function candidates({ row, serial, idNumber }: RowKey): readonly Row[] {
    const pool = idNumber === undefined ? rows : (byNumber.get(idNumber) ?? []);
    const named = serial === undefined ? pool : pool.filter((each) => each.serial === serial);
    // Agencies number the rows of a result sheet anew: where something better is given, the row tells equals apart and no more.
    const byRow = row === undefined ? named : named.filter((each) => each.row === row);
    return named.length === 1 && (serial !== undefined || idNumber !== undefined) ? named : byRow;
  }
}

/**
 * Rows of every file count from 1: a sheet of another month that names nobody's number is told by its names. Agencies mask
 * names, and write `?` or another character for a rare one (beyond the BMP, or of extension A): what can be the same may be.
 */
export function mayBe(ours: string, theirs: string): boolean {
  const [a, b] = [ours, theirs].map((name) => [...name.normalize('NFKC').replace(/[\s·•‧・･．.]/gu, '')]);
  const open = /[*?×○〇●□■\u3400-\u4dbf\ue000-\uf8ff\u{20000}-\u{3ffff}]/u;
  if (a === undefined || b === undefined) return true;
  if (a.length !== b.length) return open.test(a.join('') + b.join(''));
  return a.every(
    (char, at) => char.toLowerCase() === b[at]?.toLowerCase() || open.test(char) || open.test(b[at] ?? ''),
  );
}

function settledResult(result: RowResult, whole: string | undefined): SettledResult | undefined {
  if (result.kind === 'rejected') return result;
  const receipt = result.receipt ?? whole;
  return receipt === undefined ? undefined : { kind: 'accepted', receipt };
}

/** The agency's words may differ from one export to the next. */
export const sameResult = (a: SettledResult, b: SettledResult): boolean =>
  a.kind === 'accepted'
    ? b.kind === 'accepted' && a.receipt === b.receipt
    : b.kind === 'rejected' && a.code === b.code;

export interface EnteredResult {
  readonly uploadId: string;
  readonly result: SettledResult;
  readonly actor: string;
  readonly note?: string;
}

/**
 * What the agency's answer to a row makes of its filing: the way of a receipt that is entered by hand, only that what stands
 * at the agency now carries the facts of the file. What was amended or cancelled since is then in a person's hands.
 * @returns `known` when it is so already, `moved_on` when the filing has gone another way: settled by hand, or filed anew.
 */
export function enterResult(
  exit: Exit,
  { filingId, serial, factsRevision }: FileRow,
  { uploadId, result, actor, note }: EnteredResult,
  context: Pursuit,
): Change | 'known' | 'moved_on' {
  const filing = exit.filings.find(({ id }) => id === filingId);
  if (filing === undefined) throw new Error(`filing ${filingId} is not of exit ${exit.id}`);
  if (filing.serial !== serial) return 'moved_on';
  if (isSo(filing, result)) return 'known';
  if (filing.state !== 'manual') return 'moved_on';
  const { now } = context;
  const { lastError: _error, heldSince: _held, nextAt: _next, ...calm } = filing;
  const answered: Filing =
    result.kind === 'accepted'
      ? {
          ...calm,
          state: 'accepted',
          receipt: result.receipt,
          factsRevision,
          attempts: 0,
          polls: 0,
          nextAt: now,
        }
      : { ...calm, state: 'rejected', factsRevision, attempts: 0, polls: 0, lastError: result.code };
  const followed = pursue(answered, exit, context);
  return judged(exit, withFilings(exit, followed.filing, now), [
    told(filing, uploadId, result, { actor, ...(note === undefined ? {} : { note }) }),
    ...followed.events,
  ]);
}

function told(
  { id, kind, serial, revision }: Filing,
  uploadId: string,
  result: SettledResult,
  said: Readonly<Record<string, unknown>>,
): EventDraft {
  const about = { filing_id: id, kind, serial, revision, entered_by_hand: true, upload_id: uploadId };
  return result.kind === 'accepted'
    ? { type: 'filing.accepted', data: { ...about, receipt: result.receipt }, personal: said }
    : {
        type: 'filing.rejected',
        data: { ...about, code: result.code },
        personal: { ...said, message: result.message },
      };
}

/** A worker that ended between the two writes left it so. */
const isSo = ({ state, receipt, lastError }: Filing, result: SettledResult): boolean =>
  result.kind === 'accepted'
    ? receipt === result.receipt && (state === 'accepted' || state === 'verified' || state === 'manual')
    : state === 'rejected' && lastError === result.code;

export const PERSONS_BY = ['key', 'name'] as const;
/** How two persons are told apart: by API keys, or by names alone, where the caller has signed its people in and vouches for them. */
export type PersonsBy = (typeof PERSONS_BY)[number];

/** Who does something with a file. */
export interface Actor {
  readonly name: string;
  /** Id of the API key; absent: it was not kept then. */
  readonly key?: string;
}

/**
 * Why the second person counts as the first. A name is whatever somebody types: who has one key is one person, unless the
 * caller vouches. Nor are two keys two persons, where both give the same name.
 */
export function secondPersonFault(
  first: Actor,
  second: Actor,
  by: PersonsBy,
): 'same_person' | 'same_key' | undefined {
  if (plainName(first.name) === plainName(second.name)) return 'same_person';
  return by === 'key' && first.key !== undefined && first.key === second.key ? 'same_key' : undefined;
}
/** Written another way it is still the same name. */
const plainName = (name: string) => name.normalize('NFKC').toLowerCase().replace(/\s+/gu, '');
