/**
 * One person's leaving one employer, with its gates and filings: the unit that every decision reads and every
 * transaction writes. Decisions (open, record, clear, release, amend, cancel) return a change and leave the saving to the
 * store.
 */
import type { EventDraft } from './events.ts';
import type { ExitSecret } from './exit-secret.ts';
import type { ExitFacts } from './facts.ts';
import type { Filing } from './filing.ts';
import { blockersOf, type Gate } from './gates.ts';
import type { BusinessDate } from './words.ts';

export const EXIT_STATUSES = ['gated', 'filing', 'attention', 'completed', 'cancelled'] as const;
export type ExitStatus = (typeof EXIT_STATUSES)[number];

export interface Exit {
  readonly id: string;
  readonly facts: ExitFacts;
  /** Counts from 1; an amendment makes the next. */
  readonly factsRevision: number;
  /** What was said before each amendment: filings may still carry it. */
  readonly earlierFacts: readonly { readonly revision: number; readonly facts: ExitFacts }[];
  /** The profile version the exit was opened under: its `effective_from`. */
  readonly profileVersion: BusinessDate;
  readonly status: ExitStatus;
  readonly gates: readonly Gate[];
  readonly filings: readonly Filing[];
  /** While gates hold: the instant from which somebody must decide. */
  readonly decisionDueAt?: Date;
  /** When the decision was asked for. */
  readonly decisionAskedAt?: Date;
  readonly released?: { readonly at: Date; readonly by: 'person' | 'policy' };
  readonly cancelledAt?: Date;
  /** Until when deadlines have been told, and when there is next something to tell. */
  readonly clocksToldUntil?: Date;
  readonly clocksNextAt?: Date;
}

/** An exit as it is to become, and what to tell about it. */
export interface Change {
  readonly exit: Exit;
  readonly events: readonly EventDraft[];
  /** What becomes of the encrypted part; absent: it stays. */
  readonly secret?: (before: ExitSecret) => ExitSecret;
}

/** The facts as they were at a revision. */
export const factsAt = (exit: Pick<Exit, 'facts' | 'earlierFacts'>, revision: number): ExitFacts =>
  exit.earlierFacts.find((each) => each.revision === revision)?.facts ?? exit.facts;

/** The gates that still hold the exit. */
export const blockers = (exit: Pick<Exit, 'gates'>): readonly Gate[] => blockersOf(exit.gates);
