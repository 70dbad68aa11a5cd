// The review of a filing: what may follow what, the clerk's steps on the sandbox clock, and the clerk's decisions.
import type { CaseView, Decision, Membership, Plan, Room } from '../kernel/agency.ts';
import { Refusal } from '../kernel/agency.ts';
import type { Sentence } from '../kernel/scenario.ts';
import { about, afterwardsSays, HELD, stateSays } from '../kernel/words.ts';
import { missingSettlement } from './disputes.ts';
import { allowed, caseView, type Filing, filings, isOpen, NAMES, type State, save } from './filings.ts';
import { forget } from './serials.ts';

const STEPS = 4; // from submitted to concluded

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
  const plan = room.plan(operation, filing.round === 0 ? undefined : filing.plan);
  const missing = plan.decision?.decision === 'accept' ? missingSettlement(filing, room) : undefined;
  return missing ? { ...plan, decision: missing } : plan;
}

function scheduleStep(room: Room, { plan, receipt, round }: Filing): void {
  if (!plan.decision) return;
  room.schedule(new Date(room.now().getTime() + plan.delayMs / STEPS), 'review.step', `${receipt}#${round}`);
}

/** One step of the review, or the end of the time for a correction. */
export function fire(event: string, subject: string, room: Room): Sentence {
  const [receipt = '', round] = subject.split('#');
  const superseded = about(receipt, { en: 'superseded', zh: '已另行处理' });
  const filing = filings(room).get(receipt);
  if (event === 'case.afterwards') {
    const next = filing?.plan.afterwards?.decision;
    if (!filing || !next || !allowed(filing).includes(next.decision)) return superseded;
    apply(room, filing, next);
    return about(receipt, afterwardsSays(next.decision));
  }
  if (!filing || String(filing.round) !== round || !isOpen(filing)) return superseded;
  if (event === 'correction.due') {
    if (!room.keeps('labor.correction-due'))
      return about(receipt, { en: 'overdue, and nobody minds', zh: '补正逾期，未作处理' });
    conclude(room, filing, '2', {
      code: 'CORRECTION_OVERDUE',
      message: 'the supplement did not arrive in time',
    });
    return about(receipt, {
      en: 'concluded, failed: the supplement is overdue',
      zh: '补正逾期，已办结，未通过',
    });
  }
  const decision = filing.plan.decision ?? { decision: 'accept' };
  if (filing.state === '3' && (decision.decision === 'correction' || decision.decision === 'lose')) {
    apply(room, filing, decision);
    return about(
      receipt,
      decision.decision === 'lose' ? stateSays('lost') : { en: 'correction requested', zh: '已要求补正' },
    );
  }
  if (filing.state === '5') {
    const done = apply(room, filing, decision);
    if (done.state !== '6') return about(receipt, HELD);
    return about(
      receipt,
      done.conclusion === '1'
        ? { en: 'concluded, passed', zh: '已办结，通过' }
        : { en: 'concluded, failed', zh: '已办结，未通过' },
    );
  }
  const next = save(room, { ...filing, state: String(Number(filing.state) + 1) as State }); // 2..4, so the next is 3..5
  scheduleStep(room, next);
  return about(receipt, stateSays(NAMES[next.state]));
}

function apply(room: Room, filing: Filing, decision: Decision): Filing {
  const round = filing.round + 1;
  switch (decision.decision) {
    case 'accept': {
      const { warning } = decision;
      return pass(room, filing, warning && { code: warning.code, message: warning.reason });
    }
    case 'reject':
      return conclude(room, filing, '2', { code: decision.code, message: decision.reason });
    case 'correction': {
      const { code, field, reason, due } = decision;
      const row = save(room, { ...filing, state: '3', round, correction: { code, field, reason, due } });
      // The day ends at midnight in China, that is at 16:00 UTC.
      room.schedule(new Date(`${due}T16:00:00Z`), 'correction.due', `${filing.receipt}#${round}`);
      return row;
    }
    case 'hold':
      return save(room, { ...filing, state: '5', round });
    case 'late': {
      const plan: Plan = { ...filing.plan, decision: { decision: 'accept' }, delayMs: decision.delayMs };
      const row = save(room, { ...filing, state: '5', round, plan });
      room.schedule(
        new Date(room.now().getTime() + decision.delayMs),
        'review.step',
        `${filing.receipt}#${round}`,
      );
      return row;
    }
    case 'lose':
      forget(room, filing);
      return save(room, { ...filing, round, lost: true });
    case 'annul': {
      const { uscc, idNumber, ended } = filing;
      if (ended) room.rolls.change(uscc, idNumber, { employment: ended });
      return conclude(room, filing, '2', { code: decision.code, message: decision.reason });
    }
  }
}

/** The employment ends, and read-back shows it. */
function pass(room: Room, filing: Filing, warning?: Filing['reason']): Filing {
  const ended = endEmployment(room, filing);
  const { afterwards } = filing.plan;
  if (afterwards)
    room.schedule(new Date(room.now().getTime() + afterwards.delayMs), 'case.afterwards', filing.receipt);
  return conclude(room, { ...filing, ended }, '1', warning);
}

function conclude(
  room: Room,
  filing: Filing,
  conclusion: Filing['conclusion'],
  reason?: Filing['reason'],
): Filing {
  const { correction: _gone, reason: _before, ...rest } = filing;
  return save(room, {
    ...rest,
    state: '6',
    conclusion,
    concludedAt: room.now().toISOString(),
    round: filing.round + 1,
    ...(reason ? { reason } : {}),
  });
}

/** Returns what the employment was. */
function endEmployment(room: Room, { uscc, idNumber, fields }: Filing): Membership['employment'] {
  const before = room.rolls.membership(uscc, idNumber);
  if (!before)
    throw new Refusal('NOT_IN_UNIT', 'the person has left the roll since the filing', {
      zh: '该人员自备案后已不在名册中',
    });
  const exit = fields.abc916 ?? '';
  const endedOn = `${exit.slice(0, 4)}-${exit.slice(4, 6)}-${exit.slice(6)}`;
  const employment = {
    state: 'ended',
    since: before.employment.since,
    endedOn,
    reason: fields.abc917 ?? '',
  } as const;
  room.rolls.change(uscc, idNumber, { employment });
  return before.employment;
}

export function decide(receipt: string, decision: Decision, room: Room): CaseView {
  const filing = filings(room).get(receipt);
  if (!filing) throw new Refusal('NOT_FOUND', `no filing ${receipt}`);
  if (!allowed(filing).includes(decision.decision)) {
    const guard = filing.lost
      ? 'the agency has lost it'
      : filing.withdrawn
        ? 'the employer has withdrawn it'
        : filing.correction
          ? 'it waits for the employer to answer a correction'
          : filing.state === '6'
            ? 'it is concluded'
            : 'it has not passed';
    throw new Refusal('DECISION_NOT_ALLOWED', `${decision.decision} is not allowed: ${guard}`);
  }
  return caseView(apply(room, filing, decision));
}
