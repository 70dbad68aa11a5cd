/** Documents of an exit: what was generated or uploaded, under the person's key, and how it was delivered. */
import { createHash } from 'node:crypto';
import { type Keyring, seal, sealJson, unseal, unsealJson } from '../crypto/keyring.ts';
import type { DeliveryMethod, DocumentKind, DocumentPurpose, MediaType } from '../documents/kinds.ts';
import { type Database, hex, rows } from './database.ts';
import type { StoredExit } from './exits.ts';

export interface DocumentDraft {
  /** Made by the caller, because a generated document prints it. */
  readonly id: string;
  readonly kind: DocumentKind;
  readonly mediaType: MediaType;
  readonly content: Uint8Array;
  /** The page beside a generated PDF. */
  readonly html?: string;
  /** Of uploaded ones. */
  readonly title?: string;
  readonly purpose?: DocumentPurpose;
}

/** How a document reached somebody. */
export interface Handing {
  readonly method: DeliveryMethod;
  readonly deliveredAt: Date;
  readonly recipient?: string;
  readonly note?: string;
}

export interface StoredDocument {
  readonly id: string;
  readonly exitId: string;
  readonly kind: DocumentKind;
  /** The exit's facts it was made of. */
  readonly factsRevision: number;
  readonly mediaType: MediaType;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  readonly htmlSha256?: string;
  readonly title?: string;
  readonly purpose?: DocumentPurpose;
  readonly deliveries: readonly (Handing & { readonly recordedAt: Date })[];
  readonly createdAt: Date;
}

/** A document with its bytes: decrypted on demand. */
export interface OpenDocument extends StoredDocument {
  readonly content: () => Uint8Array;
  /** Only a generated document has a page. */
  readonly html?: () => string;
}

export interface DocumentStore {
  create(exit: StoredExit, draft: DocumentDraft, now: Date): Promise<StoredDocument>;
  /** Of one exit, newest first. */
  list(orgId: string, exitId: string): Promise<readonly StoredDocument[]>;
  load(orgId: string, sandbox: boolean, id: string): Promise<OpenDocument | undefined>;
  /** For workers, which follow a row: the newest of a kind (and purpose), such as the certificate that a filing takes along. */
  newest(exitId: string, kind: DocumentKind, purpose?: DocumentPurpose): Promise<OpenDocument | undefined>;
  /** For workers: what a filing takes along, in the order of the ids. */
  attached(ids: readonly string[]): Promise<readonly StoredDocument[]>;
  /** @returns the document with the delivery; undefined when the organisation has none of that id. */
  recordDelivery(
    orgId: string,
    sandbox: boolean,
    id: string,
    handing: Handing,
    now: Date,
  ): Promise<StoredDocument | undefined>;
}

interface DeliveryRow {
  readonly method: DeliveryMethod;
  readonly delivered_at: string;
  readonly recorded_at: string;
  readonly sealed: string;
}

interface Row {
  readonly id: string;
  readonly exit_id: string;
  readonly kind: DocumentKind;
  readonly facts_revision: number;
  readonly media_type: MediaType;
  readonly sha256: string;
  readonly size: number;
  readonly html_sha256: string | null;
  readonly details: Uint8Array;
  readonly deliveries: readonly DeliveryRow[];
  readonly created_at: Date;
  readonly person_id: string;
  readonly wrapped_key: Uint8Array;
}
/** Read with `WITH_BYTES`; else the bytes are absent, and nobody asks for them. */
interface OpenRow extends Row {
  readonly sealed: Uint8Array;
  readonly html_sealed: Uint8Array | null;
}

// A list leaves the bytes where they are.
const COLUMNS =
  'd.id, d.exit_id, d.kind, d.facts_revision, d.media_type, d.sha256, d.size, d.html_sha256, d.details, d.deliveries, d.created_at, e.person_id, p.wrapped_key';
const WITH_BYTES = `${COLUMNS}, d.sealed, d.html_sealed`;
const FROM = 'FROM documents d JOIN exits e ON e.id = d.exit_id JOIN persons p ON p.id = e.person_id';

/** One statement: two people who record at once lose nothing to each other. */
const DELIVER = `UPDATE documents SET deliveries = deliveries || $2::jsonb WHERE id = $1`;

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const context = { html: (id: string) => `${id}/html`, details: (id: string) => `${id}/details` };
const deliveryContext = (id: string) => `${id}/delivery`;

type Details = Pick<StoredDocument, 'title' | 'purpose'>;
type Personal = Pick<Handing, 'recipient' | 'note'>;

export function createDocumentStore(database: Database, keyring: Keyring): DocumentStore {
  const keyOf = ({ person_id, wrapped_key }: Row) => keyring.openPersonKey(person_id, wrapped_key);

  function stored(row: Row): StoredDocument {
    const key = keyOf(row);
    return {
      id: row.id,
      exitId: row.exit_id,
      kind: row.kind,
      factsRevision: row.facts_revision,
      mediaType: row.media_type,
      sha256: row.sha256,
      size: row.size,
      ...(row.html_sha256 === null ? {} : { htmlSha256: row.html_sha256 }),
      ...(unsealJson(key, row.details, context.details(row.id)) as Details),
      deliveries: row.deliveries.map(({ method, delivered_at, recorded_at, sealed }) => ({
        method,
        deliveredAt: new Date(delivered_at),
        recordedAt: new Date(recorded_at),
        ...(unsealJson(key, Buffer.from(sealed.slice(2), 'hex'), deliveryContext(row.id)) as Personal),
      })),
      createdAt: row.created_at,
    };
  }

  function opened(row: OpenRow | undefined): OpenDocument | undefined {
    if (row === undefined) return undefined;
    const { id, sealed, html_sealed: html } = row;
    return {
      ...stored(row),
      content: () => unseal(keyOf(row), sealed, id),
      ...(html === null ? {} : { html: () => unseal(keyOf(row), html, context.html(id)).toString('utf8') }),
    };
  }

  const find = (columns: string, where: string, ...parameters: readonly unknown[]) =>
    rows<OpenRow>(database, `SELECT ${columns} ${FROM} WHERE ${where} ORDER BY d.id DESC`, ...parameters);
  const OF_ORGANISATION = 'd.id = $1 AND d.org_id = $2 AND e.sandbox = $3';

  return {
    async create(exit, { id, kind, mediaType, content, html, ...given }, now) {
      const key = exit.personKey();
      const details: Details = {
        ...(given.title === undefined ? {} : { title: given.title }),
        ...(given.purpose === undefined ? {} : { purpose: given.purpose }),
      };
      const written = { sha256: sha256(content), size: content.length };
      const page =
        html === undefined
          ? {}
          : { html_sha256: sha256(html), html_sealed: seal(key, Buffer.from(html), context.html(id)) };
      await database.documents.create({
        data: {
          id,
          org_id: exit.orgId,
          exit_id: exit.exit.id,
          kind,
          facts_revision: exit.exit.factsRevision,
          media_type: mediaType,
          ...written,
          sealed: seal(key, content, id),
          ...page,
          details: sealJson(key, details, context.details(id)),
          deliveries: [],
          created_at: now,
        },
      });
      return {
        id,
        exitId: exit.exit.id,
        kind,
        factsRevision: exit.exit.factsRevision,
        mediaType,
        ...written,
        ...(page.html_sha256 === undefined ? {} : { htmlSha256: page.html_sha256 }),
        ...details,
        deliveries: [],
        createdAt: now,
      };
    },

    async list(orgId, exitId) {
      const found = await find(COLUMNS, 'd.org_id = $1 AND d.exit_id = $2', orgId, exitId);
      return found.map(stored);
    },

    async load(orgId, sandbox, id) {
      const [row] = await find(WITH_BYTES, OF_ORGANISATION, id, orgId, sandbox);
      return opened(row);
    },

    async newest(exitId, kind, purpose) {
      // The purpose is encrypted: an exit has a handful of documents, which are looked through.
      const found = await find(COLUMNS, 'd.exit_id = $1 AND d.kind = $2', exitId, kind);
      const wanted = found.map(stored).find((each) => purpose === undefined || each.purpose === purpose);
      if (wanted === undefined) return undefined;
      const [row] = await find(WITH_BYTES, 'd.id = $1', wanted.id);
      return opened(row);
    },

    async attached(ids) {
      const found = await find(COLUMNS, 'd.id = ANY ($1)', ids);
      return found.map(stored).reverse();
    },

    async recordDelivery(orgId, sandbox, id, { method, deliveredAt, ...personal }, now) {
      const mine = () => find(COLUMNS, OF_ORGANISATION, id, orgId, sandbox);
      const [before] = await mine();
      if (before === undefined) return undefined;
      const entry: DeliveryRow = {
        method,
        delivered_at: deliveredAt.toISOString(),
        recorded_at: now.toISOString(),
        sealed: hex(sealJson(keyOf(before), personal, deliveryContext(id))),
      };
      await rows(database, DELIVER, id, [entry]);
      const [after] = await mine();
      return after === undefined ? undefined : stored(after);
    },
  };
}
