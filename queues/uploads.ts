/** The desk of uploads, which works with a connection's adapter: makes the file of what waits, and reads result sheets. */
import type { Upload } from '../adapters/adapter.ts';
import type { Exit } from '../src/domain/exit.ts';
import type { Filing } from '../src/domain/filing.ts';
import type { ReceiptsPer } from '../src/domain/upload-receipts.ts';
import type { Actor, Closed, SheetRead } from '../src/domain/uploads.ts';
import type { Store } from '../src/store/index.ts';
import type { StoredUpload } from '../src/store/uploads.ts';
import type { Agencies } from './agencies.ts';
import { orderOf } from './order.ts';

/** Tries to make a file although its exits change at the same time. */
const MOST_CONFLICTS = 10;

export interface UploadDesk {
  /** The adapters whose filings are collected. */
  readonly adapters: readonly string[];
  /** Makes the file of an open upload. */
  close(upload: StoredUpload, closedBy: Actor, now: Date): Promise<Closed>;
  /** What the connection's agency gives a receipt. */
  receiptsPer(connectionId: string): Promise<ReceiptsPer>;
  read(connectionId: string, sheet: Uint8Array): Promise<SheetRead>;
}

export function createUploadDesk({
  store,
  agencies,
  adapters,
}: {
  readonly store: Pick<Store, 'uploads' | 'exits' | 'documents'>;
  readonly agencies: Agencies;
  readonly adapters: readonly string[];
}): UploadDesk {
  async function open(connectionId: string) {
    const { adapter, manifest } = await agencies.open(connectionId);
    const { upload } = adapter;
    if (upload === undefined) throw new Error(`the adapter ${manifest.name} takes no uploads`);
    return { upload, fields: manifest.personFields };
  }

  return {
    adapters,

    async close(upload, closedBy, now) {
      for (let tried = 0; tried < MOST_CONFLICTS; tried++) {
        const closed = await close(upload, closedBy, now);
        if (closed !== 'conflict') return closed;
      }
      return { kind: 'busy' };
    },

    async receiptsPer(connectionId) {
      return (await open(connectionId)).upload.receiptsPer;
    },

    async read(connectionId, sheet) {
      return (await open(connectionId)).upload.read(sheet);
    },
  };

  /** @returns `conflict` when an exit has changed meanwhile, cancelled it may be: the file is made anew. */
  async function close(upload: StoredUpload, closedBy: Actor, now: Date): Promise<Closed | 'conflict'> {
    const { upload: desk, fields } = await open(upload.connectionId);
    const waiting = await store.uploads.waiting(upload.id, desk.maxRows);
    const found = await Promise.all(
      waiting.map(async (each) => {
        const stored = await store.exits.loadAny(each.exitId);
        const filing = stored && find(stored.exit, each.filingId);
        // Something else has happened to it since it was listed.
        if (stored === undefined || filing?.state !== 'manual' || filing.serial !== each.serial)
          return undefined;
        // Nothing has gone out yet: the file says what is true now.
        const current = { ...filing, factsRevision: stored.exit.factsRevision };
        const order = await orderOf(store, stored, current, fields, monthOf(upload, stored.exit));
        return { ...each, stored, order };
      }),
    );
    const rows = found
      .filter((each) => each !== undefined)
      .map((each, index) => ({ ...each, row: index + 1 }));
    if (rows.length === 0) return { kind: 'empty' };
    const lacking = firstLacking(rows, desk);
    if (lacking !== undefined) return lacking;
    const file = await desk.make(upload.kind, rows, now);
    const name = `${upload.kind.replaceAll('_', '-')}-${upload.month}-${upload.id}.${file.extension}`;
    const { name: closer, key } = closedBy;
    const people = {
      closedBy: closer,
      personsBy: desk.personsBy,
      ...(key === undefined ? {} : { closedKey: key }),
    };
    const closing = { file, name, twoPerson: desk.twoPerson, people, rows };
    if (await store.uploads.close(upload, closing, now)) return { kind: 'closed' };
    const after = await store.uploads.load(upload.orgId, upload.sandbox, upload.id);
    return after?.state === 'open' ? 'conflict' : { kind: 'not_open' };
  }
}

const find = ({ filings }: Exit, id: string): Filing | undefined => filings.find((each) => each.id === id);

/** Filings of insurance are collected by the month that they carry; what the others say of it is the exit's own. */
const monthOf = ({ kind, month }: StoredUpload, { facts }: Exit): string =>
  kind === 'insurance_stop' || kind === 'insurance_transfer' ? month : facts.insuranceEndMonth;

function firstLacking(
  rows: readonly { readonly filingId: string; readonly order: Parameters<Upload['lacks']>[0] }[],
  desk: Upload,
): Closed | undefined {
  for (const { filingId, order } of rows) {
    const columns = desk.lacks(order);
    if (columns.length > 0) return { kind: 'incomplete', filingId, columns };
  }
  return undefined;
}
