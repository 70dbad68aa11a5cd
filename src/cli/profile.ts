/** `exitgate profile check | diff | schema`: what is wrong with a profile, and what a changed one changes. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { businessDate } from '../domain/dates.ts';
import { compareProfiles } from '../domain/profile-diff.ts';
import { profileSchema } from '../domain/profile-draft.ts';
import {
  examineProfiles,
  PROFILES,
  type ProfileFile,
  profileFiles,
  readProfiles,
  readVocabulary,
} from '../profiles.ts';
import { diffText } from './profile-text.ts';
import { withStore } from './store.ts';

function read(path: string): ProfileFile {
  try {
    return { name: basename(path), text: readFileSync(path, 'utf8') };
  } catch (cause) {
    throw new Error(`${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** The installed profiles, with the given files in place of those of their names. */
function examine(paths: readonly string[]) {
  const given = paths.map(read);
  const names = new Set(given.map(({ name }) => name));
  if (names.size < given.length)
    throw new Error('two of the files have the same name: check them one by one');
  const others = profileFiles(PROFILES).filter(({ name }) => !names.has(name));
  const examined = examineProfiles([...others, ...given], readVocabulary(PROFILES));
  const pathOf = new Map(given.map(({ name }, index) => [name, paths[index] ?? name]));
  const faults = examined.faults.map(
    ({ file, line, message }) => `${pathOf.get(file) ?? `profiles/${file}`}:${line}: ${message}`,
  );
  return { profiles: examined.profiles, faults };
}

const nameOf = (path: string) => basename(path).replace(/\.yaml$/, '');

function check(paths: readonly string[]): void {
  const { profiles, faults } = examine(paths);
  for (const fault of faults) console.log(fault);
  if (faults.length > 0) {
    process.exitCode = 1;
    return;
  }
  for (const path of paths) {
    const versions = profiles.all
      .filter(({ name }) => name === nameOf(path))
      .map(
        ({ effective_from: from, gates, filings }) =>
          `${from} (${gates.length} gates, ${filings.length} filings)`,
      )
      .toSorted();
    console.log(`${path} is right: ${versions.join(', ')}`);
  }
}

async function diff(path: string, { offline = false }: { readonly offline?: boolean }): Promise<void> {
  const { profiles, faults } = examine([path]);
  if (faults.length > 0) throw new Error(`mend it first (exitgate profile check):\n${faults.join('\n')}`);
  const changes = compareProfiles(readProfiles(PROFILES).all, profiles.all, nameOf(path));
  const pinned = offline ? undefined : await withStore((store) => store.pins.openExits());
  const { lines, breaks } = diffText(nameOf(path), changes, pinned, businessDate(new Date()));
  console.log(lines.join('\n'));
  if (breaks) process.exitCode = 1;
}

export function addProfile(program: Command): void {
  const profile = program.command('profile').description('profiles: check, diff, schema');
  profile
    .command('check')
    .argument('<files...>', 'YAML files, each named as its profile')
    .description('say what is wrong with profiles, by file and line; changes nothing')
    .action(check);
  profile
    .command('diff')
    .argument('<file>', 'YAML file, named as its profile')
    .option('--offline', 'without the database: not how many open exits it touches')
    .description(
      'compare a file with the installed profile of its name, and say what it means for open exits',
    )
    .action(diff);
  profile
    .command('schema')
    .description('print the JSON schema of a profile, for editors')
    .action(() => console.log(JSON.stringify(profileSchema(), null, 2)));
}
