// Callbacks at the door: who is let in, what is done once, and what the filings become. The agency here is the test's own.
import assert from 'node:assert/strict';
import pino from 'pino';
import { z } from 'zod';
import type { AdapterEntry, Callback, CallbackRequest } from '../../adapters/adapter.ts';
import { type CallbackOptions, createCallbacks } from '../../queues/callbacks.ts';
import { answerCorrection } from '../../src/domain/by-hand.ts';
import type { Filing } from '../../src/domain/filing.ts';
import { record } from '../../src/domain/record.ts';
import type { HttpParts } from '../../src/http/parts.ts';
import { newId } from '../../src/ids.ts';
import type { StoredExit } from '../../src/store/exits.ts';
import { agencySays } from '../support/agency-says.ts';
import { type Api, startApi } from '../support/api.ts';
import { NOW, nextNumber, PURSUIT } from '../support/builders.ts';
import { freshDatabase, sql, type TestDatabase } from '../support/database.ts';
import { makeOrganisation, type TestOrganisation } from '../support/store.ts';

const Told = z.object({
  signed: z.boolean(),
  id: z.string(),
  at: z.coerce.date(),
  about: z.array(z.object({ serial: z.string().exactOptional(), receipt: z.string().exactOptional() })),
});
const answer = (status: number, body: string) => ({ status, contentType: 'text/x-agency', body });

/** Believes what says that it is signed. */
async function parseCallback({ body }: CallbackRequest): Promise<Callback> {
  const text = Buffer.from(body).toString();
  if (text === 'boom') throw new Error('张某');
  const told = Told.safeParse(JSON.parse(text));
  if (!told.success || !told.data.signed)
    return { kind: 'refused', reason: 'not signed', answer: answer(200, 'NO') };
  const { id, at, about } = told.data;
  return {
    kind: 'news',
    id,
    sentAt: at,
    about,
    answer: answer(202, 'GOT IT'),
  };
}

describe('callbacks', () => {
  let database: TestDatabase;
  let api: Api;
  let org: TestOrganisation;
  let options: CallbackOptions;
  let door: HttpParts['callbacks'];
  const woken: string[] = [];
  const counted: string[] = [];

  before(async function () {
    this.timeout(30_000);
    database = await freshDatabase();
    api = await startApi(database.url, { callbacks: (id) => door(id) });
    const { store } = api;
    options = {
      store,
      agencies: {
        open: async (id) => {
          const place = await store.connections.place(id);
          const takes = place?.adapter !== 'insurance-xml';
          const adapter = {
            submit: async () => assert.fail('nothing is sent'),
            ...(takes ? { parseCallback } : {}),
          };
          return { adapter, manifest: {} as AdapterEntry['manifest'] };
        },
      },
      wake: { filing: async ({ id }) => void woken.push(id), lane: async () => {}, after: async () => {} },
      clock: () => NOW,
      log: pino({ level: 'silent' }),
      count: (agency, outcome) => void counted.push(`${agency} ${outcome}`),
    };
    door = createCallbacks(options);
  });
  beforeEach(async () => {
    org = await makeOrganisation(api.store);
    woken.length = 0;
    counted.length = 0;
  });
  after(async () => {
    await api.close();
    await database.drop();
  });

  const connection = (kind: 'labor_filing' | 'insurance_stop' = 'labor_filing', of = org) =>
    of.connections.get(kind)?.id ?? '';
  const news = (about: readonly object[], parts: object = {}) =>
    JSON.stringify({ signed: true, id: `N-${nextNumber()}`, at: NOW, about, ...parts });
  const send = async (body: string, to = connection()) => {
    const response = await fetch(`${api.url}/callbacks/${to}`, { method: 'POST', body });
    return {
      status: response.status,
      text: await response.text(),
      type: response.headers.get('content-type'),
    };
  };
  const codeOf = ({ status, text }: { status: number; text: string }) => [status, JSON.parse(text).code];

  /** A filing that waits for its agency, to be asked about in a quarter of an hour. */
  async function pending(of = org): Promise<{ stored: StoredExit; filing: Filing }> {
    const { exitId } = await of.openExit();
    const receipt = `R-${nextNumber()}`;
    await agencySays(api.store, exitId, { kind: 'pending', receipt, stage: 'received', pollAfter: 900 });
    return read(exitId);
  }
  const ASKS = { kind: 'correction', receipt: 'R-ASKED', code: 'MORE', message: '…', fields: [] } as const;
  /** One whose agency waits for our answer. */
  async function asked(): Promise<{ stored: StoredExit; filing: Filing }> {
    const { exitId } = await org.openExit();
    await agencySays(api.store, exitId, ASKS);
    return read(exitId);
  }
  async function read(exitId: string) {
    const stored = await api.store.exits.loadAny(exitId);
    const [filing] = stored?.exit.filings ?? [];
    assert.ok(stored && filing);
    return { stored, filing };
  }
  const stepsOf = async (filing: Filing) =>
    (await api.store.filings.attempts(org.id, filing.id)).map(({ step, outcome }) => `${step} ${outcome}`);

  it('make what they name due to be asked about, by serial or by receipt, and wake it', async () => {
    const [one, two, other] = [await pending(), await pending(), await pending()];
    const body = news([
      { serial: one.filing.serial },
      { receipt: two.filing.receipt },
      { serial: 'EG-NOBODY' },
    ]);
    assert.deepEqual(await send(body), { status: 202, text: 'GOT IT', type: 'text/x-agency' });
    for (const { stored, filing } of [one, two]) {
      const after = (await read(stored.exit.id)).filing;
      assert.deepEqual(after, { ...filing, news: 1, nextAt: NOW });
      assert.deepEqual(await stepsOf(filing), ['callback news']);
    }
    assert.deepEqual((await read(other.stored.exit.id)).filing, other.filing);
    assert.deepEqual(woken.toSorted(), [one.filing.id, two.filing.id].toSorted());
    assert.deepEqual(counted, ['labor-soap taken']);
  });

  it('of a filing that waits for our answer have it looked up: its agency may end it all the same', async () => {
    const { stored, filing } = await asked();
    assert.deepEqual([filing.state, filing.nextAt], ['correction_requested', undefined]);
    await send(news([{ serial: filing.serial }]));
    assert.deepEqual((await read(stored.exit.id)).filing, { ...filing, news: 1, nextAt: NOW });
    assert.deepEqual(woken, [filing.id]);
    await agencySays(api.store, stored.exit.id, ASKS);
    const events = await api.store.events.ofExit(org.id, stored.exit.id, { after: 0, limit: 100 });
    const told = events.filter(({ type }) => type === 'filing.correction_requested');
    assert.equal(told.length, 1, 'told once');
    await send(news([{ receipt: filing.receipt }]));
    await agencySays(api.store, stored.exit.id, { kind: 'refused', code: 'ANNULLED', message: '…' });
    const ended = await read(stored.exit.id);
    assert.deepEqual(
      [ended.filing.state, ended.filing.correction, ended.stored.exit.status],
      ['rejected', undefined, 'attention'],
    );
  });

  it('that come while the answer to a correction is on its way leave it alone', async () => {
    const { stored, filing } = await asked();
    await send(news([{ serial: filing.serial }]));
    const token = newId('attempt', NOW);
    const lease = { token, now: NOW, until: new Date(NOW.getTime() + 30_000) };
    assert.ok(await api.store.filings.claim(filing.id, lease), 'it is being looked up');
    const supplements = [{ kind: 'claim', title: '主张', text: '…' }];
    const before = (await read(stored.exit.id)).stored;
    const answered = answerCorrection(before.exit, filing.id, { actor: '测试', supplements }, PURSUIT);
    assert.ok(typeof answered === 'object');
    assert.ok(await api.store.exits.save(before, answered, { now: NOW }));
    const answer = (await read(stored.exit.id)).filing;
    assert.deepEqual([answer.state, answer.via, answer.revision], ['due', 'amend', 2]);
    await send(news([{ receipt: filing.receipt }]));
    const late = { ...PURSUIT, random: 0.5, canLookUp: true, canReadBack: true, heard: 1 };
    const now = (await read(stored.exit.id)).stored;
    const change = record(now.exit, filing.id, 'lookup', { kind: 'refused', code: 'NO', message: '…' }, late);
    const save = { now: NOW, lease: { filingId: filing.id, token } };
    assert.equal(await api.store.exits.save(now, change, save), undefined, 'the claim went with the serial');
    assert.deepEqual((await read(stored.exit.id)).filing, { ...answer, news: 2 });
  });

  it('are kept with the filing, encrypted, with their hash', async () => {
    const { filing } = await pending();
    await send(news([{ serial: filing.serial }]));
    const told = (await api.store.filings.attempts(org.id, filing.id)).find(
      ({ step }) => step === 'callback',
    );
    assert.match(told?.hashes[0] ?? '', /^[0-9a-f]{64}$/);
    const [row] = await sql<{ sealed: Buffer }>(database.url, 'SELECT sealed FROM attempts WHERE id = $1', [
      told?.id,
    ]);
    const sealed = row?.sealed ?? Buffer.alloc(0);
    assert.ok(sealed.length > 0 && !sealed.includes(filing.serial));
  });

  it('that come twice are acknowledged twice and heard once', async () => {
    const { stored, filing } = await pending();
    const body = news([{ serial: filing.serial }]);
    const [first, second] = [await send(body), await send(body)];
    assert.deepEqual(second, first);
    assert.equal((await read(stored.exit.id)).filing.news, 1);
    assert.deepEqual(counted, ['labor-soap taken', 'labor-soap repeated']);
  });

  it('are others under another connection, although the number is the same', async () => {
    const neighbour = await makeOrganisation(api.store);
    const [ours, theirs] = [await pending(), await pending(neighbour)];
    const id = `N-${nextNumber()}`;
    await send(news([{ serial: ours.filing.serial }], { id }));
    await send(news([{ serial: theirs.filing.serial }], { id }), connection('labor_filing', neighbour));
    assert.equal((await read(theirs.stored.exit.id)).filing.news, 1);
  });

  it('that were lost half-way are gone on with when they come again', async () => {
    const { stored, filing } = await pending();
    const body = news([{ serial: filing.serial }]);
    const broken = new Error('the process died');
    const { callbacks } = options.store;
    door = createCallbacks({
      ...options,
      store: { ...options.store, callbacks: { ...callbacks, named: () => Promise.reject(broken) } },
    });
    assert.equal((await send(body)).status, 500);
    door = createCallbacks(options);
    assert.equal((await send(body)).status, 202);
    assert.equal((await read(stored.exit.id)).filing.news, 1);
  });

  it('that are there before the answer of the call they follow: it is asked about right after', async () => {
    const { stored, filing } = await read((await org.openExit()).exitId);
    const token = newId('attempt', NOW);
    const lease = { token, now: NOW, until: new Date(NOW.getTime() + 30_000) };
    assert.ok(await api.store.filings.claim(filing.id, lease));
    const under = await read(stored.exit.id);
    await send(news([{ serial: filing.serial }]));
    assert.deepEqual(woken, [], 'somebody has it');
    const result = { kind: 'pending', receipt: 'R-1', stage: 'received', pollAfter: 900 } as const;
    const context = { ...PURSUIT, random: 0.5, canLookUp: true, canReadBack: true, heard: under.filing.news };
    const settled = (exit: StoredExit['exit']) => record(exit, filing.id, 'submit', result, context);
    const save = (before: StoredExit) =>
      api.store.exits.save(before, settled(before.exit), { now: NOW, lease: { filingId: filing.id, token } });
    assert.equal(await save(under.stored), undefined, 'who read before the news has to read again');
    assert.ok(await save((await read(stored.exit.id)).stored));
    const after = (await read(stored.exit.id)).filing;
    assert.deepEqual([after.state, after.nextAt], ['submitted', NOW]);
  });

  it('are not taken a day later, nor from the future', async () => {
    const { stored, filing } = await pending();
    for (const hours of [-25, 1]) {
      const at = new Date(NOW.getTime() + hours * 3_600_000);
      assert.deepEqual(codeOf(await send(news([{ serial: filing.serial }], { at }))), [
        400,
        'callback_stale',
      ]);
    }
    assert.equal((await read(stored.exit.id)).filing.news, 0);
  });

  it('that are not signed are answered as the agency expects, and change nothing', async () => {
    const { stored, filing } = await pending();
    const forged = news([{ serial: filing.serial }], { signed: false });
    assert.deepEqual(await send(forged), { status: 200, text: 'NO', type: 'text/x-agency' });
    assert.deepEqual(codeOf(await send('boom')), [400, 'callback_refused']);
    assert.deepEqual((await read(stored.exit.id)).filing, filing);
    assert.deepEqual(counted, ['labor-soap refused', 'labor-soap refused']);
  });

  it('reach no filing of another organisation, of the other world, or of another agency', async () => {
    const neighbour = await makeOrganisation(api.store);
    const { stored, filing } = await pending(neighbour);
    await send(news([{ serial: filing.serial }, { receipt: filing.receipt }]));
    const named = (parts: object) =>
      api.store.callbacks.named(
        { orgId: neighbour.id, sandbox: true, adapter: 'labor-soap', ...parts },
        [filing.serial],
        [],
      );
    assert.deepEqual(await named({}), [{ id: filing.id, exitId: stored.exit.id }]);
    assert.deepEqual(await named({ sandbox: false }), []);
    assert.deepEqual(await named({ adapter: 'credit-rest' }), []);
    assert.equal((await read(stored.exit.id)).filing.news, 0);
  });

  it('to nobody are refused all alike, whether there is such a connection or not', async () => {
    const gone = await send(news([]), newId('connection'));
    assert.deepEqual(codeOf(gone), [404, 'callback_address_unknown']);
    for (const to of ['con_x', connection('insurance_stop')])
      assert.deepEqual(codeOf(await send(news([]), to)), [404, 'callback_address_unknown']);
  });

  it('go on being taken by a connection that was deleted: its filings go on', async () => {
    const { stored, filing } = await pending();
    assert.ok(await api.store.connections.remove(org.id, true, connection(), NOW));
    assert.equal((await send(news([{ serial: filing.serial }]))).status, 202);
    assert.equal((await read(stored.exit.id)).filing.news, 1);
  });

  it('larger than the limit are not read', async () => {
    const large = await send(news([], { padding: 'x'.repeat(100_001) }));
    assert.deepEqual(codeOf(large), [413, 'body_too_large']);
  });

  it('that are refused too often have to wait; what is taken does not count', async () => {
    const { filing } = await pending();
    for (let n = 0; n < 70; n++)
      assert.equal((await send(news([{ serial: filing.serial }]))).status, 202, `${n}`);
    const forged = news([], { signed: false });
    const statuses: number[] = [];
    for (let n = 0; n < 61; n++) statuses.push((await send(forged)).status);
    assert.deepEqual([statuses.at(59), statuses.at(60)], [200, 429]);
    const elsewhere = await makeOrganisation(api.store);
    assert.equal((await send(news([]), connection('labor_filing', elsewhere))).status, 202, 'another door');
  });

  it('are forgotten after a month, when they would be refused for their age', async () => {
    const { filing } = await pending();
    await send(news([{ serial: filing.serial }]));
    const count = async () =>
      (await sql(database.url, 'SELECT 1 FROM callbacks WHERE org_id = $1', [org.id])).length;
    await api.store.callbacks.expire(new Date(NOW.getTime() + 29 * 86_400_000));
    assert.equal(await count(), 1);
    await api.store.callbacks.expire(new Date(NOW.getTime() + 31 * 86_400_000));
    assert.equal(await count(), 0);
  });

  it('have an address that the connection shows', async () => {
    const body = {
      name: 'Paper',
      adapter: 'paper',
      settings: { url: 'https://agency.example', key: 'secret' },
    };
    const made = await api.post('/v1/connections', body);
    assert.equal(made.body.callback_url, `https://exitgate.example/callbacks/${made.body.id}`);
  });
});
