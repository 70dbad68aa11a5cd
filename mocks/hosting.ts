// Who may come in, and how often: nothing of it on one's own machine, all of it where strangers use the agencies.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Call, Refusal } from './kernel/agency.ts';
import { realNow } from './kernel/clock.ts';
import { addressOf, createLimiter, idle, type Limits, PUBLIC_LIMITS } from './kernel/limits.ts';
import type { Sandbox } from './kernel/sandbox.ts';

export interface Hosting {
  readonly isPublic: boolean;
  readonly limits: Limits;
  /** Of each request to a sandbox; `control`: to what only its owner may steer. undefined: it may pass. */
  gate(sandbox: string, call: Call, control?: boolean): Refusal | undefined;
  /** Of each request to an agency, where a profile says how many a minute it takes. */
  pace(sandbox: string, most: number | undefined): Refusal | undefined;
  /** Of each new sandbox. Throws Refusal RATE_LIMIT. */
  mayCreate(call: Call): void;
  /** For the control API of a sandbox; '' on one's own machine, where it wants none. */
  adminToken(sandbox: string): string;
  isAdmin(sandbox: string, call: Call): boolean;
  touch(sandbox: string): void;
  /** It is gone: whoever takes its name next shares no token with whoever had it. */
  forget(sandbox: string): void;
  /** Freezes and deletes what nobody has called for long. Returns what was done, a line each. */
  tidy(sandboxes: readonly Sandbox[], drop: (name: string) => void, now: Date): string[];
}

const MINUTE = 60_000;
const busy = (seconds: number, what: string, limit: string, most: number) =>
  new Refusal('RATE_LIMIT', `too many requests of this ${what} (${limit}: ${most}); see /limits`, {
    status: 429,
    retryAfterSeconds: seconds,
  });

export function createHosting(options: {
  mode: 'local' | 'public';
  limits?: Partial<Limits>;
  /** Opens the control API of `default` in public. */
  operatorToken?: string;
  wallNow?: () => Date;
}): Hosting {
  const { mode, wallNow = realNow } = options;
  const isPublic = mode === 'public';
  const limits: Limits = { ...PUBLIC_LIMITS, ...options.limits };
  const limiter = createLimiter(wallNow);
  const secret = randomBytes(32);
  const used = new Map<string, Date>();
  const tokens = new Map<string, string>();
  function tokenOf(sandbox: string): string {
    const token = tokens.get(sandbox) ?? randomBytes(32).toString('base64url');
    tokens.set(sandbox, token);
    return token;
  }
  const same = (a: string, b: string) => {
    const [left, right] = [a, b].map((text) => createHmac('sha256', secret).update(`same ${text}`).digest());
    return left !== undefined && right !== undefined && timingSafeEqual(left, right);
  };

  function isAdmin(sandbox: string, call: Call): boolean {
    if (!isPublic) return true;
    const given = /^Bearer (\S+)$/i.exec(call.headers.authorization ?? '')?.[1];
    if (given === undefined) return false;
    const { operatorToken } = options;
    if (operatorToken !== undefined && same(given, operatorToken)) return true;
    return sandbox !== 'default' && same(given, tokenOf(sandbox));
  }

  return {
    isPublic,
    limits,
    gate(sandbox, call, control = false) {
      if (!isPublic) return undefined;
      const { requests_per_minute_of_address: ofAddress, requests_per_minute_of_sandbox: ofSandbox } = limits;
      const address = limiter.take(`address ${addressOf(call)}`, ofAddress, MINUTE);
      if (address !== undefined) return busy(address, 'address', 'requests_per_minute_of_address', ofAddress);
      // Whoever has no right here uses up their own address's share, not the owner's.
      if (control && !isAdmin(sandbox, call)) return undefined;
      const box = limiter.take(`sandbox ${sandbox}`, ofSandbox, MINUTE);
      return box === undefined
        ? undefined
        : busy(box, 'sandbox', 'requests_per_minute_of_sandbox', ofSandbox);
    },
    pace(sandbox, most) {
      if (most === undefined) return undefined;
      const wait = limiter.take(`pace ${sandbox}`, most, MINUTE);
      return wait === undefined
        ? undefined
        : busy(wait, 'sandbox in its profile', 'requests_per_minute_of_profile', most);
    },
    mayCreate(call) {
      if (!isPublic) return;
      const { sandboxes_per_hour_of_address: most } = limits;
      const wait = limiter.take(`birth ${addressOf(call)}`, most, 60 * MINUTE);
      if (wait !== undefined) throw busy(wait, 'address', 'sandboxes_per_hour_of_address', most);
    },
    adminToken: (sandbox) => (isPublic ? tokenOf(sandbox) : ''),
    isAdmin,
    touch(sandbox) {
      if (isPublic) used.set(sandbox, wallNow());
    },
    forget(sandbox) {
      used.delete(sandbox);
      tokens.delete(sandbox);
    },
    tidy(sandboxes, drop, now) {
      if (!isPublic) return [];
      const done: string[] = [];
      for (const { name, clock } of sandboxes) {
        if (name === 'default') continue;
        const last = used.get(name);
        if (!last) used.set(name, now);
        const verdict = last ? idle(last, now, limits) : 'keep';
        if (verdict === 'freeze' && clock.running) clock.freeze();
        else if (verdict !== 'delete') continue;
        if (verdict === 'delete') drop(name);
        done.push(`${name}: ${verdict === 'delete' ? 'deleted' : 'frozen'}`);
      }
      return done;
    },
  };
}
