// A client of the labour mock for these tests. It signs with xml-crypto, which the mock does not use, so every good
// request here is a cross-check of two implementations.

import { SignedXml } from 'xml-crypto';
import type { Identity } from '../../../mocks/index.ts';
import { validate } from '../../../mocks/labor/contract.ts';
import { withXml } from '../../../mocks/labor/xml.ts';

export const UNIT = { uscc: '91110105MA001234X4', name: '某证券有限公司' };
export const OTHER = { uscc: '91110000600037341L', name: '另一有限公司' };
export const PERSON = { idNumber: '11010519491231002X', name: '张某' };

export const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
export const DS = 'http://www.w3.org/2000/09/xmldsig#';
const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';

export type Fields = Readonly<Record<string, string>>;

export const envelope = (content: string): string =>
  `<soap:Envelope xmlns:soap="${SOAP}"><soap:Header><wsse:Security xmlns:wsse="${WSSE}"></wsse:Security></soap:Header>` +
  `<soap:Body xmlns:wsu="${WSU}" wsu:Id="body">${content}</soap:Body></soap:Envelope>`;

export const element = (operation: string, fields: Fields, extra = ''): string =>
  `<${operation} xmlns="urn:agency:labor:1">${Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}${extra}</${operation}>`;

export function signXml(xml: string, identity: Identity, reference: { isEmptyUri?: boolean } = {}): string {
  const signature = new SignedXml({
    privateKey: identity.keyPem,
    publicCert: identity.certificatePem,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: C14N,
    idMode: 'wssecurity',
  });
  signature.addReference({
    xpath: "//*[local-name(.)='Body']",
    transforms: [C14N],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    ...reference,
  });
  signature.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: "//*[local-name(.)='Security']", action: 'append' },
    existingPrefixes: { wsu: WSU },
  });
  return signature.getSignedXml();
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Text of the first element of that local name. */
  field(name: string): string | undefined;
  readonly code: string | undefined;
}

export async function post(
  url: string,
  xml: string,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const response = await fetch(`${url}/`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', ...headers },
    body: xml,
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  // Whatever the agency says must satisfy the contract it publishes, signature and all.
  if (response.headers.get('content-type')?.startsWith('text/xml')) withXml(Buffer.from(text), validate);
  const field = (name: string) => new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`).exec(text)?.[1];
  return { status: response.status, headers: response.headers, text, field, code: field('code') };
}

export interface LaborClient {
  readonly identity: Identity;
  send(operation: string, fields?: Fields, extra?: string): Promise<Answered>;
  /** Looks the local numbers up, and gives the whole content of a submission. */
  content(serial: string, over?: Fields): Promise<Fields>;
  submit(serial: string, over?: Fields, extra?: string): Promise<Answered>;
}

export function laborClient(
  url: string,
  identity: Identity,
  unit = UNIT,
  headers: Record<string, string> = {},
): LaborClient {
  const send = (operation: string, fields: Fields = {}, extra = '') =>
    post(url, signXml(envelope(element(operation, fields, extra)), identity), {
      soapaction: `"urn:agency:labor:1#${operation}"`,
      ...headers,
    });
  async function content(serial: string, over: Fields = {}): Promise<Fields> {
    const person = {
      AAC058: '01',
      AAC002: over.AAC002 ?? PERSON.idNumber,
      AAC003: over.AAC003 ?? PERSON.name,
    };
    const unitNumber = (await send('QueryUnit', { BAB010: unit.uscc })).field('AAB001') ?? '';
    const found = await send('QueryPerson', { AAB001: unitNumber, ...person });
    return {
      BAE941: serial,
      AAB001: unitNumber,
      BAB010: unit.uscc,
      AAB004: unit.name,
      AAC001: found.field('AAC001') ?? '000000',
      ...person,
      abc913: '20220301',
      post: '投资顾问',
      abc916: '20261125',
      abc917: '6313',
      yearsOfService: '4.73',
      ...over,
    };
  }
  return {
    identity,
    send,
    content,
    submit: async (serial, over, extra) => send('SubmitTermination', await content(serial, over), extra),
  };
}
