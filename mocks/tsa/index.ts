// The time-stamping authority of a sandbox (RFC 3161 over HTTP): stamps with sandbox time, signs with a certificate of
// the sandbox's CA. What it says, `openssl ts -verify` accepts.
import { createHash, sign } from 'node:crypto';
import * as asn1 from 'asn1js';
import type { Call, Identity, Reply } from '../kernel/agency.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { context, generalizedTime, integer, NULL, octets, oid, sequence, setOf, tlv } from './der.ts';

const POLICY = '1.3.6.1.4.1.99999.1.1';
const SHA256 = '2.16.840.1.101.3.4.2.1';
/** Hashes that it stamps, with their length in bytes. */
const HASHES: Readonly<Record<string, number>> = {
  [SHA256]: 32,
  '2.16.840.1.101.3.4.2.2': 48,
  '2.16.840.1.101.3.4.2.3': 64,
};
const TST_INFO = '1.2.840.113549.1.9.16.1.4';

/** Bits of PKIFailureInfo. */
const FAILURE = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
} as const;

class Refused extends Error {
  readonly failure: keyof typeof FAILURE;
  constructor(failure: keyof typeof FAILURE, message: string) {
    super(message);
    this.failure = failure;
  }
}

interface Asked {
  readonly imprint: Buffer;
  readonly nonce: Buffer | undefined;
  readonly certificate: boolean;
}

const encoded = (node: asn1.AsnType): Buffer => Buffer.from(node.toBER());

/** TimeStampReq, RFC 3161 section 2.4.1. */
function read(body: Buffer): Asked {
  const { result, offset } = asn1.fromBER(new Uint8Array(body).buffer);
  if (offset === -1 || !(result instanceof asn1.Sequence))
    throw new Refused('badDataFormat', 'not a TimeStampReq');
  const [version, imprint, ...rest] = result.valueBlock.value;
  if (
    !(version instanceof asn1.Integer) ||
    version.valueBlock.valueDec !== 1 ||
    !(imprint instanceof asn1.Sequence)
  )
    throw new Refused('badRequest', 'version 1 and a messageImprint are wanted');
  const [algorithm, hash] = imprint.valueBlock.value;
  const name = algorithm instanceof asn1.Sequence ? algorithm.valueBlock.value[0] : undefined;
  const length = name instanceof asn1.ObjectIdentifier ? HASHES[name.valueBlock.toString()] : undefined;
  if (length === undefined) throw new Refused('badAlg', 'SHA-256, SHA-384 or SHA-512 is wanted');
  if (!(hash instanceof asn1.OctetString) || hash.valueBlock.valueHexView.length !== length)
    throw new Refused('badDataFormat', 'the hash has not the length of its algorithm');
  const policy = rest.find((node) => node instanceof asn1.ObjectIdentifier);
  if (policy && policy.valueBlock.toString() !== POLICY)
    throw new Refused('unacceptedPolicy', `the policy is ${POLICY}`);
  if (rest.some(({ idBlock }) => idBlock.tagClass === 3))
    throw new Refused('unacceptedExtension', 'no extension is known');
  const nonce = rest.find((node) => node instanceof asn1.Integer);
  const wanted = rest.find((node) => node instanceof asn1.Boolean);
  return {
    imprint: encoded(imprint),
    nonce: nonce && encoded(nonce),
    certificate: wanted?.valueBlock.value === true,
  };
}

function tokenOf({ imprint, nonce, certificate }: Asked, signer: Identity, serial: number, at: Date): Buffer {
  const info = sequence(
    integer(1),
    oid(POLICY),
    imprint,
    integer(serial),
    generalizedTime(at),
    sequence(integer(1)), // accuracy: one second
    ...(nonce ? [nonce] : []),
  );
  const algorithm = sequence(oid(SHA256), NULL);
  const attribute = (type: string, value: Buffer) => sequence(oid(type), setOf(value));
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  const attributes = setOf(
    attribute('1.2.840.113549.1.9.3', oid(TST_INFO)),
    attribute('1.2.840.113549.1.9.4', octets(hash(info))),
    // signingCertificateV2 (RFC 5035); SHA-256 is the default and stays unsaid
    attribute(
      '1.2.840.113549.1.9.16.2.47',
      sequence(sequence(sequence(octets(hash(signer.certificateDer))))),
    ),
  );
  const signerInfo = sequence(
    integer(1),
    issuerAndSerial(signer.certificateDer),
    algorithm,
    Buffer.concat([Buffer.from([0xa0]), attributes.subarray(1)]), // [0] IMPLICIT; signed as SET OF
    sequence(oid('1.2.840.113549.1.1.11'), NULL),
    octets(sign('sha256', attributes, signer.privateKey)),
  );
  const signed = sequence(
    integer(3),
    setOf(algorithm),
    sequence(oid(TST_INFO), context(0, octets(info))),
    ...(certificate ? [context(0, signer.certificateDer)] : []),
    setOf(signerInfo),
  );
  return sequence(oid('1.2.840.113549.1.7.2'), context(0, signed));
}

function issuerAndSerial(der: Buffer): Buffer {
  const { result } = asn1.fromBER(new Uint8Array(der).buffer);
  const body = result instanceof asn1.Sequence ? result.valueBlock.value[0] : undefined;
  if (!(body instanceof asn1.Sequence)) throw new Error('a certificate without a body');
  const [, serial, , issuer] = body.valueBlock.value;
  if (!serial || !issuer) throw new Error('a certificate without serial or issuer');
  return sequence(encoded(issuer), encoded(serial));
}

const signers = new WeakMap<Sandbox, Identity>();

/** Made at the first stamp: most sandboxes never need one. */
function signerOf(sandbox: Sandbox): Identity {
  const known = signers.get(sandbox);
  if (known) return known;
  const fresh = sandbox.ca.timeStamping('tsa.agency.mock');
  signers.set(sandbox, fresh);
  return fresh;
}

const reply = (status: number, type: string, body: Buffer | string): Reply => ({
  status,
  headers: { 'content-type': type },
  body,
});

const granted = (token: Buffer) => sequence(sequence(integer(0)), token);

function rejected({ failure, message }: Refused): Buffer {
  const bit = FAILURE[failure];
  const bits = Buffer.alloc((bit >> 3) + 1);
  bits[bit >> 3] = 0x80 >> (bit & 7);
  const unused = Buffer.from([7 - (bit & 7)]);
  return sequence(sequence(integer(2), sequence(tlv(0x0c, Buffer.from(message))), tlv(0x03, unused, bits)));
}

/** POST application/timestamp-query → application/timestamp-reply. GET tells the certificate. */
export function answerTsa(sandbox: Sandbox, call: Call): Reply {
  if (call.method === 'GET' && call.path === '/certificate.pem')
    return reply(200, 'application/x-pem-file', signerOf(sandbox).certificatePem);
  if (call.method !== 'POST')
    return reply(405, 'text/plain; charset=utf-8', 'POST a TimeStampReq; GET certificate.pem\n');
  if (!/^application\/timestamp-query\b/i.test(call.headers['content-type'] ?? ''))
    return reply(415, 'text/plain; charset=utf-8', 'content-type application/timestamp-query is wanted\n');
  const type = 'application/timestamp-reply';
  try {
    const asked = read(call.body);
    const serial = sandbox.store.next('tsa');
    return reply(200, type, granted(tokenOf(asked, signerOf(sandbox), serial, sandbox.clock.now())));
  } catch (cause) {
    if (cause instanceof Refused) return reply(200, type, rejected(cause));
    throw cause;
  }
}
