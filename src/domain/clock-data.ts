/** The statutory clocks as dated data (profiles/statutes/clocks.yaml): what runs, from when, how long, and by which law. */
import { z } from 'zod';
import { EXIT_REASONS, FILING_KINDS } from './words.ts';

/** What a clock is about: a filing, or a duty of the employer that is no filing. */
export const CLOCK_SUBJECTS = [
  ...FILING_KINDS,
  'notice',
  'certificate',
  'archive_transfer',
  'housing_fund',
  'contract_text',
  'non_compete',
  'credit_query_log',
] as const;
export type ClockSubject = (typeof CLOCK_SUBJECTS)[number];

/** The dates a clock may start from; the day itself is not counted (Civil Code §201). */
export const CLOCK_STARTS = ['exit_date', 'notice_date', 'query_date', 'unpaid_since'] as const;
export type ClockStart = (typeof CLOCK_STARTS)[number];

const Words = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) });

export const Clock = z
  .strictObject({
    /** The same rule in another region or of another date has the same id. */
    id: z.string().regex(/^[a-z][a-z0-9_]*$/),
    title: Words,
    applies_to: z.array(z.enum(CLOCK_SUBJECTS)).min(1),
    /** The exit reasons it runs for; absent: all. */
    reasons: z.array(z.enum(EXIT_REASONS)).min(1).optional(),
    /** `act_by`: overdue afterwards. `ends`: something ends by itself then. `keep_until`: a record is kept at least so long. */
    sense: z.enum(['act_by', 'ends', 'keep_until']),
    starts: z.enum(CLOCK_STARTS),
    length: z.int().nonnegative(),
    /** Calendar days, working days, or months (Civil Code §202: the same day of the month, else its last). */
    unit: z.enum(['calendar', 'working', 'months']),
    /** `statutory_holiday`: a last day on one moves to the day after the holiday (Civil Code §203). */
    roll: z.enum(['none', 'statutory_holiday']),
    /** The agency's closing time, China Standard Time; absent: the day's end (Civil Code §203). */
    closes: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .optional(),
    basis: Words,
    /** L: read in the statute's text. S: read in a public source. M: our own mapping. */
    provenance: z.enum(['L', 'S', 'M']),
    /** GB/T 2260 prefix of two, four or six digits; empty: the whole country. */
    region: z
      .string()
      .regex(/^(\d{2}){0,3}$/, 'two, four or six digits, or empty for the whole country')
      .refine((code) => !code.endsWith('00'), 'a prefix: write 44 for the province, not 440000'),
    effective_from: z.iso.date(),
  })
  .superRefine((clock, context) => {
    // What ends by itself, or must be kept, ends on its date: no agency's opening day is waited for.
    if (clock.sense !== 'act_by' && clock.roll !== 'none')
      context.addIssue({ code: 'custom', path: ['roll'], message: `${clock.sense} does not roll: none` });
    if (clock.unit === 'working' && clock.roll !== 'none')
      context.addIssue({
        code: 'custom',
        path: ['roll'],
        message: 'a count of working days ends on a working day: none',
      });
    if (clock.sense !== 'act_by' && clock.unit === 'working')
      context.addIssue({
        code: 'custom',
        path: ['unit'],
        message: `${clock.sense} runs in calendar days or months`,
      });
  });
export type Clock = z.infer<typeof Clock>;

export const ClockTable = z.strictObject({
  clocks: z
    .array(Clock)
    .min(1)
    .superRefine((clocks, context) => {
      const seen = new Set<string>();
      for (const [index, { id, region, effective_from }] of clocks.entries()) {
        const key = `${id} ${region} ${effective_from}`;
        if (seen.has(key))
          context.addIssue({
            code: 'custom',
            path: [index, 'id'],
            message: `${id} is listed twice for region "${region}" from ${effective_from}`,
          });
        seen.add(key);
      }
    }),
});
export type ClockTable = z.infer<typeof ClockTable>;
