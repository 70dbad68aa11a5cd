// What a scenario is: a written story that steers the state machine of one agency. It arranges the state before the
// machine looks at it, or tells the clerk what to do; it never makes up an answer.
import type { AgencyName, Decision, Message, Person, Plan, Room } from './agency.ts';
import type { SeedableRolls } from './rolls.ts';

export interface Sentence {
  readonly en: string;
  readonly zh: string;
}

/** Whom a request is about. */
export interface Concern {
  readonly unit: string;
  readonly unitName: string;
  /** None for pings and lookups of the unit. */
  readonly persons: readonly Person[];
  /** Of a case that is known already, by its serial or receipt: its plan goes on, nothing new is chosen. */
  readonly plan?: Plan;
  readonly message: Message;
}

/** What a scenario may do more than an agency: write the rolls. */
export interface Stage extends Room {
  readonly rolls: SeedableRolls;
}

/** A precondition. Its name is what the 409 says. */
export interface Guard {
  readonly name: string;
  readonly says: Sentence;
  holds(concern: Concern, stage: Stage): boolean;
}

/** What the clerk does in one round: the submission, then each supplement. Durations are sandbox time. */
export interface ClerkStep {
  readonly decision: Decision['decision'];
  readonly code?: string;
  readonly field?: string;
  readonly reason?: string;
  /** From the request to the last day, default P5D. */
  readonly due?: string;
  /** From receipt to decision; default: the agency's own delay. */
  readonly after?: string;
}

export interface Scenario {
  /** `LAB.CORRECTION_REQUESTED`. Public: never given to another story. */
  readonly code: string;
  readonly agency: AgencyName;
  /** Two digits, 1–99, before the check digit of a magic ID number. Public too. */
  readonly magic: number;
  /** What a client proves that gets through it. */
  readonly proves: Sentence;
  /** Requests on which it begins. */
  readonly operations: readonly string[];
  readonly guards?: readonly Guard[];
  readonly arrange?: { readonly says: Sentence; run(concern: Concern, stage: Stage): void };
  /** After the last step the clerk accepts. */
  readonly clerk?: readonly ClerkStep[];
  /** What still happens to the case once it is decided. */
  readonly afterwards?: ClerkStep & { readonly after: string };
  /** What a client sees. */
  readonly example: Sentence;
}

/** A way by which the next request gets its scenario when nothing stronger names one. */
export interface Profile {
  readonly name: string;
  readonly says: Sentence;
  /** Code for the n-th new filing (from 1) of this operation; undefined: none. */
  choose(wish: { agency: AgencyName; operation: string; n: number; seed: string }): string | undefined;
}

/** Who chose. Strongest first. */
export const CHANNELS = ['header', 'armed', 'rule', 'magic', 'profile'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Region 999900, which GB/T 2260 does not have: nobody's number. */
export const MAGIC_REGION = '999900';

/** The two digits of a magic ID number. */
export function magicOf(idNumber: string): number | undefined {
  if (idNumber.length !== 18 || !idNumber.startsWith(MAGIC_REGION)) return undefined;
  const digits = Number(idNumber.slice(15, 17));
  return Number.isInteger(digits) && digits > 0 ? digits : undefined;
}
