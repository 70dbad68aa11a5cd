// What one can do to a sandbox from outside: the same functions behind the desk's routes and the in-process handle.
import { type AgencyName, type CaseView, type Decision, type Identity, Refusal } from '../kernel/agency.ts';
import { type ClerkPolicy, decisionOf } from '../kernel/clerk.ts';
import { type Fault, FaultInvalid, type FaultRequest, type Kind, type Phase } from '../kernel/faults.ts';
import { isUscc } from '../kernel/identifiers.ts';
import { PRESETS, type PresetName } from '../kernel/presets.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import type { ClerkStep } from '../kernel/scenario.ts';
import { day, durationMs, readDay } from '../kernel/time.ts';
import { type Dispute, listDisputes, setDispute } from '../labor/disputes.ts';
import { operationsOf } from './fault-offers.ts';
import { fieldsAt, fieldsOf, requireField } from './form-fields.ts';
import { requireIdNumber } from './id-numbers.ts';
import { requireOperation } from './operations.ts';
import { DeskError } from './problem.ts';
import { agencyOf } from './route.ts';

export function duration(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined)
    throw new DeskError(400, 'DURATION_INVALID', {
      en: 'durations look like P15D, PT2H or PT0.5S',
      zh: '时长的写法如 P15D、PT2H 或 PT0.5S',
    });
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

export function armFault(sandbox: Sandbox, input: FaultInput): Fault {
  const { faults, clock } = sandbox;
  const { fault, ttl, ...rest } = input;
  if (rest.due !== undefined) requireAhead(rest.due, clock.now());
  if (rest.agency !== undefined) agencyOf(sandbox, rest.agency);
  if (rest.operation !== undefined) requireOperation(sandbox, rest.operation, rest.agency);
  requireField(rest.field, fieldsAt(rest.agency));
  const kind = typeof fault !== 'string' ? fault.kind : isPreset(fault) ? PRESETS[fault].kind : undefined;
  if (kind !== undefined) requirePlace(sandbox, kind, rest);
  const life = ttl === undefined ? {} : { ttlMs: duration(ttl) };
  const arm = (request: FaultRequest): Fault => {
    try {
      return faults.arm(request);
    } catch (cause) {
      if (cause instanceof FaultInvalid) throw new DeskError(422, 'FAULT_INVALID', cause.said);
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
    throw new DeskError(400, 'PRESET_UNKNOWN', {
      en: `presets: ${Object.keys(PRESETS).join(', ')}`,
      zh: `没有该预设；可用预设：${Object.keys(PRESETS).join('、')}`,
    });
  }
  return arm({ preset: fault, ...rest, ...life });
}

/** What can never strike would wait without a word; the kernel refuses what an agency by its name rules out. */
function requirePlace(sandbox: Sandbox, kind: Kind, { agency, operation }: Partial<FaultInput>): void {
  const places = operationsOf(sandbox, kind);
  const names = Object.values(places).flat();
  if (agency !== undefined || operation === undefined || names.length === 0 || names.includes(operation))
    return;
  throw new DeskError(422, 'FAULT_INVALID', {
    en: `operation: ${kind} is known to ${Object.keys(places).join(' and ')}, which ${operation} cannot meet; here: ${names.join(', ')}`,
    zh: `operation：故障 ${kind} 只适用于 ${Object.keys(places).join('、')}，不会发生在 ${operation} 上；可选业务：${names.join('、')}`,
  });
}

/** `script` belongs to the policy `scripted`, and makes it the policy where none is named. */
export interface ClerkWish {
  readonly policy?: ClerkPolicy['policy'];
  readonly delay?: string;
  readonly script?: readonly ClerkStep[];
}

export function setClerk(sandbox: Sandbox, agency: AgencyName, wish: ClerkWish): ClerkPolicy {
  const before = sandbox.clerk().policy(agencyOf(sandbox, agency));
  const policy = wish.policy ?? (wish.script === undefined ? before.policy : 'scripted');
  if (policy !== 'scripted' && wish.script !== undefined)
    throw new DeskError(400, 'SCRIPT_UNREAD', {
      en: `the policy ${policy} reads no script: choose scripted`,
      zh: `策略 ${policy} 不使用脚本，请选择 scripted`,
    });
  for (const { field } of wish.script ?? []) requireField(field, fieldsAt(agency));
  const script = policy === 'scripted' ? { script: wish.script ?? before.script ?? [] } : {};
  const next = {
    policy,
    ...script,
    ...(wish.delay === undefined && before.workingDays ? { workingDays: true } : {}),
    delayMs: wish.delay === undefined ? before.delayMs : duration(wish.delay),
  };
  sandbox.clerk().setPolicy(agency, next);
  return next;
}

export function cases(sandbox: Sandbox, agencies: readonly AgencyName[]): CaseView[] {
  sandbox.clock.catchUp();
  return agencies.flatMap((name) => sandbox.agency(agencyOf(sandbox, name))?.cases(sandbox.room(name)) ?? []);
}

export function findCase(sandbox: Sandbox, agency: AgencyName, id: string): CaseView {
  const found = cases(sandbox, [agency]).find((view) => view.id === id);
  if (!found)
    throw new DeskError(404, 'CASE_UNKNOWN', {
      en: `${agency} has no case ${id}`,
      zh: `机构 ${agency} 没有业务 ${id}`,
    });
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
  const { allowed, operation } = findCase(sandbox, agency, id);
  if (input.decision === 'correction') requireField(input.field, fieldsOf(operation));
  const found = sandbox.agency(agency);
  if (!found)
    throw new DeskError(404, 'AGENCY_UNKNOWN', {
      en: `there is no agency ${agency}`,
      zh: `没有机构 ${agency}`,
    });
  try {
    return sandbox.transaction(() =>
      found.decide(id, complete(input, sandbox.clock.now()), sandbox.room(agency)),
    );
  } catch (cause) {
    if (cause instanceof Refusal)
      throw new DeskError(409, cause.code, {
        en: cause.message,
        zh: cause.zh ?? `此时不能作出决定 ${input.decision}；当前可选：${allowed.join('、') || '无'}`,
      });
    throw cause;
  }
}

/** A last day that can come: one that does not exist would stand among the timers for ever. */
function requireAhead(due: string, now: Date): void {
  if (readDay(due) === undefined)
    throw new DeskError(422, 'DUE_INVALID', { en: `there is no day ${due}`, zh: `不存在 ${due} 这一天` });
  if (due < day(now))
    throw new DeskError(422, 'DUE_INVALID', {
      en: `${due} lies behind sandbox time, where it is ${day(now)}`,
      zh: `${due} 早于沙箱当前日期 ${day(now)}`,
    });
}

function complete(
  { reason = 'decided at the desk (由经办台作出决定)', due, by, ...input }: DecisionInput,
  now: Date,
): Decision {
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
  if (!isUscc(uscc))
    throw new DeskError(400, 'USCC_INVALID', {
      en: 'not a unified social credit code (GB 32100)',
      zh: '不是有效的统一社会信用代码（GB 32100）',
    });
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
  agencyOf(sandbox, 'labor');
  requireIdNumber(sandbox, id_number);
  const room = sandbox.room('labor');
  sandbox.transaction(() =>
    setDispute({ idNumber: id_number, ...(uscc === undefined ? {} : { uscc }) }, open, room),
  );
  return listDisputes(room);
}

export interface AddressInput {
  readonly agency: AgencyName;
  readonly url: string;
  /** Absent: of all that have none of their own. */
  readonly uscc?: string;
}

/** Leaves an address with an agency that calls back. */
export function callTo(sandbox: Sandbox, { agency, url, uscc }: AddressInput): void {
  const name = agencyOf(sandbox, agency);
  if (!sandbox.agency(name)?.callback)
    throw new DeskError(409, 'NO_CALLBACKS', {
      en: `${name} calls nobody: ask it`,
      zh: `机构 ${name} 不会回调，请主动查询`,
    });
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new DeskError(400, 'URL_INVALID', {
      en: 'url must be an http or https address',
      zh: 'url 必须是 http 或 https 地址',
    });
  sandbox.callbacks.subscribe({ agency: name, url, ...(uscc === undefined ? {} : { unit: uscc }) });
}

export const disputes = (sandbox: Sandbox): Dispute[] => listDisputes(sandbox.room('labor'));
