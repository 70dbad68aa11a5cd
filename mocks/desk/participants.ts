// A participant that is reached by HTTP: it is told the time, does what is due, and answers with when it is next due.
import type { Participant, Step } from '../kernel/stepping.ts';
import { readInstant } from '../kernel/time.ts';
import { Spoken } from '../kernel/words.ts';

const PATIENCE_MS = 30_000;

export function httpParticipant(name: string, url: string): Participant {
  return {
    name,
    async step(now) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ now: now.toISOString() }),
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (!response.ok)
        throw new Spoken({ en: `it answered ${response.status}`, zh: `应答状态为 ${response.status}` });
      return readStep(await response.json());
    },
  };
}

function readStep(body: unknown): Step {
  const member = (key: string): unknown =>
    typeof body === 'object' && body !== null ? Reflect.get(body, key) : undefined;
  const next = member('next');
  const at = typeof next === 'string' ? readInstant(next) : undefined;
  if (next !== undefined && next !== null && at === undefined)
    throw new Spoken({
      en: 'it answered with a next that is no point in time with its zone',
      zh: '应答中的 next 不是带时区的有效时间点',
    });
  const events = member('events');
  const list: unknown[] = Array.isArray(events) ? events : [];
  return {
    ...(at ? { next: at } : {}),
    events: list.map((entry) => {
      const text = (key: string) => {
        const value: unknown =
          typeof entry === 'object' && entry !== null ? Reflect.get(entry, key) : undefined;
        return typeof value === 'string' ? value.slice(0, 500) : '';
      };
      return { event: text('event'), note: text('note') };
    }),
  };
}
