// What the agencies need of asn1js (X.690): short names to build with, and reading DER alone where the library takes BER.
import * as asn1 from 'asn1js';

export const oid = (value: string) => new asn1.ObjectIdentifier({ value });
export const integer = (value: number) => new asn1.Integer({ value });
export const octets = (bytes: Uint8Array) => new asn1.OctetString({ valueHex: bytes });
export const bits = (bytes: Uint8Array, unusedBits = 0) =>
  new asn1.BitString({ valueHex: bytes, unusedBits });
export const sequence = (...value: asn1.AsnType[]) => new asn1.Sequence({ value });
/** SET OF: DER wants its members sorted. */
export const setOf = (...value: asn1.AsnType[]) =>
  new asn1.Set({ value: value.sort((one, other) => Buffer.compare(der(one), der(other))) });
/** `[number]`, constructed. */
export const context = (tagNumber: number, ...value: asn1.AsnType[]) =>
  new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber }, value });
/** The same around bytes that are DER already, which need not be taken apart and put together again. */
export function contextOf(tagNumber: number, bytes: Uint8Array): asn1.Primitive {
  const node = new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber }, valueHex: bytes });
  node.idBlock.isConstructed = true; // the library's constructor says that it is not
  return node;
}
export const algorithm = (name: string) => sequence(oid(name), new asn1.Null());
/** Of a CMS. */
export const attribute = (type: string, value: asn1.AsnType) => sequence(oid(type), setOf(value));

/** UTCTime through 2049, GeneralizedTime after (RFC 5280 §4.1.2.5, RFC 5652 §11.3); whole seconds. */
export function time(at: Date): asn1.AsnType {
  const valueDate = new Date(Math.floor(at.getTime() / 1000) * 1000);
  return valueDate.getUTCFullYear() < 2050
    ? new asn1.UTCTime({ valueDate })
    : new asn1.GeneralizedTime({ valueDate });
}

export const der = (node: asn1.AsnType): Buffer => Buffer.from(node.toBER());

/** The one value that `bytes` holds. Throws where they are not DER, or something follows it. */
export function read(bytes: Uint8Array): asn1.AsnType {
  const { result, offset } = asn1.fromBER(bytes, { parseEmbedded: false });
  if (offset !== bytes.length) throw new Error(result.error || 'bytes follow the value');
  strict(result);
  return result;
}

// Two spellings of one message would be two messages. The library leaves open as well whether the parts fill the whole:
// it lets the last of them reach beyond its parent.
function strict(node: asn1.AsnType): void {
  const { idBlock, lenBlock, blockLength } = node;
  const structured = idBlock.tagNumber === 16 || idBlock.tagNumber === 17;
  if (idBlock.tagClass === 1 && idBlock.isConstructed !== structured) throw new Error('not a tag of DER');
  if (lenBlock.isIndefiniteForm || lenBlock.warnings.length > 0) throw new Error('not the shortest length');
  // One octet of tag: nothing here needs more, and a small number has two spellings with more.
  if (blockLength !== 1 + lenBlock.blockLength + lenBlock.length) throw new Error('not filled by its parts');
  if (node instanceof asn1.Constructed) node.valueBlock.value.forEach(strict);
}

/** Tag, length and content of what was read, as they came. */
export const whole = ({ valueBeforeDecodeView: bytes }: asn1.AsnType): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
export const isContext = (node: asn1.AsnType | undefined, tagNumber: number): node is asn1.Constructed =>
  node instanceof asn1.Constructed && node.idBlock.tagClass === 3 && node.idBlock.tagNumber === tagNumber;
// As bytes: the library reads an arc with zeros before it as the same arc.
export const isOid = (node: asn1.AsnType | undefined, name: string): boolean =>
  node instanceof asn1.ObjectIdentifier && whole(node).equals(bytesOfOid(name));

const encoded = new Map<string, Buffer>();

/** Names that the code asks for: few, and each in every message. */
function bytesOfOid(name: string): Buffer {
  const known = encoded.get(name) ?? der(oid(name));
  encoded.set(name, known);
  return known;
}

export const bytesOf = (node: asn1.AsnType | undefined): Buffer | undefined =>
  node instanceof asn1.OctetString ? Buffer.from(node.getValue()) : undefined;

/** The parts of a SEQUENCE, a SET or `[kind]`; throws where it is missing or something else. */
export function parts(
  node: asn1.AsnType | undefined,
  kind: typeof asn1.Sequence | typeof asn1.Set | number,
): asn1.AsnType[] {
  const fits = typeof kind === 'number' ? isContext(node, kind) : node instanceof kind;
  if (!fits) throw new Error('a part is missing or misplaced');
  return (node as asn1.Constructed).valueBlock.value;
}

/** Whether this is how a CMS names the holder of a certificate, both as they were read. */
export function isNamed(named: asn1.Sequence, certificate: asn1.AsnType): boolean {
  const wanted = issuerAndSerial(certificate).valueBlock.value;
  const found = parts(named, asn1.Sequence);
  return (
    found.length === wanted.length &&
    wanted.every((part, at) => whole(part).equals(whole(found[at] ?? new asn1.Null())))
  );
}

/** How a CMS names the signer (RFC 5652 §10.2.4), of a certificate that was read. */
export function issuerAndSerial(certificate: asn1.AsnType): asn1.Sequence {
  const fields = parts(parts(certificate, asn1.Sequence)[0], asn1.Sequence);
  const [serial, , issuer] = isContext(fields[0], 0) ? fields.slice(1) : fields;
  if (!(serial instanceof asn1.Integer) || !(issuer instanceof asn1.Sequence))
    throw new Error('no certificate');
  return sequence(issuer, serial);
}
