/** GET /v1/uploads · GET /v1/uploads/{id} · its file · POST close, confirmations, discard: spreadsheets for agencies without an API. */
import { z } from 'zod';
import { secondPersonFault } from '../domain/uploads.ts';
import { FILING_KINDS } from '../domain/words.ts';
import { type Problem, problem } from '../problem.ts';
import type { StoredUpload } from '../store/uploads.ts';
import type { Caller } from './auth.ts';
import { shortList } from './change.ts';
import { type Endpoint, endpoint, FileAnswer } from './endpoint.ts';
import { pageExample } from './examples.ts';
import { id, line, month } from './fields.ts';
import { pageAfter, pageFrom, pageOf, pageQuery } from './pagination.ts';
import type { HttpParts } from './parts.ts';
import { timeOf } from './time.ts';
import { dropCancelled } from './upload-recall.ts';
import {
  presentRow,
  presentUpload,
  presentWaiting,
  UploadView,
  UploadWithRows,
  uploadExample,
  uploadRowExample,
  uploadState,
} from './upload-view.ts';

export const uploadId = { schema: id('upload'), absent: 'upload_not_found' } as const;

/** More than any file has. */
const MOST_ROWS = 1000;

const By = z
  .strictObject({ actor: line(200).meta({ description: 'Who does this, by name' }) })
  .meta({ id: 'UploadActor' });

/** @throws Problem when the organisation has no such upload. */
export async function loadUpload(
  { store }: Pick<HttpParts, 'store'>,
  id: string,
  { orgId, sandbox }: Caller,
): Promise<StoredUpload> {
  const found = await store.uploads.load(orgId, sandbox, id);
  if (found === undefined) throw problem(uploadId.absent, {});
  return found;
}

async function notDiscarded({ uploads }: HttpParts['store'], { id, state }: StoredUpload): Promise<Problem> {
  if (state === 'settled') return problem('upload_settled', {});
  const accepted = (await uploads.rows(id)).filter(({ outcome }) => outcome === 'accepted');
  return problem('upload_partly_accepted', { rows: shortList(accepted.map(({ row }) => String(row))) });
}

export function uploadEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store, uploads } = parts;
  const load = (id: string, caller: Caller) => loadUpload(parts, id, caller);
  const step = {
    method: 'post',
    tag: 'Uploads',
    scope: 'exits:write',
    id: uploadId,
    body: By,
    answer: UploadView,
    status: 201,
  } as const;

  return [
    endpoint({
      method: 'get',
      path: '/v1/uploads',
      name: 'listUploads',
      tag: 'Uploads',
      summary: 'List the spreadsheets for agencies without an API, newest first',
      description:
        'Filings that an adapter puts into a spreadsheet (such as `batch-upload`) are collected by connection, employer, kind and month in an open upload. Closing it makes its file; what comes later is in the next.',
      scope: 'exits:read',
      query: {
        state: uploadState.optional(),
        month: month.optional(),
        kind: z.enum(FILING_KINDS).optional(),
        connection_id: id('connection').optional(),
        ...pageQuery,
      },
      cursor: 'cursor',
      answer: pageOf(UploadView),
      answerExample: pageExample(uploadExample),
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({ query: { state, month, kind, connection_id, ...page }, caller }) => {
        const { orgId, sandbox } = caller;
        const after = pageAfter('upload', page);
        // What waits is looked for when somebody asks, and not written down when a filing begins to wait: no write can be lost.
        await store.uploads.collect(orgId, sandbox, uploads.adapters, await timeOf(parts, caller));
        const filter = {
          ...(state === undefined ? {} : { state }),
          ...(month === undefined ? {} : { month }),
          ...(kind === undefined ? {} : { kind }),
          ...(connection_id === undefined ? {} : { connectionId: connection_id }),
        };
        const found = await store.uploads.list(orgId, sandbox, filter, after);
        return pageFrom(found, page.limit, (each) => each.id, presentUpload);
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/uploads/{id}',
      name: 'getUpload',
      tag: 'Uploads',
      summary: 'Read an upload with its rows',
      scope: 'exits:read',
      id: uploadId,
      answer: UploadWithRows,
      answerExample: { ...uploadExample, rows: [uploadRowExample] },
      status: 200,
      problems: [uploadId.absent],
      handler: async ({ id, caller }) => {
        const upload = await load(id, caller);
        const rows =
          upload.state === 'open'
            ? (await store.uploads.waiting(id, MOST_ROWS)).map(presentWaiting)
            : (await store.uploads.rows(id)).map(presentRow);
        return { ...presentUpload(upload), rows };
      },
    }),
    endpoint({
      ...step,
      path: '/v1/uploads/{id}/close',
      name: 'closeUpload',
      summary: 'Make the file of an open upload',
      description:
        'The file has what waits at this moment, with the exits’ newest facts, nearest deadline first, up to the connection’s `max_rows`. It does not change any more; what comes later, or did not fit, is in the next upload.',
      bodyExample: { actor: '人力资源部 赵某' },
      answerExample: uploadExample,
      problems: [uploadId.absent, 'upload_not_open', 'upload_empty', 'upload_row_incomplete', 'busy'],
      handler: async ({ id, body: { actor }, caller }) => {
        const upload = await load(id, caller);
        if (upload.state !== 'open') throw problem('upload_not_open', { state: upload.state });
        const who = { name: actor, key: caller.key.id };
        const closed = await uploads.close(upload, who, await timeOf(parts, caller));
        if (closed.kind === 'busy') throw problem('busy', {}, { headers: { 'Retry-After': '1' } });
        if (closed.kind === 'empty') throw problem('upload_empty', {});
        if (closed.kind === 'incomplete')
          throw problem('upload_row_incomplete', {
            filing_id: closed.filingId,
            columns: closed.columns.join(', '),
          });
        const after = await load(id, caller);
        if (closed.kind === 'not_open') throw problem('upload_not_open', { state: after.state });
        return presentUpload(after);
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/uploads/{id}/file',
      name: 'getUploadFile',
      tag: 'Uploads',
      summary: 'Download the file, with the names and numbers that are masked elsewhere',
      scope: 'documents',
      id: uploadId,
      answer: FileAnswer,
      produces: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'text/csv'],
      status: 200,
      problems: [uploadId.absent, 'upload_file_absent', 'upload_discarded'],
      handler: async ({ id, caller }) => {
        const upload = await load(id, caller);
        const { file } = upload;
        if (file === undefined) throw problem('upload_file_absent', { upload_id: id });
        const bytes = await store.uploads.file(upload, await timeOf(parts, caller));
        if (bytes === undefined) throw problem('upload_discarded', {});
        return { mediaType: file.mediaType, filename: file.name, bytes, sha256: file.sha256 };
      },
    }),
    endpoint({
      ...step,
      path: '/v1/uploads/{id}/confirmations',
      name: 'confirmUpload',
      summary: 'Confirm a file as the second person',
      description:
        'Where the connection’s setting `two_person` is on, results are taken after somebody other than who closed the upload has looked at its file: under another name, and with another API key. Where `persons_by` is `name`, the calling system vouches for the names, and one key may do both.',
      bodyExample: { actor: '人力资源部 钱某' },
      answerExample: {
        ...uploadExample,
        state: 'confirmed' as const,
        confirmed_by: '人力资源部 钱某',
        confirmed_at: '2026-11-26T03:00:00.000Z',
      },
      problems: [
        uploadId.absent,
        'upload_not_to_confirm',
        'upload_not_downloaded',
        'upload_same_person',
        'upload_same_key',
      ],
      handler: async ({ id, body: { actor }, caller }) => {
        const upload = await load(id, caller);
        const { state, twoPerson, people, downloadedAt } = upload;
        if (state !== 'closed' || !twoPerson) throw problem('upload_not_to_confirm', { state });
        if (downloadedAt === undefined) throw problem('upload_not_downloaded', { upload_id: id });
        const { closedBy = '', closedKey, personsBy = 'name' } = people;
        const first = { name: closedBy, ...(closedKey === undefined ? {} : { key: closedKey }) };
        const fault = secondPersonFault(first, { name: actor, key: caller.key.id }, personsBy);
        if (fault !== undefined) throw problem(`upload_${fault}`, {});
        const now = await timeOf(parts, caller);
        const confirmed = await store.uploads.confirm(upload, { ...people, confirmedBy: actor }, now);
        const after = await load(id, caller);
        if (!confirmed) throw problem('upload_not_to_confirm', { state: after.state });
        return presentUpload(after);
      },
    }),
    endpoint({
      ...step,
      path: '/v1/uploads/{id}/discard',
      name: 'discardUpload',
      summary: 'Discard a file that the agency did not take',
      description:
        'For a file that was refused as a whole, or never uploaded: its rows without a result are collected anew, and whose exit was cancelled is withdrawn. Only for a file of which nothing stands at the agency, else it would be filed twice: one with an accepted row is not discarded.',
      bodyExample: { actor: '人力资源部 赵某' },
      answerExample: {
        ...uploadExample,
        state: 'discarded' as const,
        discarded_by: '人力资源部 赵某',
        discarded_at: '2026-11-26T03:00:00.000Z',
      },
      problems: [
        uploadId.absent,
        'upload_file_absent',
        'upload_settled',
        'upload_partly_accepted',
        'upload_discarded',
        'busy',
      ],
      handler: async ({ id, body: { actor }, caller }) => {
        const upload = await load(id, caller);
        if (upload.state === 'open') throw problem('upload_file_absent', { upload_id: id });
        if (upload.state === 'settled') throw problem('upload_settled', {});
        const now = await timeOf(parts, caller);
        const people = { ...upload.people, discardedBy: actor };
        const done = await store.uploads.discard(upload, people, now);
        const after = await load(id, caller);
        if (after.state !== 'discarded') throw await notDiscarded(store, after);
        // Also what a request before this one left undone.
        await dropCancelled(parts, id, caller);
        if (!done) throw problem('upload_discarded', {});
        return presentUpload(after);
      },
    }),
  ];
}
