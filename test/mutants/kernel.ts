/** The rules that all agencies have in common, and how an adapter misses each. */
import assert from 'node:assert/strict';
import { residentId } from '../../mocks/kernel/identifiers.ts';
import { UNIT } from '../support/filing-order.ts';
import { byCheck, expectNo, OTHER, type Proof, type Scene } from './proof.ts';

const refusedCertificate = async (scene: Scene, settings: object) => {
  const ping = await scene.create(settings).ping?.(scene.call());
  assert.equal(scene.refused(), 'AUTH_CERTIFICATE');
  assert.equal(ping?.kind, 'down');
};

export const KERNEL: readonly Proof[] = [
  {
    rule: 'kernel.certificate-issuer',
    title: 'a certificate of another CA is not accepted',
    async run(scene) {
      const { own, elsewhere } = scene;
      const foreign = await (await elsewhere()).identity(UNIT.uscc, UNIT.name);
      assert.notEqual(foreign.certificatePem, own.certificatePem);
      await refusedCertificate(scene, { certificate: foreign.certificatePem, key: foreign.keyPem });
    },
  },
  {
    rule: 'kernel.certificate-validity',
    title: 'a certificate that has run out is not accepted',
    async run(scene) {
      scene.box.advance('P1200D');
      await refusedCertificate(scene, {});
    },
  },
  byCheck('kernel.id-number', 'a person whom the agency does not know is refused'),
  {
    rule: 'kernel.person-name',
    title: 'somebody else at this name is refused, before anything is filed',
    async run({ adapter, filing, call, submit, subject }) {
      await submit();
      const person = { ...filing.person, name: '李某' };
      expectNo(await adapter.submit({ ...filing, person }, call('EG-0002-1')), 'IDENTITY_MISMATCH');
      assert.equal((await subject.cases()).length, 1);
    },
  },
  {
    rule: 'kernel.person-document',
    title: 'the number of another document is refused',
    async run({ adapter, filing, call, submit, subject }) {
      await submit();
      const person = { ...filing.person, id_type: 'passport' };
      expectNo(await adapter.submit({ ...filing, person }, call('EG-0002-1')), 'IDENTITY_MISMATCH');
      assert.equal((await subject.cases()).length, 1);
    },
  },
  {
    rule: 'kernel.person-in-unit',
    title: 'a person who is employed elsewhere is refused',
    async run({ box, submit, subject }) {
      box.person({ uscc: OTHER.uscc, idNumber: '11010519491231002X', name: '张某' });
      expectNo(await submit(), 'NOT_IN_UNIT');
      assert.deepEqual(subject.cases(), []);
    },
  },
];

export const LISTS: readonly Proof[] = [
  {
    rule: 'kernel.own-people',
    title: 'nobody of another unit stands in the roster',
    async run({ box, adapter, call }) {
      box.person({ ...OTHER, idNumber: '11010519491231002X', name: '张某' });
      assert.deepEqual(await adapter.roster?.(call()), { kind: 'page', entries: [] });
    },
  },
  {
    rule: 'kernel.cursor',
    title: 'a list that would go on from nowhere is none',
    async run({ adapter, call, refused }) {
      const page = await adapter.list?.({ from: '2026-11-01', to: '2026-11-30' }, call(), 'NOSUCHPAGE');
      assert.equal(refused(), 'CURSOR_INVALID');
      assert.notEqual(page?.kind, 'page');
    },
  },
];

export const STRANGERS: readonly Proof[] = [
  {
    rule: 'kernel.synthetic-people',
    title: 'a number that could be somebody’s is refused',
    async run({ adapter, filing, call, subject }) {
      const person = { ...filing.person, id_number: residentId('110101', '18800101', 1) };
      expectNo(await adapter.submit({ ...filing, person }, call()), 'REAL_DATA');
      assert.deepEqual(subject.cases(), []);
    },
  },
];
