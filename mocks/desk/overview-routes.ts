// Control API: what the page shows on every view, in one cheap question; and who is on the rolls.
import { faultOut } from './fault-schemas.ts';
import { glance, PARTS } from './overview.ts';
import type { Route, StreamRoute } from './route.ts';
import * as schema from './schemas.ts';
import { changesOf } from './stream.ts';

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
    faults: schema.list(faultOut),
    armed: count,
    rules: count,
    upcoming: count,
    participants: { type: 'integer', description: 'who is stepped along when time is moved' },
    mark: {
      type: 'string',
      description: 'another one when anything of the sandbox has changed, other than by time passing',
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

export const OVERVIEW_ROUTES: readonly (Route | StreamRoute)[] = [
  {
    method: 'GET',
    path: '/overview',
    summary:
      'The sandbox at a glance, with a mark that changes when anything in it does. GET /stream tells without being asked.',
    output: overviewOut,
    status: 200,
    run: (visit) => glance(visit).overview,
  },
  {
    method: 'GET',
    path: '/stream',
    summary:
      'The same as server-sent events: at once, and whenever something changes; a comment every 15 s of silence. Last-Event-ID with the mark seen last spares the first.',
    output: schema.object({ changed: schema.list({ type: 'string', enum: PARTS }), overview: overviewOut }, [
      'changed',
      'overview',
    ]),
    status: 200,
    stream: changesOf,
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
