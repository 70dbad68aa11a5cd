// The report of the go-live exam: for each story of the published list, whether the client met it and got through.
import type { CaseView } from '../kernel/agency.ts';
import type { Memory } from '../kernel/memory.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import type { Sentence } from '../kernel/scenario.ts';
import { EXAM } from '../scenarios/index.ts';
import { cases } from './control.ts';
import type { House } from './route.ts';

export interface Task {
  readonly operation: string;
  readonly scenario: string;
  readonly verdict: 'not_met' | 'running' | 'passed' | 'failed';
  readonly why: Sentence;
}

/** So often may a client run into the same refusal before it counts as hammering. */
const PATIENCE = 5;
const OPEN = [
  'submitted',
  'pre_check',
  'accepted_for_review',
  'in_review',
  'correction_requested',
  'received',
  'processing',
];

/** Stories that promise it: the operation that tells whether the agency's records say the same. */
const READ_BACK: Readonly<Record<string, string>> = {
  'LAB.ACCEPTED': 'QueryPerson',
  'SOC.ACCEPTED': 'person-state',
  'CRD.ACCEPTED': 'queryPractitioner',
  'SM2.ACCEPTED': 'personState',
};

/** Once the case has ended, and about its own person: what another person's records say proves nothing. */
const isReadBack = (memory: Memory, operation: string, { person, updatedAt }: CaseView): boolean =>
  person.split(/[ ,]+/).some((word) => (memory.answered(operation, word) ?? '') >= updatedAt);

function judge(
  scenario: string,
  operation: string,
  own: readonly CaseView[],
  memory: Memory,
): Omit<Task, 'operation' | 'scenario'> {
  const met = memory.of(scenario);
  if (own.length === 0 && !met)
    return { verdict: 'not_met', why: { en: 'no filing has had it yet', zh: '尚无业务遇到该情景' } };
  const { count, code } = met?.refused.get(operation) ?? { count: 0, code: scenario };
  if (count > PATIENCE)
    return {
      verdict: 'failed',
      why: {
        en: `${count} requests ran into the same ${code}`,
        zh: `${count} 次请求遇到同一个 ${code}`,
      },
    };
  const open = own.find(({ state }) => OPEN.includes(state));
  if (open)
    return {
      verdict: 'running',
      why: { en: `${open.id} is ${open.state}`, zh: `${open.id} 尚在办理（${open.state}）` },
    };
  const unread = own.find(({ updatedAt }) => (met?.askedAt ?? '') < updatedAt);
  if (unread)
    return {
      verdict: 'running',
      why: { en: `the end of ${unread.id} was not asked about yet`, zh: `尚未查询 ${unread.id} 的办结结果` },
    };
  const readBack = READ_BACK[scenario];
  const unsure = readBack && own.find((each) => !isReadBack(memory, readBack, each));
  if (unsure)
    return {
      verdict: 'running',
      why: {
        en: `${readBack} was not asked about the person of ${unsure.id} since its end`,
        zh: `${unsure.id} 办结后，尚未以 ${readBack} 回查该人员`,
      },
    };
  return {
    verdict: 'passed',
    why:
      own.length > 0
        ? { en: 'followed to its end', zh: '已跟进至办结' }
        : { en: `${code} was taken for an answer`, zh: `已将 ${code} 作为答复处理` },
  };
}

export function report({ names }: Pick<House, 'names'>, sandbox: Sandbox) {
  const all = cases(sandbox, names);
  const tasks = Object.entries(EXAM).flatMap(([operation, codes]) =>
    codes.map((scenario): Task => {
      const own = all.filter((view) => view.scenario === scenario);
      return { operation, scenario, ...judge(scenario, operation, own, sandbox.memory) };
    }),
  );
  const count = (verdict: Task['verdict']) => tasks.filter((task) => task.verdict === verdict).length;
  return {
    profile: sandbox.director.profile().name,
    passed: count('passed'),
    failed: count('failed'),
    running: count('running'),
    not_met: count('not_met'),
    tasks,
  };
}
