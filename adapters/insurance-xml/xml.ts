/** Strict, bounded XML: a small tree in the agency's namespace out of bytes, and back. */
import { Builder, Parser } from 'xml2js';

export const NAMESPACE = 'urn:agency:insurance:1';
const LARGEST = 1024 * 1024;
/** The deepest message has five levels. */
const DEEPEST = 8;

export interface Element {
  /** Local name; every element is in the agency's namespace. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly Element[];
}

/** What xml2js builds from: `$` holds attributes, an array repeats the element. */
export type Content = string | { readonly [name: string]: Content | readonly Content[] };

/** One line, no declaration: the same content gives the same bytes. */
export function writeXml(root: string, content: Content): Buffer {
  const builder = new Builder({ headless: true, rootName: root, renderOpts: { pretty: false } });
  return Buffer.from(builder.buildObject(content), 'utf8');
}

/** undefined for what is not well-formed UTF-8 XML in our namespace, too large, or carries markup we refuse. */
export function readXml(bytes: Uint8Array): Element | undefined {
  const text = decode(bytes);
  // `<!` starts a DOCTYPE, comment or CDATA section, `<?` a processing instruction: none has a place in a message.
  if (text === undefined || text.includes('<!') || text.replace(/^<\?xml\s[^?<>]*\?>/, '').includes('<?'))
    return undefined;
  let tree: unknown;
  try {
    const parser = new Parser({
      xmlns: true,
      explicitChildren: true,
      preserveChildrenOrder: true,
      explicitCharkey: true,
      explicitRoot: false,
      async: false,
    });
    parser.parseString(text, (error, result: unknown) => {
      if (!error) tree = result;
    });
  } catch {
    return undefined;
  }
  return elementOf(tree);
}

/** The only child of that name, undefined when there is none or more than one. */
export function child(parent: Element | undefined, name: string): Element | undefined {
  const found = parent?.children.filter((item) => item.name === name) ?? [];
  return found.length === 1 ? found[0] : undefined;
}

/** Text of the only child of that name. */
export const field = (parent: Element | undefined, name: string): string | undefined =>
  child(parent, name)?.text;

function decode(bytes: Uint8Array): string | undefined {
  if (bytes.byteLength === 0 || bytes.byteLength > LARGEST) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function elementOf(node: unknown, depth = 0): Element | undefined {
  const item = record(node);
  const namespace = record(item?.$ns);
  if (!item || depth > DEEPEST || namespace?.uri !== NAMESPACE || typeof namespace.local !== 'string')
    return undefined;
  const nodes: unknown[] = Array.isArray(item.$$) ? item.$$ : [];
  const children = nodes.map((each) => elementOf(each, depth + 1));
  const attributes = Object.values(record(item.$) ?? {})
    .map(record)
    .filter((attribute) => attribute !== undefined && attribute.uri === '')
    .map((attribute) => [String(attribute?.name), String(attribute?.value)]);
  return children.includes(undefined)
    ? undefined
    : {
        name: namespace.local,
        attributes: Object.fromEntries(attributes),
        text: typeof item._ === 'string' ? item._.trim() : '',
        children: children.filter((each) => each !== undefined),
      };
}

function record(value: unknown): Record<string, unknown> | undefined {
  // `typeof` alone lets null through; xml2js builds its nodes without a prototype, so every member is its own.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
