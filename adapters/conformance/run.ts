/** Runs the list against one adapter, a fresh subject for each check. */
import assert from 'node:assert/strict';
import { CHECK_NAMES, CHECKS, type CheckName } from './checks.ts';
import { makeTrial, type Subject } from './subject.ts';

export interface Result {
  readonly check: CheckName;
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly ms: number;
  /** Why it was skipped, or what the adapter did instead. */
  readonly reason?: string;
}

/** Throws when the adapter fails the check, or said aloud what nobody may say. */
export async function runCheck(check: CheckName, subject: Subject): Promise<void> {
  const trial = makeTrial(subject);
  try {
    await CHECKS[check](trial);
    for (const secret of subject.secrets)
      assert.ok(
        !trial.said.some((line) => line.includes(secret)),
        'a secret or personal datum was said aloud, in a reason, a code or a log line',
      );
  } finally {
    await subject.close();
  }
}

const LONGEST_MS = 60_000;

/** Results come as they are found. `start` that throws is the suite's own trouble, and ends it. */
export async function* runSuite(
  start: () => Promise<Subject>,
  skips: Readonly<Partial<Record<CheckName, string>>>,
  only: (check: CheckName) => boolean = () => true,
): AsyncGenerator<Result> {
  for (const check of CHECK_NAMES.filter(only)) {
    const skip = skips[check];
    if (skip !== undefined) {
      yield { check, result: 'skipped', ms: 0, reason: skip };
      continue;
    }
    const subject = await start();
    const begun = performance.now();
    const failure = await failureOf(runCheck(check, subject));
    const ms = Math.round(performance.now() - begun);
    yield failure === undefined
      ? { check, result: 'passed', ms }
      : { check, result: 'failed', ms, reason: failure };
  }
}

async function failureOf(work: Promise<void>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${LONGEST_MS / 1000} s`)), LONGEST_MS);
  });
  try {
    await Promise.race([work, late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n\n')[0] ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}
