// What one can do to a sandbox from outside: the same functions behind the desk's routes and the in-process handle.
import { type AgencyName, type CaseView, type Decision, type Identity, Refusal } from '../kernel/agency.ts';
import { type ClerkPolicy, decisionOf } from '../kernel/clerk.ts';
import type { Fault, FaultRequest, Kind, Phase } from '../kernel/faults.ts';
import { isUscc } from '../kernel/identifiers.ts';
import { isSynthetic } from '../kernel/limits.ts';
import { PRESETS, type PresetName } from '../kernel/presets.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import type { ClerkStep } from '../kernel/scenario.ts';
import { day, durationMs, readDay } from '../kernel/time.ts';
import { type Dispute, listDisputes, setDispute } from '../labor/disputes.ts';
import { requireOperation } from './operations.ts';
import { DeskError } from './problem.ts';

export function duration(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined)
    throw new DeskError(400, 'DURATION_INVALID', 'durations look like P15D, PT2H or PT0.5S');
  return ms;
}

/** As in the API, so that a command and a test read alike. */
export interface EffectInput {
  readonly phase: Phase;
  readonly kind: Kind;
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly retry_after?: number;
  readonly delay_ms?: number;
  readonly code?: string;
  readonly reason?: string;
}

export interface FaultInput {
  /** A preset's name, or what should happen. */
  readonly fault: string | EffectInput;
  readonly agency?: AgencyName;
  readonly operation?: string;
  readonly times?: number;
  readonly nth?: number;
  /** 0 to 1, drawn from the seed. */
  readonly probability?: number;
  /** ISO duration, real time. */
  readonly ttl?: string;
  readonly id?: string;
  readonly code?: string;
  readonly field?: string;
  readonly reason?: string;
  readonly due?: string;
}

const isPreset = (name: string): name is PresetName => Object.hasOwn(PRESETS, name);

export function armFault({ faults, clock, agency: agencies }: Sandbox, input: FaultInput): Fault {
  const { fault, ttl, ...rest } = input;
  if (rest.due !== undefined) requireAhead(rest.due, clock.now());
  if (rest.operation !== undefined)
    requireOperation(rest.operation, rest.agency, agencies(rest.agency ?? ''));
  const life = ttl === undefined ? {} : { ttlMs: duration(ttl) };
  const arm = (request: FaultRequest): Fault => {
    try {
      return faults.arm(request);
    } catch (cause) {
      if (cause instanceof TypeError) throw new DeskError(422, 'FAULT_INVALID', cause.message);
      throw cause;
    }
  };
  if (typeof fault !== 'string') {
    const { retry_after, delay_ms, ...effect } = fault;
    return arm({
      ...effect,
      ...(retry_after === undefined ? {} : { retryAfterSeconds: retry_after }),
      ...(delay_ms === undefined ? {} : { delayMs: delay_ms }),
      ...rest,
      ...life,
    });
  }
  if (!isPreset(fault)) {
    throw new DeskError(400, 'PRESET_UNKNOWN', `presets: ${Object.keys(PRESETS).join(', ')}`);
  }
  return arm({ preset: fault, ...rest, ...life });
}

/** `script` belongs to the policy `scripted`, and makes it the policy where none is named. */
export interface ClerkWish {
  readonly policy?: ClerkPolicy['policy'];
  readonly delay?: string;
  readonly script?: readonly ClerkStep[];
}

export function setClerk(sandbox: Sandbox, agency: AgencyName, wish: ClerkWish): ClerkPolicy {
  const before = sandbox.clerk().policy(agency);
  const policy = wish.policy ?? (wish.script === undefined ? before.policy : 'scripted');
  if (policy !== 'scripted' && wish.script !== undefined)
    throw new DeskError(400, 'SCRIPT_UNREAD', `the policy ${policy} reads no script: choose scripted`);
  const script = policy === 'scripted' ? { script: wish.script ?? before.script ?? [] } : {};
  const next = {
    policy,
    ...script,
    delayMs: wish.delay === undefined ? before.delayMs : duration(wish.delay),
  };
  sandbox.clerk().setPolicy(agency, next);
  return next;
}

export function cases(sandbox: Sandbox, agencies: readonly AgencyName[]): CaseView[] {
  sandbox.clock.catchUp();
  return agencies.flatMap((name) => sandbox.agency(name)?.cases(sandbox.room(name)) ?? []);
}

export function findCase(sandbox: Sandbox, agency: AgencyName, id: string): CaseView {
  const found = cases(sandbox, [agency]).find((view) => view.id === id);
  if (!found) throw new DeskError(404, 'CASE_UNKNOWN', `${agency} has no case ${id}`);
  return found;
}

export interface DecisionInput {
  readonly decision: Decision['decision'];
  /** With accept: accepts with a warning of this code. */
  readonly code?: string;
  readonly field?: string;
  readonly reason?: string;
  readonly due?: string;
  /** With late: ISO duration of sandbox time. */
  readonly by?: string;
}

export function decide(sandbox: Sandbox, agency: AgencyName, id: string, input: DecisionInput): CaseView {
  findCase(sandbox, agency, id);
  const found = sandbox.agency(agency);
  if (!found) throw new DeskError(404, 'AGENCY_UNKNOWN', `there is no agency ${agency}`);
  try {
    return sandbox.transaction(() =>
      found.decide(id, complete(input, sandbox.clock.now()), sandbox.room(agency)),
    );
  } catch (cause) {
    if (cause instanceof Refusal) throw new DeskError(409, cause.code, cause.message);
    throw cause;
  }
}

/** Where strangers play, no real person belongs: not on a roll, not in a rule. */
export function requireSynthetic({ syntheticOnly }: Sandbox, idNumber: string): void {
  if (syntheticOnly && !isSynthetic(idNumber))
    throw new DeskError(422, 'REAL_DATA', 'no real person belongs here: use ID numbers of region 99xxxx');
}

/** A last day that can come: one that does not exist would stand among the timers for ever. */
function requireAhead(due: string, now: Date): void {
  if (readDay(due) === undefined) throw new DeskError(422, 'DUE_INVALID', `there is no day ${due}`);
  if (due < day(now))
    throw new DeskError(422, 'DUE_INVALID', `${due} lies behind sandbox time, where it is ${day(now)}`);
}

function complete({ reason = 'decided at the desk', due, by, ...input }: DecisionInput, now: Date): Decision {
  if (by !== undefined) duration(by);
  if (due !== undefined) requireAhead(due, now);
  return decisionOf(
    {
      ...input,
      reason,
      ...(due === undefined ? {} : { dueDay: due }),
      ...(by === undefined ? {} : { by }),
    },
    now,
  );
}

export async function identity(sandbox: Sandbox, uscc: string, name: string): Promise<Identity> {
  if (!isUscc(uscc)) throw new DeskError(400, 'USCC_INVALID', 'not a unified social credit code (GB 32100)');
  return sandbox.ca.identity(uscc, name);
}

export interface DisputeInput {
  readonly id_number: string;
  /** Absent: with whatever unit files. */
  readonly uscc?: string;
  /** Default true; false: the agency knows that it is over. */
  readonly open?: boolean;
}

export function dispute(sandbox: Sandbox, { id_number, uscc, open = true }: DisputeInput): Dispute[] {
  const room = sandbox.room('labor');
  sandbox.transaction(() =>
    setDispute({ idNumber: id_number, ...(uscc === undefined ? {} : { uscc }) }, open, room),
  );
  return listDisputes(room);
}

export const disputes = (sandbox: Sandbox): Dispute[] => listDisputes(sandbox.room('labor'));
