/** How the conformance suite drives this adapter. */
import type { Conformance } from '../conformance/description.ts';

export const conformance = {
  agency: 'credit',
  kind: 'credit_update',
  submits: 'submitRegistrationChange',
  asks: 'getRegistrationChange',
  filing: 'POST /v1/registration-changes',
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
