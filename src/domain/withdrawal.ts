/** What an agency's answer to a withdrawal makes of a filing; whatever else came of it is settled as for any call. Pure. */
import type { Filing, Settled, Step, StepResult } from './filing.ts';

/** An adapter's word, in `refused`, for a filing that was withdrawn before: `lookup` says it. */
export const WITHDRAWN = 'WITHDRAWN';

interface Means {
  readonly now: Date;
  /** The filing without its transport state. */
  readonly calm: Filing;
  /** When to try again. */
  readonly again: Date;
  readonly about: Readonly<Record<string, unknown>>;
}

/** @returns undefined when the answer is none about a withdrawal. */
export function settleWithdrawal(
  step: Step,
  result: StepResult,
  { now, calm, again, about }: Means,
): Settled | undefined {
  const { withdrawing } = calm;
  if (withdrawing === undefined) return undefined;
  const fresh: Filing = { ...calm, attempts: 0, polls: 0 };
  const withdrawn = (receipt: string | undefined): Settled => ({
    filing: { ...fresh, state: 'withdrawn' },
    events: [
      {
        type: 'filing.withdrawn',
        data: { ...about, receipt: receipt ?? calm.receipt ?? null, to: withdrawing.to },
      },
    ],
  });
  if (result.kind === 'refused' && result.code === WITHDRAWN) return withdrawn(result.receipt);
  if (step !== 'withdraw') return undefined;
  switch (result.kind) {
    case 'accepted':
      return withdrawn(result.receipt);
    case 'pending':
      return { filing: { ...fresh, nextAt: again }, events: [] };
    case 'refused':
    case 'correction':
    case 'manual': {
      const code = result.kind === 'manual' ? 'MANUAL_ONLY' : result.code;
      const refused: Filing = { ...fresh, withdrawing: { ...withdrawing, stage: 'refused' } };
      return {
        filing: calm.state === 'correction_requested' ? refused : { ...refused, nextAt: now },
        events: [{ type: 'filing.withdrawal_refused', data: { ...about, code } }],
      };
    }
    case 'unsure':
      return {
        filing: {
          ...calm,
          attempts: calm.attempts + 1,
          withdrawing: { ...withdrawing, stage: 'doubt' },
          // In a state that is looked up, so that it is known before it is asked for again.
          ...(calm.state === 'correction_requested' ? { state: 'in_review' as const } : {}),
          nextAt: again,
          lastError: result.reason,
        },
        events: [],
      };
    default:
      return undefined;
  }
}

/** The filing still stands, as a look-up has shown: the withdrawal is asked for again, at once. */
export function stillAsked({ filing, events }: Settled, now: Date): Settled {
  const { withdrawing, state } = filing;
  const open = state === 'submitted' || state === 'in_review' || state === 'correction_requested';
  if (!open || withdrawing === undefined || withdrawing.stage === 'refused') return { filing, events };
  return { filing: { ...filing, withdrawing: { ...withdrawing, stage: 'asked' }, nextAt: now }, events };
}
