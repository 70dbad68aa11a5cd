import assert from 'node:assert/strict';
import { z } from 'zod';
import { ADAPTERS } from '../../../adapters/index.ts';
import { manifestFaults } from '../../../adapters/manifest.ts';
import { sampleJson } from '../../../scaffold/adapter/index.ts';

const { manifest } = sampleJson;

describe('a manifest', () => {
  for (const { manifest: ours } of [...ADAPTERS, sampleJson])
    it(`of ${ours.name} keeps to the contract`, () => assert.deepEqual(manifestFaults(ours), []));

  for (const [what, change, named] of [
    ['a name that is no folder’s', { name: 'Harbour JSON' }, /manifest\.name/],
    ['a blank title', { title: { en: 'Harbour', zh: ' ' } }, /manifest\.title\.zh/],
    ['no kind', { kinds: [] }, /manifest\.kinds/],
    ['a kind that there is not', { kinds: ['holiday'] }, /manifest\.kinds/],
    ['no region', { regions: [] }, /manifest\.regions/],
    ['a region that is no code', { regions: ['Beijing'] }, /manifest\.regions/],
    ['a personal field that there is not', { personFields: ['shoe_size'] }, /manifest\.personFields/],
    ['settings that are no schema', { settings: {} }, /manifest\.settings/],
    ['a time-out of nothing', { timeout: 0 }, /manifest\.timeout/],
    ['a time-out that is no number', { timeout: Number.NaN }, /manifest\.timeout/],
    ['no call at a time', { concurrency: 0 }, /manifest\.concurrency/],
    ['half a call at a time', { concurrency: 0.5 }, /manifest\.concurrency/],
    ['a negative rate', { rate: { calls: -1, seconds: 60 } }, /manifest\.rate/],
    ['amendments in no state', { amends: [] }, /manifest\.amends/],
    ['withdrawals in no state', { withdraws: [] }, /manifest\.withdraws/],
    ['a capability that there is not', { capabilities: ['fly'] }, /manifest\.capabilities/],
    ['a password that is shown', { settings: z.object({ db_password: z.string() }) }, /db_password/],
    ['a client secret that is shown', { settings: z.object({ clientSecret: z.string() }) }, /clientSecret/],
  ] as const)
    it(`with ${what} does not`, () => {
      const faults = manifestFaults({ ...manifest, ...change });
      assert.match(faults.join('\n'), named);
    });

  it('may have a password that is marked, and a public key that is not', () => {
    const settings = z.object({
      password: z.string().meta({ secret: true }),
      public_key: z.string(),
      pin_length: z.number(),
    });
    assert.deepEqual(manifestFaults({ ...manifest, settings }), []);
  });
});
