// Code tables: fetched once, kept version by version, shown; an agency that does not answer, and adapters without any.
import assert from 'node:assert/strict';
import pino from 'pino';
import type { Adapter, AdapterEntry, CodeTable } from '../../adapters/adapter.ts';
import type { OpenAgency } from '../../queues/agencies.ts';
import { createCodes } from '../../queues/codes.ts';
import { tablesAt } from '../../src/domain/codes.ts';
import { connect, useApi } from '../support/api.ts';
import { NOW } from '../support/builders.ts';
import { makeOrganisation } from '../support/store.ts';

const DAY_MS = 86_400_000;
const day = (n: number) => new Date(NOW.getTime() + n * DAY_MS);
const reasons = (version: string, ...codes: string[]): CodeTable => ({
  name: 'TBYY',
  version,
  entries: Object.fromEntries(codes.map((code) => [code, `原因 ${code}`])),
});

describe('code tables', () => {
  const api = useApi();
  let connectionId: string;
  let now: Date;
  let asked: number;
  let shown: () => ReturnType<NonNullable<Adapter['codes']>>;

  beforeEach(async () => {
    const org = await makeOrganisation(api.store);
    connectionId = org.connections.get('labor_filing')?.id ?? '';
    now = NOW;
    asked = 0;
    shown = async () => ({ kind: 'codes', tables: [reasons('1', 'a', 'b')] });
  });

  const without: OpenAgency = {
    adapter: { submit: async () => assert.fail() },
    manifest: { timeout: 10 } as AdapterEntry['manifest'],
  };
  const agency: OpenAgency = {
    ...without,
    adapter: {
      ...without.adapter,
      codes: () => {
        asked++;
        return shown();
      },
    },
  };
  /** Each a process of its own. */
  const codes = (store = api.store) =>
    createCodes({
      store,
      agencies: { open: async (id) => (id === connectionId ? agency : without) },
      adapters: ['labor-soap'],
      clock: () => now,
      log: pino({ level: 'silent' }),
    });
  const versions = (tables: readonly CodeTable[]) => tables.map(({ name, version }) => `${name} ${version}`);

  it('are fetched when they are first needed, by one process for all', async () => {
    const [one, other] = [codes(), codes()];
    assert.deepEqual(versions(await one.of(agency, connectionId, NOW)), ['TBYY 1']);
    assert.deepEqual(versions(await one.of(agency, connectionId, NOW)), ['TBYY 1']);
    assert.deepEqual(versions(await other.of(agency, connectionId, NOW)), ['TBYY 1']);
    assert.equal(asked, 1);
  });

  it('cost an adapter without any not a single statement', async () => {
    const none = new Proxy(api.store, { get: () => assert.fail('the store was asked') });
    assert.deepEqual(await codes(none).of(without, connectionId, NOW), []);
  });

  it('are none while the agency does not answer, and what was fetched before stays', async () => {
    shown = async () => ({ kind: 'retry', reason: 'nobody listens' });
    const early = codes();
    assert.deepEqual(await early.of(agency, connectionId, NOW), []);
    assert.deepEqual(await early.of(agency, connectionId, NOW), []);
    assert.equal(asked, 1, 'not by every filing');
    shown = async () => ({ kind: 'codes', tables: [reasons('1', 'a')] });
    const one = codes();
    await one.refresh(connectionId);
    shown = () => Promise.reject(new Error('a bug'));
    await one.refresh(connectionId);
    assert.deepEqual(versions(await one.of(agency, connectionId, NOW)), ['TBYY 1']);
  });

  it('of another version are for what is prepared from then on: a resend keeps the ones it was made by', async () => {
    const one = codes();
    await one.refresh(connectionId);
    now = day(2);
    shown = async () => ({ kind: 'codes', tables: [reasons('2', 'a')] });
    await one.refresh(connectionId);
    assert.deepEqual(versions(await one.of(agency, connectionId, day(1))), ['TBYY 1']);
    assert.deepEqual(versions(await one.of(agency, connectionId, day(2))), ['TBYY 2']);
  });

  it('are fetched anew once a day', async () => {
    const one = codes();
    await one.refreshDue();
    assert.equal(asked, 1);
    now = new Date(day(1).getTime() - 1);
    await one.refreshDue();
    assert.equal(asked, 1);
    now = day(1);
    await one.refreshDue();
    assert.equal(asked, 2);
  });

  it('are shown for a connection, and for nobody else’s', async () => {
    await connect(api, api.key);
    const [{ id }] = (await api.get('/v1/connections')).body.data;
    assert.deepEqual((await api.get(`/v1/connections/${id}/codes`)).body, { data: [] });
    const place = await api.store.connections.place(id);
    assert.ok(place);
    const at = new Date('2026-10-01T00:00:00.000Z');
    await api.store.codes.save(place, [reasons('1', 'a')], at, at);
    const { body } = await api.get(`/v1/connections/${id}/codes`);
    assert.deepEqual(body.data, [
      {
        ...reasons('1', 'a'),
        since: at.toISOString(),
        fetched_at: at.toISOString(),
      },
    ]);
    const { status } = await api.get(`/v1/connections/${connectionId}/codes`);
    assert.equal(status, 404);
  });
});

describe('the tables of a moment', () => {
  const version = (name: string, number: string, since: Date) => ({
    name,
    version: number,
    entries: {},
    since,
  });
  it('are the newest of each name by then, or the first that there was', () => {
    const all = [version('A', '2', day(2)), version('A', '1', day(1)), version('B', '1', day(3))];
    const at = (n: number) => tablesAt(all, day(n)).map((each) => each.name + each.version);
    assert.deepEqual(at(0), ['A1', 'B1']);
    assert.deepEqual(at(1), ['A1', 'B1']);
    assert.deepEqual(at(2), ['A2', 'B1']);
  });
});
