// What one can say about scenarios from outside: behind the desk's routes and the in-process handle.
import { type AgencyName, Refusal } from '../kernel/agency.ts';
import type { Armed, When } from '../kernel/director.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { requireIdNumber } from './id-numbers.ts';
import { requireOperation } from './operations.ts';
import { DeskError } from './problem.ts';
import { applyProfile } from './profiles.ts';
import { agencyOf, type House } from './route.ts';

export interface ArmInput {
  readonly scenario: string;
  /** Default 1; a rule has none. */
  readonly times?: number;
  readonly operation?: string;
  readonly uscc?: string;
  readonly id_number?: string;
}

/** A code that nobody knows is the caller's mistake: the nearest are named. */
function known<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    throw new DeskError(
      cause.status,
      cause.code,
      { en: cause.message, zh: cause.zh ?? cause.message },
      { ...cause.extra },
    );
  }
}

const whenOf = ({ operation, uscc, id_number }: Omit<ArmInput, 'scenario' | 'times'>): When => ({
  ...(operation === undefined ? {} : { operation }),
  ...(uscc === undefined ? {} : { uscc }),
  ...(id_number === undefined ? {} : { idNumber: id_number }),
});

export function arm(sandbox: Sandbox, kind: 'armed' | 'rules', input: ArmInput): Armed {
  const { director } = sandbox;
  if (input.id_number !== undefined) requireIdNumber(sandbox, input.id_number);
  const scenario = known(() => director.find(input.scenario));
  const { operation } = input;
  if (operation !== undefined && !scenario.operations.includes(operation))
    throw new DeskError(
      409,
      'SCENARIO_GUARD',
      {
        en: `${scenario.code} needs operation: it begins on ${scenario.operations.join(', ')}`,
        zh: `operation：情景 ${scenario.code} 只在这些业务上开始：${scenario.operations.join('、')}`,
      },
      { guard: 'operation' },
    );
  return kind === 'armed'
    ? director.arm(scenario.code, whenOf(input), input.times ?? 1)
    : director.rule(scenario.code, whenOf(input));
}

export interface ResolveInput {
  readonly agency: AgencyName;
  readonly operation: string;
  readonly uscc?: string;
  readonly id_number?: string;
  /** As X-Sandbox-Scenario would have it. */
  readonly header?: string;
}

export function resolve(house: House, sandbox: Sandbox, input: ResolveInput) {
  const { director } = sandbox;
  if (input.id_number !== undefined) requireIdNumber(sandbox, input.id_number);
  const agency = agencyOf(house, input.agency);
  requireOperation(sandbox, input.operation, agency);
  const choice = known(() =>
    director.resolve({
      agency,
      ...whenOf(input),
      operation: input.operation,
      ...(input.header === undefined ? {} : { header: input.header }),
    }),
  );
  return { rule: choice?.rule ?? 'default', scenario: choice?.scenario.code };
}

export function setProfile(sandbox: Sandbox, name: string, scenarios: readonly string[] = []): void {
  const { profiles } = sandbox.director;
  if (name !== 'custom' && !profiles.some((profile) => profile.name === name))
    throw new DeskError(404, 'PROFILE_UNKNOWN', {
      en: `profiles: ${profiles.map((each) => each.name).join(', ')}, custom`,
      zh: `没有该方案；可用方案：${profiles.map((each) => each.name).join('、')}、custom`,
    });
  if (name !== 'custom' && scenarios.length > 0)
    throw new DeskError(400, 'PROFILE_INVALID', {
      en: `scenarios: the profile ${name} chooses its own; codes belong to custom`,
      zh: `scenarios：方案 ${name} 自行选择情景；指定情景请使用 custom`,
    });
  if (name === 'custom' && scenarios.length === 0)
    throw new DeskError(400, 'PROFILE_INVALID', {
      en: 'scenarios: custom needs the codes of at least one scenario; default chooses none',
      zh: 'scenarios：custom 至少需要一个情景代码；不选定情景请使用 default',
    });
  const before = sandbox.director.profile().name;
  known(() => sandbox.director.setProfile(name, scenarios));
  applyProfile(sandbox, before, name);
}
