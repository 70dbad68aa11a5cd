/**
 * Encryption of message bodies with a session key: SM4-CBC (GB/T 32907) or AES-256-CBC, PKCS#7 padding.
 * It gives confidentiality only; who wrote the bytes is settled by the signature inside.
 */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHmac,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto';

export const BODY_CIPHERS = ['sm4-cbc', 'aes-256-cbc'] as const;
export type BodyCipher = (typeof BODY_CIPHERS)[number];

const KEY_BYTES: Record<BodyCipher, number> = { 'sm4-cbc': 16, 'aes-256-cbc': 32 };

export interface Sealed {
  readonly iv: Buffer;
  readonly bytes: Buffer;
}

/**
 * Throws when the key has the wrong length.
 * The IV is a keyed hash of the plaintext: nobody without the key can foresee it, and a resend in the same session
 * has the same bytes.
 */
export function sealBody(cipher: BodyCipher, key: Uint8Array, plain: Uint8Array): Sealed {
  const iv = createHmac('sha256', key).update('exitgate body iv').update(plain).digest().subarray(0, 16);
  const coder = createCipheriv(cipher, key, iv);
  return { iv, bytes: Buffer.concat([coder.update(plain), coder.final()]) };
}

/** undefined when the bytes cannot be opened with this key. */
export function openBody(cipher: BodyCipher, key: Uint8Array, sealed: Sealed): Buffer | undefined {
  try {
    const coder = createDecipheriv(cipher, key, sealed.iv);
    return Buffer.concat([coder.update(sealed.bytes), coder.final()]);
  } catch {
    return undefined;
  }
}

/** The session key that an agency wrapped for us (RSA-OAEP, SHA-256, RFC 8017 §7.1); undefined when it is not one. */
export function unwrapSessionKey(
  cipher: BodyCipher,
  key: KeyObject,
  wrapped: Uint8Array,
): Buffer | undefined {
  try {
    const plain = privateDecrypt(
      { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      wrapped,
    );
    return plain.length === KEY_BYTES[cipher] ? plain : undefined;
  } catch {
    return undefined;
  }
}
