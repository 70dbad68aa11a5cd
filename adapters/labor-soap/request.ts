/** Operation and fields → the signed SOAP 1.1 envelope. Pure: the same input gives the same bytes. */
import { Builder } from 'xml2js';
import type { SigningIdentity } from '../../src/crypto/certificates.ts';
import { type Layout, signXml } from '../../src/crypto/xml-signature.ts';
import type { Fields } from './map.ts';

export const NAMESPACE = 'urn:agency:labor:1';
export const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity';
const WSSE = `${WSS}-secext-1.0.xsd`;

export type Operation =
  | 'Ping'
  | 'QueryUnit'
  | 'QueryPerson'
  | 'SubmitTermination'
  | 'QueryFiling'
  | 'ListFilings'
  | 'ListEmployees'
  | 'SupplementFiling'
  | 'WithdrawFiling';

/** WS-Security: the signature stands in the header and is over the whole Body. */
export const LAYOUT: Layout = {
  holder: [`{${SOAP}}Envelope`, `{${SOAP}}Header`, `{${WSSE}}Security`],
  content: [`{${SOAP}}Envelope`, `{${SOAP}}Body`],
};

export function envelopeOf(operation: Operation, fields: Fields, identity: SigningIdentity): Buffer {
  const builder = new Builder({ headless: true, rootName: 'soap:Envelope', renderOpts: { pretty: false } });
  // xml2js would write an undefined member as an empty element.
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  const xml = builder.buildObject({
    $: { 'xmlns:soap': SOAP },
    'soap:Header': { 'wsse:Security': { $: { 'xmlns:wsse': WSSE, 'soap:mustUnderstand': '1' } } },
    'soap:Body': {
      $: { 'xmlns:wsu': `${WSS}-utility-1.0.xsd`, 'wsu:Id': 'body' },
      [operation]: { $: { xmlns: NAMESPACE }, ...Object.fromEntries(present) },
    },
  });
  return Buffer.from(signXml(xml, LAYOUT, identity), 'utf8');
}

/** SOAP 1.1 §6.1.1 wants the action in quotes. */
export const headersOf = (operation: Operation): Record<string, string> => ({
  'Content-Type': 'text/xml; charset=utf-8',
  SOAPAction: `"${NAMESPACE}#${operation}"`,
});
