// A request of the journal, looked at again: who signed it, what exactly was signed, and what the schema says to it.
// Reads only: the agencies' own checks are called once more, and what they throw is the verdict.
import { createHash, X509Certificate } from 'node:crypto';
import { XmlC14NMode, XmlValidateError } from 'libxml2-wasm';
import { requireFit } from '../credit/contract.ts';
import { SIGNATURE_HEADER, verifyRequest } from '../credit/jws.ts';
import { findRoute } from '../credit/routes.ts';
import { authenticate as readInsurance, validate as validateInsurance } from '../insurance/message.ts';
import { requireContent } from '../insurance-sm2/contract.ts';
import { claimedClient, openBody, requireSignature, signedRequest } from '../insurance-sm2/message.ts';
import { type AgencyName, type Call, Refusal, type Room } from '../kernel/agency.ts';
import type { Exchange } from '../kernel/journal.ts';
import type { Sentence } from '../kernel/scenario.ts';
import { validate as validateLabor } from '../labor/contract.ts';
import { verifyBody } from '../labor/signature.ts';
import { elements, withXml, xpath } from '../labor/xml.ts';
import { DeskError } from './problem.ts';
import { schemaSays } from './schema-words.ts';

export interface SchemaError {
  /** Of the message as sent. */
  readonly line?: number;
  /** Element or member that it is about. */
  readonly field?: string;
  /** What is wrong, and with what. */
  readonly says: Sentence;
  /** The validator's own words. */
  readonly message: string;
}

export interface Inspection {
  readonly signature: {
    /** `valid`, `none` (nothing to sign), or the code of the refusal. */
    readonly verdict: string;
    readonly reason?: string;
    readonly form: string;
    readonly certificate?: Certificate;
    /** The bytes that the signature covers, as text. */
    readonly signed?: string;
    readonly sha256?: string;
    /** What travelled encrypted, as it was read. */
    readonly opened?: string;
  };
  readonly schema: { readonly valid: boolean; readonly errors: readonly SchemaError[] };
}

interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly not_before: string;
  readonly not_after: string;
}

/** The journal's entry as the agency was called with it. */
export function callOf({ request }: Exchange, base: string): Call {
  const { pathname, searchParams } = new URL(request.path, 'http://agency.mock');
  return { ...request, path: pathname, query: searchParams, base };
}

export async function inspect(entry: Exchange, room: Room): Promise<Inspection> {
  const call = callOf(entry, '');
  const read = inspectors[entry.agency];
  if (!read)
    throw new DeskError(501, 'NOT_IMPLEMENTED', {
      en: `messages of ${entry.agency} are not read here`,
      zh: `此处不解读机构 ${entry.agency} 的报文`,
    });
  return read(call, room);
}

const BODY = xpath('/soap:Envelope/soap:Body');
const X509 = xpath('//ds:X509Certificate');

async function ofLabor(call: Call, room: Room): Promise<Inspection> {
  const form = 'XML-DSig';
  try {
    return withXml(call.body, (doc) => {
      const signed = elements(doc, BODY)[0]?.canonicalizeToString({
        mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
      });
      const der = Buffer.from(elements(doc, X509)[0]?.content ?? '', 'base64');
      const { error } = attempt(() => verifyBody(doc, room));
      return {
        signature: { ...verdict(error), form, ...certificate(der), ...covered(signed) },
        schema: schemaOf(() => validateLabor(doc)),
      };
    });
  } catch (error) {
    return { signature: { ...verdict(error), form }, schema: schemaOf(() => raise(error)) };
  }
}

async function ofInsurance(call: Call, room: Room): Promise<Inspection> {
  const form = 'CMS (PKCS#7)';
  try {
    const request = await readInsurance(call, room);
    const signed = request.payload.toString('utf8');
    return {
      signature: {
        verdict: 'valid',
        form,
        ...certificate(request.signer.certificateDer),
        ...covered(signed),
      },
      schema: schemaOf(() => validateInsurance(request, room)),
    };
  } catch (error) {
    return { signature: { ...verdict(error), form }, schema: schemaOf(() => raise(error)) };
  }
}

async function ofCredit(call: Call, room: Room): Promise<Inspection> {
  const form = 'JWS';
  const jws = call.headers[SIGNATURE_HEADER];
  const route = findRoute(call)?.route;
  const { value: body, error: broken } = attempt((): unknown => JSON.parse(call.body.toString('utf8')));
  const schema = schemaOf(() => {
    if (route?.body === undefined) return;
    if (broken !== undefined) throw new Refusal('SCHEMA_INVALID', 'The body is not JSON');
    requireFit(route.body, body);
  });
  if (jws === undefined)
    return { signature: { ...verdict(undefined), verdict: route?.body ? 'missing' : 'none', form }, schema };
  const { value: header } = attempt(
    () =>
      JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString('utf8')) as {
        iat?: number;
        x5c?: string[];
      },
  );
  // As of the moment it was signed: a client's clock was judged then, and is no question now.
  const then = { ...room, wallNow: () => new Date((header?.iat ?? 0) * 1000) };
  const { error } = attempt(() => verifyRequest(call, then));
  const der = Buffer.from(header?.x5c?.[0] ?? '', 'base64');
  return {
    signature: { ...verdict(error), form, ...certificate(der), ...covered(call.body.toString('utf8')) },
    schema,
  };
}

function ofInsuranceSm2(call: Call, room: Room): Inspection {
  const form = 'SM2 / SM3';
  const client = claimedClient(call, room);
  if (!client)
    return {
      signature: { verdict: 'AUTH_CLIENT', reason: 'X-Client-Id is not registered', form },
      schema: { valid: true, errors: [] },
    };
  const { error } = attempt(() => requireSignature(call, client, room));
  const { value: content } = attempt(() => openBody(call, client, room));
  return {
    signature: {
      ...verdict(error),
      form,
      ...covered(signedRequest(call).toString('utf8')),
      ...(content === undefined ? {} : { opened: JSON.stringify(content) }),
    },
    schema: schemaOf(() => requireContent(call.path, content)),
  };
}

const inspectors: Readonly<Record<AgencyName, (call: Call, room: Room) => Inspection | Promise<Inspection>>> =
  { labor: ofLabor, insurance: ofInsurance, credit: ofCredit, 'insurance-sm2': ofInsuranceSm2 };

function attempt<T>(work: () => T): { readonly value?: T; readonly error?: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

function raise(error: unknown): never {
  throw error;
}

function verdict(error: unknown): { verdict: string; reason?: string } {
  if (error === undefined) return { verdict: 'valid' };
  if (error instanceof Refusal) return { verdict: error.code, reason: error.message };
  return { verdict: 'UNREADABLE', reason: error instanceof Error ? error.message : String(error) };
}

const covered = (signed: string | undefined) =>
  signed === undefined ? {} : { signed, sha256: createHash('sha256').update(signed, 'utf8').digest('hex') };

function certificate(der: Buffer): { certificate?: Certificate } {
  const { value } = attempt(() => new X509Certificate(der));
  if (!value) return {};
  const flat = (name: string) => name.split('\n').join(', ');
  return {
    certificate: {
      subject: flat(value.subject),
      issuer: flat(value.issuer),
      serial: value.serialNumber,
      not_before: new Date(value.validFrom).toISOString(),
      not_after: new Date(value.validTo).toISOString(),
    },
  };
}

/** Only what the schema says; a signature that fails says nothing about it. */
function schemaOf(work: () => void): Inspection['schema'] {
  const { error } = attempt(work);
  if (!(error instanceof Refusal) || error.code !== 'SCHEMA_INVALID') return { valid: true, errors: [] };
  const { cause, extra } = error;
  if (cause instanceof XmlValidateError)
    return { valid: false, errors: cause.details.map(({ line, message }) => placed(message.trim(), line)) };
  if (Array.isArray(extra.errors))
    return {
      valid: false,
      errors: extra.errors.map(({ pointer, message }: { pointer: string; message: string }) => {
        const field = pointer.split('/').at(-1) ?? '';
        return { field, says: schemaSays(message, field), message: `${pointer}: ${message}` };
      }),
    };
  const said = Array.isArray(extra.detail) ? extra.detail.map(String) : [error.message];
  return { valid: false, errors: said.map((message) => placed(message, undefined)) };
}

/** libxml2 names the element: `Element '{urn:…}abc916': [facet 'pattern'] …`. */
function placed(message: string, line: number | undefined): SchemaError {
  const field = /Element '(?:\{[^}]*\})?([\w-]+)'/.exec(message)?.[1];
  const at = line ?? (/^line (\d+):/.exec(message)?.[1] || undefined);
  return {
    ...(at === undefined ? {} : { line: Number(at) }),
    ...(field === undefined ? {} : { field }),
    says: schemaSays(message, field),
    message: message.replaceAll(/\{urn:[^}]*\}/g, ''),
  };
}
