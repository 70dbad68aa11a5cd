/** After a commit. A wake that fails must not fail the request, whose work stands: sweep repairs it. */
import type { Exit } from '../domain/exit.ts';
import type { Committed } from '../store/exits.ts';
import { loggable } from './errors.ts';
import type { HttpParts } from './parts.ts';

export async function wakeAfter(
  { wake, log }: Pick<HttpParts, 'wake' | 'log'>,
  exit: Pick<Exit, 'id' | 'filings'>,
  committed: Committed,
): Promise<void> {
  try {
    await wake.after(exit, committed);
  } catch (error) {
    log.warn({ exit_id: exit.id, error: loggable(error) }, 'a wake was lost; sweep will repair it');
  }
}
