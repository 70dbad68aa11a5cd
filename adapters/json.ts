/** Foreign JSON. */

/** Deeper than any contract goes, and shallow enough for whatever walks through it afterwards. */
const DEEPEST = 64;

/** JSON in UTF-8; undefined when it is none, or is nested deeper than 64 levels. */
export function parseJson(bytes: Uint8Array): unknown {
  if (isTooDeep(bytes)) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const [QUOTE, ESCAPE] = [0x22, 0x5c];
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];

/** Over the bytes, before anything is built: all that counts here is ASCII, which UTF-8 uses for nothing else. */
function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (inText) {
      if (byte === ESCAPE) at += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (OPENING.includes(byte)) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (CLOSING.includes(byte)) depth -= 1;
  }
  return false;
}
