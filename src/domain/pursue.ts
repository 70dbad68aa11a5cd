/**
 * What an amended or cancelled exit asks of a filing: a new plan before it was sent, afterwards whatever the agency still
 * allows: an answer to its question, a withdrawal, or a person at its counter. Pure.
 */
import type { EventDraft } from './events.ts';
import type { Exit } from './exit.ts';
import type { Filing, FilingState } from './filing.ts';

/** The states of a filing in which its adapter can withdraw or amend it. */
export interface Reach {
  readonly withdraw: readonly FilingState[];
  readonly amend: readonly FilingState[];
  /** It sends nothing: its filings are collected, and go out in a file that a person uploads. */
  readonly collects?: boolean;
}

export interface Pursuit {
  readonly now: Date;
  readonly newSerial: () => string;
  readonly reachOf: (adapter: string) => Reach;
  /** A collected filing is in no file that somebody may have. Absent: it may be in one. */
  readonly inNoFile?: (filing: Filing) => boolean;
}

/** What is done about a filing, as it is told. */
export type Action =
  | 'none'
  /** Not sent yet: it goes out with what is true now. */
  | 'replanned'
  /** Under way: decided when it is known what the agency has. */
  | 'after_answer'
  | 'amended'
  | 'withdrawing'
  | 'withdrawn'
  /** Refused before: it goes out anew. */
  | 'refiled'
  | 'by_hand';

export interface Pursued {
  readonly filing: Filing;
  readonly events: readonly EventDraft[];
  readonly action: Action;
}

const CANCELLED = 'CANCELLED_AFTER_CONCLUSION';

type Goal = Pick<Exit, 'factsRevision' | 'cancelledAt'>;

/** @param inFlight the filing may be on its way at this moment: what is `due` and was claimed before is left alone. */
export function pursue(filing: Filing, exit: Goal, context: Pursuit, inFlight = false): Pursued {
  const { now } = context;
  const ending = exit.cancelledAt !== undefined;
  const stale = filing.factsRevision < exit.factsRevision;
  const is = (action: Action, next: Filing = filing, ...events: EventDraft[]): Pursued => ({
    filing: next,
    events,
    action,
  });
  if (!ending && !stale && !(filing.state === 'withdrawn' && filing.withdrawing?.to === 'refile'))
    return is('none');
  const anew = (via: Filing['via']): Filing => renewed(filing, exit.factsRevision, via, context);
  const reach = context.reachOf(filing.adapter);
  switch (filing.state) {
    case 'waiting':
      return ending
        ? is('withdrawn', gone(filing))
        : is('replanned', { ...filing, factsRevision: exit.factsRevision });
    case 'due': {
      if (inFlight && filing.preparedAt !== undefined) return is('after_answer');
      if (!ending) return is('replanned', anew(filing.via));
      // An answer to a correction that was not sent: the filing itself still stands at the agency.
      return filing.via === 'submit'
        ? is('withdrawn', gone(filing), ...(filing.preparedAt === undefined ? [] : [dropped(filing)]))
        : withdrawal({ ...filing, state: 'correction_requested' });
    }
    case 'unknown':
      return is('after_answer');
    case 'submitted':
    case 'in_review':
    case 'correction_requested':
      if (!ending && reach.amend.includes(filing.state)) return amended();
      return withdrawal(filing);
    case 'withdrawn':
      return ending ? is('none') : is('refiled', anew('submit'));
    case 'accepted':
    case 'verified':
      if (!ending && reach.amend.includes(filing.state)) return amended();
      return byHand(ending ? CANCELLED : 'AMENDED_AFTER_CONCLUSION');
    case 'rejected':
      return ending ? is('none') : is('refiled', anew('submit'));
    case 'manual':
      if (ending && reach.collects && neverLeft(filing) && context.inNoFile?.(filing))
        return is('withdrawn', gone(filing), dropped(filing));
      // Whoever has it in hand must know that it is now to be taken back.
      return ending && filing.lastError !== CANCELLED ? byHand(CANCELLED) : is('by_hand');
  }

  function amended(): Pursued {
    const next = anew('amend');
    const { id, kind, serial, revision, receipt = null } = next;
    const data = { filing_id: id, kind, serial, revision, receipt, supplements: [] };
    return is('amended', next, { type: 'filing.amended', data });
  }

  function withdrawal(from: Filing): Pursued {
    const to = ending ? 'end' : 'refile';
    const { withdrawing } = from;
    if (withdrawing?.stage === 'asked' || withdrawing?.stage === 'doubt') {
      // Nothing is looked up of itself in this state: there it is simply asked for again.
      const stage = from.state === 'correction_requested' ? 'asked' : withdrawing.stage;
      return is('withdrawing', { ...from, withdrawing: { to, stage } });
    }
    if (withdrawing === undefined && reach.withdraw.includes(from.state))
      return is('withdrawing', { ...from, withdrawing: { to, stage: 'asked' }, attempts: 0, nextAt: now });
    // The agency does not let go of it any more: it is followed to its conclusion, unless it waits for our answer.
    return from.state === 'correction_requested' ? byHand('WITHDRAWAL_REFUSED') : is('after_answer', from);
  }

  function byHand(reason: string): Pursued {
    const { nextAt: _next, withdrawing: _withdrawing, ...calm } = filing;
    const event: EventDraft = {
      type: 'filing.manual_required',
      data: {
        filing_id: filing.id,
        kind: filing.kind,
        serial: filing.serial,
        receipt: filing.receipt ?? null,
        reason,
      },
    };
    return is('by_hand', { ...calm, state: 'manual', lastError: reason }, event);
  }
}

/** Nothing has come of it at the agency: no number, and no difference that somebody has to settle there. */
const neverLeft = ({ receipt, lastError }: Filing): boolean =>
  receipt === undefined && (lastError === undefined || lastError === CANCELLED);

/** It was on its way and never arrived: told, because it was not yet when the exit was cancelled. */
const dropped = ({ id, kind, serial }: Filing): EventDraft => ({
  type: 'filing.withdrawn',
  data: { filing_id: id, kind, serial, receipt: null, to: 'end' },
});

/** Nothing of it was ever sent, or the agency gave it back. */
function gone(filing: Filing): Filing {
  const { nextAt: _next, lastError: _error, heldSince: _held, ...calm } = filing;
  return { ...calm, state: 'withdrawn' };
}

/**
 * To go out anew with the newest facts: an answer to a correction at once, a filing of its own when those it comes after are
 * verified. What may have left us under the old serial never changes: whatever was claimed once gets
 * a new revision and a new serial; an answer to a correction always does (agencies tell revisions apart by the serial).
 */
export function renewed(
  filing: Filing,
  factsRevision: number,
  via: Filing['via'],
  { now, newSerial }: Pick<Pursuit, 'now' | 'newSerial'>,
): Filing {
  const {
    preparedAt,
    nextAt: _next,
    lastError: _error,
    heldSince: _held,
    correction: _asked,
    attachments: _documents,
    withdrawing: _w,
    receipt,
    previousSerial,
    ...calm
  } = filing;
  const untouched = preparedAt === undefined && via === filing.via;
  // An answer that is still to be sent has not arrived: what the agency has is what it had before.
  const amended = filing.state === 'due' ? previousSerial : filing.serial;
  return {
    ...calm,
    ...(untouched ? {} : { revision: filing.revision + 1, serial: newSerial() }),
    ...(via === 'amend' && receipt !== undefined ? { receipt } : {}),
    ...(via === 'amend' && amended !== undefined ? { previousSerial: amended } : {}),
    via,
    factsRevision,
    attempts: 0,
    polls: 0,
    ...(via === 'submit' && filing.after.length > 0 ? { state: 'waiting' } : { state: 'due', nextAt: now }),
  };
}

/** What was done about each filing, as events tell it. */
export const toldActions = (pursued: readonly Pick<Pursued, 'filing' | 'action'>[]) =>
  pursued
    .filter(({ action }) => action !== 'none')
    .map(({ filing, action }) => ({ filing_id: filing.id, kind: filing.kind, action }));
