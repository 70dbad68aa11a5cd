// Windows and maintenance over HTTP and a real PostgreSQL: what is taken, what is refused, whom it concerns and whom it wakes.
import assert from 'node:assert/strict';
import { draft, NOW, useApi } from '../support/api.ts';
import { sql } from '../support/database.ts';

const WINDOW = {
  region: '110100',
  month: '2026-11',
  opens: 5,
  closes: 20,
  source: '测试经办日历',
  confirmed_by: '测试确认人',
};
const HELD_UNTIL = '2026-12-05T00:00:00.000Z';

describe('windows and maintenance', function () {
  this.timeout(30_000);
  const api = useApi();
  let other: string;
  let live: string;
  before(async () => {
    other = await api.keyOf('Another');
    live = await api.keyOf('Test Securities', { live: true });
  });

  const pointers = (body: { errors: { pointer: string; code: string }[] }) =>
    body.errors.map(({ pointer, code }) => `${pointer} ${code}`);
  const ended = (path: string, key = api.key) => api.ask('DELETE', path, { key });

  /** An exit of a region whose filings an agency holds until December, as a worker would have left them. */
  async function heldExit(externalId: string, region = '110105'): Promise<string> {
    const employer = { name: '某证券有限公司', uscc: '91110105MA001234X4', region };
    const { body } = await api.post(
      '/v1/exits',
      draft(externalId, { profile: 'general', disputes: [], employer }),
    );
    await sql(
      api.databaseUrl,
      `UPDATE filings SET state = 'due', held_since = now(), next_at = '${HELD_UNTIL}' WHERE exit_id = '${body.id}'`,
    );
    return body.id;
  }
  /** Kinds of its filings that no longer wait for December. */
  async function woken(exitId: string): Promise<string[]> {
    const { filings } = (await api.get(`/v1/exits/${exitId}`)).body;
    return filings
      .filter((each: { next_attempt_at: string }) => each.next_attempt_at !== HELD_UNTIL)
      .map((each: { kind: string }) => each.kind);
  }

  describe('a window', () => {
    afterEach(async () => {
      await sql(api.databaseUrl, 'DELETE FROM windows');
    });

    it('is kept with who confirmed it, and read back', async () => {
      const { status, body, headers } = await api.post('/v1/windows', WINDOW);
      assert.equal(status, 201);
      assert.equal(headers.get('location'), `/v1/windows/${body.id}`);
      const { id, created_at, ...rest } = body;
      assert.match(id, /^win_/);
      assert.deepEqual(rest, { ...WINDOW, region: '1101', insurance: '*', confirmed_on: '2026-10-26' });
      assert.deepEqual((await api.get(`/v1/windows/${id}`)).body, body);
      assert.deepEqual((await api.get('/v1/windows')).body.data, [body]);
      assert.ok(created_at >= NOW.toISOString());
    });

    it('replaces the older confirmation of the same, and no newer one', async () => {
      const first = (await api.post('/v1/windows', { ...WINDOW, confirmed_on: '2026-10-20' })).body;
      const second = { ...WINDOW, closes: 18, confirmed_by: '另一确认人', confirmed_on: '2026-10-21' };
      const { body } = await api.post('/v1/windows', second);
      assert.deepEqual([body.id, body.closes, body.confirmed_by], [first.id, 18, '另一确认人']);
      const late = await api.post('/v1/windows', { ...WINDOW, confirmed_on: '2026-10-20' });
      assert.deepEqual([late.status, late.body.code], [409, 'window_confirmed_later']);
      const { data } = (await api.get('/v1/windows')).body;
      assert.deepEqual(data, [body], 'one window');
      await api.post('/v1/windows', { ...second, insurance: '110' });
      assert.equal((await api.get('/v1/windows')).body.data.length, 2);
    });

    it('is refused with what is wrong and where', async () => {
      const refused = async (change: Record<string, unknown>) => {
        const { status, body } = await api.post('/v1/windows', { ...WINDOW, ...change });
        assert.equal(status, 422, JSON.stringify(body));
        return pointers(body);
      };
      assert.deepEqual(await refused({ opens: 20, closes: 5 }), ['/closes window_closes_first']);
      assert.deepEqual(await refused({ opens: 0, closes: 32 }), [
        '/opens number_too_small',
        '/closes number_too_large',
      ]);
      assert.deepEqual(await refused({ month: '2026-13' }), ['/month month_invalid']);
      assert.deepEqual(await refused({ region: '99' }), ['/region area_unknown']);
      assert.deepEqual(await refused({ region: '' }), ['/region area_unknown']);
      assert.deepEqual(await refused({ insurance: '120' }), ['/insurance value_unknown']);
      assert.deepEqual(await refused({ source: undefined, confirmed_by: undefined }), [
        '/source required',
        '/confirmed_by required',
      ]);
      assert.deepEqual(await refused({ source: ' ' }), ['/source text_empty']);
      assert.deepEqual(await refused({ confirmed_on: '2026-10-27' }), ['/confirmed_on date_in_future']);
      const zh = { headers: { 'accept-language': 'zh' } };
      const { body } = await api.post('/v1/windows', { ...WINDOW, opens: 20, closes: 5 }, zh);
      assert.match(body.errors[0].message ?? body.errors[0].detail, /截止日（5 日）早于开始日（20 日）/);
    });

    it('is found by the place it covers or lies in, and by month, page by page', async () => {
      for (const [region, month] of [
        ['11', '2026-11'],
        ['110105', '2026-11'],
        ['31', '2026-11'],
        ['11', '2026-12'],
      ])
        await api.post('/v1/windows', { ...WINDOW, region, month });
      const found = async (query: string) =>
        (await api.get(`/v1/windows?${query}`)).body.data.map(
          ({ region, month }: { region: string; month: string }) => `${region} ${month}`,
        );
      assert.deepEqual(await found('region=110105&month=2026-11'), ['110105 2026-11', '11 2026-11']);
      assert.deepEqual(await found('region=110000'), ['11 2026-12', '110105 2026-11', '11 2026-11']);
      assert.deepEqual(await found('region=1102'), ['11 2026-12', '11 2026-11']);
      const first = (await api.get('/v1/windows?limit=3')).body;
      const rest = (await api.get(`/v1/windows?limit=3&cursor=${first.next_cursor}`)).body;
      assert.deepEqual([first.data.length, rest.data.length, rest.has_more], [3, 1, false]);
      assert.equal((await api.get('/v1/windows?region=99')).body.code, 'query_invalid');
    });

    it('is nobody else’s, and neither test nor live at once', async () => {
      const { body } = await api.post('/v1/windows', WINDOW);
      for (const key of [other, live]) {
        assert.deepEqual((await api.get('/v1/windows', { key })).body.data, []);
        assert.equal((await api.get(`/v1/windows/${body.id}`, { key })).body.code, 'window_not_found');
        assert.equal((await ended(`/v1/windows/${body.id}`, key)).status, 404);
      }
      assert.equal((await ended(`/v1/windows/${body.id}`)).status, 204);
      assert.equal((await ended(`/v1/windows/${body.id}`)).body.code, 'window_not_found');
    });

    it('makes due what waits for it in its region, and nothing else', async () => {
      const here = await heldExit('held here');
      const elsewhere = await heldExit('held elsewhere', '310000');
      await api.post('/v1/windows', WINDOW, { key: other });
      assert.deepEqual(await woken(here), []);
      const { body } = await api.post('/v1/windows', WINDOW);
      assert.deepEqual(await woken(here), ['insurance_stop', 'insurance_transfer']);
      assert.deepEqual(await woken(elsewhere), []);
      await sql(api.databaseUrl, `UPDATE filings SET next_at = '${HELD_UNTIL}'`);
      await ended(`/v1/windows/${body.id}`);
      assert.deepEqual(await woken(here), ['insurance_stop', 'insurance_transfer']);
      await sql(api.databaseUrl, `UPDATE filings SET next_at = '${HELD_UNTIL}', held_since = NULL`);
      await api.post('/v1/windows', WINDOW);
      assert.deepEqual(await woken(here), [], 'what is not held has its own time');
    });

    it('that was needed and is not known is a question, until each insurance has one', async () => {
      const exitId = await heldExit('asks');
      const { org_id } = (
        await sql(api.databaseUrl, `SELECT org_id FROM exits WHERE id = '${exitId}'`)
      )[0] as {
        org_id: string;
      };
      const question = { region: '110105', month: '2026-11', exitId, askedAt: NOW };
      const { windows } = api.store;
      const past = new Date(NOW.getTime() - 1);
      const asked = await Promise.all([1, 2, 3].map(() => windows.ask(org_id, true, question, past)));
      assert.equal(asked.filter(Boolean).length, 1, 'one of many asks');
      assert.equal(await windows.ask(org_id, true, question, NOW), true, 'the one that was to ask is dead');
      await windows.asked(org_id, true, question, NOW);
      assert.equal(await windows.ask(org_id, true, question, NOW), false, 'it has been told');
      assert.equal(await windows.ask(org_id, true, { ...question, month: '2026-09' }, past), true);

      const questions = async (query = '', key = api.key) =>
        (await api.get(`/v1/windows${query}`, { key })).body.questions.map(
          ({ region, month, missing }: { region: string; month: string; missing: string[] }) =>
            `${region} ${month} ${missing}`,
        );
      assert.deepEqual(await questions(), ['110105 2026-11 110,210,310,410,510'], 'past months are past');
      assert.deepEqual(await questions('?region=31'), []);
      assert.deepEqual(await questions('?region=11&month=2026-11'), await questions());
      assert.deepEqual(await questions('', other), []);
      await api.post('/v1/windows', { ...WINDOW, insurance: '310' });
      assert.deepEqual(await questions(), ['110105 2026-11 110,210,410,510']);
      await api.post('/v1/windows', { ...WINDOW, region: '11' });
      assert.deepEqual(await questions(), []);
    });
  });

  describe('a maintenance', () => {
    const NIGHT = {
      starts_at: '2026-10-26T14:00:00Z',
      ends_at: '2026-10-26T22:00:00Z',
      reason: '系统升级',
    };
    let connectionId: string;
    let path: `/v1/connections/${string}/maintenances`;
    before(async () => {
      connectionId = (await api.get('/v1/connections')).body.data[0].id;
      path = `/v1/connections/${connectionId}/maintenances`;
    });

    it('is kept for its connection, listed newest first, and deleted', async () => {
      const first = await api.post(path, NIGHT);
      assert.equal(first.status, 201);
      const { id, created_at, ...rest } = first.body;
      assert.deepEqual(rest, {
        connection_id: connectionId,
        starts_at: '2026-10-26T14:00:00.000Z',
        ends_at: '2026-10-26T22:00:00.000Z',
        reason: '系统升级',
      });
      const second = await api.post(path, { ...NIGHT, ends_at: '2026-10-27T22:00:00Z' });
      assert.deepEqual((await api.get(path)).body.data, [second.body, first.body], 'they may overlap');
      for (const key of [other, live]) {
        assert.equal((await api.post(path, NIGHT, { key })).body.code, 'connection_not_found');
        assert.equal((await api.get(path, { key })).body.code, 'connection_not_found');
        assert.equal((await ended(`/v1/maintenances/${id}`, key)).body.code, 'maintenance_not_found');
      }
      for (const each of [id, second.body.id])
        assert.equal((await ended(`/v1/maintenances/${each}`)).status, 204);
      assert.deepEqual((await api.get(path)).body.data, []);
    });

    it('is refused with what is wrong and where', async () => {
      const refused = async (change: Record<string, unknown>) =>
        pointers((await api.post(path, { ...NIGHT, ...change })).body);
      assert.deepEqual(await refused({ ends_at: NIGHT.starts_at }), [
        '/ends_at maintenance_end_before_start',
      ]);
      const past = { starts_at: '2026-10-25T14:00:00Z', ends_at: '2026-10-25T22:00:00Z' };
      assert.deepEqual(await refused(past), ['/ends_at maintenance_over']);
      const century = NIGHT.ends_at.replace(/^20/, '21');
      assert.deepEqual(await refused({ ends_at: century }), ['/ends_at maintenance_too_long']);
      assert.deepEqual(await refused({ starts_at: '0000-01-01T00:00:00Z' }), [
        '/starts_at date_out_of_range',
      ]);
      assert.deepEqual(await refused({ starts_at: '2026-10-26' }), ['/starts_at instant_invalid']);
      assert.deepEqual(await refused({ reason: undefined }), ['/reason required']);
    });

    it('makes due what is held on its connection when it is entered and when it ends early', async () => {
      const exitId = await heldExit('in maintenance');
      const all = ['labor_filing', 'insurance_stop', 'insurance_transfer'];
      const { body } = await api.post(path, NIGHT);
      assert.deepEqual(await woken(exitId), all);
      await sql(api.databaseUrl, `UPDATE filings SET next_at = '${HELD_UNTIL}'`);
      assert.deepEqual(await woken(exitId), []);
      await ended(`/v1/maintenances/${body.id}`);
      assert.deepEqual(await woken(exitId), all);
    });
  });
});
