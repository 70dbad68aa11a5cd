/** Settings of a connection: keys without certificates, and the forms in which this agency writes its signatures. */
import { z } from 'zod';
import {
  DEFAULT_USER_ID,
  readSm2PrivateKey,
  readSm2PublicKey,
  SM2_ENCODINGS,
  SM2_TEXTS,
  type Sm2Form,
} from '../../src/crypto/sm2.ts';
import { isReadable } from '../settings.ts';
import type { Trust } from './open.ts';
import type { Identity } from './request.ts';

export const settingsSchema = z.object({
  url: z
    .url({ protocol: /^https?$/, error: 'must be the http or https address of the agency' })
    .describe('Address of the agency'),
  uscc: z
    .string()
    .regex(/^[0-9A-Z]{18}$/, "must be the employer's unified social credit code")
    .describe('The unit for which the client was registered'),
  client_id: z
    .string()
    // It travels in a header.
    .regex(/^[A-Za-z0-9-]{1,40}$/, 'must be the client id that the agency gave out')
    .describe('Client id'),
  private_key: z
    .string()
    .refine(isReadable(readSm2PrivateKey), 'must be an SM2 private key: 64 hex digits or PEM')
    .meta({ secret: true })
    .describe("The client's SM2 private key, whose public key the agency has"),
  agency_public_key: z
    .string()
    .refine(isReadable(readSm2PublicKey), 'must be an SM2 public key: hex (04, x, y) or PEM')
    .describe("The agency's SM2 public key"),
  body_key: z
    .string()
    .regex(/^[0-9a-fA-F]{32}$/, 'must be the SM4 key of the bodies: 32 hex digits')
    .meta({ secret: true })
    .describe('SM4 key of the bodies'),
  user_id: z
    .string()
    .min(1, 'must be the user id of the signatures')
    .max(64)
    .default(DEFAULT_USER_ID)
    .describe('SM2 user id of the signatures'),
  signature_encoding: z
    .enum(SM2_ENCODINGS, `must be one of ${SM2_ENCODINGS.join(', ')}`)
    .default('rs')
    .describe('Signatures as r and s one after the other, or as DER'),
  signature_text: z
    .enum(SM2_TEXTS, `must be one of ${SM2_TEXTS.join(', ')}`)
    .default('base64')
    .describe('Signatures in hex or in base64'),
});

/** Throws when the settings would not pass the schema. */
export function readSettings(given: unknown): {
  url: string;
  uscc: string;
  identity: Identity;
  trust: Trust;
} {
  const settings = settingsSchema.parse(given);
  const form: Sm2Form = {
    userId: settings.user_id,
    encoding: settings.signature_encoding,
    text: settings.signature_text,
  };
  const bodyKey = Buffer.from(settings.body_key, 'hex');
  return {
    url: settings.url.replace(/\/+$/, ''),
    uscc: settings.uscc,
    identity: {
      clientId: settings.client_id,
      keys: readSm2PrivateKey(settings.private_key),
      form,
      bodyKey,
    },
    trust: { agencyKey: readSm2PublicKey(settings.agency_public_key), form, bodyKey },
  };
}
