/** Reads something often asked for once in a while: whoever asks meanwhile gets what was read. */

export interface Kept<Value> {
  /** As it was at most so long ago. */
  get(key: string): Promise<Value>;
  /** As it is now. */
  fresh(key: string): Promise<Value>;
}

/** Nobody needs so many at a time; what is dropped is read again. */
const MOST_KEPT = 10_000;

export function keep<Value>(read: (key: string) => Promise<Value>, milliseconds: number): Kept<Value> {
  const known = new Map<string, { readonly value: Promise<Value>; readonly until: number }>();
  function fresh(key: string): Promise<Value> {
    if (known.size >= MOST_KEPT) known.clear();
    const entry = { value: read(key), until: Date.now() + milliseconds };
    known.set(key, entry);
    // A failure is told to those who wait for it, and not kept for others.
    entry.value.catch(() => {
      if (known.get(key) === entry) known.delete(key);
    });
    return entry.value;
  }
  return {
    async get(key) {
      const entry = known.get(key);
      return entry !== undefined && entry.until > Date.now() ? entry.value : fresh(key);
    },
    fresh,
  };
}
