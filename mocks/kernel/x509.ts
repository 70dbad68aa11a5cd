// Writes X.509 v3 certificates (RFC 5280), sha256WithRSAEncryption. Reading and checking is node:crypto's work.
import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import * as asn1 from 'asn1js';

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

const oid = (value: string) => new asn1.ObjectIdentifier({ value });
const sequence = (...value: asn1.AsnType[]) => new asn1.Sequence({ value });
const octets = (bytes: Uint8Array) => new asn1.OctetString({ valueHex: exact(bytes) });
const exact = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;
const der = (node: asn1.AsnType) => Buffer.from(node.toBER());
const context = (tag: number, value: asn1.AsnType[]) =>
  new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber: tag }, value });

function name({ cn, uscc }: Subject) {
  const part = (type: string, text: string, printable = false) =>
    new asn1.Set({
      value: [
        sequence(
          oid(type),
          printable ? new asn1.PrintableString({ value: text }) : new asn1.Utf8String({ value: text }),
        ),
      ],
    });
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
  const algorithm = () => sequence(oid(OID.sha256Rsa), new asn1.Null());
  const positive = Buffer.concat([Buffer.from([0x01]), options.serial]); // a leading 1 keeps the integer positive and minimal
  const usage = authority ? 0b00000110 : 0b11000000; // keyCertSign+cRLSign | digitalSignature+nonRepudiation
  const encipher = authority || options.timeStamping ? 0 : 0b00100000; // the insurance agency encrypts session keys to the client
  const body = sequence(
    context(0, [new asn1.Integer({ value: 2 })]),
    new asn1.Integer({ valueHex: exact(positive) }),
    algorithm(),
    name(issuer),
    sequence(time(options.notBefore), time(options.notAfter)),
    name(subject),
    asn1.fromBER(exact(spki(key))).result,
    context(3, [
      sequence(
        extension('2.5.29.19', true, sequence(...(authority ? [new asn1.Boolean({ value: true })] : []))),
        extension(
          '2.5.29.15',
          true,
          new asn1.BitString({
            valueHex: exact(Buffer.from([usage | encipher])),
            unusedBits: authority ? 1 : options.timeStamping ? 6 : 5,
          }),
        ),
        ...(options.timeStamping ? [extension('2.5.29.37', true, sequence(oid(OID.timeStamping)))] : []),
        extension('2.5.29.14', false, octets(keyId(key))),
        extension(
          '2.5.29.35',
          false,
          sequence(
            new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber: 0 }, valueHex: exact(keyId(issuerKey)) }),
          ),
        ),
      ),
    ]),
  );
  const signature = sign('sha256', der(body), issuerKey);
  return der(sequence(body, algorithm(), new asn1.BitString({ valueHex: exact(signature) })));
}

/** RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime after. */
function time(at: Date) {
  const whole = new Date(Math.floor(at.getTime() / 1000) * 1000);
  return whole.getUTCFullYear() < 2050
    ? new asn1.UTCTime({ valueDate: whole })
    : new asn1.GeneralizedTime({ valueDate: whole });
}

export const pem = (bytes: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${(
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END CERTIFICATE-----\n`;
