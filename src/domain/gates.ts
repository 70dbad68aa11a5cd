/** Gates: what must be settled before an exit is filed. Raised by a profile's rules from the exit's facts; pure. */

import { endOfDay, noticeEnds } from './clocks.ts';
import { addDays, daysBetween } from './dates.ts';
import type { ExitFacts, OpenItems } from './facts.ts';
import type { ClockWork } from './filing-clocks.ts';
import type { GateRule, GateSource, Holds } from './gate-rule.ts';
import type { SignalKind } from './signals.ts';
import type { BusinessDate } from './words.ts';

interface Words {
  readonly en: string;
  readonly zh: string;
}

/** One open item of one rule. Its words are kept with it: a later version of the profile changes nothing for it. */
export interface Gate {
  readonly id: string;
  readonly code: string;
  /** The item that raised it: the external id of a fact, or the code of a rule's own item. */
  readonly subject: string;
  readonly owner: string;
  readonly title: Words;
  readonly clears: Words;
  /** Of a rule's own item: what it is. An item of the exit's facts has its words there, encrypted. */
  readonly item?: Words;
  readonly documents?: NonNullable<GateRule['documents']>;
  /** What raised it: a rule's own item or a fact of the exit. */
  readonly raisedBy: GateSource;
  readonly holds: Holds;
  /** The last day on which it may hold the filing; absent: it holds nothing. */
  readonly holdsUntil?: BusinessDate;
  readonly clearedAt?: Date;
  /** Settled without what would settle it, by somebody who answers for it. */
  readonly waived?: true;
}

/** An earlier signal, as a gate sees it. */
export interface EarlierSignal {
  readonly externalId: string;
  readonly kind: SignalKind;
  readonly occurredOn: BusinessDate;
}

export interface GateFacts extends OpenItems {
  readonly signals: readonly EarlierSignal[];
}

interface Item {
  readonly subject: string;
  readonly words?: Words;
}

/** The gates that the rules raise for these facts, in the order of the rules. @param limits see `holdLimits`. */
export function raiseGates(
  rules: readonly GateRule[],
  facts: GateFacts,
  context: { readonly today: BusinessDate; readonly limits: HoldLimits; readonly newId: () => string },
): readonly Gate[] {
  return rules.flatMap((rule) => {
    const holdsUntil = rule.holds === 'nothing' ? undefined : context.limits[rule.holds];
    return itemsOf(rule, facts, context.today).map(
      ({ subject, words }): Gate => ({
        id: context.newId(),
        code: rule.code,
        subject,
        owner: rule.owner,
        title: rule.title,
        clears: rule.clears,
        raisedBy: rule.raised_by,
        holds: rule.holds,
        ...(words === undefined ? {} : { item: words }),
        ...(rule.documents === undefined ? {} : { documents: rule.documents }),
        ...(holdsUntil === undefined ? {} : { holdsUntil }),
      }),
    );
  });
}

function itemsOf(rule: GateRule, facts: GateFacts, today: BusinessDate): readonly Item[] {
  const own = (rule.items ?? []).map(({ code, title }): Item => ({ subject: code, words: title }));
  const given = (items: readonly { readonly external_id: string; readonly kind: string }[]) =>
    items
      .filter(({ kind }) => rule.kinds?.includes(kind) ?? true)
      .map(({ external_id }): Item => ({ subject: external_id }));
  switch (rule.raised_by) {
    case 'always':
      return own;
    case 'dispute':
      return given(facts.disputes);
    case 'finance':
      return given(facts.finance);
    case 'handover': {
      const named = given(facts.handover);
      return named.length > 0 ? named : own;
    }
    case 'signal': {
      // A complaint that HR reported as a signal and as a dispute is one fact: the dispute.
      const disputed = new Set(facts.disputes.map(({ external_id }) => external_id));
      const counts = ({ externalId, occurredOn }: EarlierSignal) =>
        !disputed.has(externalId) &&
        (rule.within_days === undefined || daysBetween(occurredOn, today) <= rule.within_days);
      return given(
        facts.signals.filter(counts).map(({ externalId, kind }) => ({ external_id: externalId, kind })),
      );
    }
  }
}

/** The last day on which a gate may hold, by how its rule says it. */
export type HoldLimits = Readonly<Record<'notice_end' | 'exit_date' | 'filing_deadline', BusinessDate>>;

/**
 * A gate may hold the clearance, never the statute: the relation ends with the notice (Labour Contract Law §37), or with
 * the exit date where that comes first or no notice ends it; the filing is late after its nearest unrolled last day.
 * @param deadlines of the filings, unrolled.
 */
export function holdLimits(
  facts: ExitFacts,
  { clocks }: Pick<ClockWork, 'clocks'>,
  deadlines: readonly BusinessDate[],
): HoldLimits {
  const notice = noticeEnds(facts.noticeDate, facts.reason, clocks) ?? facts.exitDate;
  return {
    notice_end: notice < facts.exitDate ? notice : facts.exitDate,
    exit_date: facts.exitDate,
    filing_deadline: deadlines.toSorted()[0] ?? addDays(facts.exitDate, 15),
  };
}

/** An item may be called like a dispute and be none: what raised its gate says what it is. */
export const isAboutDispute = ({ raisedBy }: Pick<Gate, 'raisedBy'>): boolean => raisedBy === 'dispute';

/** The gates that hold an exit: open, and of a kind that may hold it. */
export const blockersOf = (gates: readonly Gate[]): readonly Gate[] =>
  gates.filter((gate) => gate.clearedAt === undefined && gate.holdsUntil !== undefined);

/** The day at whose end somebody must decide: the first limit of what still holds. */
export const holdLimit = (gates: readonly Gate[]): BusinessDate | undefined =>
  blockersOf(gates)
    .map((gate) => gate.holdsUntil ?? '')
    .toSorted()[0];

/** The instant at which a gate may hold no longer; for one that holds nothing, at once. */
export const holdEnds = ({ holdsUntil }: Gate): Date =>
  holdsUntil === undefined ? new Date(0) : endOfDay(holdsUntil);

/** As events name a gate. */
export const blockerData = ({ code, subject, owner, holdsUntil }: Gate) => ({
  gate: code,
  subject,
  owner,
  ...(holdsUntil === undefined ? {} : { holds_until: holdsUntil }),
});
