/** The written list of adapters. A new one is added here, and to the subjects of the conformance suite. */
import type { AdapterEntry } from './adapter.ts';
import { batchUpload } from './batch-upload/index.ts';
import { creditRest } from './credit-rest/index.ts';
import { insuranceSm2 } from './insurance-sm2/index.ts';
import { insuranceXml } from './insurance-xml/index.ts';
import { laborSoap } from './labor-soap/index.ts';

export const ADAPTERS: readonly AdapterEntry[] = [
  laborSoap,
  insuranceXml,
  creditRest,
  insuranceSm2,
  batchUpload,
];
