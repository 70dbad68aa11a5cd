/** An adapter at a mock agency, as the checks see it, and what they do with it. */
import assert from 'node:assert/strict';
import type { Absent, Adapter, Call, FilingOrder, Inquiry, Manifest, Outcome } from '../adapter.ts';
import { makeCall, type RecordedCall } from './call.ts';
import { type Heard, hear, makeHeard } from './hear.ts';

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
export type Target = 'filing' | 'question' | 'amendment' | 'withdrawal' | 'anything';

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
  /** The same of the message that amends. */
  readonly amending: string;
  /** May stand in nothing that is said, answered or kept. */
  readonly secrets: readonly string[];
  /** Of the person: may stand in no reason, code, log line or ping. */
  readonly personal: readonly string[];
  /** What is wrong with how its settings are marked, a sentence each. */
  readonly unmarked: readonly string[];
  /** Where the agency is, and the same adapter at another address. */
  readonly url: string;
  at(url: string): Promise<Adapter>;
  /** A question about the person of the order, and how there comes to be something on that person. */
  readonly inquiry?: { readonly asked: Inquiry; readonly unclear: () => Promise<unknown> };
  /** Makes the agency call this address from now on. */
  readonly callTo?: (url: string) => Promise<unknown>;
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
  readonly heard: Heard;
}

export function makeTrial(given: Subject): Trial {
  const heard = makeHeard();
  const listen = (adapter: Adapter) => hear(adapter, heard);
  const subject: Subject = {
    ...given,
    adapter: listen(given.adapter),
    unreachable: listen(given.unreachable),
    stranger: listen(given.stranger),
    distrustful: listen(given.distrustful),
    at: async (url) => listen(await given.at(url)),
  };
  const { adapter, order } = subject;
  const call: Trial['call'] = (parts = {}) => makeCall({ now: subject.now(), ...parts });
  return {
    subject,
    order,
    heard,
    call,
    submit: async (using = call(), filing = order) => adapter.submit(filing, using),
    lookup: async (parts = {}, using = call()) => {
      assert.ok(adapter.lookup, 'no lookup: name it as a skip');
      return adapter.lookup({ ...order, ...parts }, using);
    },
  };
}

/** What these agencies cannot play, wherever they run: the check is skipped, and says why. */
export class Unplayable extends Error {}

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

export function filedBytes(
  { subject }: Trial,
  call: RecordedCall,
  operation: string = subject.filing,
): string | undefined {
  const message = call.kept.findLast((kept) => kept.direction === 'sent' && kept.operation === operation);
  return message && Buffer.from(message.body).toString('latin1');
}
