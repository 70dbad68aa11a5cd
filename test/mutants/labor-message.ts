/** What may be done to a signed SOAP message on its way. */
import { createHash, type KeyObject, sign } from 'node:crypto';
import { XmlC14NMode } from 'libxml2-wasm';
import { elements, withXml, xpath } from '../../mocks/labor/xml.ts';
import type { Sent, Spoil } from '../support/spoiled-line.ts';

const BODY = xpath('/soap:Envelope/soap:Body');
const INFO = xpath('//ds:SignedInfo');

const canonical = (xml: string, path: typeof BODY): string =>
  withXml(Buffer.from(xml), (doc) => {
    const [element] = elements(doc, path);
    return element?.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 }) ?? '';
  });

/** The text of the element of that local name. */
export const put = (name: string, text: string) => (xml: string) =>
  xml.replace(
    new RegExp(`(<(?:\\w+:)?${name}(?: [^>]*)?>)[^<]*(</)`),
    (_all, open, close) => open + text + close,
  );

export const text =
  (change: (xml: string) => string): Spoil =>
  (sent) => ({
    ...sent,
    body: Buffer.from(change(sent.body.toString())),
  });

/** Of these messages alone. */
export const only =
  (operation: string, spoil: Spoil): Spoil =>
  (sent: Sent) =>
    sent.body.includes(`<${operation} `) ? spoil(sent) : sent;

/** Signed anew over the Body as it is now: the change is the sender's own. */
export const resigned = (key: KeyObject, change: (xml: string) => string) =>
  text((before) => {
    const changed = change(before);
    const digest = createHash('sha256').update(canonical(changed, BODY)).digest('base64');
    return signedInfo(key, put('DigestValue', digest)(changed));
  });

/** Only SignedInfo is signed anew. */
export function signedInfo(key: KeyObject, xml: string): string {
  const value = sign('sha256', Buffer.from(canonical(xml, INFO)), key).toString('base64');
  return put('SignatureValue', value)(xml);
}
