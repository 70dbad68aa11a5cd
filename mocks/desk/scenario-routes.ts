// Control API: scenarios, rules and profiles.
import * as direct from './direct.ts';
import { DeskError } from './problem.ts';
import type { Route } from './route.ts';
import * as schema from './scenario-schemas.ts';
import { countOut, list } from './schemas.ts';
import * as view from './views.ts';

const kinds = [
  { kind: 'armed', path: '/scenarios/armed', one: 'What was armed and is still waiting.' },
  { kind: 'rules', path: '/scenarios/rules', one: 'Rules that stand.' },
] as const;

const waiting = kinds.flatMap(({ kind, path, one }): Route[] => [
  {
    method: 'GET',
    path,
    summary: one,
    output: list(schema.armedOut),
    status: 200,
    run: ({ sandbox }) => sandbox.director.list(kind).map(view.armedView),
  },
  {
    method: 'POST',
    path,
    summary:
      kind === 'armed'
        ? 'Arms a scenario for the next requests that fit; it counts down by times.'
        : 'A rule: the scenario of every request that fits, until it is deleted.',
    input: kind === 'armed' ? schema.armInput : schema.ruleInput,
    output: schema.armedOut,
    status: 201,
    run: ({ sandbox }, body: direct.ArmInput) => view.armedView(direct.arm(sandbox, kind, body)),
  },
  {
    method: 'DELETE',
    path,
    summary: 'Takes all of them away.',
    output: countOut,
    status: 200,
    run: ({ sandbox }) => ({ count: sandbox.director.disarm(kind) }),
  },
  {
    method: 'DELETE',
    path: `${path}/{id}`,
    summary: 'Takes one of them away.',
    output: countOut,
    status: 200,
    run({ sandbox, params }) {
      const count = sandbox.director.disarm(kind, params.id ?? '');
      if (count === 0)
        throw new DeskError(404, 'SCENARIO_NOT_WAITING', {
          en: 'nothing of that id is waiting',
          zh: '没有该编号的待用情景',
        });
      return { count };
    },
  },
]);

export const SCENARIO_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/scenarios',
    access: 'everybody',
    summary:
      'The registry: what each proves, on which operations it begins, its guards, steps and magic number.',
    query: { agency: 'labor, insurance or credit' },
    output: list(schema.scenarioOut),
    status: 200,
    run({ sandbox, query }) {
      const agency = query.get('agency');
      return sandbox.director.scenarios
        .filter((scenario) => agency === null || scenario.agency === agency)
        .map(view.scenarioView);
    },
  },
  {
    method: 'POST',
    path: '/scenarios/resolve',
    summary: 'Which scenario a request would get, and by which rule. Nothing is sent or used up.',
    input: schema.resolveInput,
    output: schema.resolveOut,
    status: 200,
    run: ({ house, sandbox }, body: direct.ResolveInput) => direct.resolve(house, sandbox, body),
  },
  ...waiting,
  {
    method: 'GET',
    path: '/profile',
    summary: 'The profile in force, and those there are.',
    output: schema.profileOut,
    status: 200,
    run: ({ sandbox }) => view.profileView(sandbox),
  },
  {
    method: 'PUT',
    path: '/profile',
    summary: 'A profile of the list, or custom with the scenarios that every fitting request gets.',
    input: schema.profileInput,
    output: schema.profileOut,
    status: 200,
    run({ sandbox }, body: { name: string; scenarios?: string[] }) {
      direct.setProfile(sandbox, body.name, body.scenarios);
      return view.profileView(sandbox);
    },
  },
];
