/** What each call may answer, as schemas: an adapter of another repository is held to the contract by its values, not by its types. */
import { z } from 'zod';
import { FILING_KINDS } from '../../src/domain/words.ts';
import type { Adapter } from '../adapter.ts';

const text = z.string().regex(/\S/, 'must not be blank');
const code = z.string().regex(/^\S{1,60}$/, 'must be a word');
const receipt = z.string().regex(/^\S(.{0,98}\S)?$/, 'must be the number that the agency gave');
const day = z.iso.date();
const wait = z.number().nonnegative();
const bytes = z.instanceof(Uint8Array);
const symptom = z.enum(['unreachable', 'maintenance', 'busy', 'address']).optional();

const setbacks = [
  z.strictObject({
    kind: z.literal('retry'),
    reason: text,
    after: wait.optional(),
    symptom,
    codes: z.literal('outdated').optional(),
  }),
  z.strictObject({ kind: z.literal('hold'), reason: text, until: z.date().optional(), symptom }),
  z.strictObject({ kind: z.literal('unsure'), reason: text, symptom }),
] as const;

const outcomes = [
  z.strictObject({ kind: z.literal('accepted'), receipt, document: bytes.optional() }),
  z.strictObject({
    kind: z.literal('pending'),
    receipt,
    stage: z.enum(['received', 'in_review']),
    pollAfter: z.number().positive().optional(),
  }),
  z.strictObject({
    kind: z.literal('correction'),
    receipt: receipt.optional(),
    code,
    message: z.string(),
    fields: z.array(z.strictObject({ field: text, message: z.string() })),
    due: day.optional(),
  }),
  z.strictObject({
    kind: z.literal('refused'),
    receipt: receipt.optional(),
    code,
    message: z.string(),
  }),
  z.strictObject({ kind: z.literal('manual'), instructions: text }),
  ...setbacks,
] as const;

const outcome = z.discriminatedUnion('kind', outcomes);
const pages = <T extends z.ZodType>(entry: T) =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('page'), entries: z.array(entry), next: text.optional() }),
    ...setbacks,
  ]);
const listedPerson = z.strictObject({ name: text.optional(), id_number: text });
const kind = z.enum(FILING_KINDS);
const pingChecks = z
  .array(
    z.strictObject({
      subject: z.enum(['address', 'certificate', 'session', 'clock', 'unit']),
      ok: z.boolean(),
      message: text,
    }),
  )
  .refine((all) => all.some(({ subject }) => subject === 'address'), 'must say whether the address answers');
const answer = z.strictObject({
  status: z.int().min(200).max(599),
  contentType: text,
  body: z.string(),
});

const SHAPES = {
  submit: outcome,
  amend: outcome,
  withdraw: outcome,
  lookup: z.discriminatedUnion('kind', [...outcomes, z.strictObject({ kind: z.literal('absent') })]),
  readBack: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('agrees') }),
    z.strictObject({ kind: z.literal('differs'), reason: text }),
    ...setbacks,
  ]),
  ping: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('up'), message: text, checks: pingChecks }),
    z.strictObject({
      kind: z.literal('down'),
      reason: text,
      symptom,
      until: z.date().optional(),
      after: wait.optional(),
      checks: pingChecks,
    }),
  ]),
  list: pages(
    z.strictObject({
      serial: text.optional(),
      receipt,
      kind,
      state: z.enum(['in_review', 'correction_requested', 'accepted', 'rejected', 'withdrawn']),
      person: listedPerson,
      exitDate: day.optional(),
    }),
  ),
  roster: pages(z.strictObject({ kind, person: listedPerson, since: day.optional() })),
  inquire: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('answered'),
      receipt: receipt.optional(),
      clear: z.boolean(),
      facts: z.array(z.strictObject({ code: text, text, date: day.optional() })),
    }),
    z.strictObject({ kind: z.literal('refused'), code, message: z.string() }),
    ...setbacks,
  ]),
  parseCallback: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('news'),
      id: text,
      sentAt: z.date(),
      about: z
        .array(z.strictObject({ serial: text.optional(), receipt: receipt.optional() }))
        .min(1)
        .refine((all) => all.every((each) => each.serial ?? each.receipt), 'must name what to look up'),
      answer,
    }),
    z.strictObject({ kind: z.literal('refused'), reason: text, answer }),
  ]),
  codes: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('codes'),
      tables: z
        .array(
          z.strictObject({
            name: text,
            version: text,
            entries: z
              .record(text, text)
              .refine((entries) => Object.keys(entries).length > 0, 'must have entries'),
          }),
        )
        .min(1),
    }),
    ...setbacks,
  ]),
} as const satisfies Record<Exclude<keyof Adapter, 'upload'>, z.ZodType>;

export type Method = keyof typeof SHAPES;
export const METHODS = Object.keys(SHAPES) as readonly Method[];

/** What is wrong with an answer, without a word of its own: it may hold what nobody may see. */
export function shapeFaults(method: Method, value: unknown): string[] {
  const read = SHAPES[method].safeParse(value);
  return read.success
    ? []
    : read.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'it'}: ${message}`);
}
