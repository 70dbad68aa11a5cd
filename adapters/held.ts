/** Something an agency lends for a while (a session, an access token): one for the adapter instance, one fetch at a time. */
import type { Call, Setback } from './adapter.ts';

/** `until` is in the milliseconds of the clock that the caller of `get` reads. */
export type Held<T> = { readonly kind: 'held'; readonly value: T; readonly until: number } | Setback;

export interface Holder<T> {
  /** What stands at `now`, or a new one; `ended` is one that the agency no longer takes. */
  get(call: Call, now: number, ended?: T): Promise<Held<T>>;
}

export function holder<T extends object>(fetch: (call: Call) => Promise<Held<T>>): Holder<T> {
  let current: Promise<Held<T>> | undefined;
  const forget = (old: Promise<Held<T>>) => {
    if (current === old) current = undefined;
  };
  return {
    get: async (call, now, ended) => {
      for (let fetched = false; ; ) {
        if (!current) {
          current = fetch(call);
          fetched = true;
        }
        const waiting = current;
        const result = await waiting.catch((error: unknown) => {
          forget(waiting);
          throw error;
        });
        const stands = result.kind === 'held' && result.value !== ended && now < result.until;
        // One that we have just fetched is used however short it lasts, else this would go on for ever.
        if (stands || (fetched && result.kind === 'held')) return result;
        forget(waiting);
        // A failed fetch is for the next call to try again, also when it was somebody else's.
        if (result.kind !== 'held') return result;
      }
    },
  };
}
