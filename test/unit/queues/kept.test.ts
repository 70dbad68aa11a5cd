// What is asked often is read once in a while; a failure is nobody else's.
import assert from 'node:assert/strict';
import { keep } from '../../../queues/kept.ts';

describe('what is kept', () => {
  const LONG = 3_600_000;
  const counted = (milliseconds: number) => {
    const read: string[] = [];
    const kept = keep(async (key: string) => {
      read.push(key);
      return read.length;
    }, milliseconds);
    return { kept, read };
  };

  it('is read once for all who ask in its time, each key for itself', async () => {
    const { kept, read } = counted(LONG);
    assert.deepEqual(await Promise.all([kept.get('a'), kept.get('a'), kept.get('b')]), [1, 1, 2]);
    assert.equal(await kept.get('a'), 1);
    assert.deepEqual(read, ['a', 'b']);
  });

  it('is read again when its time is over, and when it must be fresh, for those who come after as well', async () => {
    const short = counted(0);
    await short.kept.get('a');
    await short.kept.get('a');
    assert.deepEqual(short.read, ['a', 'a']);
    const { kept } = counted(LONG);
    assert.deepEqual([await kept.get('a'), await kept.fresh('a'), await kept.get('a')], [1, 2, 2]);
  });

  it('is no failure', async () => {
    let fails = true;
    const kept = keep(async () => {
      if (fails) throw new Error('the database is away');
      return 'there';
    }, LONG);
    await assert.rejects(kept.get('a'), /away/);
    fails = false;
    assert.equal(await kept.get('a'), 'there');
  });
});
