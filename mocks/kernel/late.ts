// Work that comes when nobody waits for it any more, in real time: of the fault `late`.
import type { Store } from './agency.ts';
import { pause } from './clock.ts';

export interface Late {
  /**
   * Does it after so much real time, unless the sandbox was reset, restored to a state from before, or is gone by then.
   * A refusal is nobody's news. `id` is one that never comes again.
   */
  later(id: string, delayMs: number, work: () => unknown): void;
  close(): void;
}

/** A row each, so that what waits is part of the state, and goes with it. */
export function createLate(store: Store): Late {
  const waiting = store.table<{ id: string }>('kernel.later');
  let gone = false;
  return {
    later(id, delayMs, work) {
      waiting.put(id, { id });
      void pause(delayMs)
        .then(() => {
          if (gone || !waiting.get(id)) return;
          waiting.delete(id);
          work();
        })
        .catch(() => undefined);
    },
    close() {
      gone = true;
    },
  };
}
