// Group commit: nothing is lost, nothing is acknowledged before it is written, and one bad row is alone in its misery.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { groupCommit } from '../../../src/store/group.ts';

class BadRow extends Error {}

/** A database whose flushes the test lets through one by one. */
function makeDatabase<Item>(
  options: { most?: number; key?: (item: Item) => string; bad?: (item: Item) => boolean } = {},
) {
  const flushes: Item[][] = [];
  const written: Item[] = [];
  const gates: (() => void)[] = [];
  let held = false;
  let lost = false;
  const write = groupCommit<Item, string>(
    async (items) => {
      flushes.push([...items]);
      if (held) await new Promise<void>((resolve) => gates.push(resolve));
      if (lost) throw new Error('connection lost');
      if (options.bad !== undefined && items.some(options.bad)) throw new BadRow('bad row');
      written.push(...items);
      return items.map((item) => `wrote ${JSON.stringify(item)}`);
    },
    {
      most: options.most ?? 200,
      ownFault: (error) => error instanceof BadRow,
      ...(options.key === undefined ? {} : { key: options.key }),
    },
  );
  return {
    write,
    flushes,
    written,
    hold: () => {
      held = true;
    },
    /** Lets the flush that waits go on. */
    pass: async () => {
      gates.shift()?.();
      await turns();
    },
    lose: (now: boolean) => {
      lost = now;
    },
  };
}

/** Lets everything that can go on without the outside go on. */
const turns = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

describe('group commit', () => {
  it('writes a lone item at once', async () => {
    const database = makeDatabase<number>();
    assert.equal(await database.write(1), 'wrote 1');
    assert.deepEqual(database.flushes, [[1]]);
  });

  it('collects while a flush runs, and writes all that came in one', async () => {
    const database = makeDatabase<number>();
    database.hold();
    const results = [1, 2, 3, 4].map((item) => database.write(item));
    await turns();
    assert.deepEqual(database.flushes, [[1]]);
    await database.pass();
    assert.deepEqual(database.flushes, [[1], [2, 3, 4]]);
    await database.pass();
    assert.deepEqual(await Promise.all(results), ['wrote 1', 'wrote 2', 'wrote 3', 'wrote 4']);
  });

  it('acknowledges nothing before its flush is through', async () => {
    const database = makeDatabase<number>();
    const acknowledged: number[] = [];
    database.hold();
    const all = [1, 2, 3].map((item) => database.write(item).then(() => acknowledged.push(item)));
    await turns();
    assert.deepEqual(acknowledged, []);
    await database.pass();
    assert.deepEqual(acknowledged, [1]);
    await database.pass();
    await Promise.all(all);
    assert.deepEqual(acknowledged, [1, 2, 3]);
  });

  it('takes no more than it may in one flush', async () => {
    const database = makeDatabase<number>({ most: 3 });
    await Promise.all(Array.from({ length: 8 }, (_, item) => database.write(item)));
    assert.deepEqual(database.flushes, [[0], [1, 2, 3], [4, 5, 6], [7]]);
  });

  it('never puts two of a key into one flush, and keeps their order', async () => {
    const database = makeDatabase<string>({ key: (item) => item[0] ?? '' });
    await Promise.all(['a1', 'a2', 'b1', 'a3', 'b2', 'c1'].map((item) => database.write(item)));
    assert.deepEqual(database.flushes, [['a1'], ['a2', 'b1', 'c1'], ['a3', 'b2']]);
  });

  it('hands a flush over in the order of its keys, whatever the order of coming', async () => {
    const database = makeDatabase<string>({ key: (item) => item });
    const results = await Promise.all(['x', 'c', 'a', 'd', 'b'].map((item) => database.write(item)));
    assert.deepEqual(database.flushes, [['x'], ['a', 'b', 'c', 'd']]);
    assert.deepEqual(results, ['wrote "x"', 'wrote "c"', 'wrote "a"', 'wrote "d"', 'wrote "b"']);
  });

  it('fails the bad row alone', async () => {
    const database = makeDatabase<number>({ bad: (item) => item === 3 });
    const settled = await Promise.allSettled([1, 2, 3, 4].map((item) => database.write(item)));
    assert.deepEqual(
      settled.map((each) => each.status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(database.written, [1, 2, 4]);
    assert.equal(await database.write(5), 'wrote 5');
  });

  it('fails a whole flush when the database is lost, tries none of it again, and goes on when it is back', async () => {
    const database = makeDatabase<number>();
    database.lose(true);
    const settled = await Promise.allSettled([1, 2, 3].map((item) => database.write(item)));
    assert.ok(settled.every((each) => each.status === 'rejected'));
    assert.deepEqual(database.flushes, [[1], [2, 3]]);
    database.lose(false);
    assert.equal(await database.write(4), 'wrote 4');
  });

  it('survives a flush that throws before it waits', async () => {
    const write = groupCommit<number, number>(
      () => {
        throw new Error('at once');
      },
      { most: 10, ownFault: () => false },
    );
    await assert.rejects(write(1), /at once/);
    await assert.rejects(write(2), /at once/);
  });

  it('writes each item exactly once, in order within its key, however they come', async () => {
    const item = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      pause: fc.boolean(),
      bad: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        async (items, most) => {
          const database = makeDatabase<{ key: string; n: number; bad: boolean }>({
            most,
            key: ({ key }) => key,
            bad: ({ bad }) => bad,
          });
          const results: Promise<string>[] = [];
          for (const [n, { key, pause, bad }] of items.entries()) {
            results.push(database.write({ key, n, bad }));
            if (pause) await Promise.resolve();
          }
          const settled = await Promise.allSettled(results);
          for (const [n, result] of settled.entries()) {
            assert.equal(result.status, items[n]?.bad ? 'rejected' : 'fulfilled');
            if (result.status === 'fulfilled') assert.match(result.value, new RegExp(`"n":${n},`));
          }
          const numbers = database.written.map(({ n }) => n);
          assert.equal(new Set(numbers).size, numbers.length);
          for (const name of 'abcd') {
            const own = database.written.filter(({ key }) => key === name).map(({ n }) => n);
            assert.deepEqual(
              own,
              own.toSorted((a, b) => a - b),
            );
          }
          for (const flush of database.flushes) {
            assert.ok(flush.length <= most);
            assert.equal(new Set(flush.map(({ key }) => key)).size, flush.length);
          }
        },
      ),
    );
  });
});
