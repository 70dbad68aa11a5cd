// The filing and its review: what may follow what. Rows are replaced, never changed.
import type { CaseView, Decision, Plan, Room, Table } from '../kernel/agency.ts';
import { Refusal } from '../kernel/agency.ts';
import { missingSettlement } from './disputes.ts';
import type { LaborMessage, Supplement } from './message.ts';

/** SAA043. */
export type State = '1' | '2' | '3' | '4' | '5' | '6';

export interface Filing {
  readonly receipt: string;
  readonly uscc: string;
  readonly idNumber: string;
  /** Newest revision's serial. */
  readonly serial: string;
  readonly serials: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
  readonly supplements: readonly Supplement[];
  readonly state: State;
  /** TAA103. */
  readonly conclusion: '0' | '1' | '2';
  readonly withdrawn: boolean;
  readonly submittedAt: string;
  readonly updatedAt: string;
  readonly concludedAt?: string;
  readonly reason?: { readonly code: string; readonly message: string };
  readonly correction?: {
    readonly code: string;
    readonly field: string;
    readonly reason: string;
    readonly due: string;
  };
  readonly plan: Plan;
  /** Counts what makes timers stale: a timer of an older round does nothing. */
  readonly round: number;
}

const NAMES: Readonly<Record<State, string>> = {
  1: 'drafted',
  2: 'submitted',
  3: 'pre_check',
  4: 'accepted_for_review',
  5: 'in_review',
  6: 'concluded',
};
const STEPS = 4; // from submitted to concluded

export const filings = (room: Room): Table<Filing> => room.store.table<Filing>('labor.filings');

/** Open: somebody at the agency still has to do something, or the employer has to. */
export const isOpen = ({ state, withdrawn }: Filing): boolean => !withdrawn && state !== '6';

export function save(room: Room, filing: Filing): Filing {
  const row = { ...filing, updatedAt: room.now().toISOString() };
  filings(room).put(row.receipt, row);
  return row;
}

/** Starts the review, of a first submission or of a supplement. */
export function startReview(room: Room, filing: Filing, operation: string): Filing {
  const { correction: _answered, ...rest } = filing;
  const row = save(room, {
    ...rest,
    state: '2',
    round: filing.round + 1,
    plan: planFor(filing, operation, room),
  });
  scheduleStep(room, row);
  return row;
}

/** A clerk who would pass it looks at the disputes first; one who is told what to do, does that. */
function planFor(filing: Filing, operation: string, room: Room): Plan {
  const plan = room.plan(operation);
  const missing = plan.decision?.decision === 'accept' ? missingSettlement(filing, room) : undefined;
  return missing ? { ...plan, decision: missing } : plan;
}

export const newFiling = (room: Room, message: LaborMessage, receipt: string): Filing => ({
  receipt,
  uscc: message.uscc,
  idNumber: message.fields.AAC002 ?? '',
  serial: message.fields.BAE941 ?? '',
  serials: [message.fields.BAE941 ?? ''],
  fields: message.fields,
  supplements: message.supplements,
  state: '2',
  conclusion: '0',
  withdrawn: false,
  submittedAt: room.now().toISOString(),
  updatedAt: room.now().toISOString(),
  plan: { delayMs: 0 },
  round: 0,
});

function scheduleStep(room: Room, { plan, receipt, round }: Filing): void {
  if (!plan.decision) return;
  room.schedule(new Date(room.now().getTime() + plan.delayMs / STEPS), 'review.step', `${receipt}#${round}`);
}

/** One step of the review, or the end of the time for a correction. */
export function fire(event: string, subject: string, room: Room): string {
  const [receipt = '', round] = subject.split('#');
  const filing = filings(room).get(receipt);
  if (!filing || String(filing.round) !== round || !isOpen(filing)) return `${receipt}: superseded`;
  if (event === 'correction.due') {
    conclude(room, filing, { code: 'CORRECTION_OVERDUE', message: 'the supplement did not arrive in time' });
    return `${receipt}: concluded, failed: the supplement is overdue`;
  }
  const decision = filing.plan.decision ?? { decision: 'accept' };
  if (filing.state === '3' && decision.decision === 'correction') {
    apply(room, filing, decision);
    return `${receipt}: correction requested`;
  }
  if (filing.state === '5') {
    const done = apply(room, filing, decision);
    return `${receipt}: concluded, ${done.conclusion === '1' ? 'passed' : 'failed'}`;
  }
  const next = save(room, { ...filing, state: String(Number(filing.state) + 1) as State }); // 2..4, so the next is 3..5
  scheduleStep(room, next);
  return `${receipt}: ${NAMES[next.state]}`;
}

function apply(room: Room, filing: Filing, decision: Decision): Filing {
  switch (decision.decision) {
    case 'accept':
      return conclude(room, filing);
    case 'reject':
      return conclude(room, filing, { code: decision.code, message: decision.reason });
    case 'correction': {
      const { code, field, reason, due } = decision;
      const round = filing.round + 1;
      const row = save(room, { ...filing, state: '3', round, correction: { code, field, reason, due } });
      // The day ends at midnight in China, that is at 16:00 UTC.
      room.schedule(new Date(`${due}T16:00:00Z`), 'correction.due', `${filing.receipt}#${round}`);
      return row;
    }
  }
}

/** Without a reason it has passed: the employment ends, and read-back shows it. */
function conclude(room: Room, filing: Filing, reason?: Filing['reason']): Filing {
  const { correction: _gone, ...rest } = filing;
  if (!reason) endEmployment(room, filing);
  return save(room, {
    ...rest,
    state: '6',
    conclusion: reason ? '2' : '1',
    concludedAt: room.now().toISOString(),
    round: filing.round + 1,
    ...(reason ? { reason } : {}),
  });
}

function endEmployment(room: Room, { uscc, idNumber, fields }: Filing): void {
  const before = room.rolls.membership(uscc, idNumber);
  if (!before) throw new Refusal('NOT_IN_UNIT', 'the person has left the roll since the filing');
  const exit = fields.abc916 ?? '';
  const endedOn = `${exit.slice(0, 4)}-${exit.slice(4, 6)}-${exit.slice(6)}`;
  const employment = {
    state: 'ended',
    since: before.employment.since,
    endedOn,
    reason: fields.abc917 ?? '',
  } as const;
  room.rolls.change(uscc, idNumber, { employment });
}

function allowed(filing: Filing): Decision['decision'][] {
  if (!isOpen(filing)) return [];
  return filing.correction ? ['reject'] : ['accept', 'reject', 'correction'];
}

export function decide(receipt: string, decision: Decision, room: Room): CaseView {
  const filing = filings(room).get(receipt);
  if (!filing) throw new Refusal('NOT_FOUND', `no filing ${receipt}`);
  if (!allowed(filing).includes(decision.decision)) {
    const guard = filing.withdrawn
      ? 'the employer has withdrawn it'
      : filing.correction
        ? 'it waits for the employer to answer a correction'
        : 'it is concluded';
    throw new Refusal('DECISION_NOT_ALLOWED', `${decision.decision} is not allowed: ${guard}`);
  }
  return caseView(apply(room, filing, decision));
}

export const caseView = (filing: Filing): CaseView => ({
  agency: 'labor',
  id: filing.receipt,
  serial: filing.serial,
  receipt: filing.receipt,
  operation: 'SubmitTermination',
  unit: filing.uscc,
  person: `${filing.fields.AAC003 ?? ''} ${filing.idNumber}`,
  state: filing.withdrawn ? 'withdrawn' : filing.correction ? 'correction_requested' : NAMES[filing.state],
  submittedAt: filing.submittedAt,
  updatedAt: filing.updatedAt,
  allowed: allowed(filing),
  detail: {
    SAA043: filing.state,
    TAA103: filing.conclusion,
    serials: filing.serials,
    fields: filing.fields,
    supplements: filing.supplements,
    ...(filing.reason ? { reason: filing.reason } : {}),
    ...(filing.correction ? { correction: filing.correction } : {}),
  },
});
