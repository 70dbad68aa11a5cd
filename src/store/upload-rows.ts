/** Rows of uploads ↔ values. */
import type { FileRow, PersonsBy, UploadState } from '../domain/uploads.ts';
import type { FilingKind } from '../domain/words.ts';

/** Who did what with a file, by name. */
export interface UploadPeople {
  readonly closedBy?: string;
  /** Id of the API key with which it was closed. */
  readonly closedKey?: string;
  /** How the second person is told from the first, as the connection was set then; absent: by name. */
  readonly personsBy?: PersonsBy;
  readonly confirmedBy?: string;
  readonly discardedBy?: string;
  readonly note?: string;
}

export interface StoredUpload {
  readonly id: string;
  readonly orgId: string;
  readonly sandbox: boolean;
  readonly connectionId: string;
  readonly kind: FilingKind;
  readonly month: string;
  readonly employerUscc: string;
  readonly state: UploadState;
  /** Once it is closed: as the connection was set then. */
  readonly twoPerson: boolean;
  /** Of an open one: what waits for it. `waiting`: without a result. */
  readonly counts: {
    readonly rows: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly waiting: number;
  };
  readonly file?: {
    readonly name: string;
    readonly mediaType: string;
    readonly size: number;
    readonly sha256: string;
  };
  readonly people: UploadPeople;
  readonly closedAt?: Date;
  readonly downloadedAt?: Date;
  readonly confirmedAt?: Date;
  readonly discardedAt?: Date;
  readonly createdAt: Date;
}

/** A filing that waits for an open upload. */
export interface WaitingRow {
  readonly filingId: string;
  readonly exitId: string;
  readonly serial: string;
}

export interface UploadRow extends Omit<FileRow, 'settled'> {
  readonly outcome?: 'accepted' | 'rejected' | 'discarded';
  readonly receipt?: string;
  readonly code?: string;
  readonly settledAt?: Date;
  /** Its filing is still in hand under this serial. */
  readonly standing: boolean;
  /** What has become of its exit since the file was made. */
  readonly changed?: 'amended' | 'cancelled';
}

/** An upload as it is seen. */
export interface SeenRow {
  readonly id: string;
  readonly org_id: string;
  readonly sandbox: boolean;
  readonly connection_id: string;
  readonly kind: FilingKind;
  readonly month: string;
  readonly employer_uscc: string;
  readonly state: UploadState;
  readonly two_person: boolean;
  readonly media_type: string | null;
  readonly file_name: string | null;
  readonly sha256: string | null;
  readonly size: number | null;
  readonly people: Uint8Array | null;
  readonly closed_at: Date | null;
  readonly downloaded_at: Date | null;
  readonly confirmed_at: Date | null;
  readonly discarded_at: Date | null;
  readonly created_at: Date;
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly waiting: number;
}

export interface FileRowRow {
  readonly row: number;
  readonly filing_id: string;
  readonly exit_id: string;
  readonly serial: string;
  readonly facts_revision: number;
  readonly outcome: 'accepted' | 'rejected' | 'discarded' | null;
  readonly receipt: string | null;
  readonly code: string | null;
  readonly settled_at: Date | null;
  readonly standing: boolean;
  readonly changed: 'amended' | 'cancelled' | null;
}

export function uploadOf(row: SeenRow, unsealed: (people: Uint8Array) => UploadPeople): StoredUpload {
  const { file_name: name, media_type: mediaType, sha256, size } = row;
  return {
    id: row.id,
    orgId: row.org_id,
    sandbox: row.sandbox,
    connectionId: row.connection_id,
    kind: row.kind,
    month: row.month,
    employerUscc: row.employer_uscc,
    state: row.state,
    twoPerson: row.two_person,
    counts: { rows: row.rows, accepted: row.accepted, rejected: row.rejected, waiting: row.waiting },
    ...(name === null || mediaType === null || sha256 === null || size === null
      ? {}
      : { file: { name, mediaType, sha256, size } }),
    people: row.people === null ? {} : unsealed(row.people),
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at }),
    ...(row.downloaded_at === null ? {} : { downloadedAt: row.downloaded_at }),
    ...(row.confirmed_at === null ? {} : { confirmedAt: row.confirmed_at }),
    ...(row.discarded_at === null ? {} : { discardedAt: row.discarded_at }),
    createdAt: row.created_at,
  };
}

export const uploadRowOf = (row: FileRowRow): UploadRow => ({
  row: row.row,
  filingId: row.filing_id,
  exitId: row.exit_id,
  serial: row.serial,
  factsRevision: row.facts_revision,
  standing: row.standing,
  ...(row.outcome === null ? {} : { outcome: row.outcome }),
  ...(row.receipt === null ? {} : { receipt: row.receipt }),
  ...(row.code === null ? {} : { code: row.code }),
  ...(row.settled_at === null ? {} : { settledAt: row.settled_at }),
  ...(row.changed === null ? {} : { changed: row.changed }),
});
