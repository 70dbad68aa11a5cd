/** The rules of one row of a batch, and how insurance-xml misses each. */
import assert from 'node:assert/strict';
import type { PersonSeed } from '../../mocks/desk/handle.ts';
import { UNIT } from '../support/filing-order.ts';
import { only, put, reworked } from './insurance-message.ts';
import { expectNo, OTHER, type Proof, type Scene } from './proof.ts';

const paying = { state: 'paying', since: '2022-03-01' } as const;
const all = { 110: paying, 210: paying, 310: paying, 410: paying, 510: paying };
const ZHANG = { idNumber: '11010519491231002X', name: '张某' };

const enrolled = ({ box }: Scene, enrolments: PersonSeed['enrolments'], unit: typeof OTHER = UNIT) =>
  void box.person({
    uscc: unit.uscc,
    unitName: unit.name,
    ...ZHANG,
    enrolments: { ...all, ...enrolments },
  });

/** A batch whose first row breaks a rule has failed by that row's code, once the agency has looked at it. */
const byRow = (rule: string, title: string, code: string, arrange: (scene: Scene) => void): Proof => ({
  rule,
  title,
  async run(scene) {
    arrange(scene);
    await scene.submit();
    scene.box.advance('P1D');
    expectNo(await scene.adapter.lookup?.(scene.filing, scene.call()), code);
  },
});

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
  byRow('insurance.row-enrolled', 'an insurance that the person does not have', 'NOT_IN_UNIT', (scene) =>
    enrolled(scene, { 110: { state: 'none', since: '2022-03-01' } }),
  ),
  bySpoiltRow(
    'insurance.row-identity',
    'another name than the number’s',
    'IDENTITY_MISMATCH',
    'AAC003',
    '李某',
  ),
  byRow('insurance.row-elsewhere', 'an insurance that another unit pays', 'ENROLLED_ELSEWHERE', (scene) => {
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
  byRow('insurance.row-since', 'a change before the present state began', 'DATE_INVALID', (scene) =>
    enrolled(scene, { 210: { ...paying, since: '2026-12-31' } }),
  ),
];
