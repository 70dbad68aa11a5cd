// The mock agencies as one thing to start: the agencies and the desk, each on its own port, and all of them under the
// desk's port at /s/{sandbox}/…
import { randomBytes } from 'node:crypto';
import { addresses, type Urls, under } from './addresses.ts';
import { AGENCIES } from './agencies.ts';
import { requireInput } from './desk/checked.ts';
import { answerDesk } from './desk/desk.ts';
import { createHandle, type SandboxHandle } from './desk/handle.ts';
import * as kit from './desk/kit-schemas.ts';
import { problem } from './desk/problem.ts';
import { paceOf } from './desk/profiles.ts';
import { agencyOf, type House } from './desk/route.ts';
import { sandboxUnknown } from './desk/web.ts';
import { createHosting } from './hosting.ts';
import type { Agency, AgencyName, Call } from './kernel/agency.ts';
import { prepareKeys } from './kernel/ca.ts';
import type { ClerkPolicy } from './kernel/clerk.ts';
import { realNow, wakeAt } from './kernel/clock.ts';
import { exchange, type Outcome } from './kernel/exchange.ts';
import { languageOf } from './kernel/language.ts';
import { BODY_LIMIT, type Limits } from './kernel/limits.ts';
import { trusting } from './kernel/proxies.ts';
import type { Population } from './kernel/rolls.ts';
import { createSandbox, type Sandbox, type SandboxOptions, type SandboxState } from './kernel/sandbox.ts';
import { type Listening, listen } from './kernel/server.ts';
import { LimitReached } from './kernel/words.ts';
import { PROFILES, SCENARIOS } from './scenarios/index.ts';
import { answerTsa } from './tsa/index.ts';

export type { Urls } from './addresses.ts';
export type { SandboxHandle } from './desk/handle.ts';
export type { AgencyName, CaseView, Decision, Identity } from './kernel/agency.ts';
export type { Fired } from './kernel/clock.ts';
export type { SandboxState } from './kernel/sandbox.ts';
export type { Participant, Step } from './kernel/stepping.ts';

export interface AgenciesOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: a free port each. The command line uses 4100 to 4104. */
  readonly ports?: Partial<Record<'desk' | AgencyName, number>>;
  /** Same seed and same calls: same numbers and receipts. Absent: `exitgate`; in public each sandbox has one of its own. */
  readonly seed?: string;
  readonly clerk?: ClerkPolicy['policy'];
  readonly population?: Population;
  /** Besides those of the written list: agencies of others, who play in the same sandboxes. */
  readonly agencies?: readonly Agency[];
  /** Leaves the other agencies out: for tests of one agency. */
  readonly only?: readonly AgencyName[];
  /** `public`: strangers use it. README.md beside this file says what then holds. */
  readonly hosting?: 'local' | 'public';
  readonly limits?: Partial<Limits>;
  /** In public: opens the control API of every sandbox, and that of `default` alone does. */
  readonly operatorToken?: string;
  /** Address ranges of the proxies whose X-Forwarded-For, -Proto and -Host are believed; default none. */
  readonly trustProxy?: readonly string[];
  /** One line per thing worth telling; default silence. */
  readonly log?: (line: string) => void;
}

/** Of a sandbox that is not there yet: its own seed, and sandbox time to start from. */
export interface SandboxBirth {
  readonly seed?: string;
  readonly start?: Date;
  /** Time stands still from birth on. */
  readonly frozen?: boolean;
}

export interface Agencies {
  readonly urls: Urls;
  /** In-process handle on a sandbox, which is created when there is none of that name. Its urls go through the desk's port. */
  sandbox(name?: string, birth?: SandboxBirth): SandboxHandle;
  /** A second sandbox that goes on from the state of now, with the same CA. Throws RangeError when the name is taken. */
  fork(of: string, name: string): SandboxHandle;
  /** Freezes and deletes idle sandboxes of a public host; it does so itself every hour. Returns what was done. */
  tidy(now: Date): string[];
  close(): Promise<void>;
}

type Birth = SandboxBirth & Pick<SandboxOptions, 'from'>;

export const SANDBOX_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
const MOST_SANDBOXES = 1000;

export async function startAgencies(options: AgenciesOptions = {}): Promise<Agencies> {
  requireInput(kit.options, options, 'startAgencies');
  const { host = '127.0.0.1', ports = {}, clerk = 'accept', population = 'auto', log } = options;
  const agencies = chosen(options);
  const names = agencies.map(({ name }) => name);
  const hosting = createHosting({
    mode: options.hosting ?? 'local',
    ...(options.limits ? { limits: options.limits } : {}),
    ...(options.operatorToken === undefined ? {} : { operatorToken: options.operatorToken }),
  });
  const originOf = trusting(options.trustProxy ?? []);
  const keys = await prepareKeys();
  const sandboxes = new Map<string, Sandbox>();
  const servers: Listening[] = [];
  let ajar: NodeJS.Timeout | undefined;

  /** The fault `refuse` closes the own port of the agency it names; sandboxes in a path share theirs with the desk. */
  function doors() {
    const refused =
      sandboxes
        .get('default')
        ?.faults.list()
        .filter(({ kind }) => kind === 'refuse') ?? [];
    names.forEach((name, index) => {
      const door = servers[index + 1];
      if (refused.some(({ agency }) => agency === undefined || agency === name)) door?.shut();
      else door?.open();
    });
    clearTimeout(ajar);
    const ends = refused.map(({ expiresAt }) => Date.parse(expiresAt)).sort((a, b) => a - b)[0];
    if (ends !== undefined) ajar = wakeAt(new Date(ends + 1), doors);
  }

  function open(name: string, over: Birth = {}): Sandbox {
    const known = sandboxes.get(name);
    if (known) return known;
    if (!SANDBOX_NAME.test(name))
      throw new LimitReached({
        en: `sandbox name must match ${SANDBOX_NAME.source}`,
        zh: `沙箱名称须符合 ${SANDBOX_NAME.source}`,
      });
    if (sandboxes.size >= MOST_SANDBOXES)
      throw new LimitReached({
        en: `there are ${MOST_SANDBOXES} sandboxes already: close() those that are done with, over HTTP DELETE /sandboxes/{name}`,
        zh: `沙箱已达 ${MOST_SANDBOXES} 个：请用 close() 或 DELETE /sandboxes/{name} 关闭不再使用的沙箱`,
      });
    const sandbox = createSandbox(agencies, {
      name,
      seed: options.seed ?? (hosting.isPublic ? unguessable() : 'exitgate'),
      // A seed is something that people tell each other; where strangers are, no key may follow from it.
      ...(hosting.isPublic ? { secret: unguessable() } : {}),
      clerk,
      population,
      keys,
      scenarios: SCENARIOS,
      syntheticOnly: hosting.isPublic,
      gate: (call: Call) =>
        hosting.gate(name, call) ??
        hosting.pace(name, paceOf(sandboxes.get(name)?.director.profile().name ?? '')),
      ...(name === 'default' ? { faultsChanged: doors } : {}),
      profiles: PROFILES,
      ...over,
    });
    sandboxes.set(name, sandbox);
    hosting.touch(name);
    return sandbox;
  }

  const house: House = {
    names,
    hosting,
    open,
    fork: (sandbox: Sandbox, name: string, state: SandboxState) =>
      open(name, {
        seed: sandbox.seed,
        from: { origin: sandbox.origin, birth: sandbox.ca.birth, secret: sandbox.secret, state },
      }),
    find: (name: string) => sandboxes.get(name),
    list: () => [...sandboxes.values()],
    drop(name: string) {
      sandboxes.get(name)?.close();
      hosting.forget(name);
      return sandboxes.delete(name);
    },
  };

  const atAgency = (agency: Agency) => (call: Call) => exchange(agency, open('default'), call);

  /** /s/{sandbox}/{agency}/… , /s/{sandbox}/{desk route}, or the desk of the default sandbox. */
  async function atDesk(call: Call): Promise<Outcome> {
    const match = /^\/s\/([^/]+)(\/.*)?$/.exec(call.path);
    if (!match) return beside(open('default'), call);
    const name = match[1] ?? '';
    const sandbox = name === 'default' ? open(name) : sandboxes.get(name);
    if (!sandbox) return { kind: 'reply', reply: sandboxUnknown(call) };
    if (match[2] === undefined && call.method === 'GET') return { kind: 'reply', reply: atSlash(call) };
    hosting.touch(name);
    const rest = match[2] ?? '/';
    const [, first = '', below = '/'] = /^\/([^/]*)(\/.*)?$/.exec(rest) ?? [];
    const agency = sandbox.agency(first);
    if (agency)
      return exchange(agency, sandbox, { ...call, path: below, base: `${call.base}/s/${name}/${first}` });
    return beside(sandbox, { ...call, path: rest, base: `${call.base}/s/${name}` });
  }

  /** What a sandbox has besides its agencies: the time-stamping authority and the desk. */
  async function beside(sandbox: Sandbox, call: Call): Promise<Outcome> {
    if (call.tooLarge)
      return {
        kind: 'reply',
        reply: problem(
          413,
          'TOO_LARGE',
          { en: `the limit is ${BODY_LIMIT} bytes`, zh: `正文不得超过 ${BODY_LIMIT} 字节` },
          languageOf(call.headers['accept-language']),
        ),
      };
    const stamp = /^\/tsa(\/.*)?$/.exec(call.path);
    if (stamp) return { kind: 'reply', reply: answerTsa(sandbox, { ...call, path: stamp[1] ?? '/' }) };
    return answerDesk(house, sandbox, call, urls);
  }

  const tidy = (now: Date) => hosting.tidy([...sandboxes.values()], house.drop, now);
  let sweep: NodeJS.Timeout | undefined;
  function tidyHourly() {
    for (const line of tidy(realNow())) log?.(line);
    sweep = wakeAt(new Date(realNow().getTime() + 3_600_000), tidyHourly);
  }
  if (hosting.isPublic) tidyHourly();

  open('default');
  const listening = await Promise.all([
    listen(atDesk, host, ports.desk ?? 0, originOf),
    ...agencies.map((agency) => listen(atAgency(agency), host, ports[agency.name] ?? 0, originOf)),
  ]);
  servers.push(...listening);
  const desk = listening[0].url;
  const urls = addresses(
    desk,
    names.map((name, index) => [name, listening[1 + index]?.url ?? '']),
  );
  const handleOf = (sandbox: Sandbox) => {
    const { name } = sandbox;
    return createHandle(sandbox, {
      urls: name === 'default' ? urls : under(desk, { names, name }),
      drop() {
        if (name === 'default') throw new RangeError('the default sandbox stays; reset it instead');
        // A later sandbox of the same name is somebody else's.
        if (sandboxes.get(name) === sandbox) house.drop(name);
      },
    });
  };
  log?.(`mock agencies: desk ${desk}, ${names.map((name) => `${name} ${urls[name]}`).join(', ')}`);

  return Object.freeze({
    urls,
    sandbox(name = 'default', birth = {}) {
      requireBirth(birth);
      return handleOf(open(name, birth));
    },
    fork(of: string, name: string) {
      const sandbox = sandboxes.get(of);
      if (!sandbox) throw new LimitReached({ en: `there is no sandbox ${of}`, zh: `没有沙箱 ${of}` });
      if (sandboxes.has(name))
        throw new LimitReached({ en: `there is a sandbox ${name} already`, zh: `已有沙箱 ${name}` });
      return handleOf(house.fork(sandbox, name, sandbox.snapshot()));
    },
    tidy,
    async close() {
      clearTimeout(ajar);
      clearTimeout(sweep);
      for (const sandbox of sandboxes.values()) sandbox.close();
      await Promise.all(servers.map((server) => server.close()));
    },
  });
}

const unguessable = () => randomBytes(32).toString('hex');

/** The page's addresses are relative, so that it works behind any prefix; they need the slash. */
const atSlash = ({ base, path }: Call) => ({
  status: 308,
  headers: { location: `${base}${path}/` },
  body: '',
});

/** Those that run: of the written list and of others, or of these the ones that `only` names. */
function chosen({ agencies: others = [], only }: AgenciesOptions): readonly Agency[] {
  const all = [...AGENCIES, ...others];
  for (const name of only ?? []) agencyOf({ names: all.map((agency) => agency.name) }, name);
  return all.filter(({ name }) => only?.includes(name) ?? true);
}

function requireBirth(birth: SandboxBirth): void {
  requireInput(kit.birth, birth, 'sandbox');
  const start: unknown = birth.start;
  if (start !== undefined && !(start instanceof Date && !Number.isNaN(start.getTime())))
    throw new TypeError('start: a sandbox begins at a Date, and at one that there is');
}
