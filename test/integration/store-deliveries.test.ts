// Lanes: the events of one exit reach one endpoint in their order, and no slow lane holds another.
import assert from 'node:assert/strict';
import type { ClaimedDelivery, DeliveryResult, Lane } from '../../src/store/deliveries.ts';
import type { Store } from '../../src/store/index.ts';
import { type DraftParts, makeDispute, NOW } from '../support/builders.ts';
import { makeOrganisation, openTestStore, type TestOrganisation, type TestStore } from '../support/store.ts';

const seconds = (n: number) => new Date(NOW.getTime() + n * 1000);
const lease = (token: string, from = 0) => ({ token, now: seconds(from), until: seconds(from + 30) });

describe('store: deliveries', () => {
  let at: TestStore;
  let store: Store;
  let org: TestOrganisation;
  before(async () => {
    at = await openTestStore();
    store = at.store;
  });
  beforeEach(async () => {
    org = await makeOrganisation(store);
  });
  after(() => at.close());

  const endpoint = (eventTypes: readonly string[] = [], sandbox = true, of = org) =>
    store.endpoints.create(
      of.id,
      sandbox,
      { url: 'https://hr.example.com/', description: '', eventTypes },
      'whsec_AA==',
    );
  const laneTo = async (endpointId: string, parts: DraftParts = {}): Promise<Lane> => ({
    endpointId,
    exitId: (await org.openExit(parts)).exitId,
  });
  const result = (
    claimed: ClaimedDelivery,
    token: string,
    parts: Partial<DeliveryResult> = {},
  ): DeliveryResult => ({
    id: claimed.id,
    token,
    state: 'delivered',
    at: NOW,
    status: 200,
    milliseconds: 12,
    disableEndpoint: false,
    ...parts,
  });
  const record = (done: DeliveryResult) => store.deliveries.record(done, lease('next'));
  const claim = async (lane: Lane, token: string, from = 0) => {
    const claimed = await store.deliveries.claim(lane, lease(token, from));
    assert.ok(claimed, 'the lane has nothing');
    return claimed;
  };

  it('goes to the endpoints of the same organisation and world that want the event', async () => {
    const all = await endpoint();
    const some = await endpoint(['exit.filing_started', 'exit.completed']);
    const none = await endpoint(['filing.rejected']);
    const live = await endpoint([], false);
    const foreign = await endpoint([], true, await makeOrganisation(store));
    const removed = await endpoint();
    await store.endpoints.remove(org.id, true, removed.id);
    const { endpointIds, exitId } = await org.openExit();
    assert.deepEqual(new Set(endpointIds), new Set([all.id, some.id]));
    const list = await store.deliveries.list(org.id, { exitId }, { limit: 100 });
    const to = (id: string) =>
      list
        .filter((each) => each.endpointId === id)
        .map((each) => each.sequence)
        .sort();
    assert.deepEqual(to(all.id), [1, 2]);
    assert.deepEqual(to(some.id), [2]);
    for (const { id } of [none, live, foreign, removed]) assert.deepEqual(to(id), []);
  });

  it("tells a woken lane what to send, with what only the person's key opens", async () => {
    const { id } = await endpoint();
    const lane = await laneTo(id, { facts: { externalId: `HR-${id}` } });
    const claimed = await claim(lane, 'a');
    assert.equal(claimed.url, 'https://hr.example.com/');
    assert.deepEqual(claimed.secrets, ['whsec_AA==']);
    assert.deepEqual(
      [claimed.event.type, claimed.event.sequence, claimed.event.exitId, claimed.event.externalId],
      ['exit.opened', 1, lane.exitId, `HR-${id}`],
    );
    assert.deepEqual(claimed.event.occurredAt, NOW);
  });

  it('sends in sequence: the next only when the one before has ended', async () => {
    const lane = await laneTo((await endpoint()).id);
    const first = await claim(lane, 'a');
    assert.equal(first.event.sequence, 1);
    assert.equal(await store.deliveries.claim(lane, lease('b')), undefined, 'another is sending');
    assert.deepEqual(
      await record(result(first, 'a', { state: 'pending', status: 503, nextAt: seconds(60) })),
      { taken: true, ahead: true },
    );
    assert.equal(
      await store.deliveries.claim(lane, lease('b', 30)),
      undefined,
      'the head waits, and all behind it',
    );
    assert.deepEqual(await store.deliveries.nextAt(lane), { at: seconds(60) });
    const again = await claim(lane, 'b', 60);
    assert.deepEqual([again.id, again.attempts], [first.id, 1]);
    const { next: second } = await record(result(again, 'b'));
    assert.deepEqual([second?.event.sequence, second?.token], [2, 'next']);
    assert.equal(await store.deliveries.claim(lane, lease('d')), undefined, 'it is claimed');
    assert.ok(second);
    assert.deepEqual(await record(result(second, 'next')), { taken: true, ahead: false });
    assert.equal(await store.deliveries.claim(lane, lease('d', 60)), undefined);
    assert.equal(await store.deliveries.nextAt(lane), undefined);
  });

  it('claims no next one that waits for its time', async () => {
    const lane = await laneTo((await endpoint()).id);
    const first = await claim(lane, 'a');
    const { next } = await store.deliveries.record(result(first, 'a'), lease('b', -60));
    assert.equal(next, undefined, 'by a clock that is behind it is not due yet');
    assert.equal((await claim(lane, 'c')).event.sequence, 2);
  });

  it('goes on behind a delivery that was given up', async () => {
    const lane = await laneTo((await endpoint()).id);
    const first = await claim(lane, 'a');
    const { next } = await record(
      result(first, 'a', { state: 'failed', status: 500, error: 'answered 500' }),
    );
    assert.equal(next?.event.sequence, 2);
    const [failed] = await store.deliveries.list(org.id, { state: 'failed' }, { limit: 10 });
    assert.deepEqual([failed?.lastStatus, failed?.lastError, failed?.attempts], [500, 'answered 500', 1]);
    assert.ok(Array.isArray(failed?.log) && failed.log.length === 1);
  });

  it('gives a lane to one of many workers', async () => {
    const lane = await laneTo((await endpoint()).id);
    const second = at.another();
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? store : second).deliveries.claim(lane, lease(`worker ${n}`)),
      ),
    );
    assert.equal(claims.filter((each) => each !== undefined).length, 1);
  });

  it('takes the word of the claim alone, and gives the lane away when a worker is silent', async () => {
    const lane = await laneTo((await endpoint()).id);
    const first = await claim(lane, 'dead');
    assert.deepEqual((await store.deliveries.nextAt(lane))?.leasedUntil, seconds(30));
    const lost = { taken: false, ahead: true };
    assert.deepEqual(await record(result(first, 'stranger')), lost);
    const again = await claim(lane, 'alive', 31);
    assert.equal(again.id, first.id);
    assert.deepEqual(await record(result(first, 'dead')), lost);
    assert.equal((await record(result(again, 'alive'))).next?.event.sequence, 2);
    assert.deepEqual(await record(result(again, 'alive')), lost);
  });

  it('goes on in every lane of a flush', async () => {
    const { id } = await endpoint();
    const lanes = await Promise.all(Array.from({ length: 20 }, () => laneTo(id)));
    const firsts = await Promise.all(lanes.map((lane) => claim(lane, lane.exitId)));
    const seconds_ = await Promise.all(
      firsts.map((first, n) => record(result(first, lanes[n]?.exitId ?? ''))),
    );
    assert.deepEqual(
      seconds_.map(({ next }) => [next?.event.exitId, next?.event.sequence]),
      lanes.map(({ exitId }) => [exitId, 2]),
    );
  });

  it('keeps lanes apart', async () => {
    const { id } = await endpoint();
    const [slow, quick] = [await laneTo(id), await laneTo(id)];
    await claim(slow, 'a');
    const first = await claim(quick, 'b');
    const { next } = await record(result(first, 'b'));
    assert.deepEqual([next?.event.exitId, next?.event.sequence], [quick.exitId, 2]);
  });

  it('sends nothing more to an endpoint that said it is gone, and keeps what waits', async () => {
    const { id } = await endpoint();
    const [lane, other] = [await laneTo(id), await laneTo(id)];
    const first = await claim(lane, 'a');
    assert.deepEqual(
      await record(result(first, 'a', { state: 'failed', status: 410, disableEndpoint: true })),
      { taken: true, ahead: true },
    );
    for (const each of [lane, other]) {
      assert.equal(await store.deliveries.claim(each, lease('b')), undefined);
      assert.equal(await store.deliveries.nextAt(each), undefined);
    }
    assert.equal((await store.endpoints.list(org.id, true))[0]?.status, 'disabled');
    assert.equal((await store.deliveries.list(org.id, { state: 'pending' }, { limit: 10 })).length, 3);
    assert.deepEqual((await org.openExit()).endpointIds, [], 'nor is anything new put down for it');
  });

  it('cancels what waits for an endpoint that is removed', async () => {
    const { id } = await endpoint();
    const lane = await laneTo(id);
    assert.equal(await store.endpoints.remove(org.id, false, id), false);
    assert.equal(await store.endpoints.remove(org.id, true, id), true);
    assert.equal(await store.deliveries.claim(lane, lease('a')), undefined);
    assert.equal((await store.deliveries.list(org.id, { state: 'cancelled' }, { limit: 10 })).length, 2);
    assert.equal(await store.endpoints.remove(org.id, true, id), false);
  });

  it('sweeps lanes whose head is due, and not those whose head waits for its next try', async () => {
    const { id } = await endpoint();
    const [waiting, due, taken] = [await laneTo(id), await laneTo(id), await laneTo(id)];
    const later = await laneTo(id, { now: seconds(1000) });
    const first = await claim(waiting, 'a');
    await record(result(first, 'a', { state: 'pending', status: 503, nextAt: seconds(600) }));
    await claim(taken, 'b');
    const swept = async (when: Date, limit = 1000) =>
      (await store.deliveries.due(when, limit))
        .filter((lane) => lane.endpointId === id)
        .map((lane) => lane.exitId);
    assert.deepEqual(await swept(seconds(10)), [due.exitId]);
    assert.deepEqual(
      new Set(await swept(seconds(700))),
      new Set([waiting, due, taken].map((lane) => lane.exitId)),
    );
    assert.equal((await swept(seconds(2000))).length, 4);
    assert.ok((await swept(seconds(2000))).includes(later.exitId));
    assert.ok((await store.deliveries.due(seconds(2000), 2)).length === 2);
  });

  it('lists by endpoint, exit, state and world', async () => {
    const [one, two] = [await endpoint(), await endpoint()];
    const lane = await laneTo(one.id, { disputes: [makeDispute()] });
    const list = async (filter: Parameters<typeof store.deliveries.list>[1], of = org.id) =>
      (await store.deliveries.list(of, filter, { limit: 100 })).length;
    assert.equal(await list({}), 4);
    assert.equal(await list({ endpointId: two.id }), 2);
    assert.equal(await list({ endpointId: two.id, sandbox: true }), 2);
    assert.equal(await list({ endpointId: two.id, sandbox: false }), 0);
    assert.equal(await list({ exitId: lane.exitId, state: 'pending' }), 4);
    assert.equal(await list({}, (await makeOrganisation(store)).id), 0);
  });
});
