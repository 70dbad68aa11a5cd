/** How the conformance suite drives this adapter. */
import type { Conformance } from '../conformance/description.ts';

export const conformance = {
  agency: 'labor',
  kind: 'labor_filing',
  submits: 'SubmitTermination',
  asks: 'QueryFiling',
  filing: 'SubmitTermination',
  amends: { operation: 'SupplementFiling', kept: 'SupplementFiling' },
  withdraws: 'WithdrawFiling',
  settings: ({ url, certificate, key, ca }) => ({ url, certificate, key, ca }),
  skips: {
    'the answer to an earlier question is not believed':
      'an answer names neither its request nor its time: only the serial in it ties it to a filing',
  },
} as const satisfies Conformance;
