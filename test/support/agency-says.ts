/** What a worker does with an agency's answer, without one: claims the filing, and records what the agency said. */
import assert from 'node:assert/strict';
import { nextStep, type StepResult } from '../../src/domain/filing.ts';
import { record } from '../../src/domain/record.ts';
import type { FilingKind } from '../../src/domain/words.ts';
import { newId } from '../../src/ids.ts';
import type { Store } from '../../src/store/index.ts';
import { PURSUIT } from './builders.ts';

export async function agencySays(
  store: Store,
  exitId: string,
  result: StepResult,
  kind: FilingKind = 'labor_filing',
): Promise<void> {
  const filingId = (await store.exits.loadAny(exitId))?.exit.filings.find((each) => each.kind === kind)?.id;
  assert.ok(filingId);
  const token = newId('attempt', new Date());
  // Late enough for whatever is due.
  const now = new Date('2030-01-01T00:00:00Z');
  assert.ok(
    await store.filings.claim(filingId, { token, now, until: new Date(now.getTime() + 1000) }),
    `${kind} of ${exitId} is not due`,
  );
  const stored = await store.exits.loadAny(exitId);
  const filing = stored?.exit.filings.find(({ id }) => id === filingId);
  assert.ok(stored && filing);
  const step = nextStep(filing);
  assert.ok(step);
  const context = { ...PURSUIT, now, random: 0.5, canLookUp: true, canReadBack: true };
  const change = record(stored.exit, filingId, step, result, context);
  assert.ok(await store.exits.save(stored, change, { now, lease: { filingId, token } }));
}
