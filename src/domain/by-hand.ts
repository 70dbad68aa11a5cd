/** What a person does for a filing: answers an agency's request for corrections, or enters what was settled at a counter. Pure. */
import { type Change, type Exit, judged, withFilings } from './exit.ts';
import type { Filing } from './filing.ts';
import { type Pursuit, renewed } from './pursue.ts';
import type { Supplement } from './supplements.ts';

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

/** Takes what a person settled at the agency. What was filed is read back like any other filing. */
export function enterReceipt(
  exit: Exit,
  filingId: string,
  { outcome, receipt, actor, note }: EnteredReceipt,
  now: Date,
): Change | 'not_manual' {
  const filing = find(exit, filingId);
  if (filing.state !== 'manual') return 'not_manual';
  const { lastError: _error, withdrawing: _withdrawing, heldSince: _held, ...calm } = filing;
  const known = receipt === undefined ? {} : { receipt };
  const next: Filing =
    outcome === 'withdrawn'
      ? { ...calm, ...known, state: 'withdrawn' }
      : {
          ...calm,
          ...known,
          state: 'accepted',
          factsRevision: exit.factsRevision,
          attempts: 0,
          polls: 0,
          nextAt: now,
        };
  return judged(exit, withFilings(exit, next, now), [
    {
      type: outcome === 'withdrawn' ? 'filing.withdrawn' : 'filing.accepted',
      data: {
        filing_id: filing.id,
        kind: filing.kind,
        serial: filing.serial,
        receipt: next.receipt ?? null,
        entered_by_hand: true,
      },
      personal: { actor, ...(note === undefined ? {} : { note }) },
    },
  ]);
}

function find(exit: Exit, filingId: string): Filing {
  const filing = exit.filings.find(({ id }) => id === filingId);
  if (filing === undefined) throw new Error(`filing ${filingId} is not of exit ${exit.id}`);
  return filing;
}
