/** The few words of ASN.1 DER that the CMS suite needs, over node-forge's structures. */
import forge from 'node-forge';

const { Class, Type, create } = forge.asn1;
type Asn1 = forge.asn1.Asn1;

// Bit strings must stay as they are (forge would look for structure inside), which the published types do not know.
interface Reader {
  fromDer(
    bytes: string,
    options: { strict: boolean; parseAllBytes: boolean; decodeBitStrings: boolean },
  ): Asn1;
}
const reader: Reader = forge.asn1 as unknown as Reader;

/** The one value that `der` holds; undefined when it is not DER, or something follows it. */
export function parse(der: Uint8Array): Asn1 | undefined {
  try {
    const options = { strict: true, parseAllBytes: true, decodeBitStrings: false };
    return reader.fromDer(Buffer.from(der).toString('binary'), options);
  } catch {
    return undefined;
  }
}

export const encode = (item: Asn1): Buffer => Buffer.from(forge.asn1.toDer(item).getBytes(), 'binary');

export const sequence = (items: Asn1[]): Asn1 => create(Class.UNIVERSAL, Type.SEQUENCE, true, items);
export const set = (items: Asn1[]): Asn1 => create(Class.UNIVERSAL, Type.SET, true, items);
export const context = (tag: number, items: Asn1[]): Asn1 => create(Class.CONTEXT_SPECIFIC, tag, true, items);
export const oid = (name: string): Asn1 =>
  create(Class.UNIVERSAL, Type.OID, false, forge.asn1.oidToDer(name).getBytes());
export const integer = (value: number): Asn1 =>
  create(Class.UNIVERSAL, Type.INTEGER, false, forge.asn1.integerToDer(value).getBytes());
export const text = (type: forge.asn1.Type, bytes: Uint8Array): Asn1 =>
  create(Class.UNIVERSAL, type, false, Buffer.from(bytes).toString('binary'));

/** Empty for a primitive value or none. */
export const children = (item: Asn1 | undefined): Asn1[] => (Array.isArray(item?.value) ? item.value : []);

export const isType = (item: Asn1 | undefined, type: forge.asn1.Type): item is Asn1 =>
  item?.tagClass === Class.UNIVERSAL && item.type === type;

export const oidOf = (item: Asn1 | undefined): string | undefined =>
  isType(item, Type.OID) && typeof item.value === 'string' ? forge.asn1.derToOid(item.value) : undefined;
