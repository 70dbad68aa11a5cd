/** Events: what happened, numbered per exit (a warning of risk: per employee; news of an agency: per connection) without gaps. `noun.past`; the written list is what a webhook endpoint may subscribe to. */
import type { ExitSecret } from './exit-secret.ts';

export const EVENT_TYPES = [
  'exit.opened',
  'exit.gated',
  'exit.cleared',
  'exit.clearance_revoked',
  'exit.decision_required',
  'exit.released',
  'exit.filing_started',
  'exit.attention_required',
  'exit.completed',
  'exit.amended',
  'exit.cancelled',
  'exit.deadline_approaching',
  'exit.deadline_missed',
  'filing.submitted',
  'filing.in_review',
  'filing.correction_requested',
  'filing.rejected',
  'filing.accepted',
  'filing.verified',
  'filing.outcome_unknown',
  'filing.held',
  'filing.window_unknown',
  'filing.withdrawn',
  'filing.withdrawal_refused',
  'filing.amended',
  'filing.manual_required',
  'risk.warned',
  'reconciliation.finding_opened',
  'reconciliation.finding_resolved',
  'agency.unavailable',
  'agency.recovered',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

type Personal = Readonly<Record<string, unknown>>;

/** An event before it has its id and its number. */
export interface EventDraft {
  readonly type: EventType;
  /** Codes, ids, states and dates: nothing personal. */
  readonly data: Readonly<Record<string, unknown>>;
  /**
   * Names, notes and the agencies' own words: kept under the person's key, joined to `data` for whoever may read it. A
   * function of the exit's encrypted part where the decision itself does not need to see that.
   */
  readonly personal?: Personal | ((secret: ExitSecret) => Personal);
}
