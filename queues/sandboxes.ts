/** An organisation's sandboxes at the mock agencies, moved as one. What happens there is told once, however it came about. */
import { type Ahead, inOrder, type Passed, type SandboxTime, soonest } from '../src/domain/test-clock.ts';
import type { Desk, DeskClock, DeskEvent, Sandbox } from '../src/sandbox-desk.ts';

export interface Sandboxes {
  readonly connectionIds: readonly string[];
  /** @returns the latest of their times. */
  freeze(): Promise<Date | undefined>;
  /** Moves those that are not there yet. @returns what happened on the way. */
  to(at: Date): Promise<readonly Passed[]>;
  /** @returns what happened there by itself since, for somebody's call. */
  look(): Promise<readonly Passed[]>;
  /** What would happen until then, as things stand. */
  preview(to: Date): Promise<readonly Ahead[]>;
  /** As they were before; or frozen, or running, as wished. Once. */
  end(frozen: boolean | undefined): Promise<void>;
  times(): readonly SandboxTime[];
  ahead(): readonly Ahead[];
  next(): Date | undefined;
  /** The next of what an agency counts as somebody's last day. */
  nextDeadline(now: Date): Date | undefined;
}

/** At the desk a timer whose event ends so is a deadline. */
const DUE = '.due';

interface Box {
  readonly desk: Desk;
  readonly ran: boolean;
  clock: DeskClock;
  frozen: boolean;
  readonly told: Set<string>;
}

const nameOf = ({ at, agency, event, subject }: DeskEvent) =>
  `${at.toISOString()} ${agency} ${event} ${subject}`;

/** @throws DeskFailed, as all that asks a desk. */
export async function createSandboxes(sandboxes: readonly Sandbox[]): Promise<Sandboxes> {
  const boxes = await Promise.all(
    sandboxes.map(async ({ desk }): Promise<Box> => {
      const clock = await desk.clock();
      return { desk, clock, ran: clock.running, frozen: false, told: new Set(clock.recent.map(nameOf)) };
    }),
  );
  let ended = false;
  const upcoming = () => boxes.flatMap(({ clock }) => clock.upcoming);
  /** Those that were not told yet. */
  const news = (box: Box, events: readonly DeskEvent[]): Passed[] =>
    events
      .filter((event) => !box.told.has(nameOf(event)))
      .map((event) => {
        box.told.add(nameOf(event));
        return { source: 'agency', ...event };
      });
  async function look(box: Box): Promise<Passed[]> {
    box.clock = await box.desk.clock();
    return news(box, box.clock.recent);
  }
  return {
    connectionIds: sandboxes.flatMap(({ connectionIds }) => connectionIds),

    async freeze() {
      for (const box of boxes) {
        box.frozen = true;
        box.clock = { ...(await box.desk.freeze()), running: box.ran };
      }
      return boxes.map(({ clock }) => clock.now).toSorted((a, b) => b.getTime() - a.getTime())[0];
    },
    async to(at) {
      const passed: Passed[] = [];
      for (const box of boxes)
        if (box.clock.now < at) {
          passed.push(...news(box, await box.desk.advance(at)));
          box.clock = { ...box.clock, now: at };
        }
      return inOrder(passed);
    },
    look: async () => inOrder((await Promise.all(boxes.map(look))).flat()),
    async preview(to) {
      const found = await Promise.all(
        boxes.map(async ({ desk, clock }) => (clock.now < to ? desk.advance(to, { dryRun: true }) : [])),
      );
      return inOrder(
        found
          .flat()
          .map(({ at, agency, event, subject }) => ({ source: 'agency', at, agency, event, subject })),
      );
    },
    async end(wish) {
      if (ended) return;
      ended = true;
      for (const box of boxes) {
        const still = wish ?? !box.ran;
        if (!still && (box.frozen || !box.clock.running)) await box.desk.run();
        if (still && !box.frozen && box.clock.running) await box.desk.freeze();
        box.frozen = still;
        box.clock = { ...box.clock, running: !still };
      }
    },
    times: () => boxes.map(({ desk, clock }) => ({ url: desk.url, now: clock.now })),
    ahead: () => upcoming().map((timer) => ({ source: 'agency', ...timer })),
    next: () =>
      upcoming()
        .map(({ at }) => at)
        .toSorted((a, b) => a.getTime() - b.getTime())[0],
    nextDeadline: (now) =>
      soonest(
        upcoming()
          .filter(({ event, at }) => event.endsWith(DUE) && at > now)
          .map(({ at }) => at),
        now,
      ),
  };
}
