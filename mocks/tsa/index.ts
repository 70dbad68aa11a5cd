// The time-stamping authority of a sandbox (RFC 3161 over HTTP): stamps with sandbox time, signs with a certificate of
// the sandbox's CA. What it says, `openssl ts -verify` accepts.
import { createHash, sign } from 'node:crypto';
import * as asn1 from 'asn1js';
import type { Call, Identity, Reply } from '../kernel/agency.ts';
import {
  algorithm,
  attribute,
  bits,
  bytesOf,
  context,
  der,
  integer,
  issuerAndSerial,
  octets,
  oid,
  parts,
  read,
  sequence,
  setOf,
} from '../kernel/asn1.ts';
import type { Sandbox } from '../kernel/sandbox.ts';

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
  constructor(failure: keyof typeof FAILURE, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

interface Asked {
  readonly imprint: asn1.Sequence;
  readonly nonce: asn1.Integer | undefined;
  readonly certificate: boolean;
}

function fieldsOf(body: Buffer): asn1.AsnType[] {
  try {
    return parts(read(body), asn1.Sequence);
  } catch (cause) {
    throw new Refused('badDataFormat', 'not a TimeStampReq', { cause });
  }
}

/** TimeStampReq, RFC 3161 section 2.4.1. */
function requestOf(body: Buffer): Asked {
  const [version, imprint, ...rest] = fieldsOf(body);
  if (
    !(version instanceof asn1.Integer) ||
    version.valueBlock.valueDec !== 1 ||
    !(imprint instanceof asn1.Sequence)
  )
    throw new Refused('badRequest', 'version 1 and a messageImprint are wanted');
  const [kind, hash] = imprint.valueBlock.value;
  const name = kind instanceof asn1.Sequence ? kind.valueBlock.value[0] : undefined;
  const length = name instanceof asn1.ObjectIdentifier ? HASHES[name.valueBlock.toString()] : undefined;
  if (length === undefined) throw new Refused('badAlg', 'SHA-256, SHA-384 or SHA-512 is wanted');
  if (bytesOf(hash)?.length !== length)
    throw new Refused('badDataFormat', 'the hash has not the length of its algorithm');
  const policy = rest.find((node) => node instanceof asn1.ObjectIdentifier);
  if (policy && policy.valueBlock.toString() !== POLICY)
    throw new Refused('unacceptedPolicy', `the policy is ${POLICY}`);
  if (rest.some(({ idBlock }) => idBlock.tagClass === 3))
    throw new Refused('unacceptedExtension', 'no extension is known');
  const nonce = rest.find((node) => node instanceof asn1.Integer);
  const wanted = rest.find((node) => node instanceof asn1.Boolean);
  return {
    imprint,
    nonce,
    certificate: wanted?.valueBlock.value === true,
  };
}

function tokenOf({ imprint, nonce, certificate }: Asked, signer: Identity, serial: number, at: Date) {
  const info = sequence(
    integer(1),
    oid(POLICY),
    imprint,
    integer(serial),
    new asn1.GeneralizedTime({ valueDate: at }),
    sequence(integer(1)), // accuracy: one second
    ...(nonce ? [nonce] : []),
  );
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  const attributes = setOf(
    attribute('1.2.840.113549.1.9.3', oid(TST_INFO)),
    attribute('1.2.840.113549.1.9.4', octets(hash(der(info)))),
    // signingCertificateV2 (RFC 5035); SHA-256 is the default and stays unsaid
    attribute(
      '1.2.840.113549.1.9.16.2.47',
      sequence(sequence(sequence(octets(hash(signer.certificateDer))))),
    ),
  );
  const own = read(signer.certificateDer);
  const signerInfo = sequence(
    integer(1),
    issuerAndSerial(own),
    algorithm(SHA256),
    context(0, ...attributes.valueBlock.value), // [0] IMPLICIT; signed as SET OF
    algorithm('1.2.840.113549.1.1.11'),
    octets(sign('sha256', der(attributes), signer.privateKey)),
  );
  const signed = sequence(
    integer(3),
    setOf(algorithm(SHA256)),
    sequence(oid(TST_INFO), context(0, octets(der(info)))),
    ...(certificate ? [context(0, own)] : []),
    setOf(signerInfo),
  );
  return sequence(oid('1.2.840.113549.1.7.2'), context(0, signed));
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

const granted = (token: asn1.AsnType) => der(sequence(sequence(integer(0)), token));

function rejected({ failure, message }: Refused): Buffer {
  const bit = FAILURE[failure];
  const info = Buffer.alloc((bit >> 3) + 1);
  info[bit >> 3] = 0x80 >> (bit & 7);
  const text = sequence(new asn1.Utf8String({ value: message }));
  return der(sequence(sequence(integer(2), text, bits(info, 7 - (bit & 7)))));
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
    const asked = requestOf(call.body);
    const serial = sandbox.store.next('tsa');
    return reply(200, type, granted(tokenOf(asked, signerOf(sandbox), serial, sandbox.clock.now())));
  } catch (cause) {
    if (cause instanceof Refused) return reply(200, type, rejected(cause));
    throw cause;
  }
}
