/**
 * Cursor pagination, newest first. A cursor is the id that the last page ended with: ids sort by birth, so that what is
 * inserted later never moves what a reader has still to see.
 */
import { z } from 'zod';
import type { IdKind } from '../ids.ts';
import { problem } from '../problem.ts';
import { fault, idPattern } from './fields.ts';

/** Opaque to clients, harmless to the database. */
const cursorText = z.string().max(200, fault('value_invalid'));

/** Decimal digits alone: `Number` would read 1e2 and 0x10 as well. */
export const limit = z
  .preprocess(
    (given) => (typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given),
    z.int().min(1).max(100),
  )
  .default(50)
  .meta({ description: 'At most so many items' });

export const pageQuery = {
  limit,
  cursor: cursorText.optional().meta({ description: '`next_cursor` of the page before' }),
};

export const afterQuery = {
  limit,
  after: cursorText.optional().meta({ description: '`next_cursor` of the answer before' }),
};

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: z.array(item).readonly(),
    has_more: z.boolean(),
    next_cursor: z.string().nullable().meta({ description: 'Where the next page begins; null at the end' }),
  });

export const encodeCursor = (text: string): string => Buffer.from(text).toString('base64url');
export const decodeCursor = (cursor: string): string => Buffer.from(cursor, 'base64url').toString('latin1');

/** What a store's `list` takes: one more than is shown tells whether there are more. */
export function pageAfter(
  kind: IdKind,
  query: { readonly limit: number; readonly cursor?: string | undefined },
): { readonly before?: string; readonly limit: number } {
  const { cursor } = query;
  if (cursor === undefined) return { limit: query.limit + 1 };
  const before = decodeCursor(cursor);
  if (!idPattern(kind).test(before)) throw problem('cursor_invalid', { parameter: 'cursor' });
  return { before, limit: query.limit + 1 };
}

/** The page of what a store listed, and the cursor of the next. */
export function pageFrom<Row, Item>(
  rows: readonly Row[],
  most: number,
  cursorOf: (row: Row) => string,
  present: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, most);
  const last = shown.at(-1);
  const more = rows.length > most && last !== undefined;
  return {
    data: shown.map(present),
    has_more: more,
    next_cursor: more ? encodeCursor(cursorOf(last)) : null,
  };
}

/** A page of a list that is short enough to be read whole. */
export function pageWithin<Row extends { readonly id: string }>(
  rows: readonly Row[],
  page: { readonly before?: string; readonly limit: number },
): readonly Row[] {
  const { before } = page;
  return rows
    .filter((row) => before === undefined || row.id < before)
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, page.limit);
}
