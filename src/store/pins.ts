/** Which versions of profiles the open exits are pinned to, over all organisations: for whoever changes a profile. */
import type { BusinessDate } from '../domain/words.ts';
import { type Database, rows } from './database.ts';

export interface Pinned {
  readonly profile: string;
  readonly version: BusinessDate;
  readonly live: number;
  readonly test: number;
}

export interface PinStore {
  openExits(): Promise<readonly Pinned[]>;
}

const OPEN = `
  SELECT profile, profile_version AS version, count(*) FILTER (WHERE NOT sandbox)::int AS live,
    count(*) FILTER (WHERE sandbox)::int AS test
  FROM exits WHERE status NOT IN ('completed', 'cancelled') GROUP BY 1, 2 ORDER BY 1, 2`;

export function createPinStore(database: Database): PinStore {
  return { openExits: () => rows<Pinned>(database, OPEN) };
}
