/** A small CA of the test's own: keys by Node, certificates by node-forge, no tool from outside. */
import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

export interface TestIdentity {
  readonly keyPem: string;
  readonly certificatePem: string;
}

export interface TestCa extends TestIdentity {
  issue(cn: string, options?: IssueOptions): TestIdentity;
}

export interface IssueOptions {
  readonly serialNumber?: string;
  readonly from?: Date;
  readonly to?: Date;
  /** DNS or IP of a TLS server. */
  readonly ip?: string;
  readonly ca?: boolean;
}

const FROM = new Date('2020-01-01T00:00:00Z');
const TO = new Date('2060-01-01T00:00:00Z');

export function makeCa(cn = 'Test CA'): TestCa {
  const self = newKey();
  const certificatePem = certificate(cn, self, cn, self, { ca: true });
  return {
    keyPem: self,
    certificatePem,
    issue: (subject, options = {}) => {
      const keyPem = newKey();
      return { keyPem, certificatePem: certificate(subject, keyPem, cn, self, options) };
    },
  };
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

let serial = 1;

function certificate(
  subject: string,
  keyPem: string,
  issuer: string,
  issuerKeyPem: string,
  options: IssueOptions,
): string {
  const made = forge.pki.createCertificate();
  const key = forge.pki.privateKeyFromPem(keyPem);
  made.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  made.serialNumber = (0x1000 + serial++).toString(16);
  made.validity.notBefore = options.from ?? FROM;
  made.validity.notAfter = options.to ?? TO;
  const name = (cn: string): forge.pki.CertificateField[] => [
    { name: 'commonName', value: cn, valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class },
  ];
  const uscc = options.serialNumber ? [{ type: '2.5.4.5', value: options.serialNumber }] : [];
  made.setSubject([...name(subject), ...uscc]);
  made.setIssuer(name(issuer));
  made.setExtensions([
    { name: 'basicConstraints', cA: options.ca ?? false, critical: true },
    ...(options.ca ? [{ name: 'keyUsage', keyCertSign: true, digitalSignature: true }] : []),
    ...(options.ip ? [{ name: 'subjectAltName', altNames: [{ type: 7, ip: options.ip }] }] : []),
  ]);
  made.sign(forge.pki.privateKeyFromPem(issuerKeyPem), forge.md.sha256.create());
  return forge.pki.certificateToPem(made);
}
