/** Between the checks and an adapter: every call is remembered, and every answer held to its shape. */
import assert from 'node:assert/strict';
import type { Adapter, Call, ForeignMessage } from '../adapter.ts';
import { METHODS, type Method, shapeFaults } from './shapes.ts';

export interface Heard {
  /** What is for everybody's eyes: log lines, reasons, codes, what a ping saw. Nothing personal may stand there. */
  readonly said: string[];
  /** Answers as a whole, the agency's own words included. No secret may stand there. */
  readonly answered: string[];
  readonly kept: ForeignMessage[];
}

export const makeHeard = (): Heard => ({ said: [], answered: [], kept: [] });

/** The adapter with the same members, heard. */
export function hear(adapter: Adapter, heard: Heard): Adapter {
  const members = METHODS.flatMap((method) => {
    const own = adapter[method];
    return typeof own === 'function' ? [[method, listen(method, own.bind(adapter), heard)] as const] : [];
  });
  return Object.assign({ ...adapter }, Object.fromEntries(members));
}

function listen(method: Method, own: (...args: never[]) => Promise<unknown>, heard: Heard) {
  return async (...args: unknown[]): Promise<unknown> => {
    const answer: unknown = await own(...(args.map((each) => heardCall(each, heard)) as never[]));
    heard.answered.push(JSON.stringify(answer) ?? '');
    heard.said.push(...aloud(answer));
    const faults = shapeFaults(method, answer);
    assert.ok(
      faults.length === 0,
      `what ${method} answers does not keep to the contract: ${faults.join('; ')}`,
    );
    return answer;
  };
}

const isCall = (value: unknown): value is Call =>
  typeof value === 'object' && value !== null && 'keep' in value && 'log' in value;

function heardCall(value: unknown, heard: Heard): unknown {
  if (!isCall(value)) return value;
  return {
    ...value,
    log: (line: string) => {
      heard.said.push(line);
      value.log(line);
    },
    keep: (message: ForeignMessage) => {
      heard.kept.push(message);
      value.keep(message);
    },
  } satisfies Call;
}

/** `message` and what a correction says of a field are the agency's own text, and count as personal everywhere. */
function aloud(answer: unknown): string[] {
  if (typeof answer !== 'object' || answer === null) return [];
  const words = (from: object, ...names: string[]) =>
    names.map((name): unknown => Reflect.get(from, name)).filter((word) => typeof word === 'string');
  const each = (name: string, ...names: string[]) => {
    const list: unknown = Reflect.get(answer, name);
    return Array.isArray(list) ? list.flatMap((item: unknown) => words(Object(item), ...names)) : [];
  };
  const isPing = 'checks' in answer;
  return [
    ...words(answer, 'reason', 'code', 'instructions', ...(isPing ? ['message'] : [])),
    ...each('checks', 'message'),
    ...each('fields', 'field'),
  ];
}

/** Throws when something was said or kept that may not be. */
export function assertDiscreet(
  { said, answered, kept }: Heard,
  { secrets, personal }: { readonly secrets: readonly string[]; readonly personal: readonly string[] },
): void {
  const has = (lines: readonly string[], words: readonly string[]) =>
    lines.some((line) => words.some((word) => line.includes(word)));
  const escaped = [...secrets, ...secrets.map((secret) => JSON.stringify(secret).slice(1, -1))];
  assert.ok(
    !has(said, [...escaped, ...personal]),
    'a secret or personal datum was said aloud: in a reason, a code, a log line or what a ping saw',
  );
  assert.ok(!has(answered, escaped), 'a secret stands in what a call answered');
  const bodies = kept.map(({ body }) => Buffer.from(body).toString('utf8'));
  assert.ok(!has(bodies, escaped), 'a secret was handed to keep, among the messages');
}
