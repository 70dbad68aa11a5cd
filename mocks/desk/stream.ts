// What changes in a sandbox, as server-sent events: the sandbox at a glance, and which parts of it are new. Each event
// is whole, so that none need be kept: who comes back says the mark seen last, and is told only when it is another one.
import { pause } from '../kernel/clock.ts';
import type { Stream } from '../kernel/strike.ts';
import { changedParts, glance } from './overview.ts';
import { DeskError } from './problem.ts';
import type { Visit } from './route.ts';

/** Silence longer than this is a line that is dead. */
export const BEAT_MS = 15_000;
/** However much happens, a page is told no more often. */
const REST_MS = 200;
const MOST_STREAMS = 50;

export function changesOf(visit: Visit): Stream {
  const { changes, clock } = visit.sandbox;
  if (changes.listeners >= MOST_STREAMS)
    throw new DeskError(429, 'STREAMS_FULL', {
      en: `there are ${MOST_STREAMS} streams of this sandbox already`,
      zh: `该沙箱已有 ${MOST_STREAMS} 个事件流`,
    });
  return (send, end) => {
    let seen: ReturnType<typeof glance>['marks'] | undefined;
    let mark = visit.call.headers['last-event-id'];
    let over = false;
    let resting = false;
    let again = false;

    /** @returns whether there was something to tell */
    function tell(): boolean {
      clock.catchUp();
      const { overview, marks } = glance(visit);
      const changed = changedParts(seen, marks);
      const news = overview.mark !== mark;
      if (news && !send(eventOf(overview.mark, { changed, overview }))) return false; // it is slow: the next one is whole as well
      seen = marks;
      mark = overview.mark;
      return news;
    }

    async function changed(): Promise<void> {
      again = true;
      if (resting) return;
      resting = true;
      while (again && !over) {
        again = false;
        await new Promise(setImmediate); // what happens in one turn is one piece of news
        if (!over) tell();
        await pause(REST_MS);
      }
      resting = false;
    }

    async function beat(): Promise<void> {
      for (;;) {
        await pause(BEAT_MS);
        if (over) return;
        if (!tell()) send(': still here\n\n'); // faults end by themselves, and say nothing
      }
    }

    const leave = changes.listen(() => void changed(), end);
    send(`retry: 1000\n\n`);
    tell();
    void beat();
    return () => {
      over = true;
      leave();
    };
  };
}

const eventOf = (id: string, data: unknown) => `id: ${id}\nevent: changed\ndata: ${JSON.stringify(data)}\n\n`;
