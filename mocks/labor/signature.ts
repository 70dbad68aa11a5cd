// XML-DSig over the SOAP Body (exclusive c14n, RSA-SHA256), written on libxml2's canonicaliser and node:crypto, so that it
// shares nothing with the gateway's. The answer to "who signed" is given only together with the element that was signed.
import { createHash, sign as rsaSign, verify as rsaVerify, timingSafeEqual } from 'node:crypto';
import { XmlC14NMode, type XmlDocument, type XmlElement } from 'libxml2-wasm';
import { type Authority, type Identity, Refusal, type Signer } from '../kernel/agency.ts';
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

function refuse(message: string): never {
  throw new Refusal('AUTH_SIGNATURE', message, { status: 401 });
}

/** The Body, and who vouches for every byte of it. Throws AUTH_SIGNATURE or AUTH_CERTIFICATE. */
export function verifyBody(doc: XmlDocument, ca: Authority): { body: XmlElement; signer: Signer } {
  const signature = onlyOne(doc);
  const body = onlyBody(doc);
  const [signedInfo, signatureValue, keyInfo, ...more] = children(signature);
  if (more.length > 0) refuse('ds:Signature has more parts than SignedInfo, SignatureValue and KeyInfo');
  const info = named(signedInfo, 'SignedInfo');
  const value = named(signatureValue, 'SignatureValue');
  const signer = ca.verify(certificateIn(named(keyInfo, 'KeyInfo')));

  const [canonicalization, method, reference, ...others] = children(info);
  if (others.length > 0) refuse('exactly one ds:Reference is allowed');
  algorithm(named(canonicalization, 'CanonicalizationMethod'), C14N);
  algorithm(named(method, 'SignatureMethod'), RSA_SHA256);
  checkReference(named(reference, 'Reference'), body);

  const signed = canonical(info, prefixes(named(canonicalization, 'CanonicalizationMethod')));
  if (!rsaVerify('sha256', signed, signer.publicKey, base64(value.content)))
    refuse('the signature does not verify');
  return { body, signer };
}

function onlyOne(doc: XmlDocument): XmlElement {
  if (elements(doc, SECURITIES).length > 1) refuse('more than one wsse:Security');
  const all = elements(doc, SIGNATURES);
  if (all.length === 0) refuse('the message is not signed');
  if (all.length > 1) refuse('more than one ds:Signature');
  const [signature] = elements(doc, SIGNATURE);
  if (!signature) refuse('ds:Signature is not in soap:Header/wsse:Security');
  return signature;
}

function onlyBody(doc: XmlDocument): XmlElement {
  const [body, ...others] = elements(doc, BODY);
  if (!body || others.length > 0 || elements(doc, BODIES).length !== 1)
    refuse('there must be exactly one soap:Body');
  const ids = doc.find(IDS).map((attribute) => attribute.content);
  if (new Set(ids).size !== ids.length) refuse('an Id is used twice');
  return body;
}

function checkReference(reference: XmlElement, body: XmlElement): void {
  const id = body.attrs.find((attr) => attr.name === 'Id' && attr.namespaceUri === NS.wsu)?.value;
  if (!id || reference.attr('URI')?.value !== `#${id}`)
    refuse('the reference is not to the Body of this message');
  const [transforms, digestMethod, digestValue, ...more] = children(reference);
  if (more.length > 0) refuse('ds:Reference has parts that are not known');
  const [transform, ...others] = children(named(transforms, 'Transforms'));
  if (others.length > 0) refuse('one transform is allowed: exclusive c14n');
  algorithm(named(transform, 'Transform'), C14N);
  algorithm(named(digestMethod, 'DigestMethod'), SHA256);
  const digest = sha256(canonical(body, prefixes(named(transform, 'Transform'))));
  const claimed = base64(named(digestValue, 'DigestValue').content);
  if (claimed.length !== digest.length || !timingSafeEqual(claimed, digest))
    refuse('the digest of the Body does not agree');
}

function named(element: XmlElement | undefined, name: string): XmlElement {
  if (element?.name !== name || element.namespaceUri !== NS.ds) refuse(`ds:${name} is missing or misplaced`);
  return element;
}

function algorithm(element: XmlElement, expected: string): void {
  if (element.attr('Algorithm')?.value !== expected) refuse(`ds:${element.name} must be ${expected}`);
}

function prefixes(element: XmlElement): string[] {
  const [list, ...more] = children(element);
  if (!list) return [];
  if (more.length > 0 || list.name !== 'InclusiveNamespaces' || list.namespaceUri !== NS.ec) {
    refuse(`ds:${element.name} has parts that are not known`);
  }
  return (list.attr('PrefixList')?.value ?? '').split(/\s+/).filter(Boolean);
}

function certificateIn(keyInfo: XmlElement): Buffer {
  const [data, ...others] = children(keyInfo);
  const [certificate, ...more] = children(named(data, 'X509Data'));
  if (others.length > 0 || more.length > 0) refuse('KeyInfo must hold one X509Certificate and nothing else');
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
