/** Settings that the reference adapters have in common: where the agency is, who we are, and whom we believe. */
import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { readCertificates, unitOf } from '../src/crypto/certificates.ts';

export const isReadable = (read: (text: string) => unknown) => (text: string) => {
  try {
    read(text);
    return true;
  } catch {
    return false;
  }
};

/** Fields of a connection whose messages are signed with X.509 certificates. `agency` is the default subject CN. */
export function signedConnection(agency: string) {
  return {
    url: z
      .url({ protocol: /^https?$/, error: 'must be the http or https address of the agency' })
      .describe('Address of the agency'),
    certificate: z
      .string()
      .refine(isReadable(readCertificates), 'must be a PEM certificate')
      .describe("The employer's certificate, PEM"),
    key: z
      .string()
      .refine(isReadable(createPrivateKey), 'must be a PEM private key without a passphrase')
      .meta({ secret: true })
      .describe('The private key of the certificate, PEM'),
    ca: z
      .string()
      .refine(isReadable(readCertificates), 'must be one or more PEM certificates')
      .describe("Certificates of the authority that issues the agency's certificate, PEM"),
    agency: z
      .string()
      .min(1, "must be the common name in the agency's certificate")
      .default(agency)
      .describe("Common name in the agency's certificate"),
  };
}

/** Refinement over the whole: the key is the certificate's, and the certificate names the unit it speaks for. */
export function checkIdentity(
  settings: { readonly certificate: string; readonly key: string },
  context: z.RefinementCtx,
): void {
  // zod goes on to the whole after a part has failed; what cannot be read cannot be compared.
  if (context.issues.length > 0) return;
  const issue = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  const [certificate] = readCertificates(settings.certificate);
  if (!certificate?.checkPrivateKey(createPrivateKey(settings.key)))
    issue('key', 'must be the key of the certificate');
  if (!certificate || unitOf(certificate) === undefined)
    issue('certificate', "must carry the unit's USCC as the subject's serialNumber");
}
