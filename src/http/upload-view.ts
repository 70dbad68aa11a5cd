/** An upload as it leaves, field by field; and its examples. */
import { z } from 'zod';
import { UPLOAD_STATES } from '../domain/uploads.ts';
import { FILING_KINDS } from '../domain/words.ts';
import type { StoredUpload, UploadRow, WaitingRow } from '../store/uploads.ts';
import { filingExample } from './examples.ts';
import { id, instant } from './fields.ts';

export const uploadState = z.enum(UPLOAD_STATES).meta({
  description:
    '`open` collects filings; `closed` has its file; `confirmed` by a second person; `settled` when no row waits for a result; `discarded` files do not count',
});

const fields = {
  id: id('upload'),
  connection_id: id('connection'),
  kind: z.enum(FILING_KINDS),
  month: z.string().meta({
    description: 'Of insurance: the month in which it ends. Of everything else: the month of the exit',
  }),
  employer_uscc: z.string(),
  state: uploadState,
  two_person: z
    .boolean()
    .nullable()
    .meta({ description: 'Results are taken after a second person’s confirmation; null while it is open' }),
  counts: z.object({ rows: z.int(), accepted: z.int(), rejected: z.int(), waiting: z.int() }),
  file: z.object({ name: z.string(), media_type: z.string(), size: z.int(), sha256: z.string() }).nullable(),
  closed_at: instant.nullable(),
  closed_by: z.string().nullable(),
  downloaded_at: instant.nullable().meta({ description: 'For the first time' }),
  confirmed_at: instant.nullable(),
  confirmed_by: z.string().nullable(),
  discarded_at: instant.nullable(),
  discarded_by: z.string().nullable(),
  created_at: instant,
};
export const UploadView = z.object(fields).meta({ id: 'Upload' });

export const UploadWithRows = z
  .object({
    ...fields,
    rows: z.array(
      z.object({
        row: z.int().nullable().meta({ description: 'In the file; null while it is open' }),
        filing_id: id('filing'),
        exit_id: id('exit'),
        serial: z.string(),
        state: z.enum(['waiting', 'accepted', 'rejected', 'moved_on', 'discarded']).meta({
          description: '`moved_on`: settled by hand, or filed anew under another serial',
        }),
        receipt: z.string().nullable(),
        code: z.string().nullable().meta({ description: 'Of a rejection' }),
        changed: z.enum(['amended', 'cancelled']).nullable().meta({
          description: 'What has become of the exit since the file was made: the agency does not know of it',
        }),
      }),
    ),
  })
  .meta({ id: 'UploadWithRows' });

const at = (instant: Date | undefined) => instant?.toISOString() ?? null;

export const presentUpload = (upload: StoredUpload): z.output<typeof UploadView> => ({
  id: upload.id,
  connection_id: upload.connectionId,
  kind: upload.kind,
  month: upload.month,
  employer_uscc: upload.employerUscc,
  state: upload.state,
  two_person: upload.file === undefined ? null : upload.twoPerson,
  counts: {
    rows: upload.counts.rows,
    accepted: upload.counts.accepted,
    rejected: upload.counts.rejected,
    waiting: upload.counts.waiting,
  },
  file:
    upload.file === undefined
      ? null
      : {
          name: upload.file.name,
          media_type: upload.file.mediaType,
          size: upload.file.size,
          sha256: upload.file.sha256,
        },
  closed_at: at(upload.closedAt),
  closed_by: upload.people.closedBy ?? null,
  downloaded_at: at(upload.downloadedAt),
  confirmed_at: at(upload.confirmedAt),
  confirmed_by: upload.people.confirmedBy ?? null,
  discarded_at: at(upload.discardedAt),
  discarded_by: upload.people.discardedBy ?? null,
  created_at: upload.createdAt.toISOString(),
});

type RowView = z.output<typeof UploadWithRows>['rows'][number];

export const presentWaiting = ({ filingId, exitId, serial }: WaitingRow): RowView => ({
  row: null,
  filing_id: filingId,
  exit_id: exitId,
  serial,
  state: 'waiting',
  receipt: null,
  code: null,
  changed: null,
});

export const presentRow = (row: UploadRow): RowView => ({
  row: row.row,
  filing_id: row.filingId,
  exit_id: row.exitId,
  serial: row.serial,
  state: row.outcome ?? (row.standing ? 'waiting' : 'moved_on'),
  receipt: row.receipt ?? null,
  code: row.code ?? null,
  changed: row.changed ?? null,
});

const example = filingExample.id.replace(/^fil_/, 'upl_');
const connection = filingExample.id.replace(/^fil_/, 'con_');

export const uploadExample: z.output<typeof UploadView> = {
  id: example,
  connection_id: connection,
  kind: 'insurance_stop',
  month: '2026-11',
  employer_uscc: '91110105MA001234X4',
  state: 'closed',
  two_person: true,
  counts: { rows: 1, accepted: 0, rejected: 0, waiting: 1 },
  file: {
    name: `insurance-stop-2026-11-${example}.xlsx`,
    media_type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    size: 6_742,
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  },
  closed_at: '2026-11-26T02:00:00.000Z',
  closed_by: '人力资源部 赵某',
  downloaded_at: null,
  confirmed_at: null,
  confirmed_by: null,
  discarded_at: null,
  discarded_by: null,
  created_at: '2026-11-25T02:00:00.000Z',
};

export const uploadRowExample: RowView = {
  row: 1,
  filing_id: filingExample.id,
  exit_id: filingExample.exit_id,
  serial: 'EG-01KDQ8R4V5E7YB2M9XW3HJ6NF1',
  state: 'waiting',
  receipt: null,
  code: null,
  changed: null,
};
