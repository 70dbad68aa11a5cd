/** An adapter at a mock agency, as the checks see it, and what they do with it. */
import assert from 'node:assert/strict';
import type { Absent, Adapter, Call, FilingOrder, Manifest, Outcome } from '../adapter.ts';
import { makeCall, type RecordedCall } from './call.ts';

/** Presets of the mock agencies that the checks use. */
export const FAULTS = [
  'commit-then-lose-reply',
  '503-maintenance',
  '429',
  'hang',
  'hang-after-commit',
  'drop-on-connect',
  'html-with-200',
  'truncate',
  'garbage',
  'foreign-signature',
  'correction',
  'reject',
] as const;
export type FaultName = (typeof FAULTS)[number];

/** Which message a fault strikes: the one that files, the question about a serial, or whichever comes first. */
export type Target = 'filing' | 'question' | 'anything';

export type Awaitable<T> = T | Promise<T>;

export interface Subject {
  readonly manifest: Manifest;
  readonly adapter: Adapter;
  /** The same settings, but nobody listens at the address. */
  readonly unreachable: Adapter;
  /** With key and certificate of another unit than the one that files. */
  readonly stranger: Adapter;
  /** Expects the agency's answers to be signed in another name, or by another authority. */
  readonly distrustful: Adapter;
  /** A filing that the agency accepts when nothing is wrong. */
  readonly order: FilingOrder;
  /** Operation, as kept, of the message that files. */
  readonly filing: string;
  /** Secrets and personal data: may stand in no reason, code or log line. */
  readonly secrets: readonly string[];
  /** The agency's time. */
  now(): Date;
  /** The agency gets on with its work until it has decided what it has. */
  settle(): Awaitable<void>;
  /** Strikes once, the filing where no other target is named, and is gone when `work` is done. */
  fault<T>(name: FaultName, work: () => Promise<T>, target?: Target): Promise<T>;
  /** What the agency has taken. */
  cases(): Awaitable<readonly { readonly receipt: string }[]>;
  close(): Promise<void>;
}

/** A subject at work: calls are recorded, and so is all that was said about them. */
export interface Trial {
  readonly subject: Subject;
  readonly order: FilingOrder;
  call(parts?: Partial<Pick<Call, 'serial' | 'attempt' | 'signal'>>): RecordedCall;
  submit(call?: Call, order?: FilingOrder): Promise<Outcome>;
  lookup(parts?: Partial<FilingOrder>, call?: Call): Promise<Outcome | Absent>;
  /** Everything that was logged or given as a reason or code so far. */
  readonly said: string[];
}

export function makeTrial(subject: Subject): Trial {
  const { adapter, order } = subject;
  const said: string[] = [];
  const call: Trial['call'] = (parts = {}) => {
    const made = makeCall({ now: subject.now(), ...parts });
    return { ...made, log: (line) => void said.push(line) };
  };
  const told = <T extends Outcome | Absent>(outcome: T): T => {
    if ('reason' in outcome) said.push(outcome.reason);
    if ('code' in outcome) said.push(outcome.code);
    return outcome;
  };
  return {
    subject,
    order,
    said,
    call,
    submit: async (using = call(), filing = order) => told(await adapter.submit(filing, using)),
    lookup: async (parts = {}, using = call()) => {
      assert.ok(adapter.lookup, 'no lookup: name it as a skip');
      return told(await adapter.lookup({ ...order, ...parts }, using));
    },
  };
}

export async function expectCases({ subject }: Trial, count: number): Promise<void> {
  assert.equal((await subject.cases()).length, count, 'filings that the agency has');
}

export function expectKind<T extends { kind: string }, K extends T['kind']>(
  outcome: T,
  kind: K,
): Extract<T, { kind: K }> {
  assert.equal(outcome.kind, kind, JSON.stringify(outcome));
  return outcome as Extract<T, { kind: K }>;
}

export function filedBytes({ subject }: Trial, call: RecordedCall): string | undefined {
  const message = call.kept.findLast(
    (kept) => kept.direction === 'sent' && kept.operation === subject.filing,
  );
  return message && Buffer.from(message.body).toString('latin1');
}
