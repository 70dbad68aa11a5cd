/** The rules of one row of a batch, and how insurance-xml misses each. */
import assert from 'node:assert/strict';
import { only, put, reworked } from './insurance-message.ts';
import { byItem, enrolled, PAYING } from './insured.ts';
import { expectNo, OTHER, type Proof } from './proof.ts';

const bySpoiltRow = (rule: string, title: string, code: string, name: string, value: string): Proof => ({
  rule,
  title,
  async run(scene) {
    const adapter = scene.through(only('2001', reworked(scene, { payload: put(name, value) })));
    await adapter.submit(scene.filing, scene.call());
    scene.box.advance('P1D');
    expectNo(await adapter.lookup?.(scene.filing, scene.call()), code);
  },
});

export const INSURANCE_ROWS: readonly Proof[] = [
  byItem('insurance.row-enrolled', 'an insurance that the person does not have', 'NOT_IN_UNIT', (scene) =>
    enrolled(scene, { 110: { state: 'none', since: '2022-03-01' } }),
  ),
  bySpoiltRow(
    'insurance.row-identity',
    'another name than the number’s',
    'IDENTITY_MISMATCH',
    'AAC003',
    '李某',
  ),
  byItem('insurance.row-elsewhere', 'an insurance that another unit pays', 'ENROLLED_ELSEWHERE', (scene) => {
    enrolled(scene, { 110: { state: 'paused', since: '2026-11-01' } });
    enrolled(scene, {}, OTHER);
  }),
  {
    rule: 'insurance.row-running',
    title: 'what was stopped before is not stopped again: its day reads back as it was',
    async run(scene) {
      enrolled(scene, { 110: { state: 'paused', since: '2026-11-01' } });
      await scene.submit();
      scene.box.advance('P1D');
      assert.equal(await scene.lookup(), 'accepted');
      assert.equal(await scene.readBack(), 'differs');
    },
  },
  {
    rule: 'insurance.row-transferred',
    title: 'what was transferred before is not transferred again: the row says so',
    async run({ box, adapter, filing, call, submit }) {
      await submit();
      box.advance('P1D');
      const transfer = { ...filing, kind: 'insurance_transfer' } as const;
      await adapter.submit(transfer, call('EG-0002-1'));
      box.advance('P1D');
      await adapter.submit(transfer, call('EG-0003-1'));
      box.advance('P1D');
      assert.match(JSON.stringify(box.cases('insurance').at(-1)?.detail.results), /ALREADY_DONE/);
    },
  },
  bySpoiltRow(
    'insurance.row-reason',
    'a reason that the table does not have',
    'REASON_UNKNOWN',
    'AAE160',
    '299',
  ),
  bySpoiltRow('insurance.row-months', 'a last month before the change', 'DATE_INVALID', 'AAE003', '202601'),
  byItem('insurance.row-since', 'a change before the present state began', 'DATE_INVALID', (scene) =>
    enrolled(scene, { 210: { ...PAYING, since: '2026-12-31' } }),
  ),
];
