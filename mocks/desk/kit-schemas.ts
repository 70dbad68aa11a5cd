// What the handle in process takes, as schemas: those of the API, in the names of the kit where these differ. Who writes
// JavaScript has no types to be warned by.
import { POLICIES } from '../kernel/clerk.ts';
import { KINDS } from '../kernel/fault-kinds.ts';
import * as schema from './schemas.ts';
import { JUMPS } from './time.ts';

type Schema = schema.Schema;

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;
const inCamel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The same members, all the way down, as TypeScript names them: `unit_name` is `unitName`. */
function renamed(from: Schema): Schema {
  const { properties, required } = from;
  if (!isSchema(properties) || !Array.isArray(required)) return from;
  const members = Object.entries(properties).map(([name, member]) => [
    inCamel(name),
    isSchema(member) ? renamed(member) : member,
  ]);
  return { ...from, properties: Object.fromEntries(members), required: required.map(String).map(inCamel) };
}

export const personSeed = renamed(schema.personInput);

const duration: Schema = { type: 'string', minLength: 1 };
/** Whether there is one of `by` and `to` is asked where the clock is moved. */
export const advance = schema.object({
  by: duration,
  to: { type: 'string', description: `an instant, or one of ${JUMPS.join(', ')}` },
  agency: schema.string,
  margin: duration,
  dryRun: { type: 'boolean' },
});
export const expectation = schema.object(
  {
    operation: schema.nonEmpty,
    count: schema.integer(0, 1_000_000),
    agency: schema.string,
    outcome: schema.nonEmpty,
    fault: schema.words(...Object.keys(KINDS)),
  },
  ['operation'],
);
export const whileArmed = schema.object({ allowUnmet: { type: 'boolean' } });
/** A date and a function are no JSON: what they are is asked by hand. */
const anything: Schema = {};
/** Of startAgencies: what is no JSON, or asked about elsewhere, is anything here. */
export const options = schema.object({
  host: schema.nonEmpty,
  ports: anything,
  seed: schema.string,
  clerk: schema.words(...POLICIES),
  population: schema.words('auto', 'seeded'),
  agencies: anything,
  only: anything,
  hosting: schema.words('local', 'public'),
  limits: anything,
  operatorToken: schema.string,
  trustProxy: schema.list(schema.string),
  log: anything,
});
export const birth = schema.object({
  seed: schema.nonEmpty,
  start: anything,
  frozen: { type: 'boolean' },
});
