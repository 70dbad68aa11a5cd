/** A filing whose connection was deleted, under its claim: it goes by another, waits for one, or becomes a person's. */
import { elsewhere } from '../src/domain/elsewhere.ts';
import type { Exit } from '../src/domain/exit.ts';
import type { Filing, Step } from '../src/domain/filing.ts';
import { newSerial } from '../src/ids.ts';
import type { Attempt, StoredExit } from '../src/store/exits.ts';
import type { FilingWorker } from './filings.ts';
import type { Hold } from './holds.ts';

const MOST_CONFLICTS = 20;

export type Away =
  | { readonly stored: StoredExit; readonly hold?: Hold }
  /** `moved`: to the queue of another adapter. */
  | { readonly became: Filing; readonly moved: boolean };

/** @returns the exit to go on from, what has become of the filing, or why it waits; undefined when the claim was lost. */
export async function awayFromDeleted(
  { store, wake }: Pick<FilingWorker, 'store' | 'wake'>,
  read: StoredExit,
  lease: { readonly filingId: string; readonly token: string },
  step: Step,
  now: Date,
): Promise<Away | undefined> {
  const find = ({ filings }: Exit): Filing => {
    const filing = filings.find(({ id }) => id === lease.filingId);
    if (filing === undefined) throw new Error(`filing ${lease.filingId} is not of exit ${read.exit.id}`);
    return filing;
  };
  const { orgId, sandbox } = read;
  const [connections, attempts] = await Promise.all([
    store.connections.list(orgId, sandbox),
    store.filings.attempts(orgId, lease.filingId),
  ]);
  let stored: StoredExit | undefined = read;
  for (let conflicts = 0; stored !== undefined && conflicts < MOST_CONFLICTS; conflicts++) {
    const filing = find(stored.exit);
    const since = filing.preparedAt ?? now;
    const doubted = attempts.some(
      (each) => each.outcome === 'unsure' && each.step === step && each.startedAt >= since,
    );
    const context = { connections, doubted, now, newSerial: () => newSerial(now) };
    const decided = elsewhere(stored.exit, filing, step, context);
    if (decided === undefined) return { stored };
    if (decided.kind === 'wait') return { stored, hold: decided.hold };
    const became = find(decided.change.exit);
    const moved = decided.kind === 'moved';
    const attempt: Attempt = {
      filingId: filing.id,
      step: 'wait',
      outcome: moved ? 'moved' : 'manual',
      reason: moved
        ? `connection ${filing.connectionId} was deleted: it goes by ${became.connectionId}`
        : `connection ${filing.connectionId} was deleted, and what it has sent may stand at its agency`,
      startedAt: now,
      endedAt: now,
      hashes: [],
      messages: [],
    };
    const committed = await store.exits.save(stored, decided.change, { now, lease, attempt });
    if (committed !== undefined) {
      await wake.after(decided.change.exit, committed, { but: lease.filingId });
      // The other adapter's jobs lie on a queue of its own.
      if (moved && became.adapter !== filing.adapter) await wake.filing(became).catch(() => {});
      return { became, moved: became.adapter !== filing.adapter };
    }
    stored = await store.exits.loadAny(read.exit.id);
  }
  return undefined;
}
