import { conformance } from '../../adapters/labor-soap/conformance.ts';
import { laborSoap } from '../../adapters/labor-soap/index.ts';
import type { Actor } from '../conformance/against-mock.ts';
import { KERNEL, STRANGERS } from './kernel.ts';
import { LABOR } from './labor.ts';
import { describeProofs } from './proof.ts';

const actor: Actor = { entry: laborSoap, ...conformance };

describeProofs(actor, [...LABOR, ...KERNEL]);
describeProofs(actor, STRANGERS, { hosting: 'public' });
