/**
 * Answers as the labour agency signs them, written by hand from the specifications with node:crypto alone: the canonical
 * bytes are typed out, so that a mistake in the gateway's signature library would not be made here as well.
 */
import { createHash, createSign } from 'node:crypto';
import type { TestIdentity } from './pki.ts';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity';
const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** `content` must be canonical: no empty-element tags, attributes in order. */
export const bodyOf = (content: string, id = 'body'): string =>
  `<soap:Body xmlns:soap="${SOAP}" xmlns:wsu="${WSS}-utility-1.0.xsd" wsu:Id="${id}">${content}</soap:Body>`;

export const responseOf = (operation: string, inner: string): string =>
  `<${operation}Response xmlns="urn:agency:labor:1">${inner}</${operation}Response>`;

export const resultOf = (code: string, message = ''): string =>
  `<result><code>${code}</code><message>${message}</message></result>`;

export const faultOf = (side: 'Client' | 'Server', code: string, message = 'm'): string =>
  `<soap:Fault><faultcode>soap:${side}</faultcode><faultstring>${message}</faultstring><detail>` +
  `<FaultDetail xmlns="urn:agency:labor:1"><code>${code}</code><message>${message}</message></FaultDetail></detail></soap:Fault>`;

export function signatureOf(
  body: string,
  signer: TestIdentity,
  options: { id?: string; algorithm?: string } = {},
): string {
  const digest = createHash('sha256').update(body).digest('base64');
  const info =
    `<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">` +
    `<ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${options.algorithm ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'}"></ds:SignatureMethod>` +
    `<ds:Reference URI="#${options.id ?? 'body'}">` +
    `<ds:Transforms><ds:Transform Algorithm="${C14N}"></ds:Transform></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>` +
    `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`;
  const hash = options.algorithm?.endsWith('rsa-sha1') ? 'sha1' : 'sha256';
  const value = createSign(hash).update(info).sign(signer.keyPem, 'base64');
  const der = signer.certificatePem.replace(/-----[^-]+-----|\s/g, '');
  return (
    `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${info}<ds:SignatureValue>${value}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`
  );
}

export const envelopeOf = (security: string, body: string): string =>
  `<soap:Envelope xmlns:soap="${SOAP}"><soap:Header><wsse:Security xmlns:wsse="${WSS}-secext-1.0.xsd">` +
  `${security}</wsse:Security></soap:Header>${body}</soap:Envelope>`;

/** A good answer. */
export function signedAnswer(content: string, signer: TestIdentity): string {
  const body = bodyOf(content);
  return envelopeOf(signatureOf(body, signer), body);
}
