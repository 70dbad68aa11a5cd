/**
 * Moves an organisation's test time and the time of its sandboxes at the mock agencies together, from one thing that is
 * due to the next. At each stop the time stands still until everything that is due there has happened: at the agencies, then
 * the deadlines told, then the filings, which the workers carry as ever.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Ahead,
  type ClockView,
  inOrder,
  MOST_TOLD,
  type Moved,
  type MoveRefused,
  type MoveWish,
  type Passed,
  soonest,
} from '../src/domain/test-clock.ts';
import { type Target, targetOf, testNow } from '../src/domain/test-time.ts';
import type { Sandbox } from '../src/sandbox-desk.ts';
import type { Store } from '../src/store/index.ts';
import type { Due } from '../src/store/test-clock.ts';
import { type ClockTeller, tellExit } from './clocks.ts';
import { createSandboxes, type Sandboxes } from './sandboxes.ts';

export interface TestClock {
  /** @throws DeskFailed */
  view(orgId: string): Promise<ClockView>;
  move(orgId: string, wish: MoveWish): Promise<Moved | MoveRefused>;
}

export interface TestClockParts extends ClockTeller {
  readonly store: Pick<Store, 'testClock' | 'organisations'>;
  readonly sandboxesOf: (orgId: string) => Promise<readonly Sandbox[]>;
  /** Asks a connection's agency whether it is back. @returns false when another process does. */
  readonly probe: (connectionId: string) => Promise<boolean>;
  /** How long a move may take; then it ends where it is. */
  readonly patienceMs?: number;
}

/** Shorter than what clients and proxies wait for an answer. */
const PATIENCE_MS = 25_000;
/** A mover that has not moved for so long is dead. */
const LEASE_MS = 90_000;
/** Workers may be other processes: asking the rows costs less than a channel of its own. */
const LOOK_EVERY_MS = 10;
/** A job that was just ending when it was woken has gone to sleep over it. */
const WAKE_AGAIN_MS = 250;
const MOST_SHOWN = 100;
const MOMENT_MS = 10_000;
const NEVER = new Date(0);

export function createTestClock(parts: TestClockParts): TestClock {
  const { store, sandboxesOf, clock, patienceMs = PATIENCE_MS } = parts;
  const { testClock } = store;

  async function view(orgId: string): Promise<ClockView> {
    const sandboxes = await createSandboxes(await sandboxesOf(orgId));
    const time = await store.organisations.testTime(orgId);
    const now = testNow(time, clock());
    const due = await ahead(orgId, sandboxes, MOST_SHOWN);
    return { now, frozen: time.frozen, sandboxes: sandboxes.times(), due };
  }

  async function ahead(orgId: string, sandboxes: Sandboxes, limit: number): Promise<readonly Ahead[]> {
    const ours = (await testClock.ahead(orgId, clock(), { limit })).map(shown);
    return inOrder([...ours, ...sandboxes.ahead()]).slice(0, limit);
  }

  async function aim(orgId: string, wish: MoveWish, now: Date, sandboxes: Sandboxes): Promise<Target> {
    const [first] = await testClock.ahead(orgId, clock(), { limit: 1 });
    const limit = await testClock.nextDeadline(orgId, now);
    const next = {
      'next-event': (await nextStop(orgId, sandboxes, now, NEVER)) ?? soonest([first?.at], now),
      'next-deadline': soonest([limit, sandboxes.nextDeadline(now)], now),
    };
    return targetOf(wish, { now, real: clock(), next: (jump) => next[jump] });
  }

  /**
   * Where something can happen next. An agency that moves along says itself when something does: who waits for its answer,
   * or for its being back, and has asked since (`news`) need not ask again every quarter of an hour of three weeks. What
   * is due by then is asked at the next stop all the same.
   */
  async function nextStop(
    orgId: string,
    { connectionIds, next }: Sandboxes,
    now: Date,
    news: Date,
  ): Promise<Date | undefined> {
    const [first] = await testClock.ahead(orgId, clock(), {
      limit: 1,
      unless: { connectionIds, since: news },
    });
    return soonest([first?.at, next()], now);
  }

  async function preview(orgId: string, wish: MoveWish, sandboxes: Sandboxes): Promise<Moved | MoveRefused> {
    const { frozen, ...time } = await store.organisations.testTime(orgId);
    const now = testNow({ ...time, frozen }, clock());
    const aimed = await aim(orgId, wish, now, sandboxes);
    if (aimed.kind !== 'at') return refusal(aimed, now);
    const ours = await testClock.ahead(orgId, clock(), { until: aimed.at, limit: MOST_TOLD });
    const due = inOrder([...ours.map(shown), ...(await sandboxes.preview(aimed.at))]).slice(0, MOST_TOLD);
    return {
      now,
      target: aimed.at,
      reached: true,
      frozen,
      sandboxes: sandboxes.times(),
      events: [],
      more: 0,
      due,
    };
  }

  return {
    view,
    async move(orgId, wish) {
      const sandboxes = await createSandboxes(await sandboxesOf(orgId));
      if (wish.dryRun) return preview(orgId, wish, sandboxes);
      const mover = randomUUID();
      const began = performance.now();
      const lease = () => new Date(clock().getTime() + LEASE_MS);
      const begun = await testClock.begin(orgId, mover, clock(), lease());
      if (begun === undefined) return { refused: 'busy' };
      const { frozen = begun.frozen } = wish;
      let at = begun.now;
      try {
        const aimed = await aim(orgId, wish, at, sandboxes);
        if (aimed.kind !== 'at') return refusal(aimed, at);
        const run = {
          late: () => performance.now() - began > patienceMs,
          async to(instant: Date) {
            at = instant;
            if (!(await testClock.moveTo(orgId, mover, at, clock(), lease())))
              throw new Error(`the clock of ${orgId} was taken over: this process stood still for too long`);
          },
        };
        const theirs = await sandboxes.freeze();
        // Two running clocks are never equal: of two that are, but for a moment, the later is everybody's now.
        if (theirs !== undefined && theirs > at && theirs.getTime() - at.getTime() < MOMENT_MS)
          await run.to(theirs);
        const target = aimed.at < at ? at : aimed.at;
        const { reached, events } = await travel(orgId, at, target, sandboxes, run);
        await testClock.end(orgId, mover, at, clock(), frozen);
        await sandboxes.end(wish.frozen);
        return {
          now: at,
          target,
          reached,
          frozen,
          sandboxes: sandboxes.times(),
          events: events.slice(0, MOST_TOLD),
          more: Math.max(0, events.length - MOST_TOLD),
          due: await ahead(orgId, sandboxes, MOST_SHOWN),
        };
      } finally {
        // Whatever has gone wrong: time goes on from where it is. After an orderly end both find nothing to do.
        await testClock.end(orgId, mover, at, clock(), begun.frozen);
        await sandboxes.end(undefined).catch(() => {});
      }
    },
  };

  async function travel(
    orgId: string,
    from: Date,
    target: Date,
    sandboxes: Sandboxes,
    { late, to }: { readonly late: () => boolean; readonly to: (instant: Date) => Promise<void> },
  ): Promise<{ readonly reached: boolean; readonly events: readonly Passed[] }> {
    const passed: Passed[] = [];
    const told = new Set<string>();
    let mark = await testClock.mark();
    /** What has happened at the gateway since the last time this was asked. */
    async function ours(): Promise<void> {
      const next = await testClock.mark();
      const found = await testClock.since(orgId, mark, MOST_TOLD + 1);
      mark = next;
      for (const { id, type, at, exitId, filingId } of found) {
        if (told.has(id)) continue;
        told.add(id);
        passed.push({ source: 'gateway', id, type, at, exitId, filingId });
      }
    }
    let news = from;
    for (let at = from; ; ) {
      const before = await sandboxes.to(at);
      passed.push(...before);
      const quiet = await settle(orgId, at, late);
      await ours();
      const after = await sandboxes.look();
      passed.push(...after);
      if (before.length + after.length > 0) news = at;
      const next = await nextStop(orgId, sandboxes, at, news);
      const done = quiet && at.getTime() === target.getTime() && (next === undefined || next > target);
      if (done || late()) return { reached: done, events: inOrder(passed) };
      at = next === undefined || next > target ? target : next;
      await to(at);
    }
  }

  /** Everything that is due at the gateway by then. @returns false when the patience is at its end before. */
  async function settle(orgId: string, at: Date, late: () => boolean): Promise<boolean> {
    const woken = new Map<string, number>();
    for (;;) {
      const due = await testClock.ahead(orgId, clock(), { until: at, limit: MOST_TOLD });
      if (due.length === 0) return true;
      if (late()) return false;
      const tellings = due.filter((each) => each.what === 'deadline');
      // What is told may change what the filings do next: they are looked at afterwards.
      for (const { exitId } of tellings) await tellExit(parts, exitId);
      if (tellings.length > 0) continue;
      const probes = due.filter((each) => each.what === 'probe');
      const asked = await Promise.all(probes.map(({ connectionId }) => parts.probe(connectionId)));
      if (asked.includes(true)) continue;
      await wakeAll(due, woken);
      await pause(LOOK_EVERY_MS);
    }
  }

  async function wakeAll(due: readonly Due[], woken: Map<string, number>): Promise<void> {
    for (const each of due) {
      if (each.what !== 'filing' || each.inHand) continue;
      const name = `${each.filingId} ${each.at.getTime()}`;
      if (performance.now() - (woken.get(name) ?? Number.NEGATIVE_INFINITY) < WAKE_AGAIN_MS) continue;
      woken.set(name, performance.now());
      await parts.wake.filing({ id: each.filingId, adapter: each.adapter, deadline: each.deadline });
    }
  }
}

function shown(due: Due): Ahead {
  switch (due.what) {
    case 'deadline':
      return { source: 'deadline', at: due.at, exitId: due.exitId };
    case 'probe':
      return { source: 'probe', at: due.at, connectionId: due.connectionId };
    case 'filing': {
      const { at, exitId, filingId, kind, inHand } = due;
      return { source: 'filing', at, exitId, filingId, kind, inHand };
    }
  }
}

function refusal(target: Exclude<Target, { kind: 'at' }>, now: Date): MoveRefused {
  switch (target.kind) {
    case 'backwards':
      return { refused: 'backwards', now };
    case 'too_far':
      return { refused: 'too_far', most: target.most };
    case 'nothing_ahead':
      return { refused: 'nothing_ahead', jump: target.jump };
  }
}
