/** The caller's time: real time for a live key, the organisation's test time for a test key. Whatever is business goes by it. */
import type { Caller } from './auth.ts';
import type { HttpParts } from './parts.ts';

export const timeOf = (
  { store, clock }: Pick<HttpParts, 'store' | 'clock'>,
  caller: Pick<Caller, 'orgId' | 'sandbox'>,
): Promise<Date> => store.organisations.now(caller, clock());
