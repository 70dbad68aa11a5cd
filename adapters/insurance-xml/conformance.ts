/** How the conformance suite drives this adapter. */
import type { Conformance } from '../conformance/description.ts';

export const conformance = {
  agency: 'insurance',
  kind: 'insurance_stop',
  submits: 'stop',
  asks: 'progress',
  filing: '2001',
  settings: ({ url, certificate, key, ca }) => ({ url, certificate, key, ca }),
  skips: {
    'a correction says what and until when; the answer to it is accepted':
      'a corrected row is filed in a new batch, so the agency has two; tested beside the list',
    'a withdrawal is taken': 'the protocol has no withdrawal of a batch',
  },
} as const satisfies Conformance;
