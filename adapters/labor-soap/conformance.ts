/** How the conformance suite drives this adapter. */
import type { Conformance } from '../conformance/description.ts';

export const conformance = {
  agency: 'labor',
  kind: 'labor_filing',
  submits: 'SubmitTermination',
  asks: 'QueryFiling',
  filing: 'SubmitTermination',
  settings: ({ url, certificate, key, ca }) => ({ url, certificate, key, ca }),
  skips: {},
} as const satisfies Conformance;
