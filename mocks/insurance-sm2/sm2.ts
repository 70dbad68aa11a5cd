// SM2 signatures with another library than the gateway's, and SM4 by Node. Everything here is hex or bytes; no state.
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';

export const USER_ID = '1234567812345678';

/** How a signature is written. This agency takes all four, and answers in the one it was asked in. */
export interface Form {
  readonly encoding: 'rs' | 'der';
  readonly text: 'hex' | 'base64';
}

export const DEFAULT_FORM: Form = { encoding: 'rs', text: 'base64' };

/** undefined: none of the four. */
export function formOf(signature: string): Form | undefined {
  if (/^[0-9a-f]{128}$/.test(signature)) return { encoding: 'rs', text: 'hex' };
  if (/^30[0-9a-f]{130,142}$/.test(signature)) return { encoding: 'der', text: 'hex' };
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.toString('base64') !== signature) return undefined;
  if (bytes.length === 64) return DEFAULT_FORM;
  return bytes[0] === 0x30 && bytes.length <= 72 ? { encoding: 'der', text: 'base64' } : undefined;
}

export function verifies(
  text: Buffer,
  signature: string,
  { encoding, text: spelling }: Form,
  publicKey: string,
): boolean {
  const hex = Buffer.from(signature, spelling).toString('hex');
  try {
    return sm2.doVerifySignature(Uint8Array.from(text), hex, pointOf(publicKey), {
      hash: true,
      der: encoding === 'der',
      userId: USER_ID,
    });
  } catch {
    return false; // the library throws at numbers out of range
  }
}

type Point = ReturnType<typeof sm2.precomputePublicKey>;

// A multiple of a client's point costs 3 ms, with a table of some of its multiples 0.4; the table is made in 5, and holds
// 130 kB. Wider windows cost more to make than they save.
const points = new Map<string, Point>();
const WINDOW = 4;
const POINTS_KEPT = 100;

function pointOf(publicKey: string): Point {
  const known = points.get(publicKey);
  if (known) return known;
  if (points.size >= POINTS_KEPT) points.clear();
  const fresh = sm2.precomputePublicKey(publicKey, WINDOW);
  points.set(publicKey, fresh);
  return fresh;
}

export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** The nonce comes from key and text, so that the same sandbox gives the same bytes; no two texts share one. */
export function sign(
  text: Buffer,
  { privateKey, publicKey }: KeyPair,
  { encoding, text: spelling }: Form,
): string {
  const k = scalar(createHmac('sha512', Buffer.from(privateKey, 'hex')).update(text).digest());
  const point = sm2.getPublicKeyFromPrivateKey(k);
  const hex = sm2.doSignature(Uint8Array.from(text), privateKey, {
    hash: true,
    der: encoding === 'der',
    publicKey,
    userId: USER_ID,
    pointPool: [{ k: BigInt(`0x${k}`), x1: BigInt(`0x${point.slice(2, 66)}`) }],
  });
  return spelling === 'hex' ? hex : Buffer.from(hex, 'hex').toString('base64');
}

const ORDER = BigInt('0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123');

/** 1 to n − 2, 64 hex digits; 64 bytes in, so that the remainder is even. */
export const scalar = (bytes: Buffer): string =>
  ((BigInt(`0x${bytes.toString('hex')}`) % (ORDER - 2n)) + 1n).toString(16).padStart(64, '0');

export function keyPair(bytes: Buffer): KeyPair {
  const privateKey = scalar(bytes);
  return { privateKey, publicKey: sm2.getPublicKeyFromPrivateKey(privateKey) };
}

export interface Sealed {
  readonly iv: string;
  readonly data: string;
}

export function seal(plain: Buffer, key: Buffer): Sealed {
  const iv = createHmac('sha256', key).update(plain).digest().subarray(0, 16);
  const cipher = createCipheriv('sm4-cbc', key, iv);
  const data = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { iv: iv.toString('base64'), data: data.toString('base64') };
}

/** undefined: it does not open with this key. */
export function open({ iv, data }: Sealed, key: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv('sm4-cbc', key, Buffer.from(iv, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]);
  } catch {
    return undefined;
  }
}
