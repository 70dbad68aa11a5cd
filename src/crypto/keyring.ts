/**
 * Keys: one master key; from it, by HKDF, the key that wraps each person's own key, one key per organisation for
 * its secrets, and the key of the blind index. Destroying a person's wrapped key erases the person.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM (NIST SP 800-38D): version, nonce, tag, ciphertext. `context` is authenticated, so that a blob cannot be moved to another row. */
export function seal(key: Uint8Array, plain: Uint8Array, context: string): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
}

/** @throws Error when the key, the context or a single bit is not what was sealed. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string): Buffer {
  if (sealed[0] !== VERSION) throw new Error(`sealed data of unknown version ${sealed[0]}`);
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
  // Without the length, Node takes a tag of four bytes, which can be guessed.
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES + TAG_BYTES)), decipher.final()]);
}

export const sealJson = (key: Uint8Array, value: unknown, context: string) =>
  seal(key, Buffer.from(JSON.stringify(value)), context);
export const unsealJson = (key: Uint8Array, sealed: Uint8Array, context: string): unknown =>
  JSON.parse(unseal(key, sealed, context).toString('utf8'));

export interface PersonKey {
  readonly key: Uint8Array;
  readonly wrapped: Uint8Array<ArrayBuffer>;
}

export interface Keyring {
  /** Tells master keys apart without telling anything about them. */
  readonly check: Uint8Array<ArrayBuffer>;
  newPersonKey(personId: string): PersonKey;
  openPersonKey(personId: string, wrapped: Uint8Array): Uint8Array;
  /** For an organisation's own secrets: connection settings, endpoint secrets, kept answers. */
  organisationKey(orgId: string): Uint8Array;
  /** Finds a person by number within one organisation: equal numbers give equal bytes there, and tell nothing elsewhere. */
  blindIndex(orgId: string, idType: string, idNumber: string): Uint8Array<ArrayBuffer>;
}

/** @param master 32 bytes. */
export function createKeyring(master: Uint8Array): Keyring {
  if (master.length !== 32) throw new Error('the master key must be 32 bytes');
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', master, '', `exitgate:${purpose}`, 32));
  const wrapping = derive('person-keys');
  const index = derive('blind-index');
  const organisations = new Map<string, Uint8Array>();
  return {
    check: derive('check'),
    newPersonKey(personId) {
      const key = randomBytes(32);
      return { key, wrapped: seal(wrapping, key, personId) };
    },
    openPersonKey: (personId, wrapped) => unseal(wrapping, wrapped, personId),
    organisationKey(orgId) {
      const key = organisations.get(orgId) ?? derive(`organisation:${orgId}`);
      organisations.set(orgId, key);
      return key;
    },
    blindIndex: (orgId, idType, idNumber) =>
      createHmac('sha256', index)
        .update(JSON.stringify([orgId, idType, idNumber]))
        .digest(),
  };
}
