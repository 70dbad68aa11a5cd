/**
 * Amending an exit: HR systems change what was approved. Before a filing is sent the plan changes; afterwards each filing
 * is amended, withdrawn or given to a person, as its agency allows. Pure.
 */
import { businessDate } from './dates.ts';
import type { EventDraft } from './events.ts';
import type { Change, Exit } from './exit.ts';
import { judged, letGo, newlyAttended } from './exit-course.ts';
import type { ExitSecret } from './exit-secret.ts';
import type { ExitFacts, OpenItems, Person } from './facts.ts';
import type { Filing } from './filing.ts';
import type { ClockWork } from './filing-clocks.ts';
import { clocksOf, unrolled } from './filing-clocks.ts';
import type { GateRule } from './gate-rule.ts';
import { blockerData, blockersOf, type Gate, holdLimits, raiseGates } from './gates.ts';
import { type Pursuit, pursue, toldActions } from './pursue.ts';
import { same } from './same.ts';
import { retold } from './telling.ts';
import type { FilingKind, PersonField } from './words.ts';

export interface Amendment {
  readonly facts: ExitFacts;
  readonly person: Person;
  /** As they are now to be; what is no longer named stays, because only a clearance settles it. */
  readonly items: OpenItems;
  /** Who answers for it; absent: the HR system sent it of its own accord. */
  readonly actor?: string;
  readonly note?: string;
}

/** Why an amendment cannot be taken. */
export type AmendFault =
  | 'exit_cancelled'
  /** The reason decides the unemployment benefit: after filing a named person must answer for another one. */
  | 'reason_needs_actor'
  | { readonly fault: 'too_many'; readonly pointer: string; readonly most: number }
  /** What makes it this exit: another one is another exit. The JSON pointer of the field. */
  | { readonly fault: 'fixed'; readonly pointer: string };

export interface AmendContext extends Pursuit {
  readonly distances: readonly string[];
  readonly clockWork: ClockWork;
  /** The rules of the profile version that the exit was opened under, and the firm's own. */
  readonly rules: readonly GateRule[];
  readonly clocksOf: (kind: FilingKind) => readonly string[];
  /** Of the person, what an adapter is handed. */
  readonly personFieldsOf: (adapter: string) => readonly PersonField[];
  readonly newGateId: () => string;
}

/** Of each kind, however many amendments bring them. */
const MOST_ITEMS = 500;

const BUSINESS = [
  'reason',
  'noticeDate',
  'lastAttendanceDate',
  'exitDate',
  'insuranceEndMonth',
  'post',
  'contract',
  'nonCompete',
] as const satisfies readonly (keyof ExitFacts)[];
type BusinessField = (typeof BUSINESS)[number];

/** As the API calls them. */
const NAMES: Readonly<Record<BusinessField, string>> = {
  reason: 'reason',
  noticeDate: 'notice_date',
  lastAttendanceDate: 'last_attendance_date',
  exitDate: 'exit_date',
  insuranceEndMonth: 'insurance_end_month',
  post: 'post',
  contract: 'contract',
  nonCompete: 'non_compete',
};

/** The business facts that a kind of filing carries: it is amended when one of them changes, and left alone otherwise. */
const CARRIED: Readonly<Record<FilingKind, readonly BusinessField[]>> = {
  labor_filing: ['reason', 'noticeDate', 'lastAttendanceDate', 'exitDate', 'post', 'contract'],
  insurance_stop: ['reason', 'exitDate', 'insuranceEndMonth'],
  insurance_transfer: ['reason', 'exitDate', 'insuranceEndMonth'],
  credit_update: ['reason', 'exitDate'],
};

/** @returns a change without events when nothing is different. */
export function amend(
  exit: Exit,
  secret: ExitSecret,
  amendment: Amendment,
  context: AmendContext,
): Change | AmendFault {
  if (exit.cancelledAt !== undefined) return 'exit_cancelled';
  const pointer = fixedField(exit.facts, secret.person, amendment);
  if (pointer !== undefined) return { fault: 'fixed', pointer };
  const { facts, person, actor, note } = amendment;
  const business = BUSINESS.filter((field) => !same(facts[field], exit.facts[field]));
  const personal = (['name', 'phone', 'address'] as const).filter(
    (field) => person[field] !== secret.person[field],
  );
  const items = joined(secret, amendment.items);
  const moreItems = !same(items, {
    disputes: secret.disputes,
    handover: secret.handover,
    finance: secret.finance,
  });
  if (business.length + personal.length === 0 && !moreItems) return { exit, events: [] };
  for (const [pointer, list] of [
    ['/disputes', items.disputes],
    ['/handover', items.handover],
    ['/finance_items', items.finance],
  ] as const)
    if (list.length > MOST_ITEMS) return { fault: 'too_many', pointer, most: MOST_ITEMS };
  const sent = exit.filings.some(
    ({ preparedAt, receipt, revision }) => preparedAt !== undefined || receipt !== undefined || revision > 1,
  );
  if (business.includes('reason') && sent && actor === undefined) return 'reason_needs_actor';

  const revised = business.length + personal.length > 0;
  const factsRevision = exit.factsRevision + (revised ? 1 : 0);
  const goal = { factsRevision };
  const pursued = exit.filings.map((filing) => {
    const timely = { ...filing, ...clocksOf(context.clocksOf(filing.kind), facts, context.clockWork) };
    const fields = context.personFieldsOf(filing.adapter);
    const concerned =
      business.some((field) => CARRIED[filing.kind].includes(field)) ||
      personal.some((field) => fields.includes(field));
    return concerned
      ? pursue(timely, goal, context, true)
      : { filing: upToDate(timely, exit.factsRevision, factsRevision), events: [], action: 'none' as const };
  });
  const filings = pursued.map(({ filing }) => filing);
  const gates = gatesFor(exit, facts, newItems(secret, items), filings, context);
  const raised = gates.filter((gate) => !exit.gates.some(({ id }) => id === gate.id));
  const after: Exit = {
    ...exit,
    facts,
    factsRevision,
    gates,
    filings: exit.status === 'gated' ? filings : letGo(filings, context.now),
    ...(revised
      ? { earlierFacts: [...exit.earlierFacts, { revision: exit.factsRevision, facts: exit.facts }] }
      : {}),
  };
  const events: EventDraft[] = [
    {
      type: 'exit.amended',
      data: {
        facts_revision: factsRevision,
        changes: Object.fromEntries(
          business.map((field) => [
            NAMES[field],
            { from: exit.facts[field] ?? null, to: facts[field] ?? null },
          ]),
        ),
        personal_fields: personal,
        gates_raised: raised.map(blockerData),
        filings: toldActions(pursued),
        named_person: actor !== undefined,
      },
      ...(actor === undefined ? {} : { personal: { actor, ...(note === undefined ? {} : { note }) } }),
    },
    ...pursued.flatMap((each) => each.events),
    ...newlyAttended(exit.filings, filings),
  ];
  if (exit.status === 'gated' && blockersOf(raised).length > 0)
    events.push({ type: 'exit.gated', data: { blockers: blockersOf(gates).map(blockerData) } });
  const change = judged(exit, after, events);
  // Once its status is known: one that was completed has clocks running again.
  return {
    ...retold(exit, change, context.distances, context.now),
    secret: (before) => ({
      ...before,
      ...items,
      person,
      earlierPersons: revised
        ? [...before.earlierPersons, { revision: exit.factsRevision, person: before.person }]
        : before.earlierPersons,
    }),
  };
}

/** Nothing that it carries has changed, so that the same serial still means the same bytes. One that is behind stays behind. */
const upToDate = (filing: Filing, before: number, now: number): Filing =>
  filing.factsRevision === before ? { ...filing, factsRevision: now } : filing;

function fixedField(was: ExitFacts, person: Person, { facts, person: given }: Amendment): string | undefined {
  if (facts.profile !== was.profile) return '/profile';
  if (!same(facts.employer, was.employer)) return '/employer';
  if (facts.employeeExternalId !== was.employeeExternalId) return '/employee/external_id';
  if (given.id_type !== person.id_type) return '/employee/id_type';
  if (given.id_number !== person.id_number) return '/employee/id_number';
  return undefined;
}

/** The items that were there, in their newest words, and then those that are new. */
function joined(before: OpenItems, given: OpenItems): OpenItems {
  const merge = <Item extends { readonly external_id: string }>(
    old: readonly Item[],
    now: readonly Item[],
  ) => [
    ...old.map((item) => now.find(({ external_id }) => external_id === item.external_id) ?? item),
    ...now.filter(({ external_id }) => !old.some((item) => item.external_id === external_id)),
  ];
  return {
    disputes: merge(before.disputes, given.disputes),
    handover: merge(before.handover, given.handover),
    finance: merge(before.finance, given.finance),
  };
}

/** What was not there before, or is of another kind now: what a rule that came later says of the others is not asked. */
function newItems(before: OpenItems, given: OpenItems): OpenItems {
  const added = <Item extends { readonly external_id: string; readonly kind: string }>(
    old: readonly Item[],
    now: readonly Item[],
  ) =>
    now.filter((item) => !old.some((one) => one.external_id === item.external_id && one.kind === item.kind));
  return {
    disputes: added(before.disputes, given.disputes),
    handover: added(before.handover, given.handover),
    finance: added(before.finance, given.finance),
  };
}

/** The gates with their limits by the new dates, and those that new items raise. */
function gatesFor(
  exit: Exit,
  facts: ExitFacts,
  items: OpenItems,
  filings: readonly Filing[],
  { clockWork, rules, newGateId, now }: AmendContext,
): readonly Gate[] {
  const limits = holdLimits(facts, clockWork, unrolled(filings));
  const kept = exit.gates.map((gate): Gate => {
    const { holdsUntil: _until, ...rest } = gate;
    return gate.holds === 'nothing' ? rest : { ...rest, holdsUntil: limits[gate.holds] };
  });
  const raised = raiseGates(
    rules,
    { ...items, signals: [] },
    { today: businessDate(now), limits, newId: newGateId },
  );
  const known = (gate: Gate) =>
    kept.some(({ code, subject }) => code === gate.code && subject === gate.subject);
  // A rule's own items are raised when an exit opens, never afterwards.
  return [...kept, ...raised.filter((gate) => gate.item === undefined && !known(gate))];
}
