/** How the conformance suite drives this adapter. */
import type { Conformance } from '../../adapters/conformance/description.ts';

export const conformance = {
  agency: 'sample-json',
  mock: new URL('../mock/index.ts', import.meta.url),
  kind: 'labor_filing',
  submits: 'submitExit',
  asks: 'getExit',
  filing: 'POST /exits',
  amends: { operation: 'amendExit', kept: 'POST /receipts/{receipt}/amendment' },
  withdraws: 'cancelExit',
  settings: ({ url, certificate, key, ca }) => ({ url, certificate, key, ca }),
  skips: {
    'anything wrong before the filing itself was sent: retry, for nothing was filed':
      'nothing is asked before: the filing is the first message',
  },
} as const satisfies Conformance;
