/** Uploads: what waits for an agency's spreadsheet, the files that were made, and what became of their rows. */
import { createHash } from 'node:crypto';
import { type Keyring, seal, sealJson, unseal, unsealJson } from '../crypto/keyring.ts';
import type { Filing } from '../domain/filing.ts';
import type { Matched, UploadFile } from '../domain/uploads.ts';
import { newId } from '../ids.ts';
import { type Database, hex, rows } from './database.ts';
import type { StoredExit } from './exits.ts';
import {
  type FileRowRow,
  type SeenRow,
  type StoredUpload,
  type UploadPeople,
  type UploadRow,
  uploadOf,
  uploadRowOf,
  type WaitingRow,
} from './upload-rows.ts';
import {
  CARRIED,
  CLOSE,
  COLLECT,
  CONFIRM,
  DISCARD,
  FILE,
  LIST,
  PERSONS,
  PLACES,
  ROWS,
  SETTLE,
  UNCOLLECTED,
  WAITING_ROWS,
} from './upload-statements.ts';

/** A file that is about to be kept. */
export interface Closing {
  readonly file: UploadFile;
  readonly name: string;
  readonly twoPerson: boolean;
  readonly people: UploadPeople;
  readonly rows: readonly (WaitingRow & { readonly row: number; readonly stored: StoredExit })[];
}

/** A filing in a file. */
export interface Place {
  readonly filingId: string;
  readonly uploadId: string;
  readonly downloaded: boolean;
}

export type { StoredUpload, UploadRow, WaitingRow } from './upload-rows.ts';

export interface UploadStore {
  /** Opens an upload for each connection, employer, kind and month of which filings wait and none collects. */
  collect(orgId: string, sandbox: boolean, adapters: readonly string[], now: Date): Promise<void>;
  list(
    orgId: string,
    sandbox: boolean,
    filter: {
      readonly id?: string;
      readonly state?: string;
      readonly month?: string;
      readonly kind?: string;
      readonly connectionId?: string;
    },
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly StoredUpload[]>;
  load(orgId: string, sandbox: boolean, id: string): Promise<StoredUpload | undefined>;
  /** What waits for an open upload, nearest deadline first. */
  waiting(id: string, most: number): Promise<readonly WaitingRow[]>;
  /** The rows of a file that was made. */
  rows(id: string): Promise<readonly UploadRow[]>;
  /** @returns false when it is not open any more, or one of its exits has changed since it was read. */
  close(upload: StoredUpload, closing: Closing, now: Date): Promise<boolean>;
  /**
   * The file as it was made, the same each time; undefined when it was discarded before anybody had it. Throws when one of
   * its persons was erased.
   */
  file(upload: StoredUpload, now: Date): Promise<Uint8Array | undefined>;
  /** @returns false when it is not closed, or confirmed already. */
  confirm(upload: StoredUpload, people: UploadPeople, now: Date): Promise<boolean>;
  /**
   * Frees the rows without a result for another file. @returns false when there is no file to discard, or the agency has
   * accepted a row of it; `unseen`: also when it was downloaded.
   */
  discard(
    upload: StoredUpload,
    people: UploadPeople,
    now: Date,
    options?: { readonly unseen: boolean },
  ): Promise<boolean>;
  /** Where these filings stand in a file that counts. */
  places(filings: readonly Pick<Filing, 'id' | 'serial'>[]): Promise<readonly Place[]>;
  /** Which filings of the upload's connection have one of these receipts. */
  carried(upload: StoredUpload, receipts: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** A row that has an outcome keeps it. */
  settle(uploadId: string, settled: readonly Matched<{ readonly row: number }>[], now: Date): Promise<void>;
}

/** One key of all persons' keys: without any one of them nobody can make it again. */
function fileKey(uploadId: string, keys: readonly Uint8Array[]): Uint8Array {
  const digest = createHash('sha256').update(`upload:${uploadId}`);
  for (const key of keys) digest.update(key);
  return digest.digest();
}

const peopleContext = (id: string) => `${id}/people`;

export function createUploadStore(database: Database, keyring: Keyring): UploadStore {
  const sealPeople = ({ orgId, id }: StoredUpload, people: UploadPeople) =>
    sealJson(keyring.organisationKey(orgId), people, peopleContext(id));
  /** As a parameter of its own, where `hex` is for bytes within JSON. */
  const plainHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

  const stored = (row: SeenRow) =>
    uploadOf(
      row,
      (people) =>
        unsealJson(keyring.organisationKey(row.org_id), people, peopleContext(row.id)) as UploadPeople,
    );

  const list: UploadStore['list'] = async (orgId, sandbox, filter, { before, limit }) => {
    const { id, state, month, kind, connectionId } = filter;
    const given = [id, state, month, kind, connectionId, before].map((each) => each ?? null);
    return (await rows<SeenRow>(database, LIST, orgId, sandbox, ...given, limit)).map(stored);
  };

  return {
    list,

    async load(orgId, sandbox, id) {
      const [found] = await list(orgId, sandbox, { id }, { limit: 1 });
      return found;
    },

    async collect(orgId, sandbox, adapters, now) {
      const groups = await database.$queryRawUnsafe<
        Pick<SeenRow, 'connection_id' | 'kind' | 'month' | 'employer_uscc'>[]
      >(UNCOLLECTED, orgId, sandbox, adapters);
      if (groups.length === 0) return;
      const opened = groups.map((group) => ({
        ...group,
        id: newId('upload', now),
        org_id: orgId,
        sandbox,
        state: 'open',
        two_person: false,
        created_at: now.toISOString(),
      }));
      await rows(database, COLLECT, opened);
    },

    async waiting(id, most) {
      const found = await rows<{ filing_id: string; exit_id: string; serial: string }>(
        database,
        WAITING_ROWS,
        id,
        most,
      );
      return found.map((row) => ({ filingId: row.filing_id, exitId: row.exit_id, serial: row.serial }));
    },

    async rows(id) {
      const found = await rows<FileRowRow>(database, ROWS, id);
      return found.map(uploadRowOf);
    },

    async close(upload, { file, name, twoPerson, people, rows: made }, now) {
      const { id, orgId } = upload;
      const key = fileKey(
        id,
        made.map(({ stored: exit }) => exit.personKey()),
      );
      const closed = {
        id,
        two_person: twoPerson,
        media_type: file.mediaType,
        file_name: name,
        sha256: createHash('sha256').update(file.bytes).digest('hex'),
        size: file.bytes.length,
        sealed: hex(seal(key, file.bytes, id)),
        people: hex(sealPeople(upload, people)),
        closed_at: now.toISOString(),
      };
      const written = made.map(({ row, filingId, exitId, serial, stored: exit }) => ({
        upload_id: id,
        row,
        org_id: orgId,
        exit_id: exitId,
        filing_id: filingId,
        serial,
        facts_revision: exit.exit.factsRevision,
      }));
      const read = made.map(({ exitId, stored: exit }) => ({ id: exitId, version: exit.version }));
      return (await rows(database, CLOSE, [closed], written, read)).length > 0;
    },

    async file({ id, orgId, sandbox }, now) {
      const [found] = await rows<{ sealed: Uint8Array }>(
        database,
        FILE,
        id,
        orgId,
        sandbox,
        now.toISOString(),
      );
      if (found === undefined) return undefined;
      const persons = await rows<{ id: string; wrapped_key: Uint8Array }>(database, PERSONS, id);
      const keys = persons.map((person) => keyring.openPersonKey(person.id, person.wrapped_key));
      return unseal(fileKey(id, keys), found.sealed, id);
    },

    async confirm(upload, people, now) {
      const sealed = plainHex(sealPeople(upload, people));
      return (await rows(database, CONFIRM, upload.id, sealed, now.toISOString())).length > 0;
    },

    async discard(upload, people, now, { unseen } = { unseen: false }) {
      const sealed = plainHex(sealPeople(upload, people));
      return (await rows(database, DISCARD, upload.id, sealed, now.toISOString(), unseen)).length > 0;
    },

    async places(filings) {
      if (filings.length === 0) return [];
      const [ids, serials] = [filings.map(({ id }) => id), filings.map(({ serial }) => serial)];
      const found = await rows<{ filing_id: string; upload_id: string; downloaded: boolean }>(
        database,
        PLACES,
        ids,
        serials,
      );
      return found.map((row) => ({
        filingId: row.filing_id,
        uploadId: row.upload_id,
        downloaded: row.downloaded,
      }));
    },

    async carried({ orgId, connectionId }, receipts) {
      if (receipts.length === 0) return new Map();
      const found = await rows<{ id: string; receipt: string }>(
        database,
        CARRIED,
        orgId,
        connectionId,
        receipts,
      );
      const by = new Map<string, string[]>();
      for (const { id, receipt } of found) by.set(receipt, [...(by.get(receipt) ?? []), id]);
      return by;
    },

    async settle(uploadId, settled, now) {
      const written = settled.map(({ row: { row }, result }) => ({
        upload_id: uploadId,
        row,
        outcome: result.kind,
        receipt: result.kind === 'accepted' ? result.receipt : null,
        code: result.kind === 'rejected' ? result.code : null,
        settled_at: now.toISOString(),
      }));
      await rows(database, SETTLE, written);
    },
  };
}
