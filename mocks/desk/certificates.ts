// Certificates for keys that the caller has made (PKCS #10), and a PKCS #12 file for a quick start.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import * as asn1 from 'asn1js';
import forge from 'node-forge';
import { isUscc } from '../kernel/identifiers.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { pem } from '../kernel/x509.ts';
import { identity } from './control.ts';
import { DeskError } from './problem.ts';

const refuse = (why: string, cause?: unknown) => {
  const error = new DeskError(400, 'CSR_INVALID', why);
  if (cause !== undefined) error.cause = cause;
  return error;
};

interface Request {
  readonly key: KeyObject;
  readonly cn: string | undefined;
  readonly uscc: string | undefined;
}

const bytes = (node: asn1.AsnType | undefined) => Buffer.from(node?.toBER() ?? new ArrayBuffer(0));

/** RFC 2986, with proof that the caller has the key. */
function read(text: string): Request {
  const base64 = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([\s\S]+?)-----END/.exec(text)?.[1];
  if (base64 === undefined) throw refuse('csr is a PEM with BEGIN CERTIFICATE REQUEST');
  const { result, offset } = asn1.fromBER(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
  if (offset === -1 || !(result instanceof asn1.Sequence)) throw refuse('the request is not DER');
  const [info, , signature] = result.valueBlock.value;
  if (!(info instanceof asn1.Sequence) || !(signature instanceof asn1.BitString))
    throw refuse('the request is no PKCS #10');
  const [, subject, spki] = info.valueBlock.value;
  let key: KeyObject;
  try {
    key = createPublicKey({ key: bytes(spki), format: 'der', type: 'spki' });
  } catch (cause) {
    throw refuse('the public key cannot be read', cause);
  }
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    throw refuse('the agencies take RSA keys of 2048 bits and more');
  const proof = Buffer.from(signature.valueBlock.valueHexView);
  if (!['sha256', 'sha384', 'sha512'].some((hash) => verify(hash, bytes(info), key, proof)))
    throw refuse('the request is not signed by its own key (RSA with SHA-256, 384 or 512)');
  const part = (type: string): string | undefined => {
    const sets = subject instanceof asn1.Sequence ? subject.valueBlock.value : [];
    for (const set of sets) {
      const pair = set instanceof asn1.Set ? set.valueBlock.value[0] : undefined;
      const [name, value] = pair instanceof asn1.Sequence ? pair.valueBlock.value : [];
      if (!(name instanceof asn1.ObjectIdentifier) || name.valueBlock.toString() !== type) continue;
      if (value instanceof asn1.BaseStringBlock) return String(value.getValue());
    }
    return undefined;
  };
  return { key, cn: part('2.5.4.3'), uscc: part('2.5.4.5') };
}

/** The unit is what the request's subject says (CN, serialNumber), unless the caller says otherwise. */
export function certify(sandbox: Sandbox, input: { csr: string; uscc?: string; name?: string }): string {
  const { key, cn, uscc } = read(input.csr);
  const unit = input.uscc ?? uscc;
  const name = input.name ?? cn;
  if (unit === undefined || name === undefined)
    throw refuse('the subject needs CN and serialNumber (the USCC), or say name and uscc');
  if (!isUscc(unit)) throw new DeskError(400, 'USCC_INVALID', 'not a unified social credit code (GB 32100)');
  return pem(sandbox.ca.certify({ cn: name.slice(0, 200), uscc: unit }, key));
}

/** Key, certificate and CA in one file, AES-256. */
export async function pkcs12(
  sandbox: Sandbox,
  uscc: string,
  name: string,
  password: string,
): Promise<Buffer> {
  const { keyPem, certificatePem } = await identity(sandbox, uscc, name);
  const bag = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(keyPem),
    [forge.pki.certificateFromPem(certificatePem), forge.pki.certificateFromPem(sandbox.ca.certificatePem)],
    password,
    { algorithm: 'aes256', friendlyName: 'exitgate-mock' },
  );
  return Buffer.from(forge.asn1.toDer(bag).getBytes(), 'binary');
}
