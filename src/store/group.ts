/**
 * Group commit: while one flush runs, what comes is collected; the next flush takes it all in one statement. No timer:
 * a lone write starts at once, and a slow flush makes the next batch larger instead of the queue longer.
 */
export interface GroupOptions<Item> {
  readonly most: number;
  /** Items of the same key never share a flush and keep their order: one statement cannot change a row twice. */
  readonly key?: (item: Item) => string;
  /** Whether an error is one item's own fault; then its neighbours are written without it. A lost database fails all alike. */
  readonly ownFault: (error: unknown) => boolean;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** @returns a write that settles with its own result when its flush has committed, or rejects with the reason. */
export function groupCommit<Item, Result>(
  flush: (items: readonly Item[]) => Promise<readonly Result[]>,
  { most, key, ownFault }: GroupOptions<Item>,
): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let running = false;

  function take(): Waiting<Item, Result>[] {
    const batch: Waiting<Item, Result>[] = [];
    const rest: Waiting<Item, Result>[] = [];
    const keys = new Set<string>();
    for (const each of waiting) {
      const name = key?.(each.item);
      if (batch.length === most || (name !== undefined && keys.has(name))) rest.push(each);
      else batch.push(each);
      if (name !== undefined) keys.add(name);
    }
    waiting = rest;
    // The same order in every process: two statements that lock the same rows one by one do not wait for each other.
    return key === undefined ? batch : batch.sort((a, b) => (key(a.item) < key(b.item) ? -1 : 1));
  }

  async function write(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await flush(batch.map((each) => each.item));
      for (const [index, each] of batch.entries()) each.resolve(results[index] as Result);
    } catch (error) {
      // One bad row fails its whole statement: written one by one, only the bad one fails.
      if (batch.length > 1 && ownFault(error)) for (const each of batch) await write([each]);
      else for (const each of batch) each.reject(error);
    }
  }

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) await write(take());
    running = false;
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!running) void run();
    });
}
