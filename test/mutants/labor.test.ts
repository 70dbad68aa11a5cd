import { laborSoap } from '../../adapters/labor-soap/index.ts';
import type { Actor } from '../conformance/against-mock.ts';
import { KERNEL, LISTS, STRANGERS } from './kernel.ts';
import { LABOR } from './labor.ts';
import { describeProofs } from './proof.ts';

const actor: Actor = {
  agency: 'labor',
  entry: laborSoap,
  kind: 'labor_filing',
  submits: 'SubmitTermination',
  asks: 'QueryFiling',
  filing: 'SubmitTermination',
};

describeProofs(actor, [...LABOR, ...KERNEL, ...LISTS]);
describeProofs(actor, STRANGERS, { hosting: 'public' });
