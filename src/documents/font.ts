/**
 * Noto Sans SC, regular: all 20 976 ideographs of the basic block and 6 800 rarer ones, for names. In the package one
 * weight lies beside this file; in a checkout it is read from the font's own npm package (docs/decisions/09).
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const NAME = 'NotoSansSC_400Regular.ttf';

let read: Promise<Buffer> | undefined;

/** 10 MB, read when first asked for and then kept. */
export function font(): Promise<Buffer> {
  read ??= readFile(path()).catch((error: unknown) => {
    read = undefined;
    throw error;
  });
  return read;
}

function path(): string {
  const beside = fileURLToPath(new URL(`fonts/${NAME}`, import.meta.url));
  if (existsSync(beside)) return beside;
  return createRequire(import.meta.url).resolve(`@expo-google-fonts/noto-sans-sc/400Regular/${NAME}`);
}
