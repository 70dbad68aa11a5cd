/** What a person does for a filing: answers an agency's request for corrections, or enters what was settled at a counter. Pure. */
import type { Change, Exit } from './exit.ts';
import { judged, withFilings } from './exit-course.ts';
import type { Supplement } from './exit-secret.ts';
import { ATTENTION_AFTER_ATTEMPTS, type Filing } from './filing.ts';
import { type Pursuit, renewed } from './pursue.ts';

export interface CorrectionAnswer {
  readonly actor: string;
  readonly note?: string;
  readonly supplements: readonly Supplement[];
}

/** Files a correction's answer as the next revision: the whole content anew, under a new serial, with what was asked for. */
export function answerCorrection(
  exit: Exit,
  filingId: string,
  { actor, note, supplements }: CorrectionAnswer,
  context: Pursuit,
): Change | 'not_asked' | 'cannot_amend' {
  const filing = find(exit, filingId);
  if (filing.state !== 'correction_requested' || filing.withdrawing !== undefined) return 'not_asked';
  if (!context.reachOf(filing.adapter).amend.includes(filing.state)) return 'cannot_amend';
  const next = renewed(filing, exit.factsRevision, 'amend', context);
  const { revision, serial } = next;
  const said = { actor, ...(note === undefined ? {} : { note }) };
  return {
    ...judged(exit, withFilings(exit, next, context.now), [
      {
        type: 'filing.amended',
        data: {
          filing_id: filing.id,
          kind: filing.kind,
          serial,
          revision,
          receipt: filing.receipt ?? null,
          supplements: supplements.map(({ kind }) => kind),
        },
        personal: { ...said, titles: supplements.map(({ title }) => title) },
      },
    ]),
    secret: (before) => ({
      ...before,
      answers: [...before.answers, { filingId, revision, ...said, supplements }],
    }),
  };
}

export interface EnteredReceipt {
  /** What happened at the counter. */
  readonly outcome: 'filed' | 'withdrawn';
  readonly receipt?: string;
  readonly actor: string;
  readonly note?: string;
}

/**
 * Takes what a person settled at the agency. What was filed is read back like any other filing; what was withdrawn there is
 * filed anew with the newest facts, unless the exit is cancelled: else nobody would ever file it.
 */
export function enterReceipt(
  exit: Exit,
  filingId: string,
  { outcome, receipt, actor, note }: EnteredReceipt,
  context: Pursuit,
): Change | 'not_manual' | 'exit_cancelled' {
  const { now } = context;
  const filing = find(exit, filingId);
  if (!inHand(filing, context)) return 'not_manual';
  // What is filed now would have to be taken back at once.
  if (outcome === 'filed' && exit.cancelledAt !== undefined) return 'exit_cancelled';
  const {
    lastError: _error,
    withdrawing: _withdrawing,
    heldSince: _held,
    correction: _asked,
    // A look-up that is still ahead: what it would ask is settled.
    nextAt: _next,
    ...calm
  } = filing;
  const known: Filing = { ...calm, ...(receipt === undefined ? {} : { receipt }) };
  const { factsRevision } = exit;
  const to = exit.cancelledAt === undefined ? 'refile' : 'end';
  const filed: Filing = {
    ...known,
    state: 'accepted',
    factsRevision,
    attempts: 0,
    polls: 0,
    nextAt: now,
  };
  const withdrawn: Filing =
    to === 'end' ? { ...known, state: 'withdrawn' } : renewed(known, factsRevision, 'submit', context);
  const next = outcome === 'withdrawn' ? withdrawn : filed;
  return judged(exit, withFilings(exit, next, now), [
    {
      type: outcome === 'withdrawn' ? 'filing.withdrawn' : 'filing.accepted',
      data: {
        filing_id: filing.id,
        kind: filing.kind,
        serial: filing.serial,
        receipt: known.receipt ?? null,
        ...(outcome === 'withdrawn' ? { to } : {}),
        entered_by_hand: true,
      },
      personal: { actor, ...(note === undefined ? {} : { note }) },
    },
  ]);
}

/**
 * A correction that its adapter cannot answer is settled at the counter as well, and so is a doubt that no look-up has
 * resolved by the time a person was told of it.
 */
const inHand = ({ state, adapter, withdrawing, attempts }: Filing, { reachOf }: Pursuit): boolean =>
  state === 'manual' ||
  (state === 'unknown' && attempts >= ATTENTION_AFTER_ATTEMPTS) ||
  (state === 'correction_requested' && withdrawing === undefined && !reachOf(adapter).amend.includes(state));

function find(exit: Exit, filingId: string): Filing {
  const filing = exit.filings.find(({ id }) => id === filingId);
  if (filing === undefined) throw new Error(`filing ${filingId} is not of exit ${exit.id}`);
  return filing;
}
