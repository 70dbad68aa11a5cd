// XML in and out. Reading refuses everything that two parsers could read differently (DOCTYPE, PI, comment, CDATA, an encoding
// other than UTF-8), copies the document into a plain tree and disposes it: libxml2's memory is not collected.
import { readFileSync } from 'node:fs';
import { XmlDocument, XmlElement, XmlValidateError, XsdValidator } from 'libxml2-wasm';
import { Refusal } from '../kernel/agency.ts';
import { XML_DEPTH } from '../kernel/limits.ts';
import { KEEPS_ALL, type Keeps } from '../kernel/rules.ts';
import { isTooDeep } from '../kernel/xml-depth.ts';

export const NAMESPACE = 'urn:agency:insurance:1';
export const xsdBytes = readFileSync(new URL('./contract/insurance.xsd', import.meta.url));

type Root = 'Envelope' | 'Payload';

/** An element with its attributes, its child elements and its own text, entities resolved. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

// Lives as long as the process; one compilation serves every sandbox.
const validator = XsdValidator.fromDoc(XmlDocument.fromBuffer(xsdBytes));

const invalid = (...detail: string[]) =>
  new Refusal('SCHEMA_INVALID', 'The message does not follow the published schema', { extra: { detail } });

/** Parses and validates. Throws Refusal SCHEMA_INVALID with the lines. */
export function readXml(
  bytes: Buffer,
  root: Root,
  options: { validate?: boolean; keeps?: Keeps } = {},
): Element {
  return withXml(bytes, root, options, (doc) => copy(doc.root));
}

/** The same for a document whose tree nobody wants: copying one costs more than all else here. */
export const checkXml = (bytes: Buffer, root: Root, keeps?: Keeps): void =>
  withXml(bytes, root, keeps ? { keeps } : {}, () => undefined);

function withXml<T>(
  bytes: Buffer,
  root: Root,
  { validate = true, keeps = KEEPS_ALL }: { validate?: boolean; keeps?: Keeps },
  work: (doc: XmlDocument) => T,
): T {
  const text = safeText(bytes, keeps);
  if (keeps('insurance.depth') && isTooDeep(text))
    throw invalid(`elements are nested deeper than ${XML_DEPTH} levels`);
  let doc: XmlDocument;
  try {
    doc = XmlDocument.fromString(text);
  } catch (error) {
    throw invalid(...lines(error));
  }
  try {
    if (doc.root.name !== root || doc.root.namespaceUri !== NAMESPACE)
      throw invalid(`the root is not ${root}`);
    if (validate && keeps('insurance.schema')) validator.validate(doc);
    return work(doc);
  } catch (error) {
    if (error instanceof XmlValidateError) throw invalid(...lines(error));
    throw error;
  } finally {
    doc.dispose();
  }
}

function safeText(bytes: Buffer, keeps: Keeps): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid('not UTF-8');
  }
  const declaration = /^<\?xml\s[^?]*\?>/.exec(text)?.[0] ?? '';
  const encoding = /encoding\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1];
  const utf8 = encoding === undefined || encoding.toUpperCase() === 'UTF-8';
  if (keeps('insurance.encoding') && !utf8) throw invalid('declared encoding is not UTF-8');
  // In well-formed XML these two begin nothing but the markup that is refused here.
  if (keeps('insurance.markup') && /<[!?]/.test(text.slice(declaration.length)))
    throw invalid('DOCTYPE, processing instruction, comment or CDATA');
  return text;
}

function lines(error: unknown): string[] {
  const details = error instanceof Error && 'details' in error ? error.details : undefined;
  if (!Array.isArray(details) || details.length === 0) return ['not well-formed'];
  return details.slice(0, 20).map(({ line, message }: { line: number; message: string }) => {
    return `line ${line}: ${message.trim().replaceAll(`{${NAMESPACE}}`, '')}`.slice(0, 500);
  });
}

function copy(element: XmlElement): Element {
  const children: Element[] = [];
  let text = '';
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) children.push(copy(node));
    else text += node.content;
  }
  const attributes: Record<string, string> = {};
  for (const { name, value } of element.attrs) attributes[name] = value;
  // Every text type of the schema collapses white space or forbids it.
  return { name: element.name, attributes, children, text: text.trim() };
}

/** Text of a child, undefined when absent. */
export const child = (element: Element, name: string): string | undefined =>
  element.children.find((each) => each.name === name)?.text;

/** Text of a child that the schema has already demanded. */
export function need(element: Element, name: string): string {
  const text = child(element, name);
  if (text === undefined) throw new Error(`${element.name} without ${name} after validation`);
  return text;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
// What XML 1.0 cannot carry at all becomes a replacement character.
const ILLEGAL = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
export const escapeXml = (text: string): string =>
  text.replace(ILLEGAL, '�').replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char);

/** `tag('Code', '0')`; content that is undefined gives nothing. */
export const tag = (name: string, text: string | number | undefined): string =>
  text === undefined ? '' : `<${name}>${escapeXml(String(text))}</${name}>`;

export function attributes(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeXml(value)}"`))
    .join('');
}
