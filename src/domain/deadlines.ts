/** What of an exit's clocks is still running, and when there is next something to tell of it. Pure. */
import { correctionClock } from './correction.ts';
import type { Exit } from './exit.ts';
import type { Filing } from './filing.ts';
import { blockerData, blockersOf, holdEnds, holdLimit } from './gates.ts';
import { distanceMs } from './urgency.ts';

/** Settled with the agency, or taken back: its clocks run no more. */
const isSettled = ({ state }: Filing) =>
  state === 'accepted' || state === 'verified' || state === 'withdrawn';

/** Something whose end is told as it comes near. */
export interface Running {
  readonly warnsAt: Date;
  readonly closesAt: Date;
  readonly about: Readonly<Record<string, unknown>>;
  /** The end of a hold is no missed deadline: there somebody decides (release.ts). */
  readonly hold?: true;
}

/** Of each open filing the nearest clock and the day its agency has set, and while gates hold the exit the limit until which they may. */
export function running(exit: Exit): readonly Running[] {
  if (exit.status === 'completed' || exit.cancelledAt !== undefined) return [];
  const filings = exit.filings
    .filter((filing) => !isSettled(filing))
    .flatMap((filing) =>
      [...filing.clocks.slice(0, 1), correctionClock(filing) ?? []].flat().map(
        (clock): Running => ({
          warnsAt: clock.warnsAt,
          closesAt: clock.closesAt,
          about: {
            filing_id: filing.id,
            kind: filing.kind,
            state: filing.state,
            clock: clock.id,
            raw: clock.raw ?? null,
            due: clock.due ?? null,
            closes_at: clock.closesAt.toISOString(),
          },
        }),
      ),
    );
  const { decisionDueAt: limit } = exit;
  if (limit === undefined) return filings;
  const day = holdLimit(exit.gates) ?? null;
  const hold: Running = {
    warnsAt: limit,
    closesAt: limit,
    hold: true,
    about: {
      clock: 'gate_hold',
      raw: day,
      due: day,
      closes_at: limit.toISOString(),
      blockers: blockersOf(exit.gates).map(blockerData),
    },
  };
  return [hold, ...filings];
}

/** The next instant at which there is something to tell, after `since`; undefined when nothing is running. */
export function nextTelling(exit: Exit, distances: readonly string[], since?: Date): Date | undefined {
  const instants = running(exit)
    .flatMap(({ warnsAt, closesAt }) => [
      ...distances.map((distance) => warnsAt.getTime() - (distanceMs(distance) ?? 0)),
      closesAt.getTime(),
    ])
    .filter((at) => since === undefined || at > since.getTime());
  // A policy releases at the last of the limits, however many come before it.
  for (const gate of exit.decisionDueAt === undefined ? [] : blockersOf(exit.gates)) {
    const at = holdEnds(gate).getTime();
    if (since === undefined || at > since.getTime()) instants.push(at);
  }
  // A limit that an amendment moved into the past is still to be asked about.
  if (exit.decisionDueAt !== undefined && exit.decisionAskedAt === undefined)
    instants.push(exit.decisionDueAt.getTime());
  return instants.length === 0 ? undefined : new Date(Math.min(...instants));
}
