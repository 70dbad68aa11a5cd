// Writes X.509 v3 certificates (RFC 5280), sha256WithRSAEncryption. Reading and checking is node:crypto's work.
import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import * as asn1 from 'asn1js';
import { algorithm, bits, context, der, integer, octets, oid, read, sequence, setOf, time } from './asn1.ts';

export interface Subject {
  readonly cn: string;
  /** Attribute serialNumber (2.5.4.5). */
  readonly uscc?: string;
}

const OID = {
  cn: '2.5.4.3',
  serialNumber: '2.5.4.5',
  organisation: '2.5.4.10',
  sha256Rsa: '1.2.840.113549.1.1.11',
  timeStamping: '1.3.6.1.5.5.7.3.8',
};

function name({ cn, uscc }: Subject) {
  const part = (type: string, text: string, printable = false) =>
    setOf(
      sequence(
        oid(type),
        printable ? new asn1.PrintableString({ value: text }) : new asn1.Utf8String({ value: text }),
      ),
    );
  return sequence(
    part(OID.organisation, 'Exitgate mock agencies'),
    part(OID.cn, cn),
    ...(uscc ? [part(OID.serialNumber, uscc, true)] : []),
  );
}

const extension = (id: string, critical: boolean, value: asn1.AsnType) =>
  sequence(oid(id), ...(critical ? [new asn1.Boolean({ value: true })] : []), octets(der(value)));

const spki = (key: KeyObject) =>
  (key.type === 'public' ? key : createPublicKey(key)).export({ type: 'spki', format: 'der' });
const keyId = (key: KeyObject) => createHash('sha1').update(spki(key)).digest();

/** DER of a certificate for the public half of `key`. `serial` up to 16 bytes; validity in whole seconds. */
export function certificate(options: {
  subject: Subject;
  issuer: Subject;
  key: KeyObject;
  issuerKey: KeyObject;
  serial: Uint8Array;
  notBefore: Date;
  notAfter: Date;
  authority: boolean;
  /** For a time-stamping authority alone (RFC 3161 section 2.3). */
  timeStamping?: boolean;
}): Buffer {
  const { subject, issuer, key, issuerKey, authority } = options;
  const positive = Buffer.concat([Buffer.from([0x01]), options.serial]); // a leading 1 keeps the integer positive and minimal
  const usage = authority ? 0b00000110 : 0b11000000; // keyCertSign+cRLSign | digitalSignature+nonRepudiation
  const encipher = authority || options.timeStamping ? 0 : 0b00100000; // the insurance agency encrypts session keys to the client
  const body = sequence(
    context(0, integer(2)),
    new asn1.Integer({ valueHex: positive }),
    algorithm(OID.sha256Rsa),
    name(issuer),
    sequence(time(options.notBefore), time(options.notAfter)),
    name(subject),
    read(spki(key)),
    context(
      3,
      sequence(
        extension('2.5.29.19', true, sequence(...(authority ? [new asn1.Boolean({ value: true })] : []))),
        extension(
          '2.5.29.15',
          true,
          bits(Buffer.from([usage | encipher]), authority ? 1 : options.timeStamping ? 6 : 5),
        ),
        ...(options.timeStamping ? [extension('2.5.29.37', true, sequence(oid(OID.timeStamping)))] : []),
        extension('2.5.29.14', false, octets(keyId(key))),
        extension(
          '2.5.29.35',
          false,
          sequence(
            new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber: 0 }, valueHex: keyId(issuerKey) }),
          ),
        ),
      ),
    ),
  );
  const signature = sign('sha256', der(body), issuerKey);
  return der(sequence(body, algorithm(OID.sha256Rsa), bits(signature)));
}

export const pem = (bytes: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${(
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END CERTIFICATE-----\n`;
