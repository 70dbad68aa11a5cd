// The sandbox's in-memory store: named tables of frozen rows, and an undo log that makes a call all-or-nothing.
// Rows are replaced, never changed, so a copy of the maps is a snapshot.
import type { Store, Table } from './agency.ts';

export interface TransactionalStore extends Store {
  /** Runs `work`; when it throws, every write it made is taken back. Does not nest, does not wait. */
  transaction<T>(work: () => T): T;
  dump(): StoreState;
  load(state: StoreState): void;
  clear(): void;
}

/** Copies of the maps: rows are frozen, so they are shared. */
export interface StoreState {
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, object>>;
  readonly series: ReadonlyMap<string, number>;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}

/** @param changed called after each write */
export function createStore(changed: () => void = () => undefined): TransactionalStore {
  const tables = new Map<string, Map<string, object>>();
  const series = new Map<string, number>();
  let undo: (() => void)[] | undefined;

  function rows(name: string): Map<string, object> {
    const known = tables.get(name);
    if (known) return known;
    const fresh = new Map<string, object>();
    tables.set(name, fresh);
    return fresh;
  }

  /** Taking back a deletion puts the row at the end: order of insertion is for people, nothing depends on it. */
  function remember<V>(map: Map<string, V>, key: string) {
    if (!undo) return;
    const before = map.get(key);
    undo.push(() => (before === undefined ? map.delete(key) : map.set(key, before)));
  }

  function clear() {
    for (const map of tables.values()) map.clear();
    series.clear();
  }

  return {
    table<T extends object>(name: string): Table<T> {
      const map = rows(name);
      return {
        get: (key) => map.get(key) as T | undefined, // one name, one row type: the caller's promise
        put(key, row) {
          remember(map, key);
          map.set(key, freeze(row));
          changed();
        },
        delete(key) {
          remember(map, key);
          map.delete(key);
          changed();
        },
        all: () => [...map.values()] as T[],
      };
    },
    next(name) {
      remember(series, name);
      const number = (series.get(name) ?? 0) + 1;
      series.set(name, number);
      return number;
    },
    transaction(work) {
      if (undo) throw new Error('a transaction is open already');
      undo = [];
      try {
        return work();
      } catch (cause) {
        for (const step of undo.reverse()) step();
        throw cause;
      } finally {
        undo = undefined;
      }
    },
    dump: () => ({
      tables: new Map([...tables].map(([name, map]) => [name, new Map(map)])),
      series: new Map(series),
    }),
    load(state) {
      clear();
      // Into the maps that are there: tables handed out before keep looking at them.
      for (const [name, saved] of state.tables) {
        const map = rows(name);
        for (const [key, row] of saved) map.set(key, row);
      }
      for (const [name, number] of state.series) series.set(name, number);
      changed();
    },
    clear() {
      clear();
      changed();
    },
  };
}
