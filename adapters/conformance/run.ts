/** Runs the list against one adapter, a fresh subject for each check. */
import type { AdapterEntry } from '../adapter.ts';
import { manifestFaults } from '../manifest.ts';
import { CHECK_NAMES, CHECKS, type CheckName } from './checks.ts';
import { DeskError } from './desk.ts';
import { assertDiscreet } from './hear.ts';
import { makeTrial, type Subject, Unplayable } from './subject.ts';

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
    assertDiscreet(trial.heard, subject);
  } finally {
    await subject.close();
  }
}

const LONGEST_MS = 60_000;

/** Of an adapter that nobody answers: what can be asked without a line, and why the rest cannot. */
export function resultsWithoutAgency({ manifest }: AdapterEntry, why: string): Result[] {
  const faults = manifestFaults(manifest).join('; ');
  return CHECK_NAMES.map((check): Result => {
    if (check !== 'its manifest keeps to the contract, and its secrets are marked')
      return { check, result: 'skipped', ms: 0, reason: why };
    return faults === ''
      ? { check, result: 'passed', ms: 0 }
      : { check, result: 'failed', ms: 0, reason: faults };
  });
}

/** Results come as they are found. `start` that throws is the suite's own trouble, and ends it; unless the adapter threw. */
export async function* runSuite(
  start: () => Promise<Subject>,
  skips: Readonly<Partial<Record<CheckName, string>>>,
  only: (check: CheckName) => boolean = () => true,
): AsyncGenerator<Result> {
  const strays = catchStrays();
  try {
    for (const check of CHECK_NAMES.filter(only)) {
      const skip = skips[check];
      yield skip === undefined
        ? await resultOf(check, start, strays)
        : { check, result: 'skipped', ms: 0, reason: skip };
    }
  } finally {
    strays.release();
  }
}

async function resultOf(check: CheckName, start: () => Promise<Subject>, strays: Strays): Promise<Result> {
  const begun = performance.now();
  let secrets: readonly string[] = [];
  const work = async () => {
    const subject = await start();
    secrets = subject.secrets;
    await runCheck(check, subject);
  };
  try {
    await strays.watch(() => withinLimit(work()));
    return { check, result: 'passed', ms: since(begun) };
  } catch (error) {
    if (error instanceof Unplayable) return { check, result: 'skipped', ms: 0, reason: error.message };
    if (error instanceof DeskError) throw error;
    return { check, result: 'failed', ms: since(begun), reason: discreet(error, secrets) };
  }
}

const since = (begun: number) => Math.round(performance.now() - begun);

async function withinLimit(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${LONGEST_MS / 1000} s`)), LONGEST_MS);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What an adapter did, for a terminal that others look at as well: its first paragraph, no key, no secret setting. */
function discreet(error: unknown, secrets: readonly string[]): string {
  const text = error instanceof Error ? error.message : 'something was thrown that is no Error';
  const bare = text.replaceAll(PEM, '[PEM]');
  return secrets.reduce((all, secret) => all.replaceAll(secret, '[secret]'), bare).split('\n\n')[0] ?? '';
}

/** Also as JSON writes it, and one that was cut off. */
const PEM = /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(-----END [A-Z0-9 ]+-----|$)/g;

interface Strays {
  /** Does the work; throws as well what is thrown outside of any call: by a timer, by a promise that nobody waits for. */
  watch(work: () => Promise<void>): Promise<void>;
  release(): void;
}

function catchStrays(): Strays {
  let waiting: ((error: Error) => void) | undefined;
  let early: Error | undefined;
  const stray = (cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause);
    const error = new Error(`threw outside of its calls, in this check or one before it: ${message}`);
    if (waiting) waiting(error);
    else early = error;
  };
  process.on('uncaughtException', stray).on('unhandledRejection', stray);
  return {
    async watch(work) {
      const told = early;
      early = undefined;
      if (told) throw told;
      const stopped = new Promise<never>((_, reject) => {
        waiting = reject;
      });
      await Promise.race([work(), stopped]).finally(() => {
        waiting = undefined;
      });
    },
    release: () => void process.off('uncaughtException', stray).off('unhandledRejection', stray),
  };
}
