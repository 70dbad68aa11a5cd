// A sandbox in the hands of a test in the same process: what the desk's API can do, without HTTP.
import { AssertionError } from 'node:assert';
import { agencyKeys, type Client, clientOf } from '../insurance-sm2/keys.ts';
import type { AgencyName, CaseView, Identity, Membership, OwnAgency, Unit } from '../kernel/agency.ts';
import type { Delivery } from '../kernel/callbacks.ts';
import type { ClerkPolicy } from '../kernel/clerk.ts';
import type { Fired } from '../kernel/clock.ts';
import type { Met } from '../kernel/coverage.ts';
import type { Armed } from '../kernel/director.ts';
import type { Fault } from '../kernel/faults.ts';
import type { Exchange } from '../kernel/journal.ts';
import type { MemberParts } from '../kernel/rolls.ts';
import type { Sandbox, SandboxState } from '../kernel/sandbox.ts';
import type { Participant } from '../kernel/stepping.ts';
import { addressInput } from './callback-routes.ts';
import { requireInput } from './checked.ts';
import * as control from './control.ts';
import { type ArmInput, arm, setProfile } from './direct.ts';
import { faultInput } from './fault-schemas.ts';
import { requireIdNumber } from './id-numbers.ts';
import * as kit from './kit-schemas.ts';
import { DeskError } from './problem.ts';
import { agencyOf } from './route.ts';
import { armInput, profileInput, ruleInput } from './scenario-schemas.ts';
import * as schema from './schemas.ts';
import { find } from './snapshots.ts';
import { type Advance, advance, advanceAll } from './time.ts';
import { type Expectation, verify } from './verify.ts';

export interface SandboxHandle {
  readonly name: string;
  readonly urls: Readonly<Record<'desk' | OwnAgency, string>> & Readonly<Record<string, string>>;
  readonly caPem: string;
  now(): Date;
  /** ISO duration (`P15D`), or a Date to go to. Returns the events fired, in order. */
  advance(by: string | Date): Fired[];
  freeze(): void;
  run(): void;
  readonly clock: ClockHandle;
  /** The state of now; the journal is no part of it. */
  snapshot(): SandboxState;
  /** What snapshot() gave, or the name of one that was taken at the desk. */
  restore(state: SandboxState | string): void;
  identity(uscc: string, name: string): Promise<Identity>;
  oauthClient(uscc: string): { clientId: string; clientSecret: string };
  /** The unit's client at insurance-sm2, and the agency's public key. */
  sm2Client(uscc: string): Sm2Client;
  fault(input: control.FaultInput): Fault;
  faults(): Fault[];
  clearFaults(id?: string): number;
  /** Arms the fault, runs the work, disarms what is left of it. Throws AssertionError when the work never met it. */
  withFault<T>(
    fault: string | control.FaultInput,
    work: () => Promise<T>,
    options?: { readonly allowUnmet?: boolean },
  ): Promise<T>;
  /** Runs the work while the agency does not ask for one of its rules (`labor.day`): what notices, proves the rule. */
  withoutRule<T>(rule: string, work: () => Promise<T>): Promise<T>;
  clerk(agency: AgencyName, wish: control.ClerkWish): ClerkPolicy;
  cases(agency: AgencyName): CaseView[];
  decide(agency: AgencyName, id: string, decision: control.DecisionInput): CaseView;
  /** The scenario of the next requests that fit; counts down by times, default 1. */
  arm(scenario: string, when?: Omit<ArmInput, 'scenario'>): Armed;
  /** The scenario of every request that fits. */
  rule(scenario: string, when?: Omit<ArmInput, 'scenario' | 'times'>): Armed;
  /** A profile of the list, or `custom` with codes. */
  profile(name: string, scenarios?: readonly string[]): void;
  /** The labour agency learns of a dispute with this person, or (`open: false`) that it is over. */
  dispute(input: control.DisputeInput): void;
  unit(unit: Unit): Unit;
  person(seed: PersonSeed): Membership;
  membership(uscc: string, idNumber: string): Membership | undefined;
  exchanges(agency?: AgencyName): Exchange[];
  /** The agency calls this address when a case of the unit (absent: of any) changes. */
  callTo(agency: AgencyName, url: string, unit?: string): void;
  /** What agencies have sent, once it is out. */
  deliveries(): Promise<Delivery[]>;
  /** Throws AssertionError unless the agencies got that request, so often. */
  verify(expectation: Expectation): void;
  coverage(): Met[];
  reset(): void;
  /** Takes the sandbox away, and its address with it. The default one stays: RangeError. */
  close(): void;
}

export interface ClockHandle {
  /** By a duration, to an instant, or to what comes next; waits for the participants. */
  advance(step: Advance): Promise<Fired[]>;
  /** Somebody who is stepped in order with the agencies' own events. */
  join(participant: Participant): void;
  leave(name: string): boolean;
  freeze(): void;
  run(): void;
  now(): Date;
}

export interface PersonSeed extends MemberParts {
  readonly uscc: string;
  readonly unitName?: string;
  readonly idType?: string;
  readonly idNumber: string;
  readonly name: string;
}

export function createHandle(
  sandbox: Sandbox,
  { urls, drop }: { readonly urls: SandboxHandle['urls']; readonly drop: () => void },
): SandboxHandle {
  const checkedFault = (fault: string | control.FaultInput): control.FaultInput => {
    const input = typeof fault === 'string' ? { fault } : fault;
    requireInput(faultInput, input, 'fault');
    return input;
  };
  return Object.freeze({
    name: sandbox.name,
    urls,
    caPem: sandbox.ca.certificatePem,
    now: () => sandbox.clock.now(),
    advance: (by: string | Date) =>
      advance(sandbox, typeof by === 'string' ? { by } : { to: by.toISOString() }),
    clock: {
      async advance(step: Advance) {
        requireInput(kit.advance, step, 'advance');
        if (step.by !== undefined && step.to !== undefined)
          throw new DeskError(400, 'TIME_INVALID', {
            en: 'say either by or to, not both',
            zh: 'by 与 to 只能给出其一',
          });
        return advanceAll(sandbox, step);
      },
      join: (participant: Participant) => void sandbox.participants.set(participant.name, participant),
      leave: (name: string) => sandbox.participants.delete(name),
      freeze: () => sandbox.clock.freeze(),
      run: () => sandbox.clock.run(),
      now: () => sandbox.clock.now(),
    },
    snapshot: () => sandbox.snapshot(),
    restore: (state: SandboxState | string) =>
      sandbox.restore(typeof state === 'string' ? find(sandbox, state) : state),
    freeze: () => sandbox.clock.freeze(),
    run: () => sandbox.clock.run(),
    identity: (uscc: string, name: string) => control.identity(sandbox, uscc, name),
    oauthClient: (uscc: string) => oauthClient(sandbox, uscc),
    sm2Client: (uscc: string) => sm2Client(sandbox, uscc),
    fault: (input: control.FaultInput) => control.armFault(sandbox, checkedFault(input)),
    faults: () => sandbox.faults.list(),
    clearFaults: (id?: string) => sandbox.faults.disarm(id),
    async withFault<T>(
      fault: string | control.FaultInput,
      work: () => Promise<T>,
      options: { readonly allowUnmet?: boolean } = {},
    ): Promise<T> {
      requireInput(kit.whileArmed, options, 'withFault');
      const armed = control.armFault(sandbox, checkedFault(fault));
      try {
        const result = await work();
        if (!options.allowUnmet) await requireMet(sandbox, armed);
        return result;
      } finally {
        sandbox.faults.disarm(armed.id);
        await nextTurn(); // a door that was closed is open again only then
      }
    },
    withoutRule: <T>(rule: string, work: () => Promise<T>) => sandbox.rules.without(rule, work),
    clerk(agency: AgencyName, wish: control.ClerkWish) {
      requireInput(schema.clerkInput, wish, 'clerk');
      return control.setClerk(sandbox, agency, wish);
    },
    cases: (agency: AgencyName) => control.cases(sandbox, [agency]),
    decide(agency: AgencyName, id: string, decision: control.DecisionInput) {
      requireInput(schema.decisionInput, decision, 'decide');
      return control.decide(sandbox, agency, id, decision);
    },
    arm(scenario: string, when: Omit<ArmInput, 'scenario'> = {}) {
      requireInput(armInput, { scenario, ...when }, 'arm');
      return arm(sandbox, 'armed', { scenario, ...when });
    },
    rule(scenario: string, when: Omit<ArmInput, 'scenario' | 'times'> = {}) {
      requireInput(ruleInput, { scenario, ...when }, 'rule');
      return arm(sandbox, 'rules', { scenario, ...when });
    },
    profile(name: string, scenarios: readonly string[] = []) {
      requireInput(profileInput, { name, scenarios }, 'profile');
      setProfile(sandbox, name, scenarios);
    },
    dispute(input: control.DisputeInput) {
      requireInput(schema.disputeInput, input, 'dispute');
      control.dispute(sandbox, input);
    },
    unit(unit: Unit) {
      requireInput(schema.unitInput, unit, 'unit');
      return sandbox.rolls.putUnit(unit);
    },
    person(seed: PersonSeed) {
      requireInput(kit.personSeed, seed, 'person');
      requireIdNumber(sandbox, seed.idNumber, seed.idType ?? 'resident_id', 'idNumber');
      return putPerson(sandbox, seed);
    },
    membership: (uscc: string, idNumber: string) => sandbox.rolls.membership(uscc, idNumber),
    exchanges: (agency?: AgencyName) =>
      sandbox.journal.list(agency === undefined ? {} : { agency: agencyOf(sandbox, agency) }),
    callTo(agency: AgencyName, url: string, unit?: string) {
      const address = { agency, url, ...(unit === undefined ? {} : { uscc: unit }) };
      requireInput(addressInput, address, 'callTo');
      control.callTo(sandbox, address);
    },
    async deliveries() {
      await sandbox.callbacks.flush();
      return sandbox.callbacks.deliveries();
    },
    verify(expectation: Expectation) {
      requireInput(kit.expectation, expectation, 'verify');
      verify(sandbox, expectation);
    },
    coverage: () => sandbox.coverage.list(),
    reset: () => sandbox.reset(),
    close: drop,
  });
}

/** A test whose fault was never met proves nothing. The closed door of an own port cannot tell who stood before it. */
async function requireMet({ name, faults, callbacks }: Sandbox, fault: Fault): Promise<void> {
  if (fault.phase === 'callback') await callbacks.flush();
  if (faults.struck(fault.id) > 0 || (fault.kind === 'refuse' && name === 'default')) return;
  const { agency = 'any agency', operation = 'any operation' } = fault;
  throw new AssertionError({
    message: `the fault ${fault.preset ?? fault.kind} (phase ${fault.phase}, ${agency}, ${operation}) was never met: nothing that it strikes came; { allowUnmet: true } lets that pass`,
    actual: 0,
    expected: 'at least 1',
    operator: 'withFault',
  });
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

export const oauthClient = (sandbox: Sandbox, uscc: string) => ({
  clientId: `client-${uscc}`,
  clientSecret: sandbox.ca.clientSecret(uscc),
});

export interface Sm2Client extends Client {
  readonly agencyPublicKey: string;
}

export function sm2Client(sandbox: Sandbox, uscc: string): Sm2Client {
  return { ...clientOf(uscc, sandbox), agencyPublicKey: agencyKeys(sandbox).publicKey };
}

export function putPerson(sandbox: Sandbox, seed: PersonSeed): Membership {
  const { uscc, unitName, idType = 'resident_id', idNumber, name, ...parts } = seed;
  if (unitName) sandbox.rolls.putUnit({ uscc, name: unitName });
  return sandbox.rolls.putMember(uscc, { idType, idNumber, name }, parts);
}
