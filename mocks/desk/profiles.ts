// What a profile changes besides the scenarios it chooses: delays of the clerks, the window, faults of the line.

import { setWindow } from '../insurance/index.ts';
import { setWindow as setSm2Window } from '../insurance-sm2/index.ts';
import type { AgencyName } from '../kernel/agency.ts';
import type { FaultRequest } from '../kernel/faults.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { durationMs } from '../kernel/time.ts';

interface Setting {
  /** Of every clerk, ISO; absent: the agency's own. */
  readonly delay?: string;
  /** Whole days of it are Mondays to Fridays. */
  readonly workingDays?: boolean;
  readonly window?: { readonly opens: number; readonly closes: number };
  /** Of the second city. */
  readonly secondWindow?: { readonly opens: number; readonly closes: number };
  readonly faults?: readonly FaultRequest[];
  /** To its agencies, of real time; absent: as many as the host allows. */
  readonly requestsPerMinute?: number;
}

const DAY_MS = 86_400_000;
const ALWAYS = 1_000_000;
const lossy = (id: string, fault: FaultRequest): FaultRequest => ({
  ...fault,
  id: `profile-${id}`,
  times: ALWAYS,
  ttlMs: DAY_MS,
});

const SETTINGS: Readonly<Record<string, Setting>> = {
  'month-end-rush': {
    delay: 'P2D',
    faults: [
      lossy('busy', { preset: '429', probability: 0.15 }),
      lossy('slow', { preset: 'slow', probability: 0.1, delayMs: 300 }),
    ],
  },
  'lossy-network': {
    faults: [
      lossy('drop', { preset: 'drop-on-connect', probability: 0.1 }),
      lossy('lost', { preset: 'commit-then-lose-reply', probability: 0.1 }),
      lossy('cut', { preset: 'truncate', probability: 0.05 }),
      lossy('down', { preset: '503-maintenance', probability: 0.05 }),
    ],
  },
  'production-like': {
    delay: 'P2D',
    workingDays: true,
    window: { opens: 5, closes: 25 },
    secondWindow: { opens: 26, closes: 20 },
    requestsPerMinute: 120,
    faults: [lossy('busy', { preset: '429', probability: 0.02 })],
  },
};

/** How many requests a minute the profile lets through; undefined: it does not count them. */
export const paceOf = (profile: string): number | undefined => SETTINGS[profile]?.requestsPerMinute;

/** Takes away what the profile before had brought, and leaves alone what neither of them says anything about. */
export function applyProfile(sandbox: Sandbox, before: string, name: string): void {
  const old = SETTINGS[before] ?? {};
  const { delay, workingDays = false, window, secondWindow, faults = [] } = SETTINGS[name] ?? {};
  for (const { id } of sandbox.faults.list()) if (id.startsWith('profile-')) sandbox.faults.disarm(id);
  for (const fault of faults) sandbox.faults.arm(fault);
  for (const agency of ['labor', 'insurance', 'credit', 'insurance-sm2'] satisfies AgencyName[]) {
    const own = sandbox.agency(agency);
    if (!own || (old.delay ?? delay) === undefined) continue;
    const delayMs = durationMs(delay ?? own.clerkDelay) ?? 0;
    sandbox.clerk().setPolicy(agency, { ...sandbox.clerk().policy(agency), delayMs, workingDays });
  }
  if (sandbox.agency('insurance') && (old.window ?? window) !== undefined)
    sandbox.transaction(() => setWindow(window ?? { opens: 1, closes: 31 }, sandbox.room('insurance')));
  if (sandbox.agency('insurance-sm2') && (old.secondWindow ?? secondWindow) !== undefined)
    sandbox.transaction(() => setSm2Window(secondWindow, sandbox.room('insurance-sm2')));
}
