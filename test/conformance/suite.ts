/** One list of checks for every adapter, against its mock agency over real sockets. A skip is data with a reason. */
import assert from 'node:assert/strict';
import { CHECKS, type CheckName, makeTrial, type Subject } from '../../adapters/conformance/checks.ts';
import { useRealNetwork } from '../support/real-network.ts';

export type { CheckName, FaultName, Subject } from '../../adapters/conformance/checks.ts';

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
    for (const check of Object.keys(CHECKS) as CheckName[]) {
      const reason = skips[check];
      if (reason !== undefined) {
        it.skip(`${check} (skipped: ${reason})`);
        continue;
      }
      it(check, async () => {
        const subject = await start();
        const trial = makeTrial(subject);
        try {
          await CHECKS[check](trial);
          for (const secret of subject.secrets)
            assert.ok(
              !trial.said.some((line) => line.includes(secret)),
              'a secret or personal datum was said aloud',
            );
        } finally {
          await subject.close();
        }
      });
    }
  });
}
