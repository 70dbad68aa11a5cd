/** One list of checks for every adapter, against its mock agency over real sockets. A skip is data with a reason. */
import assert from 'node:assert/strict';
import { CHECK_NAMES, type CheckName, type Subject } from '../../adapters/conformance/checks.ts';
import { skipFaults, type WithoutAgency } from '../../adapters/conformance/description.ts';
import { runCheck } from '../../adapters/conformance/run.ts';
import { useRealNetwork } from '../support/real-network.ts';

export interface Specimen {
  readonly name: string;
  /** A fresh subject for every check: own sandbox, own adapter. */
  start(): Promise<Subject>;
  /** Checks that this agency's protocol cannot have, and why. */
  readonly skips: Readonly<Partial<Record<CheckName, string>>>;
}

export function describeAdapter({ name, start, skips }: Specimen): void {
  describe(`conformance: ${name}`, () => {
    useRealNetwork();
    it('skips by reason what is on the list, and nothing else', () =>
      assert.deepEqual(skipFaults(skips), []));
    for (const check of CHECK_NAMES) {
      const reason = skips[check];
      if (reason === undefined) it(check, async () => runCheck(check, await start()));
      else it.skip(`${check} (skipped: ${reason})`);
    }
  });
}

/** An adapter that nobody answers: every check of the list is skipped, by name and reason. */
export function describeNothingToAsk(name: string, { withoutAgency }: WithoutAgency): void {
  describe(`conformance: ${name}`, () => {
    for (const check of CHECK_NAMES) it.skip(`${check} (skipped: ${withoutAgency})`);
  });
}
