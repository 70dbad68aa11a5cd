/**
 * What an adapter's answer makes of a filing: the next business state, when to go on, and what is told. Transport state
 * (attempts, next attempt) lies beside the business state and never decides it. Pure: time and chance are arguments.
 */
import { backoff } from './backoff.ts';
import { answerRefused, correctionOf, lookUpAfter, stillAskedFor, stillInHand } from './correction.ts';
import { type Sent, trail } from './doubt.ts';
import type { EventDraft } from './events.ts';
import type { Filing, FilingState, Settled, Step, StepResult } from './filing.ts';
import { isEnded, lookedAgain } from './second-look.ts';
import { settleWithdrawal, stillAsked } from './withdrawal.ts';

const SECOND = 1000;
const FIRST_POLL_MS = SECOND;
const LONGEST_POLL_MS = 900 * SECOND;
const HOLD_MS = 300 * SECOND;
/** A doubtful filing is asked after soon: the sooner it is known, the fewer hold their breath. */
const LOOKUP_AFTER_UNSURE_MS = SECOND;

export interface SettleContext {
  readonly now: Date;
  readonly random: number;
  readonly canLookUp: boolean;
  readonly canReadBack: boolean;
  /** How much news of it there was when the call began: what has come since, the answer may not know of. */
  readonly heard?: number;
  /** What the call sent, where this worker knows it. */
  readonly sent?: Sent;
  /** Between two tries; an hour unless told otherwise. */
  readonly longestRetryMs?: number;
  /** It was held before its first call: what a claim fixes (time, attachments) is fixed again by the next. */
  readonly unsent?: boolean;
}

/**
 * What an adapter's answer makes of a filing. `canLookUp` says whether the adapter has `lookup`:
 * without it a doubtful filing needs a person, and a pending one cannot be followed.
 */
export function settle(filing: Filing, step: Step, result: StepResult, context: SettleContext): Settled {
  const { now, random } = context;
  const in_ = (milliseconds: number) => new Date(now.getTime() + milliseconds);
  const retryMs = (attempts: number) => backoff(attempts, random, undefined, context.longestRetryMs);
  const again = in_(retryMs(filing.attempts + 1));
  /** The answer may not know of it, and who waits for us is asked about by nobody else. */
  const unheard = filing.news > (context.heard ?? filing.news) ? { nextAt: now } : {};
  // Nothing that comes late moves a filing that has ended.
  if (isEnded(filing)) return { filing: lookedAgain(filing, step, result, { again, unheard }), events: [] };
  const { id, kind, serial, revision } = filing;
  const about = { filing_id: id, kind, serial, revision };
  const { nextAt: _next, lastError: _error, heldSince: _held, ...calm } = filing;
  /** A new business state: the transport's counters start again. */
  const { correction: _asked, ...moving } = calm;
  const become = (state: FilingState, change: Partial<Filing>, ...events: EventDraft[]): Settled => ({
    filing: { ...moving, state, attempts: 0, polls: 0, ...change },
    events,
  });
  const withdrawal = settleWithdrawal(step, result, { now, calm, again, about });
  if (withdrawal !== undefined) return withdrawal;
  const unmoved = stillAskedFor(step, result, calm, now) ?? stillInHand(step, result, filing);
  if (unmoved !== undefined) return { ...unmoved, filing: { ...unmoved.filing, ...unheard } };
  const sends = step === 'submit' || step === 'amend';

  switch (result.kind) {
    case 'accepted': {
      const accepted: EventDraft = { type: 'filing.accepted', data: { ...about, receipt: result.receipt } };
      if (context.canReadBack) return become('accepted', { receipt: result.receipt, nextAt: now }, accepted);
      const verified: EventDraft = {
        type: 'filing.verified',
        data: { ...about, receipt: result.receipt, read_back: false },
      };
      return become('verified', { receipt: result.receipt }, accepted, verified);
    }
    case 'agrees':
      return become(
        'verified',
        {},
        {
          type: 'filing.verified',
          data: { ...about, receipt: filing.receipt, read_back: context.canReadBack },
        },
      );
    case 'pending': {
      const state = result.stage === 'in_review' ? 'in_review' : 'submitted';
      const polls = state === filing.state ? filing.polls + 1 : 1;
      const pollMs =
        result.pollAfter === undefined
          ? backoff(polls, random, FIRST_POLL_MS, LONGEST_POLL_MS)
          : Math.max(result.pollAfter, 1) * SECOND;
      const events: EventDraft[] = [];
      // Who asked for a correction has had it: that it goes on there is the news.
      const goesOn = filing.state === 'correction_requested' && state === 'in_review';
      if (filing.state !== 'submitted' && filing.state !== 'in_review' && !goesOn)
        events.push({ type: 'filing.submitted', data: { ...about, receipt: result.receipt } });
      if (state === 'in_review' && filing.state !== 'in_review')
        events.push({ type: 'filing.in_review', data: { ...about, receipt: result.receipt } });
      const change = { receipt: result.receipt, polls, nextAt: in_(pollMs), ...unheard };
      return stillAsked(become(state, change, ...events), now);
    }
    case 'correction': {
      const correction = correctionOf(result, now);
      const { askedOn: _told, ...told } = correction;
      const after = context.canLookUp ? lookUpAfter(correction.due, now) : {};
      const receipt = result.receipt === undefined ? {} : { receipt: result.receipt };
      const asked = become(
        'correction_requested',
        { correction, ...receipt, ...after, ...unheard },
        {
          type: 'filing.correction_requested',
          data: { ...about, ...told },
          personal: { message: result.message, field_messages: result.fields },
        },
      );
      return stillAsked(asked, now);
    }
    case 'refused':
      // An answer to a correction that was not taken: the filing itself stands there as before, and a new one would be a second.
      if (step === 'amend' && result.receipt === undefined)
        return {
          filing: answerRefused(moving, result.code, context),
          events: [
            {
              type: 'filing.manual_required',
              data: { ...about, receipt: filing.receipt ?? null, reason: result.code },
              personal: { message: result.message },
            },
          ],
        };
      return become(
        'rejected',
        result.receipt === undefined
          ? { lastError: result.code }
          : { receipt: result.receipt, lastError: result.code },
        {
          type: 'filing.rejected',
          data: { ...about, code: result.code },
          personal: { message: result.message },
        },
      );
    case 'absent':
      // The agency never saw it: whatever was sent is lost, and sending the same serial again cannot file twice.
      // At once after the first doubt; an agency that swallows every submission is not sent one every second.
      return {
        filing: {
          ...calm,
          state: 'due',
          nextAt: filing.attempts > 1 ? in_(retryMs(filing.attempts)) : now,
        },
        events: [],
      };
    case 'differs':
    case 'retry': {
      const attempts = filing.attempts + 1;
      const after = result.kind === 'retry' && result.after !== undefined ? result.after * SECOND : 0;
      const nextAt = in_(Math.max(after, retryMs(attempts)));
      const { preparedAt: _prepared, ...anew } = calm;
      const outdated = sends && result.kind === 'retry' && result.codes === 'outdated';
      return {
        filing: { ...(outdated ? anew : calm), attempts, nextAt, lastError: result.reason },
        events: [],
      };
    }
    case 'hold': {
      const until = result.until !== undefined && result.until > now ? result.until : undefined;
      // Told once, and again when the reason is another: HR waits for the time it was told.
      const events: EventDraft[] =
        filing.heldSince === undefined || filing.lastError !== result.reason
          ? [
              {
                type: 'filing.held',
                data: { ...about, reason: result.reason, until: until?.toISOString() ?? null },
              },
            ]
          : [];
      const { preparedAt: _prepared, attachments: _attachments, ...untouched } = calm;
      return {
        filing: {
          ...(context.unsent === true ? untouched : calm),
          nextAt: until ?? result.again ?? in_(HOLD_MS),
          lastError: result.reason,
          heldSince: filing.heldSince ?? now,
        },
        events,
      };
    }
    case 'unsure': {
      const attempts = filing.attempts + 1;
      // A question that stayed unanswered changes nothing at the agency; only a submission can be in doubt.
      if (!sends)
        return {
          filing: { ...calm, attempts, nextAt: in_(retryMs(attempts)), lastError: result.reason },
          events: [],
        };
      const data = { ...about, reason: result.reason, ...trail(filing, context) };
      const event: EventDraft = { type: 'filing.outcome_unknown', data };
      if (!context.canLookUp) {
        const task = { ...data, receipt: filing.receipt ?? null };
        return {
          filing: { ...calm, state: 'manual', attempts, lastError: result.reason },
          events: [event, { type: 'filing.manual_required', data: task }],
        };
      }
      return {
        filing: {
          ...calm,
          state: 'unknown',
          attempts,
          nextAt: in_(LOOKUP_AFTER_UNSURE_MS),
          lastError: result.reason,
        },
        events: [event],
      };
    }
    case 'manual':
      return become(
        'manual',
        {},
        { type: 'filing.manual_required', data: about, personal: { instructions: result.instructions } },
      );
  }
}
