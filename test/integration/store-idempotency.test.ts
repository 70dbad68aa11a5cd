// The first answer to a POST is the answer to all its repetitions.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Store } from '../../src/store/index.ts';
import { nextNumber } from '../support/builders.ts';
import { sql } from '../support/database.ts';
import { makeOrganisation, openTestStore, type TestStore } from '../support/store.ts';

const print = (text: string) => createHash('sha256').update(text).digest();

describe('store: idempotency keys', () => {
  let at: TestStore;
  let store: Store;
  let orgId: string;
  let key: string;
  before(async () => {
    at = await openTestStore();
    store = at.store;
    orgId = (await makeOrganisation(store)).id;
  });
  beforeEach(() => {
    key = `key-${nextNumber()}`;
  });
  after(() => at.close());

  const begin = (body = 'a', of = orgId, by = store) => by.idempotency.begin(of, key, print(body));
  const age = (seconds: number) =>
    sql(at.url, `UPDATE idempotency_keys SET created_at = now() - $1 * interval '1 second' WHERE key = $2`, [
      seconds,
      key,
    ]);

  it('begin once, replay when finished, and know another body', async () => {
    assert.deepEqual(await begin(), { kind: 'new' });
    assert.deepEqual(await begin(), { kind: 'in_flight' });
    assert.deepEqual(await begin('b'), { kind: 'other_body' });
    await store.idempotency.finish(orgId, key, 201, { id: 'exit_1', name: '测试甲' });
    assert.deepEqual(await begin(), { kind: 'replay', status: 201, body: { id: 'exit_1', name: '测试甲' } });
    assert.deepEqual(await begin('b'), { kind: 'other_body' });
  });

  it('let one of many twins begin, over two processes as well', async () => {
    const second = at.another();
    const begun = await Promise.all(
      Array.from({ length: 30 }, (_, n) => begin('a', orgId, n % 2 === 0 ? store : second)),
    );
    assert.equal(begun.filter(({ kind }) => kind === 'new').length, 1);
    assert.equal(begun.filter(({ kind }) => kind === 'in_flight').length, 29);
  });

  it('belong to one organisation', async () => {
    const other = await makeOrganisation(store);
    await begin();
    assert.deepEqual(await begin('b', other.id), { kind: 'new' });
  });

  it('are free again when nothing was done, and only then', async () => {
    await begin();
    await store.idempotency.forget(orgId, key);
    assert.deepEqual(await begin('b'), { kind: 'new' });
    await store.idempotency.finish(orgId, key, 200, {});
    await store.idempotency.forget(orgId, key);
    assert.equal((await begin('b')).kind, 'replay');
  });

  it('are free again when their request died, not while it may be alive', async () => {
    await begin();
    await age(100);
    assert.deepEqual(await begin(), { kind: 'in_flight' });
    await age(130);
    assert.deepEqual(await begin('b'), { kind: 'new' });
    assert.deepEqual(await begin('a'), { kind: 'other_body' }, 'the newcomer has it now');
  });

  it('are never free again once answered, until they expire after 30 days', async () => {
    await begin();
    await store.idempotency.finish(orgId, key, 200, {});
    await age(29 * 86_400);
    await store.idempotency.expire();
    assert.equal((await begin()).kind, 'replay');
    await age(31 * 86_400);
    await store.idempotency.expire();
    assert.deepEqual(await begin(), { kind: 'new' });
  });
});
