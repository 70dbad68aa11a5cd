import { insuranceXml } from '../../adapters/insurance-xml/index.ts';
import type { Actor } from '../conformance/against-mock.ts';
import { INSURANCE } from './insurance.ts';
import { INSURANCE_ROWS } from './insurance-rows.ts';
import { LISTS } from './kernel.ts';
import { describeProofs } from './proof.ts';

const actor: Actor = {
  agency: 'insurance',
  entry: insuranceXml,
  kind: 'insurance_stop',
  submits: 'stop',
  asks: 'progress',
  filing: '2001',
};

describeProofs(actor, [...INSURANCE, ...INSURANCE_ROWS, ...LISTS]);
