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
  skips: {
    'a correction says what and until when; the answer to it is accepted':
      'an amendment is addressed by an earlier serial, which a filing order does not carry',
  },
} as const satisfies Conformance;
