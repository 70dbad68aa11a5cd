import { conformance } from '../../adapters/labor-soap/conformance.ts';
import { laborSoap } from '../../adapters/labor-soap/index.ts';
import type { Actor } from '../conformance/against-mock.ts';
import { KERNEL, LISTS, STRANGERS } from './kernel.ts';
import { LABOR } from './labor.ts';
import { describeProofs } from './proof.ts';

const actor: Actor = { entry: laborSoap, ...conformance };

describeProofs(actor, [...LABOR, ...KERNEL, ...LISTS]);
describeProofs(actor, STRANGERS, { hosting: 'public' });
