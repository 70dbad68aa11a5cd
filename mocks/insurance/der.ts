// The few words of DER (X.690) that a CMS is written in. Reading takes apart one level at a time and copies nothing, so
// that a certificate inside costs no more than its length.
export interface Value {
  readonly tag: number;
  /** Tag, length and content as they came. */
  readonly whole: Buffer;
  readonly content: Buffer;
}

export const TAG = {
  integer: 0x02,
  octets: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;
/** `[number]`, constructed. */
export const context = (number: number): number => 0xa0 | number;

/** The values that stand in `bytes` one after the other, to their end. Throws where they are not DER. */
export function values(bytes: Buffer): Value[] {
  const found: Value[] = [];
  for (let at = 0; at < bytes.length; ) {
    const value = valueAt(bytes, at);
    found.push(value);
    at += value.whole.length;
  }
  return found;
}

function valueAt(bytes: Buffer, at: number): Value {
  const tag = bytes[at] ?? 0;
  const first = bytes[at + 1];
  if (first === undefined || (tag & 0x1f) === 0x1f) throw new Error('not DER');
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const octets = first & 0x7f;
    if (octets === 0 || octets > 4 || start + octets > bytes.length) throw new Error('not a DER length');
    length = bytes.readUIntBE(start, octets);
    // The shortest spelling is the only one: two spellings of one message would be two messages.
    if (length < 0x80 || length < 2 ** (8 * (octets - 1))) throw new Error('not the shortest length');
    start += octets;
  }
  if (start + length > bytes.length) throw new Error('cut short');
  return {
    tag,
    whole: bytes.subarray(at, start + length),
    content: bytes.subarray(start, start + length),
  };
}

/** Exactly one value of that tag in `bytes`, and nothing after it. Throws. */
export function only(bytes: Buffer, tag: number): Value {
  const [value, ...more] = values(bytes);
  if (value?.tag !== tag || more.length > 0) throw new Error('not exactly one value of the tag expected');
  return value;
}

/** Its parts; throws when it is missing or another tag. */
export function parts(value: Value | undefined, tag: number): Value[] {
  if (value?.tag !== tag) throw new Error('a part is missing or misplaced');
  return values(value.content);
}

export function write(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const length = content.reduce((sum, each) => sum + each.length, 0);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(length)]), ...content]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

/** `1.2.840.113549.1.7.2` as a whole value, to be compared as bytes. */
export function oid(dotted: string): Buffer {
  const [top = 0, second = 0, ...arcs] = dotted.split('.').map(Number);
  return write(TAG.oid, Buffer.from([top * 40 + second, ...arcs].flatMap(base128)));
}

function base128(arc: number): number[] {
  const octets = [arc & 0x7f];
  for (let rest = arc >>> 7; rest > 0; rest >>>= 7) octets.unshift(0x80 | (rest & 0x7f));
  return octets;
}
