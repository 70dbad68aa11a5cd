/** POST, GET /v1/exits/{id}/documents · GET /v1/documents/{id}/content · POST /v1/documents/{id}/deliveries */
import { z } from 'zod';
import {
  certificateData,
  handoverData,
  handoverItemsOf,
  type Rendered,
  renderCertificate,
  renderHandover,
  type Unprintable,
} from '../documents/index.ts';
import { DELIVERY_METHODS, DOCUMENT_KINDS, DOCUMENT_PURPOSES, MEDIA_TYPES } from '../documents/kinds.ts';
import { businessDate } from '../domain/dates.ts';
import { faultAt } from '../faults.ts';
import { newId } from '../ids.ts';
import { problem } from '../problem.ts';
import type { OpenDocument, DocumentDraft as Stored, StoredDocument } from '../store/documents.ts';
import type { StoredExit } from '../store/exits.ts';
import { exitId, loadExit } from './change.ts';
import { DeliveryDraft, DocumentDraft } from './document-draft.ts';
import { type Endpoint, endpoint, FileAnswer } from './endpoint.ts';
import { invalid } from './errors.ts';
import { documentExample, pageExample } from './examples.ts';
import { id, instant } from './fields.ts';
import { pageAfter, pageFrom, pageOf, pageQuery, pageWithin } from './pagination.ts';
import type { HttpParts } from './parts.ts';
import { timeOf } from './time.ts';

const digest = z.string().meta({ description: 'SHA-256, hexadecimal' });

export const DocumentView = z
  .object({
    id: id('document'),
    exit_id: id('exit'),
    kind: z.enum(DOCUMENT_KINDS),
    facts_revision: z.int().meta({
      description: 'The exit’s facts it was made of; a certificate of earlier facts is out of date',
    }),
    title: z.string().nullable().meta({ description: 'Of uploaded ones' }),
    purpose: z.enum(DOCUMENT_PURPOSES).nullable(),
    media_type: z.string(),
    size: z.int().meta({ description: 'Bytes' }),
    sha256: digest,
    html_sha256: digest.nullable().meta({ description: 'Of the page beside a generated PDF' }),
    deliveries: z.array(
      z.object({
        method: z.enum(DELIVERY_METHODS),
        recipient: z.string().nullable(),
        delivered_at: instant,
        recorded_at: instant,
        note: z.string().nullable(),
      }),
    ),
    created_at: instant,
  })
  .meta({ id: 'Document' });

const present = (document: StoredDocument): z.output<typeof DocumentView> => ({
  id: document.id,
  exit_id: document.exitId,
  kind: document.kind,
  facts_revision: document.factsRevision,
  title: document.title ?? null,
  purpose: document.purpose ?? null,
  media_type: document.mediaType,
  size: document.size,
  sha256: document.sha256,
  html_sha256: document.htmlSha256 ?? null,
  deliveries: document.deliveries.map(({ method, recipient, deliveredAt, recordedAt, note }) => ({
    method,
    recipient: recipient ?? null,
    delivered_at: deliveredAt.toISOString(),
    recorded_at: recordedAt.toISOString(),
    note: note ?? null,
  })),
  created_at: document.createdAt.toISOString(),
});

const path = '/v1/exits/{id}/documents';
const one = { schema: id('document'), absent: 'document_not_found' } as const;
const HTML = 'text/html';

export function documentEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store, profiles } = parts;
  const departments = (code: string) => profiles.vocabulary.terms.departments[code]?.zh ?? code;
  return [
    endpoint({
      method: 'post',
      path,
      name: 'createDocument',
      tag: 'Documents',
      summary: 'Generate the termination certificate or a handover list, or keep a document that is uploaded',
      description:
        'A generated document is kept as PDF and as a page of HTML. It is never changed afterwards: a corrected one is a new document, and the newest counts.',
      scope: 'exits:write',
      id: exitId,
      body: DocumentDraft,
      bodyExample: { kind: 'termination_certificate', service_start: '2019-07-01' },
      answer: DocumentView,
      answerExample: documentExample,
      status: 201,
      problems: ['exit_not_found', 'document_of_cancelled_exit', 'document_unprintable'],
      handler: async ({ id, body, caller }) => {
        const exit = await loadExit(parts, id, caller);
        const now = await timeOf(parts, caller);
        return present(await store.documents.create(exit, await made(exit, body, departments, now), now));
      },
    }),
    endpoint({
      method: 'get',
      path,
      name: 'listDocuments',
      tag: 'Documents',
      summary: 'List the documents of an exit, newest first',
      scope: 'exits:read',
      id: exitId,
      query: pageQuery,
      cursor: 'cursor',
      answer: pageOf(DocumentView),
      answerExample: pageExample(documentExample),
      status: 200,
      problems: ['exit_not_found', 'cursor_invalid'],
      handler: async ({ id, query, caller }) => {
        const page = pageAfter('document', query);
        await loadExit(parts, id, caller);
        const found = pageWithin(await store.documents.list(caller.orgId, id), page);
        return pageFrom(found, query.limit, (each) => each.id, present);
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/documents/{id}/content',
      name: 'getDocumentContent',
      tag: 'Documents',
      summary: 'Download a document, with the names and numbers that are masked elsewhere',
      scope: 'documents',
      id: one,
      query: {
        format: z.enum(['pdf', 'html']).optional().meta({ description: 'Default: as it is kept' }),
      },
      answer: FileAnswer,
      produces: [...Object.keys(MEDIA_TYPES), HTML],
      status: 200,
      problems: [one.absent, 'document_format_absent'],
      handler: async ({ id, query: { format }, caller: { orgId, sandbox } }) => {
        const document = await store.documents.load(orgId, sandbox, id);
        if (document === undefined) throw problem(one.absent, {});
        return contentOf(document, format);
      },
    }),
    endpoint({
      method: 'post',
      path: '/v1/documents/{id}/deliveries',
      name: 'recordDocumentDelivery',
      tag: 'Documents',
      summary: 'Record how, when and to whom a document was delivered',
      scope: 'exits:write',
      id: one,
      body: DeliveryDraft,
      bodyExample: { method: 'in_person', delivered_at: '2026-10-26T01:30:00Z', note: '本人签收' },
      answer: DocumentView,
      answerExample: documentExample,
      status: 201,
      problems: [one.absent],
      handler: async ({ id, body, caller }) => {
        const { orgId, sandbox } = caller;
        const now = await timeOf(parts, caller);
        const { method, delivered_at, recipient, note } = body;
        const deliveredAt = new Date(delivered_at);
        if (deliveredAt > now)
          throw invalid('body_invalid', [
            faultAt('/delivered_at', 'delivered_in_future', { now: now.toISOString() }),
          ]);
        const handing = {
          method,
          deliveredAt,
          ...(recipient === undefined ? {} : { recipient }),
          ...(note === undefined ? {} : { note }),
        };
        const document = await store.documents.recordDelivery(orgId, sandbox, id, handing, now);
        if (document === undefined) throw problem(one.absent, {});
        return present(document);
      },
    }),
  ];
}

/** @throws Problem when it cannot be made of this exit. */
async function made(
  exit: StoredExit,
  body: DocumentDraft,
  departmentOf: (code: string) => string,
  now: Date,
): Promise<Stored> {
  const id = newId('document', now);
  const { kind } = body;
  if (kind === 'uploaded') {
    const { title, purpose, media_type, content } = body;
    return { id, kind, mediaType: media_type, content, title, purpose };
  }
  if (exit.exit.cancelledAt !== undefined) throw problem('document_of_cancelled_exit', {});
  const { facts } = exit.exit;
  const { person } = exit.secret();
  // §50 has the certificate given when the relation ends: one that is made ahead bears that day.
  const today = businessDate(now);
  const ahead = facts.exitDate > today;
  const issuedOn = body.issued_on ?? (ahead && kind === 'termination_certificate' ? facts.exitDate : today);
  if (body.kind === 'handover_list') {
    const items =
      body.items === undefined
        ? handoverItemsOf(exit.exit, exit.secret(), departmentOf)
        : itemsOf(body.items, now);
    if (items.length === 0) throw invalid('body_invalid', [faultAt('/items', 'handover_empty', {})]);
    return generated(
      id,
      kind,
      await renderHandover(handoverData(facts, person, { number: id, issuedOn, items })),
    );
  }
  const { service_start: serviceStart, omit_reason: omitReason } = body;
  const { start } = facts.contract;
  if (serviceStart !== undefined && serviceStart > start)
    throw invalid('body_invalid', [faultAt('/service_start', 'service_start_late', { start })]);
  const options = {
    number: id,
    issuedOn,
    omitReason,
    ...(serviceStart === undefined ? {} : { serviceStart }),
  };
  return generated(id, kind, await renderCertificate(certificateData(facts, person, options)));
}

type HandoverItems = NonNullable<Extract<DocumentDraft, { kind: 'handover_list' }>['items']>;

function itemsOf(items: HandoverItems, now: Date) {
  const faults = items.flatMap(({ acknowledged_at }, index) =>
    acknowledged_at !== undefined && new Date(acknowledged_at) > now
      ? [faultAt(`/items/${index}/acknowledged_at`, 'acknowledged_in_future', { now: now.toISOString() })]
      : [],
  );
  if (faults.length > 0) throw invalid('body_invalid', faults);
  return items.map(({ item, owner, receiver, acknowledged_at }) => ({
    item,
    owner,
    receiver,
    ...(acknowledged_at === undefined ? {} : { acknowledgedAt: new Date(acknowledged_at) }),
  }));
}

function generated(id: string, kind: Stored['kind'], rendered: Rendered | Unprintable): Stored {
  if ('unprintable' in rendered)
    throw problem('document_unprintable', { characters: rendered.unprintable.join(' ') });
  return { id, kind, mediaType: 'application/pdf', content: rendered.pdf, html: rendered.html };
}

function contentOf(document: OpenDocument, format: 'pdf' | 'html' | undefined): FileAnswer {
  const { kind, id, mediaType, sha256, htmlSha256 } = document;
  const name = document.title ?? `${kind.replaceAll('_', '-')}-${id}`;
  if (format === 'html' && document.html !== undefined && htmlSha256 !== undefined)
    return {
      mediaType: `${HTML}; charset=utf-8`,
      filename: `${name}.html`,
      bytes: Buffer.from(document.html()),
      sha256: htmlSha256,
    };
  const { ending } = MEDIA_TYPES[mediaType];
  if (format !== undefined && format !== ending)
    throw problem('document_format_absent', { format, media_type: mediaType });
  return { mediaType, filename: `${name}.${ending}`, bytes: document.content(), sha256 };
}
