// Sandbox time. The only file of the mocks that knows real time; a structure test may look for Date.now elsewhere.
// Timers are data, not closures, so that a sandbox can be copied and its future shown.
import type { AgencyName } from './agency.ts';
import type { Sentence } from './scenario.ts';

export interface Timer {
  readonly at: number;
  readonly agency: AgencyName;
  readonly event: string;
  readonly subject: string;
}

/** A timer that has come: ISO sandbox time, and the agency's sentence on what it did. */
export interface Fired {
  readonly at: string;
  /** `participant` for somebody outside who is stepped along; then `subject` is its name. */
  readonly agency: AgencyName | 'participant';
  readonly event: string;
  readonly subject: string;
  readonly note: string;
  /** The note in Chinese; absent: a participant's own words. */
  readonly zh?: string;
}

export interface ClockState {
  readonly now: number;
  readonly frozen: boolean;
  readonly timers: readonly Timer[];
  readonly fired: readonly Fired[];
}

export interface Clock {
  now(): Date;
  wallNow(): Date;
  readonly running: boolean;
  schedule(timer: Timer): void;
  /** Fires what is due, in order of time, then of scheduling. Called before every look at the state. */
  catchUp(): Fired[];
  /** Moves to `to`, firing on the way. Throws RangeError when `to` is in the past. */
  advance(to: Date): Fired[];
  freeze(): void;
  run(): void;
  upcoming(): readonly Timer[];
  recent(): readonly Fired[];
  /** Everything that fires until `stop`, whoever lets it fire. */
  record(): { readonly events: Fired[]; stop(): void };
  dump(): ClockState;
  load(state: ClockState): void;
  /** As at birth: no timers. */
  reset(): void;
  close(): void;
}

const KEPT = 200;
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Milliseconds on a monotonic clock, for the journal. */
export const stopwatch = (): number => performance.now();

/** Real delay, for faults of kind `slow` only. Does not keep the process alive. */
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/** Calls at that real time; does not keep the process alive. */
export const wakeAt = (at: Date, work: () => void): NodeJS.Timeout =>
  setTimeout(work, Math.max(0, at.getTime() - Date.now())).unref();

/** Real time: for what must work between processes, or be measured in seconds that a person waits. */
export const realNow = (): Date => new Date();

export interface ClockOptions {
  /** Sandbox time at birth; default the real time. */
  readonly start?: Date;
  /** Stands still from the first millisecond, so that two runs are alike. */
  readonly frozen?: boolean;
  readonly wallNow?: () => Date;
  /** Called when time was moved, stopped or let go; not when it passes. */
  readonly changed?: () => void;
}

export function createClock(fire: (timer: Timer) => Sentence, options: ClockOptions = {}): Clock {
  const { start, wallNow = realNow, changed = () => undefined } = options;
  const born = options.frozen ? (start ?? new Date()).getTime() : undefined;
  const recorders = new Set<Fired[]>();
  const offsetAtStart = start ? start.getTime() - Date.now() : 0;
  let offset = offsetAtStart;
  let frozenAt: number | undefined = born;
  let pinned: number | undefined; // the time of the timer that is firing
  let timers: Timer[] = [];
  let fired: Fired[] = [];
  let wake: NodeJS.Timeout | undefined;

  const now = () => pinned ?? frozenAt ?? Date.now() + offset;

  function rearm() {
    clearTimeout(wake);
    const next = timers[0];
    if (!next || frozenAt !== undefined) return;
    wake = setTimeout(
      () => {
        // A timeout may end a millisecond before the wall clock says so, or the wall clock may be set back: then it is
        // too early, and the timer must be armed once more.
        wake = undefined;
        catchUp();
      },
      Math.min(Math.max(next.at - now(), 1), LONGEST_TIMEOUT),
    );
    wake.unref();
  }

  function fireUntil(limit: number): Fired[] {
    const list: Fired[] = [];
    for (let next = timers[0]; next && next.at <= limit; next = timers[0]) {
      timers.shift();
      pinned = next.at;
      const { en, zh } = fire(next);
      const event: Fired = {
        at: new Date(next.at).toISOString(),
        agency: next.agency,
        event: next.event,
        subject: next.subject,
        note: en,
        zh,
      };
      list.push(event);
      for (const recorder of recorders) recorder.push(event);
    }
    pinned = undefined;
    if (list.length > 0) fired = [...fired, ...list].slice(-KEPT);
    return list;
  }

  function catchUp(): Fired[] {
    if (pinned !== undefined) return [];
    const list = timers[0] && timers[0].at <= now() ? fireUntil(now()) : [];
    if (list.length > 0 || wake === undefined) rearm();
    return list;
  }

  return {
    now: () => new Date(now()),
    wallNow,
    get running() {
      return frozenAt === undefined;
    },
    schedule(timer) {
      // Among sorted timers it would have no place, and none behind it would ever fire.
      if (!Number.isFinite(timer.at)) throw new RangeError(`${timer.event} has no point in time`);
      let low = 0;
      let high = timers.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((timers[middle]?.at ?? 0) <= timer.at) low = middle + 1;
        else high = middle;
      }
      timers.splice(low, 0, timer);
      if (low === 0 && pinned === undefined) rearm();
    },
    catchUp,
    advance(to) {
      const from = now();
      const target = to.getTime();
      if (!(target >= from)) throw new RangeError('the clock only goes forward');
      const list = fireUntil(target);
      if (frozenAt !== undefined) frozenAt = target;
      else offset += target - from;
      rearm();
      changed();
      return list;
    },
    freeze() {
      frozenAt ??= now();
      rearm();
      changed();
    },
    run() {
      if (frozenAt === undefined) return;
      offset = frozenAt - Date.now();
      frozenAt = undefined;
      rearm();
      changed();
    },
    upcoming: () => timers,
    recent: () => fired,
    record() {
      const events: Fired[] = [];
      recorders.add(events);
      return { events, stop: () => void recorders.delete(events) };
    },
    dump: () => ({ now: now(), frozen: frozenAt !== undefined, timers: [...timers], fired: [...fired] }),
    load(state) {
      frozenAt = state.frozen ? state.now : undefined;
      offset = state.now - Date.now();
      timers = [...state.timers];
      fired = [...state.fired];
      rearm();
      changed();
    },
    reset() {
      offset = offsetAtStart;
      frozenAt = born;
      timers = [];
      fired = [];
      rearm();
      changed();
    },
    close() {
      timers = [];
      clearTimeout(wake);
    },
  };
}
