// Certificates for keys that the caller has made (PKCS #10), and a PKCS #12 file for a quick start.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import * as asn1 from 'asn1js';
import { parts, read, whole } from '../kernel/asn1.ts';
import { isUscc } from '../kernel/identifiers.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import type { Sentence } from '../kernel/scenario.ts';
import { pem } from '../kernel/x509.ts';
import { identity } from './control.ts';
import { DeskError } from './problem.ts';

const refuse = (why: Sentence, cause?: unknown) => {
  const error = new DeskError(400, 'CSR_INVALID', why);
  if (cause !== undefined) error.cause = cause;
  return error;
};

interface Request {
  readonly key: KeyObject;
  readonly cn: string | undefined;
  readonly uscc: string | undefined;
}

function fieldsOf(bytes: Buffer): asn1.AsnType[] {
  try {
    return parts(read(bytes), asn1.Sequence);
  } catch (cause) {
    throw refuse({ en: 'the request is not DER', zh: '证书请求不是 DER 编码' }, cause);
  }
}

/** RFC 2986, with proof that the caller has the key. */
function requestOf(text: string): Request {
  const base64 = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([\s\S]+?)-----END/.exec(text)?.[1];
  if (base64 === undefined)
    throw refuse({
      en: 'csr is a PEM with BEGIN CERTIFICATE REQUEST',
      zh: 'csr 应为含 BEGIN CERTIFICATE REQUEST 的 PEM',
    });
  const [info, , signature] = fieldsOf(Buffer.from(base64, 'base64'));
  if (!(info instanceof asn1.Sequence) || !(signature instanceof asn1.BitString))
    throw refuse({ en: 'the request is no PKCS #10', zh: '证书请求不符合 PKCS #10' });
  const [, subject, spki] = info.valueBlock.value;
  let key: KeyObject;
  try {
    key = createPublicKey({ key: spki ? whole(spki) : Buffer.alloc(0), format: 'der', type: 'spki' });
  } catch (cause) {
    throw refuse({ en: 'the public key cannot be read', zh: '无法读取公钥' }, cause);
  }
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    throw refuse({
      en: 'the agencies take RSA keys of 2048 bits and more',
      zh: '模拟机构只接受 2048 位及以上的 RSA 密钥',
    });
  const proof = Buffer.from(signature.valueBlock.valueHexView);
  if (!['sha256', 'sha384', 'sha512'].some((hash) => verify(hash, whole(info), key, proof)))
    throw refuse({
      en: 'the request is not signed by its own key (RSA with SHA-256, 384 or 512)',
      zh: '证书请求未由其自身密钥签名（RSA，SHA-256、384 或 512）',
    });
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
  const { key, cn, uscc } = requestOf(input.csr);
  const unit = input.uscc ?? uscc;
  const name = input.name ?? cn;
  if (unit === undefined || name === undefined)
    throw refuse({
      en: 'the subject needs CN and serialNumber (the USCC), or say name and uscc',
      zh: '主题须含 CN 和 serialNumber（统一社会信用代码），或另行给出 name 和 uscc',
    });
  if (!isUscc(unit))
    throw new DeskError(400, 'USCC_INVALID', {
      en: 'not a unified social credit code (GB 32100)',
      zh: '不是有效的统一社会信用代码（GB 32100）',
    });
  return pem(sandbox.ca.certify({ cn: name.slice(0, 200), uscc: unit }, key));
}

/** Key, certificate and CA in one file, AES-256. */
export async function pkcs12(
  sandbox: Sandbox,
  uscc: string,
  name: string,
  password: string,
): Promise<Buffer> {
  // Here, not at the top: it is large, and a start does without it.
  const { default: forge } = await import('node-forge');
  const { keyPem, certificatePem } = await identity(sandbox, uscc, name);
  const bag = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(keyPem),
    [forge.pki.certificateFromPem(certificatePem), forge.pki.certificateFromPem(sandbox.ca.certificatePem)],
    password,
    { algorithm: 'aes256', friendlyName: 'exitgate-mock' },
  );
  return Buffer.from(forge.asn1.toDer(bag).getBytes(), 'binary');
}
