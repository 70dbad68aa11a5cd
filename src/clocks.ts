/** Reads profiles/statutes/clocks.yaml once at start. A broken table stops the start with what is wrong and where. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Clock, ClockTable } from './domain/clock-data.ts';

/** @throws Error that names the file and what is wrong with it. */
export function readClocks(file: string): readonly Clock[] {
  const result = ClockTable.safeParse(parse(readFileSync(file, 'utf8')));
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  return result.data.clocks;
}
