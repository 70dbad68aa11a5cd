import { conformance } from '../../adapters/insurance-xml/conformance.ts';
import { insuranceXml } from '../../adapters/insurance-xml/index.ts';
import type { Actor } from '../conformance/against-mock.ts';
import { INSURANCE } from './insurance.ts';
import { INSURANCE_ROWS } from './insurance-rows.ts';
import { LISTS } from './kernel.ts';
import { describeProofs } from './proof.ts';

const actor: Actor = { entry: insuranceXml, ...conformance };

describeProofs(actor, [...INSURANCE, ...INSURANCE_ROWS, ...LISTS]);
