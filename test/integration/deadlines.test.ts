// Deadlines over HTTP and over the worker's pass: the most urgent first, each told once, nobody else's.
import assert from 'node:assert/strict';
import { tellClocks } from '../../queues/clocks.ts';
import { draft, useApi } from '../support/api.ts';
import { DISTANCES } from '../support/clock-work.ts';

describe('deadlines', function () {
  this.timeout(30_000);
  const api = useApi();
  before(async () => {
    for (const [name, exit_date] of [
      ['later', '2026-12-01'],
      ['sooner', '2026-11-25'],
    ] as const)
      await api.post(
        '/v1/exits',
        draft(name, { profile: 'general', exit_date, last_attendance_date: exit_date }),
      );
  });
  interface Listed {
    readonly external_id: string;
    readonly kind: string;
    readonly due: string;
    readonly days_left: number;
    readonly closes_at: string;
  }
  const list = async (query = '', ask = {}) =>
    (await api.get(`/v1/deadlines${query}`, ask)).body.data as Listed[];

  it('are listed most urgent first, page by page', async () => {
    const all = await list();
    assert.deepEqual(
      all.map(({ external_id, due }) => `${external_id} ${due}`),
      [...Array(3).fill('sooner 2026-12-10'), ...Array(3).fill('later 2026-12-16')],
    );
    const pages: Listed[] = [];
    let cursor = '';
    do {
      const { body } = await api.get(`/v1/deadlines?limit=4${cursor}`);
      pages.push(...body.data);
      cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
    } while (cursor !== '');
    assert.deepEqual(pages, all);
  });

  it('are filtered, in the language asked for, and a wrong cursor is refused', async () => {
    assert.equal((await list('?kind=labor_filing')).length, 2);
    assert.equal((await list('?due_before=2026-12-10')).length, 3);
    assert.equal((await list('?due_before=2026-12-09')).length, 0);
    const zh = await api.get('/v1/deadlines?limit=1', { headers: { 'accept-language': 'zh' } });
    assert.match(zh.body.data[0].basis, /规定|法/);
    assert.equal((await api.get('/v1/deadlines?cursor=bm9uZQ')).body.code, 'cursor_invalid');
  });

  it('are nobody else’s', async () => {
    assert.deepEqual(await list('', { key: await api.keyOf('Another') }), []);
    assert.deepEqual(await list('', { key: await api.keyOf('Test Securities', { live: true }) }), []);
  });

  it('are told by one of two workers, once', async () => {
    const wake = { filing: async () => {}, lane: async () => {}, after: async () => {} };
    const pass = (now: string) => {
      const { exits, organisations } = api.store;
      const teller = { exits, organisations, wake, clock: () => new Date(now), distances: DISTANCES };
      return Promise.all([tellClocks(teller, 100), tellClocks(teller, 100)]);
    };
    await pass('2026-12-04T01:00:00Z');
    await pass('2026-12-04T02:00:00Z');
    await pass('2026-12-10T16:00:00Z');
    const { data } = (await api.get('/v1/exits?external_id=sooner')).body;
    const events = (await api.get(`/v1/exits/${data[0].id}/events`)).body.data as {
      type: string;
      sequence: number;
    }[];
    const deadlines = events.map(({ type }) => type).filter((type) => type.startsWith('exit.deadline'));
    assert.deepEqual(deadlines, [
      ...Array(3).fill('exit.deadline_approaching'),
      ...Array(3).fill('exit.deadline_missed'),
    ]);
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      events.map((_, index) => index + 1),
    );
  });
});
