/** A filing just before it is sent: its exit may have been amended or cancelled while it waited for its next try. */
import type { Exit } from '../src/domain/exit.ts';
import type { Filing } from '../src/domain/filing.ts';
import { refresh } from '../src/domain/record.ts';
import { newSerial } from '../src/ids.ts';
import type { StoredExit } from '../src/store/exits.ts';
import type { FilingWorker } from './filings.ts';

const MOST_CONFLICTS = 20;

/**
 * Before it is sent: makes the filing what the exit asks for by now, however often others change that meanwhile. Giving up
 * at the first conflict would leave a claim that looks like a dead worker's.
 * @returns the exit to send from, or what has become of the filing; undefined when the claim was lost.
 */
export async function freshen(
  { store, reachOf, wake }: Pick<FilingWorker, 'store' | 'reachOf' | 'wake'>,
  read: StoredExit,
  lease: { readonly filingId: string; readonly token: string },
  now: Date,
): Promise<{ readonly stored: StoredExit } | { readonly became: Filing } | undefined> {
  const find = ({ filings }: Exit): Filing => {
    const filing = filings.find(({ id }) => id === lease.filingId);
    if (filing === undefined) throw new Error(`filing ${lease.filingId} is not of exit ${read.exit.id}`);
    return filing;
  };
  let stored: StoredExit | undefined = read;
  for (let conflicts = 0; stored !== undefined && conflicts < MOST_CONFLICTS; conflicts++) {
    const pursuit = { now, newSerial: () => newSerial(now), reachOf };
    const change = refresh(stored.exit, find(stored.exit), pursuit);
    if (change === undefined) return { stored };
    const committed = await store.exits.save(stored, change, { now, lease });
    if (committed !== undefined) {
      await wake.after(change.exit, committed, { but: lease.filingId });
      return { became: find(change.exit) };
    }
    stored = await store.exits.loadAny(read.exit.id);
  }
  return undefined;
}
