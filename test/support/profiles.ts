/** The profiles that come along, as files and read; and small ones as an editor writes them. */
import { fileURLToPath } from 'node:url';
import { examineProfiles, profileFiles, readProfiles, readVocabulary } from '../../src/profiles.ts';

export const PROFILES = fileURLToPath(new URL('../../profiles', import.meta.url));
export const VOCABULARY = readVocabulary(PROFILES);
export const installed = () => readProfiles(PROFILES);

/** The text of a profile that comes along. */
export function textOf(name: string): string {
  const file = profileFiles(PROFILES).find((each) => each.name === `${name}.yaml`);
  if (file === undefined) throw new Error(`there is no profile ${name}`);
  return file.text;
}

/** What is wrong with the files, as `file:line: sentence`. */
export function faultsOf(files: Readonly<Record<string, string>>): string[] {
  const given = Object.entries(files).map(([name, text]) => ({ name: `${name}.yaml`, text }));
  return examineProfiles(given, VOCABULARY).faults.map(
    ({ file, line, message }) => `${file}:${line}: ${message}`,
  );
}

/** A version that takes everything from its base, with more lines behind it. */
export const extending = (name: string, base: string, from: string, ...more: readonly string[]) =>
  [
    `name: ${name}`,
    `title: { en: "Test", zh: "测试" }`,
    `effective_from: ${from}`,
    `extends: ${base}`,
    ...more,
    '',
  ].join('\n');
