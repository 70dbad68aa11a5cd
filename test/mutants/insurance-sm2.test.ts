import { conformance } from '../../adapters/insurance-sm2/conformance.ts';
import { insuranceSm2 } from '../../adapters/insurance-sm2/index.ts';
import type { Actor } from '../conformance/against-mock.ts';
import { INSURANCE_SM2 } from './insurance-sm2.ts';
import { INSURANCE_SM2_ITEMS } from './insurance-sm2-items.ts';
import { describeProofs } from './proof.ts';

const actor: Actor = { entry: insuranceSm2, ...conformance };

describeProofs(actor, [...INSURANCE_SM2, ...INSURANCE_SM2_ITEMS]);
