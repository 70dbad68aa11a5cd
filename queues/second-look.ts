/** After a look-up at a filing that has ended: what the agency says otherwise now is a finding, opened at once. */
import { factsAt } from '../src/domain/exit.ts';
import { personAt } from '../src/domain/exit-secret.ts';
import type { Filing, StepResult } from '../src/domain/filing.ts';
import { secondLook } from '../src/domain/second-look.ts';
import type { StoredExit } from '../src/store/exits.ts';
import type { Store } from '../src/store/index.ts';
import type { Wake } from './wake.ts';

/** Before the claim ends: a worker that dies here leaves a look-up that is made again, and finds the same once. */
export async function notice(
  { store, wake }: { readonly store: Pick<Store, 'findings'>; readonly wake: Pick<Wake, 'after'> },
  { exit, orgId, sandbox, secret }: StoredExit,
  filing: Filing,
  result: StepResult,
  now: Date,
): Promise<void> {
  const on = factsAt(exit, filing.factsRevision).exitDate;
  const look = secondLook(exit, filing, on, result);
  if (look === undefined) return;
  const { name, id_number } = personAt(secret(), filing.factsRevision);
  const finding = look.finding && { ...look.finding, person: { name, id_number } };
  const source = { orgId, sandbox, connectionId: filing.connectionId };
  const told = await store.findings.notice(
    source,
    { exitId: exit.id, identity: look.identity, on, ...(finding === undefined ? {} : { finding }) },
    now,
  );
  for (const [exitId, committed] of told) await wake.after({ id: exitId, filings: [] }, committed);
}
