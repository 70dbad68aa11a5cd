import { conformance } from '../../adapters/credit-rest/conformance.ts';
import { creditRest } from '../../adapters/credit-rest/index.ts';
import type { Actor } from '../conformance/against-mock.ts';
import { CREDIT } from './credit.ts';
import { LISTS } from './kernel.ts';
import { describeProofs } from './proof.ts';

const actor: Actor = { entry: creditRest, ...conformance };

describeProofs(actor, [...CREDIT, ...LISTS]);
