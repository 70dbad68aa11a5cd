/** The rules of one insurance of a change, and how insurance-sm2 misses each. */
import assert from 'node:assert/strict';
import { UNIT } from '../support/filing-order.ts';
import { content, only } from './insurance-sm2-message.ts';
import { byItem, enrolled, PAYING } from './insured.ts';
import { OTHER, type Proof, type Scene } from './proof.ts';

/** Stopped, and then transferred as often as told. */
async function transferred({ box, adapter, filing, call, submit }: Scene, serials: readonly string[]) {
  await submit();
  box.advance('P1D');
  for (const serial of serials) {
    await adapter.submit({ ...filing, kind: 'insurance_transfer' }, call(serial));
    box.advance('P1D');
  }
  return JSON.stringify(box.cases('insurance-sm2').at(-1)?.detail.results);
}

export const INSURANCE_SM2_ITEMS: readonly Proof[] = [
  byItem(
    'insurance-sm2.item-enrolled',
    'an insurance that the person does not have',
    'NOT_ENROLLED',
    (scene) => enrolled(scene, { 110: { state: 'none', since: '2022-03-01' } }),
  ),
  byItem(
    'insurance-sm2.item-elsewhere',
    'an insurance that another unit pays',
    'ENROLLED_ELSEWHERE',
    (scene) => {
      enrolled(scene, { 110: { state: 'paused', since: '2026-11-01' } });
      enrolled(scene, {}, OTHER);
    },
  ),
  {
    rule: 'insurance-sm2.item-follows',
    title: 'work injury insurance is not transferred: the item says so',
    async run(scene) {
      const { box, filing, call, submit, through } = scene;
      await submit();
      box.advance('P1D');
      const items = ['01', '02', '04'].map((insurance) => ({ insurance }));
      const spoilt = through(only('/api/v2/changes', content(box.sm2Client(UNIT.uscc), { items })));
      await spoilt.submit({ ...filing, kind: 'insurance_transfer' }, call('EG-0002-1'));
      box.advance('P1D');
      const results = JSON.stringify(box.cases('insurance-sm2').at(-1)?.detail.results);
      assert.match(results, /NOT_TRANSFERABLE/);
    },
  },
  {
    rule: 'insurance-sm2.item-transferred',
    title: 'what was transferred before is not transferred again: the item says so',
    run: async (scene) => assert.match(await transferred(scene, ['EG-0002-1', 'EG-0003-1']), /ALREADY_DONE/),
  },
  {
    rule: 'insurance-sm2.item-running',
    title: 'what was stopped before is not stopped again: its day reads back as it was',
    async run(scene) {
      enrolled(scene, { 110: { state: 'paused', since: '2026-11-01' } });
      await scene.submit();
      scene.box.advance('P1D');
      assert.equal(await scene.lookup(), 'accepted');
      assert.equal(await scene.readBack(), 'differs');
    },
  },
  byItem('insurance-sm2.item-since', 'a stop before the insurance began', 'DATE_INVALID', (scene) =>
    enrolled(scene, { 210: { ...PAYING, since: '2026-12-31' } }),
  ),
];
