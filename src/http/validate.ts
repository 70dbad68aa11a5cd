/**
 * Zod's issues → faults of our catalogue. A schema names a fault by an error message `fault:<code>`; `params` of a
 * custom issue fill the sentence's slots. Zod's own words never leave.
 */
import type { z } from 'zod';
import { FAULTS, type Fault, type FaultCode } from '../faults.ts';
import type { Slots, Words } from '../language.ts';
import { choicesOf, namesAt, nearest } from './zod.ts';

const TYPES: Readonly<Record<string, Words>> = {
  string: { en: 'a text', zh: '文本' },
  number: { en: 'a number', zh: '数字' },
  int: { en: 'a whole number', zh: '整数' },
  boolean: { en: 'true or false', zh: 'true 或 false' },
  array: { en: 'a list', zh: '数组' },
  object: { en: 'an object', zh: '对象' },
  value: { en: 'a value', zh: '值' },
};
const typed = (name: string): Words => TYPES[name] ?? { en: name, zh: name };

/** RFC 6901. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

type Place = (path: readonly PropertyKey[]) => Pick<Fault, 'pointer' | 'parameter'>;
export const inBody: Place = (path) => ({ pointer: pointerOf(path) });
export const inQuery: Place = (path) => ({ parameter: String(path[0] ?? '') });

/** So many faults are named: enough to mend by, while the answer stays small. */
export const MOST_FAULTS = 50;

/** @returns the value as the schema makes it, or what is wrong with it, and how much more. */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: Place,
):
  | { readonly ok: true; readonly value: z.output<Schema> }
  | { readonly ok: false; readonly faults: Fault[]; readonly more: number } {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const faults: Fault[] = [];
  let more = 0;
  for (const issue of result.error.issues) {
    const room = MOST_FAULTS - faults.length;
    more += Math.max(0, (issue.code === 'unrecognized_keys' ? issue.keys.length : 1) - room);
    if (room > 0) faults.push(...faultsOf(issue, schema, value, place, room));
  }
  return { ok: false, faults, more };
}

/** @param room so many at most. */
function faultsOf(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  input: unknown,
  place: Place,
  room: number,
): Fault[] {
  const one = (code: FaultCode, slots: Slots = {}): Fault[] => [{ code, slots, ...place(issue.path) }];
  const missing = valueAt(input, issue.path) === undefined;
  const oneOf = (allowed: readonly string[], code: FaultCode = 'value_unknown'): Fault[] => {
    const values = allowed.join(', ');
    return missing
      ? one('required', { expected: { en: `one of: ${values}`, zh: `下列值之一：${values}` } })
      : one(code, { values });
  };
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = namesAt(schema, issue.path, input);
      return issue.keys.slice(0, room).map((key) => unknownField(key, known, place([...issue.path, key])));
    }
    case 'invalid_type': {
      const whole = issue.expected === 'number' && issue.path.at(-1) === 'limit' ? 'int' : issue.expected;
      return one(missing ? 'required' : 'type_wrong', { expected: typed(whole) });
    }
    case 'invalid_value':
      return oneOf(issue.values.map(String), named(issue.message));
    case 'invalid_union': {
      const choices = issue.path.length === 1 ? choicesOf(schema) : undefined;
      return choices === undefined ? one('value_invalid') : oneOf(choices);
    }
    case 'too_big':
    case 'too_small': {
      const slots: Slots =
        issue.code === 'too_big' ? { maximum: Number(issue.maximum) } : { minimum: Number(issue.minimum) };
      const big = issue.code === 'too_big';
      if (issue.origin === 'string') return one(big ? 'text_too_long' : 'text_empty', slots);
      if (issue.origin === 'array') return one(big ? 'list_too_long' : 'list_too_short', slots);
      return one(big ? 'number_too_large' : 'number_too_small', slots);
    }
    default:
      return one(named(issue.message) ?? 'value_invalid', 'params' in issue ? (issue.params as Slots) : {});
  }
}

function unknownField(
  name: string,
  known: readonly string[],
  at: Pick<Fault, 'pointer' | 'parameter'>,
): Fault {
  const shown = name.slice(0, 50);
  const near = nearest(name, known);
  return near === undefined
    ? { code: 'field_unknown_known', slots: { name: shown, known: known.join(', ') }, ...at }
    : { code: 'field_unknown', slots: { name: shown, nearest: near }, ...at };
}

/** The catalogue's code in a message `fault:<code>`. */
function named(message: string): FaultCode | undefined {
  const code = /^fault:(\w+)$/.exec(message)?.[1];
  return code !== undefined && Object.hasOwn(FAULTS, code) ? (code as FaultCode) : undefined;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (here, step) =>
      typeof here === 'object' && here !== null ? (here as Record<PropertyKey, unknown>)[step] : undefined,
    value,
  );
}
