/**
 * A filing whose agency waits for our answer. Nobody asks about it of his own accord; where the agency said that something
 * has happened, it is looked up. Pure.
 */
import type { Filing, Settled, Step, StepResult } from './filing.ts';
import { same } from './same.ts';

/** What the agency asks for, without its words. */
export function correctionOf({
  code,
  fields,
  due,
}: Extract<StepResult, { kind: 'correction' }>): NonNullable<Filing['correction']> {
  return { code, fields: fields.map(({ field }) => field), ...(due === undefined ? {} : { due }) };
}

/**
 * What a look-up leaves as it is: the same is still asked for, which was told. `absent` as well: the agency has asked about
 * it, so that it had it, and the content that it did not want is not sent again; what it has lost, reconciliation finds.
 * @param calm the filing without its transport state. @returns undefined when the filing moves.
 */
export function stillAskedFor(step: Step, result: StepResult, calm: Filing): Settled | undefined {
  if (calm.state !== 'correction_requested' || step !== 'lookup') return undefined;
  const unmoved =
    result.kind === 'absent' ||
    // The adapter has no look-up: the news says nothing then.
    result.kind === 'manual' ||
    (result.kind === 'correction' && same(correctionOf(result), calm.correction));
  return unmoved ? { filing: { ...calm, attempts: 0, polls: 0 }, events: [] } : undefined;
}
