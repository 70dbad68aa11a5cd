// The mock CA of one sandbox. RSA keys are made once per process and shared between sandboxes, because making one takes
// longer than all else a sandbox needs; each sandbox has its own issuer name, so certificates do not cross over.
import {
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { promisify } from 'node:util';
import { type AgencyName, type Authority, type Identity, Refusal, type Signer } from './agency.ts';
import { KEEPS_ALL, type Keeps } from './rules.ts';
import { certificate, pem, type Subject } from './x509.ts';

const DAY = 86_400_000;
const YEAR = 365 * 86_400_000;
/** Certificates are good from here on, and those of the CA and the agencies to past the end of sandbox time. */
export const BEGINNING = new Date('2020-01-01T00:00:00Z');
const AGENCIES_END = new Date('2205-01-01T00:00:00Z');
const CA_END = new Date('2210-01-01T00:00:00Z');
const KEYS_KEPT = 2000;

const generate = promisify(generateKeyPair);
const newKey = async () => (await generate('rsa', { modulusLength: 2048 })).privateKey;

const pool = new Map<string, Promise<KeyObject>>();

/** One RSA key per purpose and process. */
export function key(purpose: string): Promise<KeyObject> {
  const known = pool.get(purpose);
  if (known) return known;
  const oldest =
    pool.size >= KEYS_KEPT ? [...pool.keys()].find((name) => name.startsWith('unit:')) : undefined;
  if (oldest) pool.delete(oldest);
  const fresh = newKey();
  pool.set(purpose, fresh);
  return fresh;
}

export interface SandboxAuthority extends Authority {
  /** The day the CA was made: a fork's CA is the same one. */
  readonly birth: Date;
  agency(name: AgencyName, cn: string): Identity;
  /** A certificate for the time-stamping authority of this sandbox. */
  timeStamping(cn: string): Identity;
  /** A certificate for somebody's own key, for three years. DER. */
  certify(subject: Subject, key: KeyObject): Buffer;
  /** The same name and key usage, from an authority that nobody trusts: for the fault `foreign-signature`. */
  foreign(cn: string): Promise<Identity>;
}

/** Call `await prepareKeys()` once before; after it a sandbox's CA costs one signature. */
export async function prepareKeys(): Promise<{ caKey: KeyObject; agencyKey: KeyObject }> {
  const [caKey, agencyKey] = await Promise.all([key('ca'), key('agency')]);
  return { caKey, agencyKey };
}

export function createAuthority(options: {
  sandbox: string;
  seed: string;
  secret: string;
  /** Units have keys that no other sandbox has; else the process makes one for each unit, which takes its time once. */
  ownKeys?: boolean;
  now: () => Date;
  keys: { caKey: KeyObject; agencyKey: KeyObject };
  birth?: Date;
  keeps?: Keeps;
}): SandboxAuthority {
  const { sandbox, seed, secret, now, keys, keeps = KEEPS_ALL } = options;
  const issuer: Subject = { cn: `Exitgate mock CA (sandbox ${sandbox})` };
  // To the day: a certificate that ended a millisecond later would make other bytes of the same seed and calls.
  const birth = options.birth ?? new Date(Math.floor(now().getTime() / DAY) * DAY);
  const root = selfSigned(issuer, keys.caKey);
  const caPublic = createPublicKey(keys.caKey);
  const caCertificate = new X509Certificate(root);
  const ring = options.ownKeys ? `${secret}:` : '';
  const issued = new Map<string, { identity: Identity; notAfter: Date }>();
  const verdicts = new WeakMap<X509Certificate, boolean>();

  /** Issuer name and signature both: all sandboxes share one CA key, and a name alone proves nothing. */
  function isOurs(found: X509Certificate): boolean {
    const ours = verdicts.get(found) ?? (found.checkIssued(caCertificate) && found.verify(caPublic));
    verdicts.set(found, ours);
    return ours;
  }

  function issue(subject: Subject, subjectKey: KeyObject, notAfter: Date, timeStamping = false): Identity {
    return identityOf(subject, subjectKey, write(subject, subjectKey, notAfter, timeStamping));
  }

  function write(subject: Subject, subjectKey: KeyObject, notAfter: Date, timeStamping = false): Buffer {
    const fingerprint =
      subjectKey.type === 'public'
        ? subjectKey.export({ type: 'spki', format: 'der' }).toString('base64')
        : '';
    return certificate({
      subject,
      issuer,
      key: subjectKey,
      issuerKey: keys.caKey,
      serial: serial(
        `${sandbox}|${seed}|${subject.cn}|${subject.uscc ?? ''}|${notAfter.toISOString()}${fingerprint}`,
      ),
      notBefore: BEGINNING,
      notAfter,
      authority: false,
      timeStamping,
    });
  }

  function selfSigned(subject: Subject, caKey: KeyObject): Buffer {
    return certificate({
      subject,
      issuer: subject,
      key: caKey,
      issuerKey: caKey,
      serial: serial(`${subject.cn}|ca`),
      notBefore: BEGINNING,
      notAfter: CA_END,
      authority: true,
    });
  }

  return {
    birth,
    certificateDer: root,
    certificatePem: pem(root),
    async identity(uscc, name) {
      const unitKey = await key(`unit:${ring}${uscc}`);
      const known = issued.get(`${uscc}|${name}`);
      if (known && known.notAfter > now()) return known.identity;
      const ends = new Date(birth.getTime() + 3 * YEAR);
      const notAfter = ends > now() ? ends : new Date(now().getTime() + 3 * YEAR);
      const identity = issue({ cn: name, uscc }, unitKey, notAfter);
      if (issued.size >= KEYS_KEPT) issued.clear(); // they come out the same when asked for again
      issued.set(`${uscc}|${name}`, { identity, notAfter });
      return identity;
    },
    agency: (_name, cn) => issue({ cn }, keys.agencyKey, AGENCIES_END),
    timeStamping: (cn) => issue({ cn }, keys.agencyKey, AGENCIES_END, true),
    certify: (subject, subjectKey) =>
      write(subject, subjectKey, new Date(Math.max(birth.getTime(), now().getTime()) + 3 * YEAR)),
    async foreign(cn) {
      const foreignKey = await key('foreign');
      const der = certificate({
        subject: { cn },
        issuer: { cn: 'Some other CA' },
        key: foreignKey,
        issuerKey: foreignKey,
        serial: serial(`foreign|${cn}`),
        notBefore: BEGINNING,
        notAfter: AGENCIES_END,
        authority: false,
      });
      return identityOf({ cn }, foreignKey, der);
    },
    verify(der) {
      const found = read(der);
      if (keeps('kernel.certificate-issuer') && !isOurs(found)) {
        throw new Refusal('AUTH_CERTIFICATE', 'the certificate was not issued by the CA of this sandbox', {
          status: 401,
        });
      }
      const at = now();
      const inForce = at >= new Date(found.validFrom) && at <= new Date(found.validTo);
      if (keeps('kernel.certificate-validity') && !inForce) {
        throw new Refusal('AUTH_CERTIFICATE', `the certificate is not valid at ${at.toISOString()}`, {
          status: 401,
        });
      }
      return signerOf(found);
    },
    clientSecret: (uscc) => createHmac('sha256', secret).update(`oauth|${uscc}`).digest('base64url'),
  };
}

const serial = (text: string) => createHash('sha256').update(text).digest().subarray(0, 15);

function identityOf(subject: Subject, privateKey: KeyObject, der: Buffer): Identity {
  return Object.freeze({
    cn: subject.cn,
    ...(subject.uscc ? { uscc: subject.uscc } : {}),
    privateKey,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: pem(der),
    certificateDer: der,
  });
}

/** Clients come again and again with the same certificate, and parsing it is dear. */
const known = new Map<string, X509Certificate>();
const MOST_KNOWN = 1000;

function read(der: Uint8Array): X509Certificate {
  const key = Buffer.from(der).toString('latin1');
  const before = known.get(key);
  if (before) return before;
  try {
    const certificate = new X509Certificate(der);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, certificate);
    return certificate;
  } catch (cause) {
    throw new Refusal('AUTH_CERTIFICATE', 'the certificate cannot be read', { status: 401, cause });
  }
}

const signers = new WeakMap<X509Certificate, Signer>();

function signerOf(found: X509Certificate): Signer {
  const known = signers.get(found) ?? readSigner(found);
  signers.set(found, known);
  return known;
}

function readSigner(found: X509Certificate): Signer {
  const subject: unknown = found.toLegacyObject().subject;
  const field = (name: string): string => {
    const value = typeof subject === 'object' && subject !== null ? Reflect.get(subject, name) : undefined;
    return typeof value === 'string' ? value : '';
  };
  return { cn: field('CN'), uscc: field('serialNumber'), publicKey: found.publicKey };
}
