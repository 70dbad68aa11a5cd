/** When to try again. Pure: chance is an argument. */

const FIRST_MS = 2_000;
const LONGEST_MS = 3_600_000;

/** Exponential with ±20 % jitter, so that a recovering agency is not hit by everybody at once. `random` in [0, 1). */
export function backoff(attempts: number, random: number, first = FIRST_MS, longest = LONGEST_MS): number {
  return Math.round(Math.min(first * 2 ** (attempts - 1), longest) * (0.8 + 0.4 * random));
}
