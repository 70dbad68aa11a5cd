/**
 * A second look at a filing that has ended, because its agency says that something has happened to it. What was told is not
 * taken back: where the agency says otherwise now, that is a finding, as reconciliation has them. Pure.
 */
import type { Exit } from './exit.ts';
import type { Filing, Step, StepResult } from './filing.ts';
import type { Finding, TheirState } from './findings.ts';
import { restsThere, stateIdentity } from './reconcile.ts';
import { WITHDRAWN } from './withdrawal.ts';

/** Then its silence is left to the night's comparison. */
const MOST_QUESTIONS = 10;

export const isEnded = ({ state }: Pick<Filing, 'state'>): boolean =>
  state === 'verified' || state === 'rejected' || state === 'withdrawn';

/** The filing after a look-up, in the state it ended in. A question that stays unanswered is given up: reconciliation asks. */
export function lookedAgain(
  filing: Filing,
  step: Step,
  result: StepResult,
  { again, unheard }: { readonly again: Date; readonly unheard: Pick<Filing, 'nextAt'> },
): Filing {
  if (step !== 'lookup' || filing.nextAt === undefined) return filing;
  const { nextAt: _next, heldSince: _held, ...calm } = filing;
  const attempts = filing.attempts + 1;
  const unanswered = result.kind === 'retry' || result.kind === 'hold' || result.kind === 'unsure';
  if (!unanswered || attempts >= MOST_QUESTIONS) return { ...calm, attempts: 0, ...unheard };
  const until = result.kind === 'hold' ? result.until : undefined;
  return { ...calm, attempts, nextAt: until !== undefined && until > again ? until : again };
}

/** The state that a look-up tells, in the words of a list; what is not there only a whole list can tell. */
function theirState(result: StepResult): TheirState | undefined {
  switch (result.kind) {
    case 'accepted':
      return 'accepted';
    case 'pending':
      return 'in_review';
    case 'correction':
      return 'correction_requested';
    case 'refused':
      return result.code === WITHDRAWN ? 'withdrawn' : 'rejected';
    default:
      return undefined;
  }
}

export interface SecondLook {
  readonly identity: string;
  /** Without whom it is about; absent: both say the same. */
  readonly finding?: Omit<Finding, 'person'>;
}

/** @returns undefined where nothing can be said: it has not ended, or the question was not answered. */
export function secondLook(
  exit: Pick<Exit, 'id'>,
  filing: Filing,
  on: string,
  result: StepResult,
): SecondLook | undefined {
  const theirs = isEnded(filing) ? theirState(result) : undefined;
  if (theirs === undefined) return undefined;
  const identity = stateIdentity(filing.id);
  if (restsThere(filing.state, theirs) !== false) return { identity };
  const receipt = ('receipt' in result ? result.receipt : undefined) ?? filing.receipt;
  return {
    identity,
    finding: {
      kind: 'state_differs',
      filingKind: filing.kind,
      identity,
      exitId: exit.id,
      filingId: filing.id,
      on,
      ours: filing.state,
      theirs,
      ...(receipt === undefined ? {} : { receipt }),
    },
  };
}
