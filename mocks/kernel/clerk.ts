// Nobody waits for a person: the clerk decides by policy after a delay of sandbox time, unless told to leave cases alone.
import type { AgencyName, Decision, Plan } from './agency.ts';
import type { Fault, Faults } from './faults.ts';
import { day } from './time.ts';

export interface ClerkPolicy {
  readonly policy: 'accept' | 'manual';
  /** Sandbox milliseconds. */
  readonly delayMs: number;
}

export interface Clerk {
  policy(agency: AgencyName): ClerkPolicy;
  setPolicy(agency: AgencyName, policy: ClerkPolicy): void;
  plan(agency: AgencyName, operation: string): Plan;
  dump(): ClerkState;
  load(state: ClerkState): void;
}

export type ClerkState = ReadonlyMap<AgencyName, ClerkPolicy>;

const DAYS_TO_CORRECT = 5;

export function createClerk(options: {
  faults: Faults;
  now: () => Date;
  policy: ClerkPolicy['policy'];
  delays: Readonly<Partial<Record<AgencyName, number>>>;
}): Clerk {
  const { faults, now, delays } = options;
  const chosen = new Map<AgencyName, ClerkPolicy>();
  const policy = (agency: AgencyName): ClerkPolicy =>
    chosen.get(agency) ?? { policy: options.policy, delayMs: delays[agency] ?? 0 };

  return {
    policy,
    setPolicy: (agency, next) => void chosen.set(agency, next),
    dump: () => new Map(chosen),
    load(state) {
      chosen.clear();
      for (const [agency, policy] of state) chosen.set(agency, policy);
    },
    plan(agency, operation) {
      const { policy: kind, delayMs } = policy(agency);
      const fault = faults.take('clerk', agency, operation);
      if (fault) return { decision: decisionOf(fault, now()), delayMs };
      return kind === 'manual' ? { delayMs } : { decision: { decision: 'accept' }, delayMs };
    },
  };
}

function decisionOf(fault: Fault, now: Date): Decision {
  const reason = fault.reason ?? 'no reason given';
  if (fault.kind === 'reject')
    return { decision: 'reject', code: fault.code ?? 'REJECTED_BY_REVIEW', reason };
  return {
    decision: 'correction',
    code: fault.code ?? 'MATERIAL_MISSING',
    field: fault.field ?? 'supplement',
    reason,
    due: fault.due ?? day(new Date(now.getTime() + DAYS_TO_CORRECT * 86_400_000)),
  };
}
