/** Reads profiles/*.yaml once at start. A broken profile stops the start with the file and the line's path. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Profile, type Profiles, profilesOf } from './domain/profile.ts';

/** @throws Error that names the file and what is wrong with it. */
export function readProfiles(folder: string): Profiles {
  const profiles: Profile[] = [];
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()) {
    const result = Profile.safeParse(parse(readFileSync(join(folder, file), 'utf8')));
    if (!result.success) throw new Error(`profiles/${file}: ${z.prettifyError(result.error)}`);
    profiles.push(result.data);
  }
  return profilesOf(profiles);
}
