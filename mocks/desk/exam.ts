// The report of the go-live exam: for each story of the published list, whether the client met it and got through.
import type { CaseView } from '../kernel/agency.ts';
import type { Exchange } from '../kernel/journal.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { EXAM } from '../scenarios/index.ts';
import { cases } from './control.ts';
import type { House } from './route.ts';

export interface Task {
  readonly operation: string;
  readonly scenario: string;
  readonly verdict: 'not_met' | 'running' | 'passed' | 'failed';
  readonly why: string;
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
};

/** @param well what was asked and answered well, of any story or none */
export function judge(
  scenario: string,
  operation: string,
  own: readonly CaseView[],
  met: readonly Exchange[],
  well: readonly Exchange[],
): Omit<Task, 'operation' | 'scenario'> {
  if (own.length === 0 && met.length === 0) return { verdict: 'not_met', why: 'no filing has had it yet' };
  const refused = met.filter((entry) => entry.operation === operation && entry.code !== undefined);
  if (refused.length > PATIENCE)
    return { verdict: 'failed', why: `${refused.length} requests ran into the same ${refused.at(-1)?.code}` };
  const open = own.find(({ state }) => OPEN.includes(state));
  if (open) return { verdict: 'running', why: `${open.id} is ${open.state}` };
  const unread = own.find(
    ({ updatedAt }) => !met.some(({ at, rule }) => rule.startsWith('case') && at >= updatedAt),
  );
  if (unread) return { verdict: 'running', why: `the end of ${unread.id} was not asked about yet` };
  const readBack = READ_BACK[scenario];
  const unsure = own.find(
    ({ updatedAt }) => !well.some((entry) => entry.operation === readBack && entry.at >= updatedAt),
  );
  if (readBack !== undefined && unsure)
    return { verdict: 'running', why: `${readBack} was not asked since the end of ${unsure.id}` };
  return {
    verdict: 'passed',
    why:
      own.length > 0 ? 'followed to its end' : `${refused.at(-1)?.code ?? scenario} was taken for an answer`,
  };
}

export function report(house: House, sandbox: Sandbox) {
  const all = cases(sandbox, house.names);
  const exchanges = sandbox.journal.list();
  const well = exchanges.filter(
    ({ outcome, code, struck, response }) =>
      outcome === 'answered' && code === undefined && struck.length === 0 && response?.status === 200,
  );
  const tasks = Object.entries(EXAM).flatMap(([operation, codes]) =>
    codes.map((scenario): Task => {
      const own = all.filter((view) => view.scenario === scenario);
      const met = exchanges.filter((entry) => entry.scenario === scenario);
      return { operation, scenario, ...judge(scenario, operation, own, met, well) };
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
