// Points in time that the desk is given, and the windows of both cities.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { readInstant } from '../../../mocks/kernel/time.ts';

describe('desk, time', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let count = 0;
  before(async () => {
    agencies = await startAgencies();
  });
  beforeEach(() => {
    count += 1;
    box = agencies.sandbox(`time-${count}`, { start: new Date('2027-01-04T02:00:00Z'), frozen: true });
  });
  after(() => agencies.close());

  async function ask(method: string, path: string, body?: object): Promise<Record<string, string | number>> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(box.urls.desk + path, { method, ...sent });
    const said = (await answer.json()) as Record<string, string | number>;
    return { ...said, status: answer.status };
  }
  const jump = async (to: string, agency?: string) => {
    const { status, code, now } = await ask('POST', '/clock/advance', { to, ...(agency && { agency }) });
    return status === 200 ? now : code;
  };

  it('reads a point in time only where it is the same for everybody', () => {
    const read = (text: string) => readInstant(text)?.toISOString();
    assert.equal(read('2027-02-28T09:00:00Z'), '2027-02-28T09:00:00.000Z');
    assert.equal(read('2027-02-28T17:00:00.5+08:00'), '2027-02-28T09:00:00.500Z');
    assert.equal(read('2028-02-29T17:00+08:00'), '2028-02-29T09:00:00.000Z');
    const wrong = [
      '2027-02-30T00:00:00Z',
      '2027-02-28T24:00:00Z',
      '2027-02-28T09:61:00Z',
      '2027-02-28T09:00:00',
    ];
    for (const text of [...wrong, '2027-02-28', 'T09:00Z', '2027-02-28T09:00:00 Z', '2027-13-01T00:00:00Z'])
      assert.equal(read(text), undefined, text);
  });

  for (const text of ['2027-02-30T00:00:00Z', '2027-02-28T00:00:00', '2027-02-28T25:00:00Z'])
    it(`goes to no ${text}, and is not born then, and says which field`, async () => {
      const to = await ask('POST', '/clock/advance', { to: text });
      assert.deepEqual([to.status, to.code], [400, 'TIME_INVALID']);
      assert.match(String(to.detail), new RegExp(`^to: ${text} is no point in time: .* zone`));
      const start = await ask('POST', '/sandboxes', { name: 'nowhere', start: text });
      assert.match(String(start.detail), new RegExp(`^start: ${text} is no point in time`));
      await assert.rejects(box.clock.advance({ to: text }), { code: 'TIME_INVALID' });
      assert.equal(box.now().toISOString(), '2027-01-04T02:00:00.000Z');
    });

  it('is not born after the end of its time', async () => {
    const answer = await ask('POST', '/sandboxes', { start: '2200-01-01T00:00:00Z' });
    assert.deepEqual([answer.status, answer.code], [422, 'TIME_TOO_FAR']);
  });

  it('sets the window of the second city, which runs over the end of the month or never closes', async () => {
    const agency = 'insurance-sm2';
    const always = await ask('GET', `/window?agency=${agency}`);
    assert.deepEqual(
      [always.agency, always.opens, always.closes, always.next_opening],
      [agency, 1, 31, undefined],
    );
    const set = await ask('PUT', '/window', { agency, opens: 26, closes: 20 });
    assert.deepEqual(
      [set.opens, set.closes, set.next_closing, set.next_opening],
      [26, 20, '2027-01-20T16:00:00.000Z', '2027-01-25T16:00:00.000Z'],
    );
    const first = await ask('GET', '/window');
    assert.deepEqual(
      [first.agency, first.opens, first.closes],
      ['insurance', 1, 31],
      'the default, untouched',
    );
    const late = await ask('PUT', '/window', { agency, opens: 29, closes: 20 });
    assert.deepEqual([late.status, late.code], [400, 'WINDOW_INVALID']);
    const uscc = '91110105MA001234X4';
    await ask('PUT', '/window', { agency, opens: 3, closes: 9, uscc });
    assert.equal((await ask('GET', `/window?agency=${agency}&uscc=${uscc}`)).opens, 3);
    assert.equal((await ask('GET', `/window?agency=${agency}`)).opens, 26);
    await ask('PUT', '/window', { agency, opens: 1, closes: 31 });
    assert.equal(await jump('window-close', agency), 'NOTHING_AHEAD');
  });

  it('refuses the window of who has none, or is not there', async () => {
    const credit = await ask('PUT', '/window', { agency: 'credit', opens: 1, closes: 2 });
    assert.deepEqual([credit.status, credit.code], [409, 'NO_WINDOW']);
    const mine = await ask('GET', '/window?agency=insurence');
    assert.deepEqual([mine.status, mine.code], [404, 'AGENCY_UNKNOWN']);
    assert.match(String(mine.detail), /nearest: insurance$/);
  });

  it('jumps to the next window of any agency, or of the one named', async () => {
    await ask('PUT', '/window', { opens: 5, closes: 25 });
    await ask('PUT', '/window', { agency: 'insurance-sm2', opens: 26, closes: 20 });
    assert.equal(await jump('window-open'), '2027-01-04T16:00:00.000Z', 'of the first city');
    assert.equal(await jump('window-close'), '2027-01-20T16:00:00.000Z', 'of the second');
    assert.equal(await jump('window-open', 'insurance-sm2'), '2027-01-25T16:00:00.000Z');
    assert.equal(await jump('window-close', 'insurance'), '2027-02-25T16:00:00.000Z');
    const stray = await ask('POST', '/clock/advance', { to: 'next-event', agency: 'insurance' });
    assert.match(
      String(stray.detail),
      /^agency: goes with window-open and window-close, not with next-event$/,
    );
  });
});
