// One sandbox: its own store, clock, rolls, CA, faults, clerk and journal, put together. Made in milliseconds.
import {
  type Agency,
  type AgencyName,
  type Call,
  type Identity,
  type Plan,
  Refusal,
  type Store,
} from './agency.ts';
import { createAuthority, type SandboxAuthority } from './ca.ts';
import { type Callbacks, createCallbacks, type Notice } from './callbacks.ts';
import { type Changes, createChanges } from './changes.ts';
import { type Clerk, type ClerkPolicy, type ClerkState, createClerk, drawOf } from './clerk.ts';
import { type Clock, type ClockState, createClock, type Timer } from './clock.ts';
import { type Coverage, createCoverage } from './coverage.ts';
import { type Choice, createDirector, type Director } from './director.ts';
import { createFaults, type FaultState, type Faults } from './faults.ts';
import { createJournal, type Journal } from './journal.ts';
import { createLate, type Late } from './late.ts';
import { createMemory, type Memory } from './memory.ts';
import { createRolls, type Population, type SeedableRolls } from './rolls.ts';
import { createRules, type Rules } from './rules.ts';
import type { Profile, Scenario, Sentence, Stage } from './scenario.ts';
import type { Participant } from './stepping.ts';
import { createStore, type StoreState } from './store.ts';
import { durationMs } from './time.ts';

export interface SandboxOptions {
  readonly name: string;
  readonly seed: string;
  readonly population: Population;
  readonly clerk: ClerkPolicy['policy'];
  readonly keys: Parameters<typeof createAuthority>[0]['keys'];
  /** Sandbox time at birth; default the real time. */
  readonly start?: Date;
  readonly frozen?: boolean;
  /** The registry; absent: none are known. */
  readonly scenarios?: readonly Scenario[];
  readonly profiles?: readonly Profile[];
  /** Of a fork: the sandbox it comes from, whose CA, tokens and state it shares. */
  readonly from?: {
    readonly origin: string;
    readonly birth: Date;
    readonly secret: string;
    readonly state: SandboxState;
  };
  /** What its keys and passwords are made with, and its alone; absent: seed and name, which anybody may know. */
  readonly secret?: string;
  /** Asked for each request to an agency: why it may not pass. */
  readonly gate?: (call: Call) => Refusal | undefined;
  /** Strangers use it: no number that could be somebody's. */
  readonly syntheticOnly?: boolean;
  /** Called after a fault was armed or has ended. */
  readonly faultsChanged?: () => void;
  /** Real time; for tests that compare bytes. */
  readonly wallNow?: () => Date;
}

/** All that a sandbox knows, but for the journal: what went over the wire stays gone over the wire. */
export interface SandboxState {
  readonly store: StoreState;
  readonly clock: ClockState;
  readonly faults: FaultState;
  readonly clerk: ClerkState;
}

export interface Sandbox {
  readonly name: string;
  /** Its own name, or that of the sandbox it was forked from: what CA and secrets are made with. */
  readonly origin: string;
  readonly seed: string;
  readonly secret: string;
  readonly population: Population;
  readonly clock: Clock;
  readonly rolls: SeedableRolls;
  readonly rules: Rules;
  readonly ca: SandboxAuthority;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly coverage: Coverage;
  readonly memory: Memory;
  readonly callbacks: Callbacks;
  readonly changes: Changes;
  /** Stepped along by an advance, in the order of registration. */
  readonly participants: Map<string, Participant>;
  readonly snapshots: Map<string, SandboxState>;
  readonly director: Director;
  readonly store: Store;
  /** Replaced by reset. */
  clerk(): Clerk;
  agency(name: string): Agency | undefined;
  readonly names: readonly AgencyName[];
  room(name: AgencyName): Stage;
  /** Who signs the agency's answers. */
  signer(name: AgencyName): Identity;
  gate(call: Call): Refusal | undefined;
  readonly syntheticOnly: boolean;
  /** All or nothing; timers that `work` scheduled start only when it succeeds. */
  transaction<T>(work: () => T): T;
  /** The same, for a request: its scenario is what the clerk is told to do. Says which rule the clerk took. */
  steered<T>(choice: Choice | undefined, told: (plan: Plan) => void, work: () => T): T;
  readonly later: Late['later'];
  /** Looks at the store as it was; nothing that `work` does is kept. */
  inPast<T>(past: StoreState, work: () => T): T;
  snapshot(): SandboxState;
  restore(state: SandboxState): void;
  reset(): void;
  close(): void;
}

export function createSandbox(agencies: readonly Agency[], options: SandboxOptions): Sandbox {
  const { name, seed, population, keys } = options;
  const byName = new Map<string, Agency>(agencies.map((agency) => [agency.name, agency]));
  const changes = createChanges();
  const store = createStore(changes.tell);
  const { origin = name, birth } = options.from ?? {};
  const secret = options.from?.secret ?? options.secret ?? `${seed}|${origin}`;
  const clock = createClock(fire, { ...options, changed: changes.tell });
  const rules = createRules(agencies.map((agency) => agency.rules ?? {}));
  const { keeps } = rules;
  const rolls = createRolls(store, { seed, population, keeps });
  const ca = createAuthority({
    sandbox: origin,
    seed,
    secret,
    ownKeys: options.secret !== undefined,
    now: clock.now,
    keys,
    keeps,
    ...(birth ? { birth } : {}),
  });
  const faults = createFaults(clock.wallNow, {
    draw: (text) => drawOf(`${seed}|fault|${text}`),
    past: () => store.dump(),
    reads: new Map(agencies.map((agency) => [agency.name, agency.reads])),
    changed() {
      options.faultsChanged?.();
      changes.tell();
    },
  });
  const journal = createJournal();
  const coverage = createCoverage();
  const memory = createMemory();
  const delays = Object.fromEntries(
    agencies.map((agency) => [agency.name, durationMs(agency.clerkDelay) ?? 0]),
  );
  const { scenarios = [], profiles = [] } = options;
  const director = createDirector(store, { scenarios, profiles, seed });
  const draw = (agency: AgencyName) => drawOf(`${seed}|clerk|${agency}|${store.next(`clerk.${agency}`)}`);
  const newClerk = () =>
    createClerk({
      faults,
      director,
      now: clock.now,
      policy: options.clerk,
      delays,
      draw,
      changed: changes.tell,
    });
  let steering: { choice: Choice | undefined; told: (plan: Plan) => void } | undefined;
  let clerk = newClerk();
  let scheduled: Timer[] | undefined;
  let notices: Notice[] = [];

  const late = createLate(store);

  const rooms = new Map<string, Stage>();
  const signers = new Map<string, Identity>();
  for (const { name: agency, commonName } of agencies) {
    signers.set(agency, ca.agency(agency, commonName));
    rooms.set(
      agency,
      Object.freeze({
        sandbox: origin,
        seed,
        secret,
        now: clock.now,
        wallNow: clock.wallNow,
        store,
        rolls,
        ca,
        keeps,
        plan(operation: string, before?: Plan) {
          const plan = clerk.plan(agency, operation, steering?.choice, before);
          steering?.told(plan);
          return plan;
        },
        notify: (unit: string, subject: string) => void notices.push({ agency, unit, subject }),
        schedule(at: Date, event: string, subject: string) {
          const timer = { at: at.getTime(), agency, event, subject };
          if (scheduled) scheduled.push(timer);
          else clock.schedule(timer);
        },
      }),
    );
  }

  const callbacks = createCallbacks({
    store,
    faults,
    render({ agency, subject }, broken) {
      const own = known(signers, agency);
      const signer = broken ? { ...own, privateKey: keys.caKey } : own;
      return byName.get(agency)?.callback?.(subject, signer, known(rooms, agency));
    },
  });

  function known<T>(map: Map<string, T>, agency: string): T {
    const found = map.get(agency);
    if (!found) throw new Error(`agency ${agency} was not started`);
    return found;
  }

  function transaction<T>(work: () => T): T {
    scheduled = [];
    notices = [];
    try {
      const result = store.transaction(work);
      for (const timer of scheduled) clock.schedule(timer);
      callbacks.push(notices);
      return result;
    } finally {
      scheduled = undefined;
    }
  }

  /** A step that throws must not stop the clock: it is reported in the list of events. */
  function fire({ agency, event, subject }: Timer): Sentence {
    try {
      return transaction(() => known(byName, agency).fire(event, subject, known(rooms, agency)));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const zh = cause instanceof Refusal ? cause.zh : undefined;
      return { en: `failed: ${why}`, zh: `未能执行：${zh ?? why}` };
    }
  }

  function restore(state: SandboxState) {
    store.load(state.store);
    clock.load(state.clock);
    faults.load(state.faults);
    clerk.load(state.clerk);
  }
  if (options.from) restore(options.from.state);

  return Object.freeze({
    name,
    origin,
    seed,
    secret,
    population,
    clock,
    rolls,
    rules,
    ca,
    faults,
    journal,
    coverage,
    memory,
    callbacks,
    changes,
    participants: new Map<string, Participant>(),
    snapshots: new Map<string, SandboxState>(),
    director,
    store,
    clerk: () => clerk,
    steered<T>(choice: Choice | undefined, told: (plan: Plan) => void, work: () => T): T {
      steering = { choice, told };
      try {
        return transaction(work);
      } finally {
        steering = undefined;
      }
    },
    later: late.later,
    inPast<T>(past: StoreState, work: () => T): T {
      const present = store.dump();
      store.load(past);
      scheduled = [];
      try {
        return work();
      } finally {
        scheduled = undefined;
        store.load(present);
      }
    },
    agency: (agency: string) => byName.get(agency),
    names: agencies.map((agency) => agency.name),
    room: (agency: AgencyName) => known(rooms, agency),
    signer: (agency: AgencyName) => known(signers, agency),
    gate: (call: Call) => options.gate?.(call),
    syntheticOnly: options.syntheticOnly ?? false,
    transaction,
    snapshot: () => ({
      store: store.dump(),
      clock: clock.dump(),
      faults: faults.dump(),
      clerk: clerk.dump(),
    }),
    restore,
    reset() {
      store.clear();
      clock.reset();
      faults.disarm();
      journal.clear();
      coverage.clear();
      memory.clear();
      callbacks.clear();
      clerk = newClerk();
    },
    close() {
      late.close();
      clock.close();
      changes.close();
    },
  });
}
