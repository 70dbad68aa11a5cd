// XML-DSig over the SOAP Body (exclusive c14n, RSA-SHA256), written on libxml2's canonicaliser and node:crypto, so that it
// shares nothing with the gateway's. The answer to "who signed" is given only together with the element that was signed.
import { createHash, sign as rsaSign, verify as rsaVerify, timingSafeEqual } from 'node:crypto';
import { XmlC14NMode, type XmlDocument, type XmlElement } from 'libxml2-wasm';
import { type Identity, Refusal, type Room, type Signer } from '../kernel/agency.ts';
import { children, elements, NS, xpath } from './xml.ts';

const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';

const BODIES = xpath('//soap:Body');
const BODY = xpath('/soap:Envelope/soap:Body');
const SIGNATURES = xpath('//ds:Signature');
const SIGNATURE = xpath('/soap:Envelope/soap:Header/wsse:Security/ds:Signature');
const SECURITIES = xpath('//wsse:Security');
const IDS = xpath("//@*[local-name() = 'Id' or local-name() = 'ID' or local-name() = 'id']");

const PARTS = 'labor.signature-parts';

/** Refuses unless it holds, or a test has let the rule off. */
type Demand = (rule: string, holds: boolean, otherwise: string) => void;

function refuse(message: string): never {
  throw new Refusal('AUTH_SIGNATURE', message, { status: 401 });
}

/** The Body, and who vouches for every byte of it. Throws AUTH_SIGNATURE or AUTH_CERTIFICATE. */
export function verifyBody(
  doc: XmlDocument,
  { ca, keeps }: Pick<Room, 'ca' | 'keeps'>,
): { body: XmlElement; signer: Signer } {
  const demand: Demand = (rule, holds, otherwise) => {
    if (!holds && keeps(rule)) refuse(otherwise);
  };
  const signature = onlyOne(doc, demand);
  const body = onlyBody(doc, demand);
  const [signedInfo, signatureValue, keyInfo, ...more] = children(signature);
  demand(PARTS, more.length === 0, 'ds:Signature has more parts than SignedInfo, SignatureValue and KeyInfo');
  const info = named(signedInfo, 'SignedInfo');
  const value = named(signatureValue, 'SignatureValue');
  const signer = ca.verify(certificateIn(named(keyInfo, 'KeyInfo'), demand));

  const [canonicalization, method, reference, ...others] = children(info);
  demand(PARTS, others.length === 0, 'exactly one ds:Reference is allowed');
  algorithm(named(canonicalization, 'CanonicalizationMethod'), C14N, demand);
  algorithm(named(method, 'SignatureMethod'), RSA_SHA256, demand);
  checkReference(named(reference, 'Reference'), body, demand);

  const signed = canonical(info, prefixes(named(canonicalization, 'CanonicalizationMethod'), demand));
  const fits = rsaVerify('sha256', signed, signer.publicKey, base64(value.content));
  demand('labor.signature', fits, 'the signature does not verify');
  return { body, signer };
}

function onlyOne(doc: XmlDocument, demand: Demand): XmlElement {
  demand('labor.one-signature', elements(doc, SECURITIES).length <= 1, 'more than one wsse:Security');
  const all = elements(doc, SIGNATURES);
  const [any] = all;
  if (!any) refuse('the message is not signed');
  demand('labor.one-signature', all.length === 1, 'more than one ds:Signature');
  const [signature] = elements(doc, SIGNATURE);
  const placed = signature !== undefined;
  demand('labor.signature-place', placed, 'ds:Signature is not in soap:Header/wsse:Security');
  return signature ?? any;
}

function onlyBody(doc: XmlDocument, demand: Demand): XmlElement {
  const [body] = elements(doc, BODY);
  const all = elements(doc, BODIES);
  if (!body) refuse('there must be exactly one soap:Body');
  demand('labor.one-body', all.length === 1, 'there must be exactly one soap:Body');
  const ids = doc.find(IDS).map((attribute) => attribute.content);
  demand('labor.one-body', new Set(ids).size === ids.length, 'an Id is used twice');
  return body;
}

function checkReference(reference: XmlElement, body: XmlElement, demand: Demand): void {
  const id = body.attrs.find((attr) => attr.name === 'Id' && attr.namespaceUri === NS.wsu)?.value;
  const toBody = id !== undefined && reference.attr('URI')?.value === `#${id}`;
  demand('labor.reference', toBody, 'the reference is not to the Body of this message');
  const [transforms, digestMethod, digestValue, ...more] = children(reference);
  demand(PARTS, more.length === 0, 'ds:Reference has parts that are not known');
  const [transform, ...others] = children(named(transforms, 'Transforms'));
  demand(PARTS, others.length === 0, 'one transform is allowed: exclusive c14n');
  algorithm(named(transform, 'Transform'), C14N, demand);
  algorithm(named(digestMethod, 'DigestMethod'), SHA256, demand);
  const digest = sha256(canonical(body, prefixes(named(transform, 'Transform'), demand)));
  const claimed = base64(named(digestValue, 'DigestValue').content);
  const agrees = claimed.length === digest.length && timingSafeEqual(claimed, digest);
  demand('labor.digest', agrees, 'the digest of the Body does not agree');
}

function named(element: XmlElement | undefined, name: string): XmlElement {
  if (element?.name !== name || element.namespaceUri !== NS.ds) refuse(`ds:${name} is missing or misplaced`);
  return element;
}

function algorithm(element: XmlElement, expected: string, demand: Demand): void {
  const known = element.attr('Algorithm')?.value === expected;
  demand('labor.algorithms', known, `ds:${element.name} must be ${expected}`);
}

function prefixes(element: XmlElement, demand: Demand): string[] {
  const [list, ...more] = children(element);
  if (!list) return [];
  const known = more.length === 0 && list.name === 'InclusiveNamespaces' && list.namespaceUri === NS.ec;
  demand(PARTS, known, `ds:${element.name} has parts that are not known`);
  return (list.attr('PrefixList')?.value ?? '').split(/\s+/).filter(Boolean);
}

function certificateIn(keyInfo: XmlElement, demand: Demand): Buffer {
  const [data, ...others] = children(keyInfo);
  const [certificate, ...more] = children(named(data, 'X509Data'));
  const alone = others.length === 0 && more.length === 0;
  demand(PARTS, alone, 'KeyInfo must hold one X509Certificate and nothing else');
  return base64(named(certificate, 'X509Certificate').content);
}

const canonical = (element: XmlElement, inclusiveNamespacePrefixes: string[] = []): Buffer =>
  Buffer.from(
    element.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0, inclusiveNamespacePrefixes }),
  );

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
const base64 = (text: string) => Buffer.from(text.replace(/\s+/g, ''), 'base64');

/** The wsse:Security header for this document's Body, whose wsu:Id is `id`. */
export function securityFor(doc: XmlDocument, id: string, signer: Identity): string {
  const [body] = elements(doc, BODY);
  if (!body) throw new Error('an envelope without Body cannot be signed');
  const digest = sha256(canonical(body)).toString('base64');
  // Written in its own canonical form (end tags, namespace on the apex), so these are the bytes that are signed.
  const info =
    `<ds:SignedInfo xmlns:ds="${NS.ds}"><ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${RSA_SHA256}"></ds:SignatureMethod><ds:Reference URI="#${id}"><ds:Transforms>` +
    `<ds:Transform Algorithm="${C14N}"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="${SHA256}"></ds:DigestMethod>` +
    `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`;
  const value = rsaSign('sha256', Buffer.from(info), signer.privateKey).toString('base64');
  return (
    `<wsse:Security xmlns:wsse="${NS.wsse}"><ds:Signature xmlns:ds="${NS.ds}">${info}<ds:SignatureValue>${value}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${signer.certificateDer.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>` +
    `</ds:Signature></wsse:Security>`
  );
}
