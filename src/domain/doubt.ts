/**
 * What was sent and may have been taken. A request that is late in the network can reach the agency after it has said
 * "never seen": under the same serial that is harmless, agencies take a serial once. Beside another one, or after the exit
 * was cancelled, it would be a second filing that nobody knows of. Pure.
 */
import type { Exit } from './exit.ts';
import type { Filing, StepResult } from './filing.ts';

/** Longer than a packet lives that was on its way when the line was cut. A call that timed out was sent half a minute before. */
const GRACE_MS = 10_000;

/** A serial is given up only when its agency has twice not seen it. @returns the filing that is asked about once more. */
export function lingering(
  filing: Filing,
  result: StepResult,
  exit: Pick<Exit, 'factsRevision' | 'cancelledAt'>,
  now: Date,
): Filing | undefined {
  const givenUp = exit.cancelledAt !== undefined || filing.factsRevision < exit.factsRevision;
  if (result.kind !== 'absent' || filing.state !== 'unknown' || filing.polls > 0 || !givenUp)
    return undefined;
  return { ...filing, polls: 1, nextAt: new Date(now.getTime() + GRACE_MS) };
}

/** What a call sent. */
export interface Sent {
  readonly at: Date;
  readonly hashes: readonly string[];
}

/** What a person needs to find out at the agency what came of a submission: when it was sent, and what, by its hashes. */
export const trail = (filing: Filing, { sent }: { readonly sent?: Sent }) => ({
  sent_at: (sent?.at ?? filing.preparedAt)?.toISOString() ?? null,
  message_hashes: sent?.hashes ?? [],
});
