/**
 * XML-DSig over one element of a document (W3C xmldsig-core1): exclusive c14n, RSA with SHA-256, one reference.
 * Verifying gives back what was signed, re-read from its canonical bytes: an element that was merely somewhere in the
 * document may be a wrapped forgery, although every signature in it is good.
 */
import { DOMParser, type Document, type Element } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import { certificateFault, readCertificateDer, type SigningIdentity, type Trust } from './certificates.ts';

/** Paths from the root, in Clark notation `{namespace}name`: where the signature stands, and what it must be over. */
export interface Layout {
  readonly holder: readonly string[];
  readonly content: readonly string[];
}

export type XmlVerdict =
  | { readonly ok: true; readonly content: Element }
  /** `reason` is fixed text. */
  | { readonly ok: false; readonly reason: string };

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const LARGEST = 1024 * 1024;
const DEEPEST = 32;
const MOST_ELEMENTS = 10_000;

/**
 * Appends a ds:Signature to the holder, over the content, which must already carry its `wsu:Id`.
 * The same document and key give the same bytes (PKCS#1 v1.5 is deterministic). Throws when a path is not there.
 */
export function signXml(xml: string, layout: Layout, identity: SigningIdentity): string {
  const signer = new SignedXml({
    idMode: 'wssecurity',
    privateKey: identity.key,
    publicCert: identity.certificate.toString(),
    signatureAlgorithm: RSA_SHA256,
    canonicalizationAlgorithm: C14N,
  });
  signer.addReference({ xpath: xpathOf(layout.content), transforms: [C14N], digestAlgorithm: SHA256 });
  signer.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: xpathOf(layout.holder), action: 'append' },
  });
  return signer.getSignedXml();
}

/** The content, when exactly one signature stands where it should, is over it, and is by whom we trust at `now`. */
export function verifyXml(bytes: Uint8Array, layout: Layout, trust: Trust, now: Date): XmlVerdict {
  const text = decode(bytes);
  const document = text === undefined ? undefined : parse(text);
  if (text === undefined || !document) return no('the document is unreadable');
  const signature = signatureIn(document, layout.holder);
  if (!signature) return no('there is not exactly one signature where it should be');
  const der = Buffer.from(signature.certificate.textContent ?? '', 'base64');
  const certificate = readCertificateDer(der);
  if (!certificate) return no('the certificate is unreadable');
  const fault = certificateFault(certificate, trust, now);
  if (fault) return no(fault);

  const pem = certificate.toString();
  const verifier = new SignedXml({ getCertFromKeyInfo: () => pem });
  let signed: string[];
  try {
    verifier.loadSignature(signature.element);
    const [reference, ...others] = verifier.getReferences();
    const { signatureAlgorithm, canonicalizationAlgorithm } = verifier;
    if (signatureAlgorithm !== RSA_SHA256 || canonicalizationAlgorithm !== C14N || !reference)
      return no('the signature uses an algorithm that is not accepted');
    if (others.length > 0 || reference.digestAlgorithm !== SHA256 || String(reference.transforms) !== C14N)
      return no('the signature has not exactly one plain reference');
    if (!namesOnly(document, reference.uri ?? '', layout.content))
      return no('the signature is over another element');
    if (!verifier.checkSignature(text)) return no('the content was changed after it was signed');
    signed = verifier.getSignedReferences();
  } catch {
    // Messages of the library quote the document.
    return no('the signature is wrong');
  }
  const content = signed.length === 1 ? parse(signed[0] ?? '')?.documentElement : undefined;
  if (!content || nameOf(content) !== layout.content.at(-1))
    return no('the signature is over another element');
  return { ok: true, content };
}

const no = (reason: string): XmlVerdict => ({ ok: false, reason });

/** `{namespace}name` of an element. */
export const nameOf = (element: Element): string => `{${element.namespaceURI ?? ''}}${element.localName}`;

/** Child elements in order; text between them is left out. */
export const elementsOf = (parent: Element | Document): Element[] =>
  [...parent.childNodes].filter((node) => node.nodeType === node.ELEMENT_NODE) as Element[];

function decode(bytes: Uint8Array): string | undefined {
  if (bytes.byteLength > LARGEST) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** `<!` starts a DOCTYPE, comment or CDATA section, `<?` a processing instruction: none has a place in a message. */
function parse(text: string): Document | undefined {
  if (text.includes('<!') || text.replace(/^<\?xml\s[^?<>]*\?>/, '').includes('<?')) return undefined;
  try {
    const stop = (_level: string, message: string) => {
      throw new Error(message);
    };
    const document = new DOMParser({ onError: stop }).parseFromString(text, 'text/xml');
    return withinBounds(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** Level by level, without recursion: the depth is the sender's to choose. */
function withinBounds(document: Document): boolean {
  let level = elementsOf(document);
  let count = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    count += level.length;
    if (depth > DEEPEST || count > MOST_ELEMENTS) return false;
    level = level.flatMap(elementsOf);
  }
  return true;
}

/** The document's only signature, if it stands in the holder and has nothing but the three parts it needs. */
function signatureIn(document: Document, holder: readonly string[]) {
  const all = [...document.getElementsByTagNameNS(DS, 'Signature')];
  const place = at(document, holder);
  const [element] = all;
  if (!element || all.length !== 1 || element.parentNode !== place) return undefined;
  const parts = elementsOf(element);
  const names = parts.map(nameOf).join(' ');
  if (names !== `{${DS}}SignedInfo {${DS}}SignatureValue {${DS}}KeyInfo`) return undefined;
  const certificates = [...document.getElementsByTagNameNS('*', 'X509Certificate')];
  const certificate = parts[2] && at(parts[2], [`{${DS}}X509Data`, `{${DS}}X509Certificate`]);
  return certificate && certificates.length === 1 ? { element, certificate } : undefined;
}

/** Is `#id` the content element, and no other element's, under whichever spelling of Id? */
function namesOnly(document: Document, uri: string, content: readonly string[]): boolean {
  const id = uri.slice(1);
  if (!uri.startsWith('#') || !/^[\w.-]+$/.test(id)) return false;
  const named = [...document.getElementsByTagName('*')].filter((element) =>
    [...element.attributes].some(({ localName, value }) => localName?.toLowerCase() === 'id' && value === id),
  );
  return named.length === 1 && named[0] === at(document, content);
}

/** The element at a path on which every step is the only one of its name. */
function at(start: Element | Document, path: readonly string[]): Element | undefined {
  let here: Element | Document | undefined = start;
  for (const name of path) {
    const found: Element[] = here ? elementsOf(here).filter((element) => nameOf(element) === name) : [];
    here = found.length === 1 ? found[0] : undefined;
  }
  return here as Element | undefined;
}

function xpathOf(path: readonly string[]): string {
  return path
    .map((name) => name.replace(/^\{(.*)\}(.*)$/, "/*[namespace-uri()='$1' and local-name()='$2']"))
    .join('');
}
