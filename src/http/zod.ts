/** Looks into zod schemas: the object at a path, and which fields are secret. */
import { z } from 'zod';

type Schema = z.core.$ZodType;

/** Takes off optional, default, nullable, readonly and pipes (their input side). */
export function bare(schema: Schema): Schema {
  const { def } = schema._zod as unknown as { def: { innerType?: Schema; in?: Schema } };
  const inner = def.innerType ?? def.in;
  return inner === undefined ? schema : bare(inner);
}

/** The names that an object may have at a path; empty when it is no object. Of a union, the member that `input` chose. */
export function namesAt(schema: Schema, path: readonly PropertyKey[], input?: unknown): readonly string[] {
  let here = bare(schema);
  if (here instanceof z.ZodDiscriminatedUnion) {
    const union = here;
    const chosen = (input as Record<string, unknown> | undefined)?.[union.def.discriminator];
    here = membersOf(union).find((each) => saysOf(union, each).includes(String(chosen))) ?? here;
  }
  for (const step of path) {
    if (here instanceof z.ZodObject && typeof step === 'string') {
      const next: Schema | undefined = here.shape[step];
      if (next === undefined) return [];
      here = bare(next);
    } else if (here instanceof z.ZodArray) here = bare(here.element);
    else return [];
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

/** What the field that tells a body's kinds apart may say; undefined when the schema is no such union. */
export function choicesOf(schema: Schema): readonly string[] | undefined {
  const here = bare(schema);
  if (!(here instanceof z.ZodDiscriminatedUnion)) return undefined;
  return membersOf(here).flatMap((each) => saysOf(here, each));
}

const membersOf = (union: z.ZodDiscriminatedUnion) => union.options as readonly z.ZodObject[];

function saysOf(union: z.ZodDiscriminatedUnion, { shape }: z.ZodObject): readonly string[] {
  const field = shape[union.def.discriminator];
  return field instanceof z.ZodLiteral ? [...field.values].map(String) : [];
}

/** True when the schema, or one that it wraps, carries `.meta({ secret: true })`. */
export function isSecret(schema: Schema): boolean {
  const meta = z.globalRegistry.get(schema) as { secret?: unknown } | undefined;
  if (meta?.secret === true) return true;
  const { def } = schema._zod as unknown as { def: { innerType?: Schema; in?: Schema; out?: Schema } };
  return [def.innerType, def.in, def.out].some((each) => each !== undefined && isSecret(each));
}

/** The name that was meant, by edit distance over letters and digits alone: `exitDate` is near `exit_date`. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\d]/gu, '');
  const ranked = known
    .map((each) => ({ each, distance: distance(plain(name).slice(0, 100), plain(each)) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(1, Math.floor(plain(best.each).length / 3))
    ? best.each
    : undefined;
}

/** Levenshtein. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (left === b[j] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
