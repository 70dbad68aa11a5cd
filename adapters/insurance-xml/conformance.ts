/** How the conformance suite drives this adapter. */
import type { Conformance } from '../conformance/description.ts';

export const conformance = {
  agency: 'insurance',
  kind: 'insurance_stop',
  submits: 'stop',
  asks: 'progress',
  filing: '2001',
  amends: { operation: 'stop', kept: '2001' },
  settings: ({ url, certificate, key, ca }) => ({ url, certificate, key, ca }),
  skips: {
    'an amendment carries what answers the request':
      'rows are codes, numbers and dates: the protocol has no place for a text or a file',
    'a correction says what and until when; the answer to it is accepted':
      'a corrected row is filed in a new batch, so the agency has two; tested beside the list',
    'a withdrawal is taken': 'the protocol has no withdrawal of a batch',
  },
} as const satisfies Conformance;
