/** Checks of answers made to break whoever reads them, in any protocol: nothing is believed, and not all of it is read. */
import assert from 'node:assert/strict';
import { onLine } from './binding.ts';
import type { Spoil } from './line.ts';
import { expectKind, type Trial } from './subject.ts';

const LEVELS = 10_000;
const HUGE = 50 * 1024 * 1024;
/** Of the fifty megabytes: what an adapter reads, and what lies in the buffers of two sockets. */
const MOST_READ = 24 * 1024 * 1024;

const deep = (open: string, close: string) => `${open.repeat(LEVELS)}${close.repeat(LEVELS)}`;
const BOMB = `<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">${Array.from(
  { length: 9 },
  (_, n) => `<!ENTITY ${letter(n + 1)} "${`&${letter(n)};`.repeat(10)}">`,
).join('')}]>`;

function letter(n: number): string {
  return String.fromCharCode(97 + n);
}

function* huge() {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  for (let sent = 0; sent < HUGE; sent += chunk.length) yield chunk;
}

const whole =
  (text: string): Spoil =>
  (said) => ({ ...said, body: Buffer.from(text) });
/** What was signed, and something else in front of it. */
const inFront =
  (xml: string, json: (text: string) => string): Spoil =>
  (said) => {
    const text = said.body.toString('utf8');
    const changed = text.trimStart().startsWith('<')
      ? `<?xml version="1.0"?>${xml}${text.replace(/^\s*<\?xml[^>]*\?>/, '')}`
      : json(text);
    return { ...said, body: Buffer.from(changed) };
  };

const LIES: Readonly<Record<string, Spoil>> = {
  'elements ten thousand levels deep': whole(deep('<a>', '</a>')),
  'lists ten thousand levels deep': whole(deep('[', ']')),
  'objects ten thousand levels deep': whole(`${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`),
  'the signed content wrapped, or behind a DOCTYPE': inFront(
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    (text) => `{"state":"concluded","receipt":"FORGED-1","original":${text}}`,
  ),
  'the signed content twice, or behind an entity bomb': inFront(BOMB, (text) => `${text}${text}`),
  'fifty megabytes': (said) => ({ ...said, body: huge() }),
};

export const TOLD_LIES = {
  'an answer that is wrapped, endless or bottomless is not believed': (trial: Trial) =>
    onLine(trial, async (line, adapter) => {
      const { receipt } = expectKind(await trial.submit(), 'pending');
      const ask = async () => (await adapter.lookup?.(trial.order, trial.call())) ?? { kind: 'no lookup' };
      expectKind(await ask(), 'pending');
      for (const [name, spoil] of Object.entries(LIES)) {
        line.lead(trial.subject.url, spoil, () => true);
        const { kind } = await ask();
        assert.ok(kind === 'unsure' || kind === 'retry', `${name}: ${kind}`);
        assert.ok(line.sent() < MOST_READ, `${name}: ${line.sent()} bytes were read`);
      }
      line.lead(
        trial.subject.url,
        (said) => said,
        () => false,
      );
      assert.equal(expectKind(await ask(), 'pending').receipt, receipt, 'afterwards all is as it was');
    }),
} as const satisfies Record<string, (trial: Trial) => Promise<void>>;
