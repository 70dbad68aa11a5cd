// XML as this agency reads and writes it, on libxml2 (the gateway uses other libraries, on purpose).
import {
  type NamespaceMap,
  ParseOption,
  XmlDocument,
  type XmlElement,
  XmlElement as XmlElementNode,
  XmlXPath,
} from 'libxml2-wasm';
import { Refusal } from '../kernel/agency.ts';
import { XML_DEPTH } from '../kernel/limits.ts';
import { KEEPS_ALL, type Keeps } from '../kernel/rules.ts';
import { isTooDeep } from '../kernel/xml-depth.ts';

export const NS = {
  soap: 'http://schemas.xmlsoap.org/soap/envelope/',
  labor: 'urn:agency:labor:1',
  wsse: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  wsu: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  ec: 'http://www.w3.org/2001/10/xml-exc-c14n#',
} as const satisfies NamespaceMap;

const OPTIONS = ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET;

/** Compiled once; never disposed, because it lives as long as the process. */
export const xpath = (text: string): XmlXPath => XmlXPath.compile(text, NS);
const FORBIDDEN = xpath('//comment() | //processing-instruction()');

/** Parses, hands the document to `work`, and gives its memory back, whatever happens. */
export function withXml<T>(bytes: Buffer, work: (doc: XmlDocument) => T, keeps: Keeps = KEEPS_ALL): T {
  const strict = keeps('labor.markup');
  // Before parsing, so that a hostile entity table is not even read; after it, in case another encoding hid it.
  if (strict && bytes.includes('<!DOCTYPE')) refuseMarkup('DOCTYPE');
  if (keeps('labor.depth') && isTooDeep(bytes.toString('latin1')))
    throw new Refusal('SCHEMA_INVALID', `elements are nested deeper than ${XML_DEPTH} levels`, {
      status: 400,
    });
  const doc = parse(bytes);
  try {
    if (strict && doc.dtd) refuseMarkup('DOCTYPE');
    if (strict && doc.find(FORBIDDEN).length > 0) refuseMarkup('a comment or processing instruction');
    return work(doc);
  } finally {
    doc.dispose();
  }
}

function parse(bytes: Buffer): XmlDocument {
  try {
    return XmlDocument.fromBuffer(bytes, { option: OPTIONS });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.trim() : 'not well-formed';
    throw new Refusal('SCHEMA_INVALID', `not well-formed XML: ${message}`, { status: 400, cause });
  }
}

function refuseMarkup(what: string): never {
  throw new Refusal('AUTH_SIGNATURE', `${what} is not allowed in a message`, { status: 401 });
}

/** The elements that `path` selects. */
export function elements(from: XmlDocument | XmlElement, path: XmlXPath): XmlElement[] {
  return from.find(path).filter((node): node is XmlElement => node instanceof XmlElementNode);
}

export function children(element: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (let node = element.firstChild; node; node = node.next)
    if (node instanceof XmlElementNode) found.push(node);
  return found;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

export type Part = readonly [name: string, value: string | readonly Part[] | undefined];

/** Elements without prefix or attributes; undefined values are left out. Characters that XML 1.0 forbids become `?`. */
export function write(parts: readonly Part[]): string {
  return parts
    .map(([name, value]) =>
      value === undefined
        ? ''
        : `<${name}>${typeof value === 'string' ? escapeXml(value) : write(value)}</${name}>`,
    )
    .join('');
}

/** All that is outside the Char production of XML 1.0, lone surrogates included. */
const NOT_A_CHAR = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

export const escapeXml = (text: string): string =>
  text.replace(NOT_A_CHAR, '?').replace(/[&<>"\r]/g, (char) => ESCAPES[char] ?? char);
