/** POST /v1/uploads/{id}/results: what the agency said of a file, row by row or as its result sheet. */
import { z } from 'zod';
import { personAt } from '../domain/exit-secret.ts';
import type { Person } from '../domain/facts.ts';
import { doubledReceipts } from '../domain/upload-receipts.ts';
import { enterResult, type FileRow, type Matched, matchResults } from '../domain/uploads.ts';
import { type Fault, faultAt } from '../faults.ts';
import { newSerial } from '../ids.ts';
import { problem } from '../problem.ts';
import type { StoredUpload, UploadRow } from '../store/uploads.ts';
import type { Caller } from './auth.ts';
import { changeExit } from './change.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { invalid } from './errors.ts';
import { fault, id, line, text } from './fields.ts';
import type { HttpParts } from './parts.ts';
import { timeOf } from './time.ts';
import { type Given, receiptFault, resultFault, sheetFault } from './upload-faults.ts';
import { presentUpload, UploadView, uploadExample, uploadRowExample } from './upload-view.ts';
import { loadUpload, uploadId } from './uploads.ts';

const receipt = line(64);
const result = z
  .strictObject({
    row: z.int().min(1).optional().meta({ description: 'As the file numbers it' }),
    serial: line(64).optional(),
    id_number: line(30).toUpperCase().optional(),
    receipt: receipt.optional().meta({ description: 'Accepted: the agency’s number' }),
    rejected: z
      .strictObject({ code: z.string().regex(/^[\w.-]{1,40}$/, fault('value_invalid')), message: text(2000) })
      .optional(),
  })
  .superRefine(({ row, serial, id_number, receipt, rejected }, context) => {
    if ([row, serial, id_number].filter((each) => each !== undefined).length !== 1)
      context.addIssue({ code: 'custom', message: fault('result_key') });
    if (receipt !== undefined && rejected !== undefined)
      context.addIssue({ code: 'custom', message: fault('result_both'), path: ['rejected'] });
  });

const ResultsDraft = z
  .strictObject({
    actor: line(200).meta({ description: 'Who brings the results' }),
    note: text(2000).optional(),
    receipt: receipt.optional().meta({
      description:
        'Of the whole file, for accepted rows that have no number of their own; where the connection’s setting `receipts` is `file`',
    }),
    rows: z.array(result).min(1).max(1000).optional(),
    sheet: z
      .base64(fault('base64_invalid'))
      .min(4)
      .transform((base64) => new Uint8Array(Buffer.from(base64, 'base64')))
      .optional()
      .meta({ description: 'The agency’s result sheet as it is, XLSX or CSV (UTF-8, GB 18030), in base64' }),
  })
  .superRefine(({ rows, sheet }, context) => {
    if ((rows === undefined) === (sheet === undefined))
      context.addIssue({ code: 'custom', message: fault('results_or_sheet') });
  })
  .meta({ id: 'UploadResultsDraft' });

const UploadResults = z
  .object({
    upload: UploadView,
    results: z.array(
      z.object({
        row: z.int(),
        filing_id: id('filing'),
        outcome: z.enum(['accepted', 'rejected', 'unchanged', 'moved_on']).meta({
          description:
            '`unchanged`: taken before; `moved_on`: nothing done, for the filing was settled by hand or filed anew',
        }),
      }),
    ),
  })
  .meta({ id: 'UploadResults' });
type Done = z.output<typeof UploadResults>['results'][number];

/** Exits that are changed at a time. */
const AT_A_TIME = 20;

export function uploadResultEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store, uploads } = parts;

  async function givenIn(
    body: z.output<typeof ResultsDraft>,
    connectionId: string,
  ): Promise<readonly Given[]> {
    if (body.sheet === undefined) return (body.rows ?? []).map(fromRow);
    const read = await uploads.read(connectionId, body.sheet);
    if (read.kind === 'faulty') throw invalid('body_invalid', read.faults.map(sheetFault));
    return read.results.map(({ line, ...each }) => ({
      ...each,
      pointer: '/sheet',
      where: { en: `Line ${line}`, zh: `第 ${line} 行` },
    }));
  }

  /** @throws Problem that says all that is wrong: nothing is taken then. */
  async function matchedIn(
    body: z.output<typeof ResultsDraft>,
    upload: StoredUpload,
  ): Promise<readonly Matched<FileRow>[]> {
    const { id, connectionId } = upload;
    const given = await givenIn(body, connectionId);
    const per = await uploads.receiptsPer(connectionId);
    const whole: Fault[] =
      per === 'row' && body.receipt !== undefined ? [faultAt('/receipt', 'receipt_per_row', {})] : [];
    const rows = (await store.uploads.rows(id)).map(fileRow);
    const asked = given.some(({ idNumber, name }) => idNumber !== undefined || name !== undefined);
    const persons = asked ? await personsOf(rows) : undefined;
    const { matched, faults } = matchResults(rows, given, {
      idNumberOf: ({ row }) => persons?.get(row)?.id_number.trim().toUpperCase() ?? '',
      nameOf: ({ row }) => persons?.get(row)?.name ?? '',
      ...(body.receipt === undefined ? {} : { receipt: body.receipt }),
    });
    const receipts = matched.flatMap(({ result }) => (result.kind === 'accepted' ? [result.receipt] : []));
    const carried = await store.uploads.carried(upload, receipts);
    const doubled = whole.length > 0 ? [] : doubledReceipts(rows, matched, { per, carried });
    const all = [
      ...whole,
      ...faults.map((each) => resultFault(given[each.at], each)),
      ...doubled.map((each) => receiptFault(given[each.at], each)),
    ];
    if (all.length > 0) throw invalid('body_invalid', all);
    return matched;
  }

  async function personsOf(rows: readonly FileRow[]): Promise<ReadonlyMap<number, Person>> {
    const found = await Promise.all(
      rows.map(async ({ row, exitId, factsRevision }) => {
        const stored = await store.exits.loadAny(exitId);
        return stored === undefined ? [] : [[row, personAt(stored.secret(), factsRevision)] as const];
      }),
    );
    return new Map(found.flat());
  }

  return [
    endpoint({
      method: 'post',
      path: '/v1/uploads/{id}/results',
      name: 'enterUploadResults',
      tag: 'Uploads',
      summary: 'Bring back what the agency said of a file',
      description:
        'Row by row, or as the agency’s result sheet. Rows may be missing: they come later. The same results again do nothing; with one that is at fault nothing is taken, and each fault says where it is. A receipt number that another filing of the connection has is at fault. What is accepted is settled as a receipt entered by hand, what is rejected is told with its code and the agency’s words.',
      scope: 'exits:write',
      id: uploadId,
      body: ResultsDraft,
      bodyExample: {
        actor: '人力资源部 赵某',
        rows: [
          { row: 1, receipt: 'SB-2026-11-000123' },
          { row: 2, rejected: { code: 'E1024', message: '该人员存在欠费，不予办理停保' } },
        ],
      },
      answer: UploadResults,
      answerExample: {
        upload: {
          ...uploadExample,
          state: 'settled' as const,
          counts: { ...uploadExample.counts, accepted: 1, waiting: 0 },
        },
        results: [{ row: 1, filing_id: uploadRowExample.filing_id, outcome: 'accepted' as const }],
      },
      status: 201,
      problems: [
        uploadId.absent,
        'upload_file_absent',
        'upload_discarded',
        'upload_not_confirmed',
        'exit_not_found',
        'busy',
      ],
      handler: async ({ id, body, caller }) => {
        const upload = await loadUpload(parts, id, caller);
        if (upload.state === 'open') throw problem('upload_file_absent', { upload_id: id });
        if (upload.state === 'discarded') throw problem('upload_discarded', {});
        if (upload.twoPerson && upload.confirmedAt === undefined)
          throw problem('upload_not_confirmed', { upload_id: id });
        const matched = await matchedIn(body, upload);
        const said = {
          uploadId: id,
          actor: body.actor,
          ...(body.note === undefined ? {} : { note: body.note }),
        };
        const results: Done[] = [];
        for (let from = 0; from < matched.length; from += AT_A_TIME)
          results.push(...(await enter(matched.slice(from, from + AT_A_TIME), said, caller)));
        return { upload: presentUpload(await loadUpload(parts, id, caller)), results };
      },
    }),
  ];

  /** The exits first: what is known of a row then follows, also when it is brought again because this ended in between. */
  async function enter(
    some: readonly Matched<FileRow>[],
    said: { readonly uploadId: string; readonly actor: string; readonly note?: string },
    caller: Caller,
  ): Promise<readonly Done[]> {
    const done = await Promise.all(
      some.map(async (each) => ({ each, outcome: await enterOne(each, said, caller) })),
    );
    const standing = done.filter(({ outcome }) => outcome !== 'moved_on').map(({ each }) => each);
    await store.uploads.settle(said.uploadId, standing, await timeOf(parts, caller));
    return done.map(({ each: { row }, outcome }) => ({ row: row.row, filing_id: row.filingId, outcome }));
  }

  async function enterOne(
    { row, result }: Matched<FileRow>,
    said: { readonly uploadId: string; readonly actor: string; readonly note?: string },
    caller: Caller,
  ): Promise<Done['outcome']> {
    if (row.settled !== undefined) return 'unchanged';
    let outcome: Done['outcome'] = result.kind;
    await changeExit(parts, row.exitId, caller, ({ exit }, now) => {
      const pursuit = { now, newSerial: () => newSerial(now), reachOf: parts.reachOf };
      const change = enterResult(exit, row, { ...said, result }, pursuit);
      outcome = change === 'known' ? 'unchanged' : change === 'moved_on' ? change : result.kind;
      return typeof change === 'string' ? { exit, events: [] } : change;
    });
    return outcome;
  }
}

const fromRow = (each: z.output<typeof result>, index: number): Given => ({
  ...(each.row === undefined ? {} : { row: each.row }),
  ...(each.serial === undefined ? {} : { serial: each.serial }),
  ...(each.id_number === undefined ? {} : { idNumber: each.id_number }),
  result:
    each.rejected === undefined
      ? { kind: 'accepted', ...(each.receipt === undefined ? {} : { receipt: each.receipt }) }
      : { kind: 'rejected', ...each.rejected },
  pointer: `/rows/${index}`,
  where: { en: 'This result', zh: '该结果' },
});

const fileRow = ({ outcome, receipt = '', code = '', ...row }: UploadRow): FileRow => ({
  ...row,
  ...(outcome === 'accepted' ? { settled: { kind: outcome, receipt } } : {}),
  ...(outcome === 'rejected' ? { settled: { kind: outcome, code, message: '' } } : {}),
});
