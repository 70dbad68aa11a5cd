/** How the conformance suite drives this adapter. */
import type { Conformance } from '../conformance/description.ts';

export const conformance = {
  agency: 'credit',
  kind: 'credit_update',
  submits: 'submitRegistrationChange',
  asks: 'getRegistrationChange',
  filing: 'POST /v1/registration-changes',
  amends: { operation: 'amendRegistrationChange', kept: 'PATCH /v1/registration-changes/{serial}' },
  withdraws: 'withdrawRegistrationChange',
  inquiry: {
    asked: {
      kind: 'credit',
      consent: {
        purpose: 'exit',
        scope: ['credit'],
        grantedOn: '2020-01-01',
        expiresOn: '2099-12-31',
        reference: 'C-1',
      },
    },
    unclear: ({ desk }) => desk('POST', '/scenarios/armed', { scenario: 'CRD.ADVERSE_RECORD' }),
  },
  callbacks: true,
  settings: ({ url, certificate, key, ca, client }) => ({
    url,
    certificate,
    key,
    ca,
    client_id: client.id,
    client_secret: client.secret,
  }),
  secrets: ['client_secret', 'Bearer'],
  skips: {},
} as const satisfies Conformance;
