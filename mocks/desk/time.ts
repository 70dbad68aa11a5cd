// Moving a sandbox's time: by a duration, to an instant, or to what comes next.
import { type Fired, realNow } from '../kernel/clock.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { advanceTogether, nextOf } from '../kernel/stepping.ts';
import { readInstant } from '../kernel/time.ts';
import { saidOf } from '../kernel/words.ts';
import { duration } from './control.ts';
import { DeskError } from './problem.ts';
import { nextOfWindow } from './windows.ts';

export const JUMPS = ['next-event', 'next-deadline', 'window-open', 'window-close'] as const;
export type Jump = (typeof JUMPS)[number];

export interface Advance {
  readonly by?: string;
  /** An instant, or a word of JUMPS. */
  readonly to?: string;
  /** Whose window, with `window-open` and `window-close`; default: the first of any agency. */
  readonly agency?: string;
  /** ISO duration: stop that much earlier, for the last moment before. */
  readonly margin?: string;
  /** Tells what would fire, and leaves everything as it is. Participants are not asked. */
  readonly dryRun?: boolean;
}

const isJump = (text: string): text is Jump => JUMPS.some((jump) => jump === text);
/** Timers whose event ends so are somebody's last day. */
const isDeadline = ({ event }: { event: string }) => event.endsWith('.due');

function requireAlone({ participants }: Sandbox): void {
  if (participants.size > 0)
    throw new DeskError(409, 'CLOCK_SHARED', {
      en: 'participants are registered: advance through the clock, and wait for it',
      zh: '已登记参与方：请通过时钟推进时间，并等待其完成',
    });
}

/** At once; for a sandbox whose time nobody shares. */
export function advance(sandbox: Sandbox, step: Advance): Fired[] {
  requireAlone(sandbox);
  const { clock } = sandbox;
  const missed = clock.catchUp(); // due already: happened before the step, told with it
  const to = target(sandbox, step, clock.upcoming()[0]?.at);
  if (!step.dryRun) return [...missed, ...forward(() => clock.advance(to))];
  const before = sandbox.snapshot();
  try {
    return [...missed, ...sandbox.callbacks.muted(() => forward(() => clock.advance(to)))];
  } finally {
    sandbox.restore(before);
  }
}

const moving = new WeakSet<Sandbox>();

/** Steps the participants along. */
export async function advanceAll(sandbox: Sandbox, step: Advance): Promise<Fired[]> {
  if (moving.has(sandbox))
    throw new DeskError(409, 'CLOCK_BUSY', { en: 'the clock is being moved already', zh: '时钟正在推进中' });
  if (step.dryRun) {
    const others = new Map(sandbox.participants);
    sandbox.participants.clear();
    try {
      return advance(sandbox, step);
    } finally {
      for (const [name, participant] of others) sandbox.participants.set(name, participant);
    }
  }
  if (sandbox.participants.size === 0) {
    const events = advance(sandbox, step);
    await sandbox.callbacks.flush();
    return events;
  }
  moving.add(sandbox);
  const started = realNow();
  try {
    const participants = [...sandbox.participants.values()];
    const soonest = step.to === 'next-event' ? await nextOf(sandbox.clock, participants) : undefined;
    const to = target(sandbox, step, soonest?.getTime());
    if (to < sandbox.clock.now()) forward(() => sandbox.clock.advance(to));
    const events = await advanceTogether(sandbox.clock, participants, to);
    await sandbox.callbacks.flush();
    return events;
  } catch (cause) {
    if (cause instanceof DeskError) throw cause;
    const why = saidOf(cause);
    const seconds = ((realNow().getTime() - started.getTime()) / 1000).toFixed(1);
    throw new DeskError(502, 'PARTICIPANT_FAILED', {
      en: `after ${seconds} s the clock stands at ${sandbox.clock.now().toISOString()}: ${why.en}`,
      zh: `${seconds} 秒后时钟停在 ${sandbox.clock.now().toISOString()}：${why.zh}`,
    });
  } finally {
    moving.delete(sandbox);
  }
}

function forward(move: () => Fired[]): Fired[] {
  try {
    return move();
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new DeskError(409, 'CLOCK_BACKWARDS', { en: cause.message, zh: '时钟只能向前推进' });
    throw cause;
  }
}

/** Dates of the agencies' contracts have four digits for the year, and nobody's retirement lies behind this one. */
const END_OF_TIME = Date.parse('2200-01-01T00:00:00Z');

function target(sandbox: Sandbox, step: Advance, next: number | undefined): Date {
  return requireNear(wanted(sandbox, step, next));
}

function requireNear(at: Date): Date {
  // What no date can hold is no number, and not less than anything.
  if (!(at.getTime() < END_OF_TIME))
    throw new DeskError(422, 'TIME_TOO_FAR', {
      en: 'sandbox time ends with the year 2199',
      zh: '沙箱时间最晚到 2199 年底',
    });
  return at;
}

/** A point in time that is the same wherever the machine stands; the sentence names the field. */
export function instantOf(field: string, text: string): Date {
  const at = readInstant(text);
  if (at === undefined)
    throw new DeskError(400, 'TIME_INVALID', {
      en: `${field}: ${text} is no point in time: a day that there is, a time, and its zone, as 2026-11-25T09:00:00Z or 2026-11-25T17:00:00+08:00`,
      zh: `${field}：${text} 不是有效的时间点：日期须真实存在，并写明时间和时区，如 2026-11-25T09:00:00Z 或 2026-11-25T17:00:00+08:00`,
    });
  return requireNear(at);
}

function wanted(sandbox: Sandbox, { by, to, margin, agency }: Advance, next: number | undefined): Date {
  const now = sandbox.clock.now();
  if (by !== undefined) return new Date(now.getTime() + duration(by));
  if (to === undefined)
    throw new DeskError(400, 'TIME_INVALID', { en: 'say by or to', zh: '请给出 by 或 to' });
  if (agency !== undefined && !(to in EDGES))
    throw new DeskError(400, 'TIME_INVALID', {
      en: `agency: goes with ${Object.keys(EDGES).join(' and ')}, not with ${to}`,
      zh: `agency 只能与 ${Object.keys(EDGES).join('、')} 一起使用，不能与 ${to} 一起使用`,
    });
  const at = isJump(to) ? jump(sandbox, to, next, agency) : instantOf('to', to).getTime();
  const early = at - (margin === undefined ? 0 : duration(margin));
  // A margin longer than what is left stays where it is: that moment is past, and nothing is missed by it.
  return new Date(isJump(to) ? Math.max(early, now.getTime()) : early);
}

const EDGES = { 'window-open': 'opens', 'window-close': 'closes' } as const;

function jump(sandbox: Sandbox, word: Jump, next: number | undefined, agency?: string): number {
  const found = () => {
    switch (word) {
      case 'next-event':
        return next;
      case 'next-deadline':
        return sandbox.clock.upcoming().find(isDeadline)?.at;
      default:
        return nextOfWindow(sandbox, EDGES[word], agency);
    }
  };
  const at = found();
  if (at === undefined)
    throw new DeskError(409, 'NOTHING_AHEAD', {
      en: `there is no ${word} ahead`,
      zh: `后面没有可跳转的 ${word}`,
    });
  return at;
}
