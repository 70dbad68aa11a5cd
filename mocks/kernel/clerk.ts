// Nobody waits for a person: the clerk decides by the scenario of the case or by policy, after a delay of sandbox time,
// unless told to leave cases alone.
import { createHash } from 'node:crypto';
import type { AgencyName, Decision, Plan } from './agency.ts';
import type { Choice, Director } from './director.ts';
import type { Fault, Faults } from './faults.ts';
import type { ClerkStep, Scenario } from './scenario.ts';
import { day, durationMs, workingDaysMs } from './time.ts';

/**
 * `random` draws accept, correction or reject from the seed and the number of the case; `scripted` takes the decisions of
 * its script one after the other, and then accepts.
 */
export const POLICIES = ['accept', 'manual', 'random', 'scripted'] as const;

export interface ClerkPolicy {
  readonly policy: (typeof POLICIES)[number];
  /** Sandbox milliseconds. */
  readonly delayMs: number;
  /** `delayMs` is so many whole days, of which Saturdays and Sundays do not count. */
  readonly workingDays?: boolean;
  /** What is left of the script: a decision that was taken is gone. */
  readonly script?: readonly ClerkStep[];
}

export interface Clerk {
  policy(agency: AgencyName): ClerkPolicy;
  setPolicy(agency: AgencyName, policy: ClerkPolicy): void;
  /** @param choice the scenario of this request @param before the plan of the case, when this is a revision of it */
  plan(agency: AgencyName, operation: string, choice: Choice | undefined, before?: Plan): Plan;
  dump(): ClerkState;
  load(state: ClerkState): void;
}

export type ClerkState = ReadonlyMap<AgencyName, ClerkPolicy>;

const DAYS_TO_CORRECT = 5;
const DAY = 86_400_000;

export function createClerk(options: {
  faults: Faults;
  director: Director;
  now: () => Date;
  policy: ClerkPolicy['policy'];
  delays: Readonly<Partial<Record<AgencyName, number>>>;
  /** The same number for the same question in the same sandbox; 0 to 1. */
  draw: (agency: AgencyName) => number;
  /** Called after a policy was set. */
  changed?: () => void;
}): Clerk {
  const { faults, director, now, delays } = options;
  const chosen = new Map<AgencyName, ClerkPolicy>();
  const policy = (agency: AgencyName): ClerkPolicy =>
    chosen.get(agency) ?? { policy: options.policy, delayMs: delays[agency] ?? 0 };

  const delayOf = ({ delayMs, workingDays }: ClerkPolicy) =>
    workingDays ? workingDaysMs(now(), delayMs / DAY) : delayMs;

  function byPolicy(agency: AgencyName): Plan {
    const own = policy(agency);
    const { policy: kind } = own;
    const delayMs = delayOf(own);
    if (kind === 'manual') return { delayMs };
    if (kind === 'accept') return { decision: { decision: 'accept' }, delayMs };
    if (kind === 'scripted') {
      const [step, ...rest] = own.script ?? [];
      chosen.set(agency, { ...own, script: rest });
      if (step === undefined) return { decision: { decision: 'accept' }, delayMs };
      const after = step.after === undefined ? undefined : durationMs(step.after);
      return { decision: decisionOf(step, now()), delayMs: after ?? delayMs };
    }
    const drawn = options.draw(agency);
    const word = drawn < 0.6 ? 'accept' : drawn < 0.85 ? 'correction' : 'reject';
    return { decision: decisionOf({ decision: word }, now()), delayMs };
  }

  /** The round-th decision of the story; after its last the clerk accepts. */
  function scripted(agency: AgencyName, scenario: Scenario, round: number, rule: string): Plan {
    const delayMs = delayOf(policy(agency));
    const step = scenario.clerk?.[round] ?? { decision: 'accept' };
    const { afterwards } = scenario;
    return {
      decision: decisionOf(step, now()),
      delayMs: (step.after === undefined ? undefined : durationMs(step.after)) ?? delayMs,
      scenario: scenario.code,
      rule,
      round: round + 1,
      ...(afterwards && round + 1 >= (scenario.clerk?.length ?? 0)
        ? {
            afterwards: {
              decision: decisionOf(afterwards, now()),
              delayMs: durationMs(afterwards.after) ?? 0,
            },
          }
        : {}),
    };
  }

  const ofFault = (agency: AgencyName, operation: string): Plan | undefined => {
    const fault = faults.take('clerk', agency, operation);
    if (!fault) return undefined;
    const delayMs = delayOf(policy(agency));
    return { decision: faultDecision(fault, now()), delayMs, rule: `armed ${fault.id}` };
  };

  return {
    policy,
    setPolicy(agency, next) {
      chosen.set(agency, next);
      options.changed?.();
    },
    dump: () => new Map(chosen),
    load(state) {
      chosen.clear();
      for (const [agency, one] of state) chosen.set(agency, one);
    },
    plan(agency, operation, choice, before) {
      if (!before) director.filed(agency, operation, choice);
      const told = choice?.channel === 'header' ? undefined : ofFault(agency, operation);
      if (told) return told;
      if (choice?.scenario.clerk) return scripted(agency, choice.scenario, 0, choice.rule);
      if (choice) return { ...byPolicy(agency), scenario: choice.scenario.code, rule: choice.rule };
      if (before?.scenario !== undefined) {
        const scenario = director.find(before.scenario);
        const rule = before.rule ?? '';
        if (scenario.clerk) return scripted(agency, scenario, before.round ?? 0, rule);
        return { ...byPolicy(agency), scenario: scenario.code, rule };
      }
      return byPolicy(agency);
    },
  };
}

/** A decision as somebody asks for it, completed with what it needs. */
export function decisionOf(
  step: Omit<ClerkStep, 'after'> & { readonly dueDay?: string; readonly by?: string },
  now: Date,
): Decision {
  const reason = step.reason ?? 'no reason given (未说明原因)';
  switch (step.decision) {
    case 'accept':
      return step.code === undefined
        ? { decision: 'accept' }
        : { decision: 'accept', warning: { code: step.code, reason } };
    case 'reject':
      return { decision: 'reject', code: step.code ?? 'REJECTED_BY_REVIEW', reason };
    case 'annul':
      return { decision: 'annul', code: step.code ?? 'ANNULLED', reason };
    case 'late':
      return { decision: 'late', delayMs: durationMs(step.by ?? 'P15D') ?? 15 * DAY };
    case 'correction': {
      const later = durationMs(step.due ?? '') ?? DAYS_TO_CORRECT * DAY;
      return {
        decision: 'correction',
        code: step.code ?? 'MATERIAL_MISSING',
        field: step.field ?? 'supplement',
        reason,
        due: step.dueDay ?? day(new Date(now.getTime() + later)),
      };
    }
    default:
      return { decision: step.decision };
  }
}

function faultDecision({ kind, code, field, reason, due }: Fault, now: Date): Decision {
  if (kind === 'stuck') return { decision: 'hold' };
  if (kind === 'partial-batch') return { decision: 'accept', partial: true };
  return decisionOf(
    {
      decision: kind === 'reject' ? 'reject' : 'correction',
      ...(code === undefined ? {} : { code }),
      ...(field === undefined ? {} : { field }),
      ...(reason === undefined ? {} : { reason }),
      ...(due === undefined ? {} : { dueDay: due }),
    },
    now,
  );
}

/** 0 to 1, the same for the same text. */
export const drawOf = (text: string): number =>
  createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
