/** Who is told the lies of the corpus: every adapter that hears answers. */

import { conformance as batchUpload } from '../../adapters/batch-upload/conformance.ts';
import type { Conformance } from '../../adapters/conformance/description.ts';
import type { Asked } from '../../adapters/conformance/line.ts';
import { conformance as credit } from '../../adapters/credit-rest/conformance.ts';
import { conformance as insuranceSm2 } from '../../adapters/insurance-sm2/conformance.ts';
import { conformance as insurance } from '../../adapters/insurance-xml/conformance.ts';
import { conformance as labor } from '../../adapters/labor-soap/conformance.ts';
import type { Form } from './corpus.ts';

export interface Hearer {
  readonly name: string;
  readonly conformance: Conformance;
  readonly form: Form;
  /** The request that files. */
  readonly files: (asked: Asked) => boolean;
  /** Why none of its answers has a certificate. */
  readonly uncertified?: string;
}

export const HEARERS: readonly Hearer[] = [
  {
    name: 'labor-soap',
    conformance: labor,
    form: 'soap',
    files: ({ headers }) => headers.soapaction?.includes('SubmitTermination') ?? false,
  },
  {
    name: 'insurance-xml',
    conformance: insurance,
    form: 'envelope',
    files: ({ body }) => body.includes('<TransCode>2001<'),
  },
  {
    name: 'credit-rest',
    conformance: credit,
    form: 'jws',
    files: ({ method, path }) => method === 'POST' && path.endsWith('/v1/registration-changes'),
  },
  {
    name: 'insurance-sm2',
    conformance: insuranceSm2,
    form: 'jws',
    files: ({ method, path }) => method === 'POST' && path.endsWith('/api/v2/changes'),
    uncertified: 'keys are exchanged on paper; there are no certificates',
  },
];

/** Adapters that are not told, and why. */
export const DEAF: Readonly<Record<string, string>> = { 'batch-upload': batchUpload.withoutAgency };
