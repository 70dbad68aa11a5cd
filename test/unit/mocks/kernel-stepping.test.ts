// Time that is shared: order, edges, jumps and previews; and a participant's thousands of dates, none of them lost.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Agencies, type Participant, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { createClock } from '../../../mocks/kernel/clock.ts';
import { advanceTogether } from '../../../mocks/kernel/stepping.ts';
import { type LaborClient, laborClient, UNIT } from './labor-client.ts';

const START = new Date('2027-01-04T02:00:00Z');
const at = (ms: number) => new Date(START.getTime() + ms);

/** Is due at each of the given times, and says what it did. */
function participant(name: string, ...due: Date[]): Participant {
  return {
    name,
    step(now) {
      const events = [];
      for (let next = due[0]; next && next <= now; next = due[0]) {
        due.shift();
        events.push({ event: 'timer', note: next.toISOString() });
      }
      return { events, ...(due[0] ? { next: due[0] } : {}) };
    },
  };
}

describe('stepping', () => {
  it('goes through everybody\u2019s events in one order, agencies first, then by registration', async () => {
    const clock = createClock(({ subject }) => ({ en: subject, zh: subject }), {
      start: START,
      frozen: true,
    });
    const timer = (ms: number) => ({
      at: at(ms).getTime(),
      agency: 'labor' as const,
      event: 'e',
      subject: `${ms}`,
    });
    for (const ms of [1000, 3000, 9000]) clock.schedule(timer(ms));
    const fired = await advanceTogether(
      clock,
      [participant('one', at(2000), at(3000)), participant('two', at(-5), at(3000), at(8000))],
      at(5000),
    );
    assert.deepEqual(
      fired.map(({ at: when, agency, subject }) => [when, agency, subject]),
      [
        [at(0).toISOString(), 'participant', 'two'],
        [at(1000).toISOString(), 'labor', '1000'],
        [at(2000).toISOString(), 'participant', 'one'],
        [at(3000).toISOString(), 'labor', '3000'],
        [at(3000).toISOString(), 'participant', 'one'],
        [at(3000).toISOString(), 'participant', 'two'],
      ],
    );
    assert.equal(clock.now().getTime(), at(5000).getTime());
    clock.close();
  });

  it('lets a participant cause events on the way, and tells them in their place', async () => {
    const clock = createClock(({ subject }) => ({ en: subject, zh: subject }), {
      start: START,
      frozen: true,
    });
    let asked = false;
    const causes: Participant = {
      name: 'gateway',
      step(now) {
        if (now < at(1000)) return { next: at(1000) };
        if (!asked)
          clock.schedule({ at: at(1500).getTime(), agency: 'labor', event: 'e', subject: 'review' });
        asked = true;
        return {};
      },
    };
    const fired = await advanceTogether(clock, [causes], at(5000));
    assert.deepEqual(
      fired.map(({ at: when, subject }) => [when, subject]),
      [[at(1500).toISOString(), 'review']],
    );
    clock.close();
  });

  it('gives up on one that is due for ever, and lets the clock run on if it ran', async () => {
    const clock = createClock(() => ({ en: '', zh: '' }), { start: START });
    const stuck: Participant = { name: 'stuck', step: (now) => ({ next: now }) };
    await assert.rejects(advanceTogether(clock, [stuck], new Date(clock.now().getTime() + 5000)), /for ever/);
    assert.ok(clock.running);
    clock.close();
  });
});

describe('clock of a sandbox', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let client: LaborClient;
  let count = 0;

  before(async () => {
    agencies = await startAgencies();
  });
  beforeEach(async () => {
    count += 1;
    box = agencies.sandbox(`clock-${count}`, { start: START, frozen: true });
    client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
  });
  after(() => agencies.close());

  const post = async (path: string, body: unknown, method = 'POST') => {
    const answer = await fetch(box.urls.desk + path, { method, body: JSON.stringify(body) });
    const json = (await answer.json()) as {
      code?: string;
      detail?: string;
      now?: string;
      events?: { note: string }[];
    };
    return { status: answer.status, ...json, notes: json.events?.map(({ note }) => note.split(': ')[1]) };
  };

  it('jumps to the next event, previews without moving, and says when there is nothing ahead', async () => {
    await client.submit('S-1');
    const preview = await post('/clock/advance', { by: 'P1D', dry_run: true });
    assert.deepEqual(preview.notes, ['pre-check', 'accepted for review', 'in review', 'concluded, passed']);
    assert.equal(box.now().getTime(), START.getTime());
    assert.deepEqual((await post('/clock/advance', { to: 'next-event' })).notes, ['pre-check']);
    assert.equal(box.now().getTime(), at(750).getTime());
    assert.deepEqual((await post('/clock/advance', { by: 'P1D' })).notes, preview.notes?.slice(1));
    assert.equal((await post('/clock/advance', { to: 'next-event' })).code, 'NOTHING_AHEAD');
  });

  it('keeps a deadline to the millisecond', async () => {
    box.fault({ fault: 'correction', agency: 'labor', due: '2027-01-08' });
    const receipt = (await client.submit('S-1')).field('SAA036') ?? '';
    box.advance('PT3S');
    const inTime = box.snapshot();
    // The day ends at midnight in China.
    const last = await post('/clock/advance', { to: 'next-deadline', margin: 'PT0.001S' });
    assert.equal(last.now, '2027-01-08T15:59:59.999Z');
    const answer = async () =>
      (await client.send('SupplementFiling', { SAA036: receipt, ...(await client.content('S-2')) })).code;
    assert.equal(await answer(), '0');
    box.restore(inTime);
    const missed = await post('/clock/advance', { to: 'next-deadline' });
    assert.equal(missed.now, '2027-01-08T16:00:00.000Z');
    assert.deepEqual(missed.notes, ['concluded, failed']);
    assert.equal(await answer(), 'NO_CORRECTION_ASKED');
  });

  it('jumps to where the window opens and closes', async () => {
    assert.equal((await post('/clock/advance', { to: 'window-open' })).code, 'NOTHING_AHEAD');
    await post('/window', { opens: 30, closes: 31 }, 'PUT');
    const jump = async (to: string) => (await post('/clock/advance', { to })).now;
    assert.equal(await jump('window-open'), '2027-01-29T16:00:00.000Z');
    assert.equal(await jump('window-close'), '2027-01-31T16:00:00.000Z');
    assert.equal(await jump('window-open'), '2027-02-27T16:00:00.000Z', 'February is shorter');
    assert.equal(await jump('window-close'), '2027-02-28T16:00:00.000Z');
  });

  it('steps a participant at an address along, and refuses to move without it', async () => {
    const told: string[] = [];
    const server = createServer((request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => {
        text += part.toString();
      });
      request.on('end', () => {
        const { now } = JSON.parse(text) as { now: string };
        told.push(now);
        const due = at(2000).toISOString();
        const events = now >= due ? [{ event: 'poll', note: 'asked the agency' }] : [];
        response.end(JSON.stringify(now >= due ? { next: null, events } : { next: due }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // listens on TCP
    await post('/clock/participants/gateway', { url: `http://127.0.0.1:${port}/` }, 'PUT');
    await client.submit('S-1');
    const moved = await post('/clock/advance', { by: 'PT3S' });
    assert.deepEqual(
      moved.events?.map(({ note }) => note.split(': ').at(-1)),
      [
        'pre-check',
        'accepted for review',
        'asked the agency',
        'in review',
        'concluded, passed',
        'asked the agency',
      ],
    );
    assert.deepEqual(
      told,
      [at(0), at(2000), at(3000)].map((when) => when.toISOString()),
    );
    assert.throws(() => box.advance('P1D'), /participants are registered/);
    await new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    const failed = await post('/clock/advance', { by: 'P1D' });
    assert.equal(failed.code, 'PARTICIPANT_FAILED');
    assert.match(failed.detail ?? '', /participant gateway failed: /);
  });

  it('steps a participant to each of its own 4800 dates, and twice alike', async () => {
    const months = async (n: number) => {
      const own = agencies.sandbox(`years-${n}`, { start: START, frozen: true });
      const due = Array.from({ length: 200 * 24 }, (_, i) => {
        const person = i % 200;
        const month = 1 + Math.floor(i / 200);
        // The last day of the month, 09:00 in China, a second apart.
        return new Date(Date.UTC(2027, month, 0, 1, 0, person));
      });
      own.clock.join(participant('non-compete', ...due));
      return own.clock.advance({ to: '2029-01-01T00:00:00Z' });
    };
    const fired = await months(1);
    const perMonth = new Map<string, number>();
    const china = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' });
    for (const { at: when } of fired) {
      const key = china.format(new Date(when));
      perMonth.set(key, (perMonth.get(key) ?? 0) + 1);
    }
    const expected = new Map<string, number>();
    for (let month = 0; month < 24; month += 1) {
      const [year, at1] = [2027 + Math.floor(month / 12), (month % 12) + 1];
      const leap = year % 4 === 0;
      const last = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][at1 - 1];
      expected.set(`${year}-${String(at1).padStart(2, '0')}-${last}`, 200);
    }
    assert.deepEqual(perMonth, expected);
    assert.equal(JSON.stringify(await months(2)), JSON.stringify(fired));
  });
});
