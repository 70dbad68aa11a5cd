/**
 * Risk: a weighted sum of reported facts in which every point has its reason, and the warning when it crosses a
 * threshold. Pure. It advises a person who decides; nothing is held or refused by the score alone (PIPL §24).
 */
import { businessDate, daysBetween } from './dates.ts';
import type { EventDraft } from './events.ts';
import { RISK_CODES, RISK_LEVELS, type RiskCode, type RiskLevel, type RiskRules } from './risk-rules.ts';
import { type RiskText, textOf } from './risk-text.ts';
import type { BusinessDate } from './words.ts';

const rank = (level: RiskLevel) => RISK_LEVELS.indexOf(level);

/** A signal, or an open dispute of an exit, as the score sees it. */
export interface RiskFact {
  readonly id: string;
  readonly code: RiskCode;
  readonly on: BusinessDate;
  /** Yuan with two decimals. */
  readonly amount?: string;
}

/** Why there are points: the facts of one code. */
export interface Reason {
  readonly code: RiskCode;
  readonly count: number;
  /** Yuan with two decimals; absent when no fact has an amount. */
  readonly amount?: string;
  /** The facts' points together, rounded down, and at most the code's `most`. */
  readonly points: number;
  /** The day of the earliest. */
  readonly since: BusinessDate;
  /** Each fact's own points, faded by its age; hundredths count. */
  readonly facts: readonly { readonly id: string; readonly points: number }[];
}

export interface Assessment {
  /** 0–100: the reasons' points together. */
  readonly score: number;
  readonly level: RiskLevel;
  /** What weighs most first. */
  readonly reasons: readonly Reason[];
  readonly text: RiskText;
}

/** Weighs facts. More facts never lower the score; facts that have faded away are left out altogether. */
export function assess(facts: readonly RiskFact[], rules: RiskRules, now: Date): Assessment {
  const today = businessDate(now);
  const reasons = RISK_CODES.flatMap((code) => reasonOf(code, facts, rules, today)).sort(
    (a, b) => b.points - a.points,
  );
  const score = Math.min(
    100,
    reasons.reduce((sum, { points }) => sum + points, 0),
  );
  const { elevated, high } = rules.thresholds;
  const level: RiskLevel = score >= high ? 'high' : score >= elevated ? 'elevated' : 'low';
  return { score, level, reasons, text: textOf(reasons, level) };
}

function reasonOf(
  code: RiskCode,
  facts: readonly RiskFact[],
  rules: RiskRules,
  today: BusinessDate,
): readonly Reason[] {
  const counted = facts
    .filter((fact) => fact.code === code)
    .map((fact) => ({ fact, percent: percentAt(daysBetween(fact.on, today), rules.decay) }))
    .filter(({ percent }) => percent > 0);
  if (counted.length === 0) return [];
  const { points, most, yuan_per_point } = rules.weights[code];
  const weighed = counted.map(({ fact, percent }) => {
    const forAmount = yuan_per_point === undefined ? 0 : hundredthsFor(cents(fact.amount), yuan_per_point);
    return { id: fact.id, hundredths: Math.floor(((points * 100 + forAmount) * percent) / 100) };
  });
  const amounts = counted.flatMap(({ fact }) => (fact.amount === undefined ? [] : [cents(fact.amount)]));
  const sum = weighed.reduce((total, { hundredths }) => total + hundredths, 0);
  return [
    {
      code,
      count: counted.length,
      ...(amounts.length === 0 ? {} : { amount: money(amounts.reduce((total, each) => total + each, 0n)) }),
      points: Math.min(most, Math.floor(sum / 100)),
      since: counted.map(({ fact }) => fact.on).toSorted()[0] ?? today,
      facts: weighed.map(({ id, hundredths }) => ({ id, points: hundredths / 100 })),
    },
  ];
}

function percentAt(age: number, decay: RiskRules['decay']): number {
  return decay.reduce((percent, step) => (age >= step.days ? step.percent : percent), 100);
}

// Sums of money do not fit a double for ever.
const cents = (amount: string | undefined): bigint => BigInt((amount ?? '0').replace('.', ''));
const money = (sum: bigint): string => `${sum / 100n}.${String(sum % 100n).padStart(2, '0')}`;
/** A cent for so many yuan a point is so many hundredths of a point: the hundreds cancel out. */
const hundredthsFor = (amount: bigint, yuanPerPoint: number): number => {
  const hundredths = amount / BigInt(yuanPerPoint);
  return hundredths > 10_000n ? 10_000 : Number(hundredths);
};

/** What somebody was last warned of. */
export interface Warned {
  readonly level: RiskLevel;
  readonly codes: readonly RiskCode[];
}
export const NOT_WARNED: Warned = { level: 'low', codes: [] };

/**
 * Whether somebody must be warned: when the level is above the one that was last warned of, or when there is a reason that
 * the last warning did not have. What has faded since is forgotten: should it come again, it is new.
 * @param before what was warned of, and what the facts say without the new one.
 * @returns what has been warned of by now, and whether that is news.
 */
export function warnings(
  before: { readonly warned: Warned; readonly assessment: Assessment },
  after: Assessment,
): { readonly warned: Warned; readonly warn: boolean } {
  const was = countingCodes(before.assessment);
  const level =
    rank(before.assessment.level) < rank(before.warned.level) ? before.assessment.level : before.warned.level;
  const codes = level === 'low' ? [] : before.warned.codes.filter((code) => was.includes(code));
  const now = countingCodes(after);
  const warn =
    after.level !== 'low' && (rank(after.level) > rank(level) || now.some((code) => !codes.includes(code)));
  return { warned: warn ? { level: after.level, codes: now } : { level, codes }, warn };
}

const countingCodes = ({ reasons }: Assessment) =>
  reasons.filter(({ points }) => points > 0).map(({ code }) => code);

/** What is known of an employee before a signal comes in. */
export interface RiskHistory {
  readonly employeeExternalId: string;
  readonly warned: Warned;
  readonly facts: readonly RiskFact[];
}

/** Takes a signal: the state of warnings as it is to become, and what to tell. */
export function receive(
  history: RiskHistory,
  fact: RiskFact,
  rules: RiskRules,
  now: Date,
): { readonly warned: Warned; readonly events: readonly EventDraft[] } {
  const before = assess(history.facts, rules, now);
  const after = assess([...history.facts, fact], rules, now);
  const { warned, warn } = warnings({ warned: history.warned, assessment: before }, after);
  if (!warn) return { warned, events: [] };
  const { score, level, text } = after;
  const reasons = after.reasons.map(({ facts: _, ...reason }) => reason);
  const { employeeExternalId } = history;
  // How somebody is judged is personal: with the employee's key it is gone.
  const event: EventDraft = {
    type: 'risk.warned',
    data: { employee_external_id: employeeExternalId, level, signal_id: fact.id },
    personal: { score, reasons, text },
  };
  return { warned, events: [event] };
}
