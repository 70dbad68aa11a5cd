// The published contract as code: operations with their paths, and what a body must be. README.md is the same for people.
import { type Call, Refusal } from '../../mocks/kernel/agency.ts';
import { readDay } from '../../mocks/kernel/time.ts';

export const OPERATIONS = [
  'ping',
  'submitExit',
  'getExit',
  'amendExit',
  'cancelExit',
  'queryPerson',
] as const;
export type Operation = (typeof OPERATIONS)[number];

const ROUTES: readonly (readonly [string, RegExp, Operation])[] = [
  ['GET', /^\/ping$/, 'ping'],
  ['POST', /^\/exits$/, 'submitExit'],
  ['GET', /^\/exits\/([\w-]{1,40})$/, 'getExit'],
  ['POST', /^\/receipts\/([\w-]{1,40})\/amendment$/, 'amendExit'],
  ['POST', /^\/exits\/([\w-]{1,40})\/cancellation$/, 'cancelExit'],
  ['POST', /^\/people\/query$/, 'queryPerson'],
];

/** `key`: the serial or receipt of the path. undefined: there is no such operation. */
export function routeOf({ method, path }: Call): { operation: Operation; key: string } | undefined {
  for (const [verb, pattern, operation] of ROUTES) {
    const match = verb === method ? pattern.exec(path) : null;
    if (match) return { operation, key: match[1] ?? '' };
  }
  return undefined;
}

export interface Person {
  readonly id_type: string;
  readonly id_number: string;
  readonly name: string;
}

export interface Exit {
  readonly serial: string;
  readonly unit: string;
  readonly person: Person;
  readonly post: string;
  readonly reason: string;
  readonly exit_date: string;
  readonly supplements: readonly object[];
}

type Fields = Readonly<Record<string, unknown>>;

const invalid = (why: string, cause?: unknown) => new Refusal('SCHEMA_INVALID', why, { status: 400, cause });
const text = (fields: Fields, name: string, form = /^.{1,200}$/su): string => {
  const value = fields[name];
  if (typeof value !== 'string' || !form.test(value)) throw invalid(`${name} is missing or has another form`);
  return value;
};

export function readBody(call: Call): Fields {
  if (call.body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(call.body));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (cause) {
    throw invalid('The body is not JSON in UTF-8', cause);
  }
  throw invalid('The body is no object');
}

export function readPerson({ person }: Fields): Person {
  if (typeof person !== 'object' || person === null) throw invalid('person is missing');
  const fields = { ...person } as Fields;
  return {
    id_type: text(fields, 'id_type', /^(resident_id|passport)$/),
    id_number: text(fields, 'id_number', /^[0-9A-Z]{5,30}$/),
    name: text(fields, 'name'),
  };
}

export function readExit(fields: Fields): Exit {
  const { supplements } = fields;
  if (!Array.isArray(supplements)) throw invalid('supplements is no list');
  const date = text(fields, 'exit_date', /^\d{4}-\d{2}-\d{2}$/);
  if (readDay(date) === undefined) throw invalid('exit_date is no day');
  return {
    serial: text(fields, 'serial', /^[A-Za-z0-9_-]{1,40}$/),
    unit: text(fields, 'unit'),
    person: readPerson(fields),
    post: text(fields, 'post'),
    reason: text(fields, 'reason', /^\d{2}$/),
    exit_date: date,
    supplements,
  };
}
