/** Reads profiles/ once at start. A broken file stops the start with its name, the line and what is wrong there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { readClocks } from './clocks.ts';
import { type Profiles, profilesOf } from './domain/profile.ts';
import { ProfileDraft, resolveDrafts } from './domain/profile-draft.ts';
import { contradictions, ReasonTable, Terms, unknownCodes, type Vocabulary } from './domain/vocabulary.ts';
import { at, checkYaml, type LineFault, readYaml } from './yaml.ts';

/** The profiles, words and statutes that come with the package. */
export const PROFILES = fileURLToPath(new URL('../profiles', import.meta.url));

export interface ProfileFile {
  /** Without its folder: `securities.yaml`. */
  readonly name: string;
  readonly text: string;
}

export interface FileFault extends LineFault {
  readonly file: string;
}

const written = ({ file, line, message }: FileFault) => `profiles/${file}:${line}: ${message}`;

/** The files of profiles; the words and statutes lie in folders beside them. */
export function profileFiles(folder: string): readonly ProfileFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

/** @throws Error that names the file, the line and what is wrong. */
export function readVocabulary(folder: string): Vocabulary {
  return {
    terms: readOne(folder, 'words/terms.yaml', Terms),
    reasons: readOne(folder, 'statutes/reasons.yaml', ReasonTable),
    clocks: readClocks(join(folder, 'statutes', 'clocks.yaml')),
  };
}

function readOne<Schema extends z.ZodType>(folder: string, file: string, schema: Schema): z.output<Schema> {
  const { documents, faults } = readYaml(readFileSync(join(folder, file), 'utf8'));
  const [document] = documents;
  const result = document === undefined ? { faults } : checkYaml(schema, document);
  const [first] = result.faults;
  if (first !== undefined) throw new Error(written({ ...first, file }));
  return result.value as z.output<Schema>;
}

/** All that is wrong with the files, by line; and the profiles, as far as they can be made. */
export function examineProfiles(
  files: readonly ProfileFile[],
  vocabulary: Vocabulary,
): { readonly profiles: Profiles; readonly faults: readonly FileFault[] } {
  const faults: FileFault[] = [];
  const places = new Map<ProfileDraft, (path: readonly PropertyKey[], message: string) => void>();
  for (const { name: file, text } of files) {
    const { documents, faults: unreadable } = readYaml(text);
    faults.push(...unreadable.map((fault) => ({ file, ...fault })));
    for (const document of documents) {
      const { value: draft, faults: wrong } = checkYaml(ProfileDraft, document);
      faults.push(...wrong.map((fault) => ({ file, ...fault })));
      if (draft === undefined) continue;
      const say = (path: readonly PropertyKey[], message: string) =>
        void faults.push({ file, line: document.lineOf(path), message: at(path, message) });
      places.set(draft, say);
      if (`${draft.name}.yaml` !== file) say(['name'], `a profile has the name of its file, ${file}`);
      for (const { path, message } of unknownCodes(draft, vocabulary)) say(path, message);
    }
  }
  const { resolved, faults: unresolved } = resolveDrafts([...places.keys()]);
  for (const { draft, path, message } of unresolved) places.get(draft)?.(path, message);
  for (const { draft, profile } of resolved)
    for (const { path, message } of contradictions(profile, vocabulary)) places.get(draft)?.(path, message);
  const profiles = profilesOf(
    resolved.map(({ profile }) => profile),
    vocabulary,
  );
  return { profiles, faults: faults.toSorted(byPlace) };
}

const byPlace = (a: FileFault, b: FileFault) =>
  a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;

/** @throws Error that names the first file and line, and what is wrong there. */
export function readProfiles(folder: string): Profiles {
  const { profiles, faults } = examineProfiles(profileFiles(folder), readVocabulary(folder));
  if (faults.length > 0) throw new Error(faults.map(written).join('\n'));
  return profiles;
}
