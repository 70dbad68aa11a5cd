/** Counts what is sent to PostgreSQL from this process: the one figure that travels to another machine. */
import pg from 'pg';

export interface Statements {
  /** By text, cut to one line; a function of the queues' goes by its name. */
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

let counts = new Map<string, number>();

/** Every statement goes through `Client.query`, of the store's pool as of the queues'. */
const prototype = pg.Client.prototype as unknown as { query: (...asked: unknown[]) => unknown };
const { query } = prototype;
prototype.query = function counted(this: unknown, ...asked: unknown[]): unknown {
  const [first] = asked;
  const text = typeof first === 'string' ? first : (first as { readonly text?: string } | null)?.text;
  if (text !== undefined) {
    const kind = kindOf(text);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Reflect.apply(query, this, asked);
};

const LONGEST = 110;
const kindOf = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, LONGEST);

/** What was sent since the call before. */
export function takeStatements(): Statements {
  const taken = counts;
  counts = new Map();
  return { counts: taken, total: [...taken.values()].reduce((sum, each) => sum + each, 0) };
}
