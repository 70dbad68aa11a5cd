// The clerk's side where a case is one change that is followed by its receipt: the steps on the sandbox clock, what a
// decision sets off, and the guard of the desk. What a decision makes of a case is each agency's own.
import { type Decision, type Plan, Refusal, type Room } from './agency.ts';
import type { Sentence } from './scenario.ts';
import { about, stateSays } from './words.ts';

/** A case as far as its review goes. */
export interface Reviewed {
  readonly receipt: string;
  readonly state: string;
  readonly plan: Plan;
  /** Counts submission and amendments: a timer of an older round is void. */
  readonly round: number;
  readonly code?: string;
  readonly message?: string;
  readonly correction?: { readonly field: string; readonly reason: string; readonly due: string };
  /** The agency no longer knows it. */
  readonly lost?: boolean;
}

/** Without what the decision before has left on it. */
export type Bare<C extends Reviewed> = Omit<C, 'code' | 'message' | 'correction'>;

export interface Review<C extends Reviewed> {
  /** Id of the rule by which a correction that is overdue ends the case. */
  readonly dueRule: string;
  /** State of a case that was accepted. */
  readonly accepted: C['state'];
  find(receipt: string, room: Room): C | undefined;
  /** Stores it with the time of now, and lets the unit know. */
  save(row: C, room: Room): C;
  /** What the clerk may decide now. */
  allowed(found: C): readonly Decision['decision'][];
  decided(found: Bare<C>, decision: Decision, room: Room): C;
}

export const OPEN: readonly string[] = ['received', 'in_review', 'correction_requested'];

/** Schedules the event for the case as it stands: another round makes it void. */
export const later = (
  { receipt, round }: Pick<Reviewed, 'receipt' | 'round'>,
  event: string,
  delayMs: number,
  room: Room,
): void => room.schedule(new Date(room.now().getTime() + Math.floor(delayMs)), event, `${receipt} ${round}`);

/** The clerk's steps. */
export function fire<C extends Reviewed>(
  own: Review<C>,
  event: string,
  subject: string,
  room: Room,
): Sentence {
  const [receipt = '', round] = subject.split(' ');
  const found = own.find(receipt, room);
  const nothing = about(receipt, { en: 'nothing left to do', zh: '无需再处理' });
  if (event === 'case.afterwards') {
    const next = found?.plan.afterwards?.decision;
    if (!found || !next || !own.allowed(found).includes(next.decision)) return nothing;
    const { en, zh } = stateSays(settle(own, found, next, room).state);
    return about(receipt, { en: `${en} afterwards`, zh: `后续处理，${zh}` });
  }
  if (!found || found.lost || String(found.round) !== round || !OPEN.includes(found.state)) return nothing;
  if (event === 'correction.due') {
    if (!room.keeps(own.dueRule))
      return about(receipt, { en: 'overdue, and nobody minds', zh: '补正逾期，未作处理' });
    const overdue = { code: 'CORRECTION_OVERDUE', reason: 'The correction did not arrive in time' };
    const { en, zh } = stateSays(settle(own, found, { decision: 'reject', ...overdue }, room).state);
    return about(receipt, { en: `${en}, overdue`, zh: `补正逾期，${zh}` });
  }
  if (found.state === 'correction_requested') return nothing;
  if (event === 'change.review') {
    own.save({ ...found, state: 'in_review' }, room);
    return about(receipt, { en: 'in review', zh: '审核中' });
  }
  const settled = settle(own, found, found.plan.decision ?? { decision: 'accept' }, room);
  return about(receipt, stateSays(settled.lost ? 'lost' : settled.state));
}

export function settle<C extends Reviewed>(own: Review<C>, found: C, decision: Decision, room: Room): C {
  const { code: _code, message: _message, correction: _correction, ...bare } = found;
  const row = own.save(own.decided(bare, decision, room), room);
  if (decision.decision === 'late') later(row, 'change.decide', decision.delayMs, room);
  if (row.correction)
    // The day ends at midnight in China, that is at 16:00 UTC.
    room.schedule(
      new Date(`${row.correction.due}T16:00:00Z`),
      'correction.due',
      `${row.receipt} ${row.round}`,
    );
  if (row.state === own.accepted && row.plan.afterwards)
    later(row, 'case.afterwards', row.plan.afterwards.delayMs, room);
  return row;
}

/** A person's decision at the desk. Throws Refusal naming the guard. */
export function decide<C extends Reviewed>(
  own: Review<C>,
  receipt: string,
  decision: Decision,
  room: Room,
): C {
  const found = own.find(receipt, room);
  if (!found) throw new Refusal('NOT_FOUND', `No case ${receipt}`, { status: 404 });
  if (own.allowed(found).includes(decision.decision)) return settle(own, found, decision, room);
  const guard = found.lost ? 'lost' : found.state;
  throw new Refusal('NOT_ALLOWED', `Case ${receipt} is ${guard}: ${decision.decision} is not allowed`, {
    status: 409,
  });
}
