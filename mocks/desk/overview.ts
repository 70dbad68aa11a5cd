// The sandbox at a glance, with a mark that changes when anything in it does; and which part of it has changed.
import { createHash } from 'node:crypto';
import type { Sandbox } from '../kernel/sandbox.ts';
import * as control from './control.ts';
import type { Visit } from './route.ts';
import * as view from './views.ts';

export const PARTS = [
  'cases',
  'exchanges',
  'clock',
  'faults',
  'scenarios',
  'clerk',
  'rolls',
  'shelf',
] as const;
export type Part = (typeof PARTS)[number];

/** Of each part a text that is another one when the part is. */
type Marks = Readonly<Record<Part, string>>;

export function glance({ house, sandbox, base, urls }: Pick<Visit, 'house' | 'sandbox' | 'base' | 'urls'>) {
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
    participants: sandbox.participants.size,
  };
  const marks: Marks = {
    cases: text(cases.map(({ id, state, updatedAt }) => `${id} ${state} ${updatedAt}`)),
    exchanges: text([entries.length, last?.id, last?.outcome]),
    clock: text([timeOf(sandbox), upcoming.length, upcoming[0], clock.recent().at(-1)]),
    faults: text(shown.faults),
    scenarios: text([armed, rules, director.profile()]),
    clerk: text(house.names.map((name) => sandbox.clerk().policy(name))),
    // People who were put on the rolls by hand make no case: they count as well.
    rolls: text([sandbox.rolls.people().length, sandbox.rolls.units().length]),
    shelf: text([[...sandbox.snapshots.keys()], house.list().length]),
  };
  const overview = {
    ...shown,
    now: clock.now().toISOString(),
    urls: {
      desk: `${root}/s/${sandbox.name}`,
      ...Object.fromEntries(house.names.map((name) => [name, address(name)])),
    },
    mark: createHash('sha256').update(text(marks)).digest('base64url').slice(0, 16),
  };
  return { overview, marks };
}

/** Without marks from before, everything is news. */
export const changedParts = (before: Marks | undefined, after: Marks): Part[] =>
  PARTS.filter((part) => before?.[part] !== after[part]);

const text = (value: unknown) => JSON.stringify(value);

/** Where time stands, or how far it is from real time: it moves when somebody moves it, not when it passes. */
function timeOf({ clock }: Sandbox): number | string {
  const now = clock.now();
  return clock.running ? Math.round((now.getTime() - clock.wallNow().getTime()) / 1000) : now.toISOString();
}
