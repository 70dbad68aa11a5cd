/** The person of the proofs, insured as a rule needs it: for the agencies of both cities. */
import type { PersonSeed } from '../../mocks/desk/handle.ts';
import { UNIT } from '../support/filing-order.ts';
import { expectNo, type OTHER, type Proof, type Scene } from './proof.ts';

export const PAYING = { state: 'paying', since: '2022-03-01' } as const;
const ALL = { 110: PAYING, 210: PAYING, 310: PAYING, 410: PAYING, 510: PAYING };
const ZHANG = { idNumber: '11010519491231002X', name: '张某' };

/** By that unit, in every insurance but for these. */
export const enrolled = ({ box }: Scene, but: PersonSeed['enrolments'], unit: typeof OTHER = UNIT) =>
  void box.person({ uscc: unit.uscc, unitName: unit.name, ...ZHANG, enrolments: { ...ALL, ...but } });

/** A filing with a row or an item that breaks a rule has failed by its code, once the agency has looked at it. */
export const byItem = (
  rule: string,
  title: string,
  code: string,
  arrange: (scene: Scene) => void,
): Proof => ({
  rule,
  title,
  async run(scene) {
    arrange(scene);
    await scene.submit();
    scene.box.advance('P1D');
    expectNo(await scene.adapter.lookup?.(scene.filing, scene.call()), code);
  },
});
