/**
 * SM2 signatures with SM3 (GB/T 32918.2, GM/T 0009) in the forms in which agencies write them: r‖s or DER, hex or base64,
 * under a user id. Node's own SM2 signs without a user id, which nobody else accepts; its curve arithmetic is right.
 */
import { createECDH, ECDH } from 'node:crypto';
import forge from 'node-forge';
import { sm2 } from 'sm-crypto';
import { children, isType, parse } from './der.ts';

export const SM2_ENCODINGS = ['rs', 'der'] as const;
export const SM2_TEXTS = ['hex', 'base64'] as const;
/** What GM/T 0009 puts where an agency names no other. */
export const DEFAULT_USER_ID = '1234567812345678';

/** How one agency writes a signature. */
export interface Sm2Form {
  readonly userId: string;
  readonly encoding: (typeof SM2_ENCODINGS)[number];
  readonly text: (typeof SM2_TEXTS)[number];
}

/** Hex: d with 64 digits, and the point as `04‖x‖y`. */
export interface Sm2KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** The order of the curve's base point. */
const ORDER = BigInt('0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123');
/** SubjectPublicKeyInfo of an uncompressed point on the SM2 curve, up to the point (GM/T 0006). */
const SPKI_HEAD = '3059301306072a8648ce3d020106082a811ccf5501822d034200';

/** From 64 hex digits, or PEM (PKCS #8 or SEC 1). Throws when it is no private key of the curve. */
export function readSm2PrivateKey(text: string): Sm2KeyPair {
  const hex = /-----BEGIN /.test(text) ? scalarOf(text) : text.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new Error('no SM2 private key');
  const number = BigInt(`0x${hex}`);
  // d = n - 1 has no inverse of 1 + d, so it cannot sign.
  if (number < 1n || number > ORDER - 2n) throw new Error('no SM2 private key');
  const curve = createECDH('SM2');
  curve.setPrivateKey(hex, 'hex');
  return { privateKey: hex, publicKey: curve.getPublicKey('hex') };
}

/** From hex (`04‖x‖y`, or x‖y alone) or PEM. Throws when it is no point of the curve. */
export function readSm2PublicKey(text: string): string {
  const bare = text.trim().toLowerCase();
  const hex = /-----BEGIN /.test(text) ? pointOf(text) : bare.length === 128 ? `04${bare}` : bare;
  if (!/^04[0-9a-f]{128}$/.test(hex)) throw new Error('no SM2 public key');
  return ECDH.convertKey(hex, 'SM2', 'hex', 'hex', 'uncompressed') as string;
}

/** As openssl reads it. */
export function sm2PublicKeyPem(publicKey: string): string {
  const base64 = Buffer.from(SPKI_HEAD + publicKey, 'hex').toString('base64');
  return `-----BEGIN PUBLIC KEY-----\n${base64.replace(/.{64}/g, '$&\n').trim()}\n-----END PUBLIC KEY-----\n`;
}

export function signSm2(bytes: Uint8Array, { privateKey, publicKey }: Sm2KeyPair, form: Sm2Form): string {
  const hex = sm2.doSignature([...bytes], privateKey, {
    hash: true,
    publicKey,
    userId: form.userId,
    der: form.encoding === 'der',
  });
  return form.text === 'hex' ? hex : Buffer.from(hex, 'hex').toString('base64');
}

/** Takes the form asked for, and no other spelling of it. */
export function verifySm2(bytes: Uint8Array, signature: string, publicKey: string, form: Sm2Form): boolean {
  const der = form.encoding === 'der';
  const raw = Buffer.from(signature, form.text);
  // Node decodes leniently, and sm-crypto reads r‖s of any length: one signature has one spelling.
  if (raw.toString(form.text) !== signature || (!der && raw.length !== 64)) return false;
  return sm2.doVerifySignature([...bytes], raw.toString('hex'), publicKey, {
    hash: true,
    userId: form.userId,
    der,
  });
}

/** DER of the PEM block whose label ends so; openssl may put the curve's name in a block before the key. */
function derOf(pem: string, label: string): Buffer {
  const block = new RegExp(`-----BEGIN (?:\\w+ )?${label}-----([^-]+)-----END`).exec(pem)?.[1] ?? '';
  return Buffer.from(block, 'base64');
}

function scalarOf(pem: string): string {
  const outer = children(parse(derOf(pem, 'PRIVATE KEY')));
  // PKCS #8 wraps SEC 1 in an OCTET STRING after the algorithm; SEC 1 has the key itself in second place.
  const [, second, third] = outer;
  const inner = isType(second, forge.asn1.Type.SEQUENCE) ? children(parse(bytesOf(third)))[1] : second;
  return bytesOf(inner).toString('hex');
}

/** The point is the end of the structure; that the curve is SM2's is seen by the point lying on it. */
const pointOf = (pem: string): string => derOf(pem, 'PUBLIC KEY').toString('hex').slice(-130);

const bytesOf = (item: forge.asn1.Asn1 | undefined): Buffer =>
  Buffer.from(typeof item?.value === 'string' ? item.value : '', 'binary');
