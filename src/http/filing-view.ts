/** A filing as it leaves, field by field. */
import { z } from 'zod';
import { FILING_STATES, type Filing } from '../domain/filing.ts';
import { FILING_KINDS } from '../domain/words.ts';
import type { AttemptSummary } from '../store/filings.ts';
import { id, instant } from './fields.ts';

const CorrectionView = z.object({
  code: z.string(),
  fields: z.array(z.string()).readonly(),
  due: z
    .string()
    .nullable()
    .meta({ description: 'By when; its end is told as those of the statutory limits are' }),
});

/** With the agency's own words, which may name the person: where one filing is looked at, not in lists. */
export const CorrectionInWords = CorrectionView.extend({
  message: z.string().nullable().meta({ description: 'Why, in the words of the agency' }),
  field_messages: z.array(z.object({ field: z.string(), message: z.string() })).readonly(),
});

/** As the event has them that told of the correction. */
const words = z.object({
  message: z.string(),
  field_messages: CorrectionInWords.shape.field_messages,
});

export function presentCorrection(
  correction: FilingView['correction'],
  told: Readonly<Record<string, unknown>> | undefined,
): z.output<typeof CorrectionInWords> | null {
  if (correction === null) return null;
  const said = words.safeParse(told).data;
  return { ...correction, message: said?.message ?? null, field_messages: said?.field_messages ?? [] };
}

export const FilingView = z
  .object({
    id: id('filing'),
    exit_id: id('exit'),
    kind: z.enum(FILING_KINDS),
    agency: z.string().meta({ description: 'The adapter that files it' }),
    connection_id: id('connection').meta({ description: 'The connection that it goes by' }),
    state: z.enum(FILING_STATES),
    serial: z
      .string()
      .meta({ description: 'Our number at the agency, the same at every resend of a revision' }),
    revision: z.int(),
    receipt: z.string().nullable().meta({ description: "The agency's number" }),
    attempts: z.int().meta({ description: 'Fruitless calls since the filing last got anywhere' }),
    next_attempt_at: instant.nullable(),
    deadline: z.string().meta({ format: 'date', description: 'The statutory limit' }),
    held_since: instant.nullable().meta({ description: 'Since when the agency has been closed to us' }),
    last_error: z.string().nullable(),
    withdrawing: z
      .object({ to: z.enum(['refile', 'end']), stage: z.enum(['asked', 'doubt', 'refused']) })
      .nullable()
      .meta({
        description: 'It is to be taken back, to be filed anew or for good, and how far that has come',
      }),
    correction: CorrectionView.nullable().meta({ description: 'What the agency asks for before it decides' }),
  })
  .meta({ id: 'Filing' });
export type FilingView = z.output<typeof FilingView>;

export function presentFiling(exitId: string, filing: Filing): FilingView {
  const { correction } = filing;
  return {
    id: filing.id,
    exit_id: exitId,
    kind: filing.kind,
    agency: filing.adapter,
    connection_id: filing.connectionId,
    state: filing.state,
    serial: filing.serial,
    revision: filing.revision,
    receipt: filing.receipt ?? null,
    attempts: filing.attempts,
    next_attempt_at: filing.nextAt?.toISOString() ?? null,
    deadline: filing.deadline,
    held_since: filing.heldSince?.toISOString() ?? null,
    last_error: filing.lastError ?? null,
    withdrawing:
      filing.withdrawing === undefined
        ? null
        : { to: filing.withdrawing.to, stage: filing.withdrawing.stage },
    correction:
      correction === undefined
        ? null
        : { code: correction.code, fields: correction.fields, due: correction.due ?? null },
  };
}

export const AttemptView = z
  .object({
    id: id('attempt'),
    step: z.string().meta({
      description:
        'submit, amend, withdraw, lookup or readBack; `wait` when no call was made because the agency is closed; `callback` when the agency told of its own accord',
    }),
    outcome: z.string(),
    reason: z.string().nullable(),
    started_at: instant,
    ended_at: instant,
    message_hashes: z
      .array(z.string())
      .readonly()
      .meta({ description: 'SHA-256 of each message sent and received, in order' }),
  })
  .meta({ id: 'Attempt' });

export function presentAttempt(attempt: AttemptSummary): z.output<typeof AttemptView> {
  return {
    id: attempt.id,
    step: attempt.step,
    outcome: attempt.outcome,
    reason: attempt.reason ?? null,
    started_at: attempt.startedAt.toISOString(),
    ended_at: attempt.endedAt.toISOString(),
    message_hashes: attempt.hashes,
  };
}
