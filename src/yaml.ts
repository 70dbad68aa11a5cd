/** YAML with its lines, so that what is wrong with a value can be said where it stands. */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseAllDocuments,
} from 'yaml';
import type { z } from 'zod';
import { FAULTS, type FaultCode } from './faults.ts';
import { fill, type Slots } from './language.ts';

export interface LineFault {
  readonly line: number;
  readonly message: string;
}

export interface YamlDocument {
  readonly value: unknown;
  /** The line of what a path leads to; of the deepest part of it that is there. From 1. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Every document of a file, or what keeps it from being YAML. */
export function readYaml(text: string): {
  readonly documents: readonly YamlDocument[];
  readonly faults: readonly LineFault[];
} {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const list = 'empty' in parsed ? [] : parsed;
  const faults = list.flatMap(({ errors }) =>
    errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, message: firstLine(message) })),
  );
  if (faults.length > 0) return { documents: [], faults };
  if (list.length === 0) return { documents: [], faults: [{ line: 1, message: 'the file says nothing' }] };
  return {
    documents: list.map((document) => ({
      value: document.toJS() as unknown,
      lineOf: (path) => lines.linePos(offsetOf(document, path)).line,
    })),
    faults: [],
  };
}

const firstLine = (message: string) => message.split('\n', 1)[0] ?? '';

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let offset = document.contents?.range?.[0] ?? document.range[0];
  let here: unknown = document.contents;
  for (const step of path) {
    const at: unknown = isAlias(here) ? here.resolve(document) : here;
    if (!isCollection(at)) break;
    const pair = isMap(at)
      ? at.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : at.items[Number(step)];
    if (pair === undefined) break;
    // The key says more of where a field stands than a value that begins on the line below it.
    const named = isPair(pair) ? pair.key : pair;
    if (isNode(named)) offset = named.range?.[0] ?? offset;
    here = isPair(pair) ? pair.value : pair;
  }
  return offset;
}

/** Holds a value against a schema; the sentences of the catalogue stand for `fault:<code>`. */
export function checkYaml<Schema extends z.ZodType>(
  schema: Schema,
  { value, lineOf }: YamlDocument,
): { readonly value?: z.output<Schema>; readonly faults: readonly LineFault[] } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data, faults: [] };
  const faults = result.error.issues.flatMap((issue): LineFault[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        line: lineOf([...issue.path, key]),
        message: at(issue.path, `there is no field “${key}” here`),
      }));
    return [{ line: lineOf(issue.path), message: at(issue.path, sentence(issue)) }];
  });
  return { faults };
}

/** Where in the document, as a person writes it, and what is wrong there. */
export const at = (path: readonly PropertyKey[], message: string): string =>
  path.length === 0
    ? message
    : `${path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')}: ${message}`.slice(
        typeof path[0] === 'number' ? 0 : 1,
      );

function sentence(issue: z.core.$ZodIssue): string {
  const code = /^fault:(\w+)$/.exec(issue.message)?.[1];
  if (code === undefined || !Object.hasOwn(FAULTS, code)) return issue.message;
  const slots = 'params' in issue ? (issue.params as Slots) : {};
  return fill(FAULTS[code as FaultCode].en, slots, 'en');
}
