// Control API: what the page shows on every view, in one cheap question; and who is on the rolls.
import { createHash } from 'node:crypto';
import type { Sandbox } from '../kernel/sandbox.ts';
import * as control from './control.ts';
import type { House, Route } from './route.ts';
import * as schema from './schemas.ts';
import * as view from './views.ts';

const count = { type: 'integer' };
const overviewOut = schema.object(
  {
    sandbox: schema.string,
    origin: schema.string,
    public: { type: 'boolean' },
    now: schema.string,
    running: { type: 'boolean' },
    urls: { type: 'object', additionalProperties: schema.string },
    profile: schema.string,
    cases: count,
    waiting: {
      type: 'integer',
      description: 'cases that a clerk or the employer still has to do something for',
    },
    exchanges: count,
    faults: schema.list(schema.faultOut),
    armed: count,
    rules: count,
    upcoming: count,
    mark: {
      type: 'string',
      description: 'another one when anything of the sandbox but its time has changed',
    },
  },
  ['sandbox', 'now', 'running', 'urls', 'mark'],
);
const rollOut = schema.object(
  {
    id_type: schema.string,
    id_number: schema.string,
    name: schema.string,
    units: schema.list(schema.string),
  },
  ['id_type', 'id_number', 'name', 'units'],
);

export const OVERVIEW_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/overview',
    summary:
      'The sandbox at a glance, with a mark that changes when anything in it does: ask for it again and again.',
    output: overviewOut,
    status: 200,
    run: ({ house, sandbox, base, urls }) => overview(house, sandbox, base, urls),
  },
  {
    method: 'GET',
    path: '/people',
    summary: 'Everybody on the rolls, by the units that have them.',
    output: schema.list(rollOut),
    status: 200,
    run: ({ sandbox }) =>
      sandbox.rolls.people().map((person) => ({
        id_type: person.idType,
        id_number: person.idNumber,
        name: person.name,
        units: person.units,
      })),
  },
];

function overview(house: House, sandbox: Sandbox, base: string, urls: Readonly<Record<string, string>>) {
  const { clock, director, faults, journal } = sandbox;
  const cases = control.cases(sandbox, house.names);
  const armed = director.list('armed');
  const rules = director.list('rules');
  const upcoming = clock.upcoming();
  const entries = journal.list();
  const last = entries.at(-1);
  const root = base.replace(/\/s\/[^/]+$/, '');
  const address = (name: string) =>
    sandbox.name === 'default' && urls[name] ? urls[name] : `${root}/s/${sandbox.name}/${name}`;
  const shown = {
    sandbox: sandbox.name,
    origin: sandbox.origin,
    public: house.hosting.isPublic,
    running: clock.running,
    profile: director.profile().name,
    cases: cases.length,
    waiting: cases.filter(({ allowed }) => allowed.some((word) => word !== 'annul')).length,
    exchanges: entries.length,
    faults: faults.list().map(view.faultView),
    armed: armed.length,
    rules: rules.length,
    upcoming: upcoming.length,
  };
  const told = cases.map(({ id, state, updatedAt }) => `${id} ${state} ${updatedAt}`);
  const changing = [
    shown,
    told,
    armed,
    rules,
    upcoming[0],
    last?.id,
    last?.outcome,
    [...sandbox.snapshots.keys()],
  ];
  // People who were put on the rolls by hand make no case: they count as well.
  const size = [sandbox.rolls.people().length, clock.recent().at(-1)?.at, house.list().length];
  return {
    ...shown,
    now: clock.now().toISOString(),
    urls: {
      desk: `${root}/s/${sandbox.name}`,
      ...Object.fromEntries(house.names.map((name) => [name, address(name)])),
    },
    mark: createHash('sha256')
      .update(JSON.stringify([changing, size]))
      .digest('base64url')
      .slice(0, 16),
  };
}
