/** What every adapter must do, as data: name → check. A check gets a fresh subject and throws when the adapter fails it. */
import assert from 'node:assert/strict';
import type { Absent, Adapter, Call, FilingOrder, Outcome } from '../adapter.ts';
import { makeCall, type RecordedCall } from './call.ts';

/** Presets of the mock agencies that strike the message which files. */
export type FaultName =
  | 'commit-then-lose-reply'
  | '503-maintenance'
  | '429'
  | 'hang'
  | 'hang-after-commit'
  | 'drop-on-connect'
  | 'html-with-200'
  | 'truncate'
  | 'garbage'
  | 'foreign-signature'
  | 'correction'
  | 'reject';

export interface Subject {
  readonly adapter: Adapter;
  /** The same settings, but nobody listens at the address. */
  readonly unreachable: Adapter;
  /** A filing that the agency accepts when nothing is wrong. */
  readonly order: FilingOrder;
  /** Operation, as kept, of the message that files. */
  readonly filing: string;
  /** Secrets and personal data: may stand in no reason, code or log line. */
  readonly secrets: readonly string[];
  /** The agency's time. */
  now(): Date;
  /** The agency gets on with its work until it has decided what it has. */
  settle(): void;
  fault<T>(name: FaultName, work: () => Promise<T>): Promise<T>;
  /** What the agency has taken. */
  cases(): readonly { readonly receipt: string }[];
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

export type CheckName = keyof typeof CHECKS;

export const CHECKS = {
  'files, is followed and accepted; the state reads back': async (trial: Trial) => {
    const { subject } = trial;
    const before = await subject.adapter.readBack?.(trial.order, trial.call());
    assert.equal(before?.kind, 'differs', 'before anything was filed');
    const filed = expectKind(await trial.submit(), 'pending');
    subject.settle();
    const done = expectKind(await trial.lookup({ receipt: filed.receipt }), 'accepted');
    assert.equal(done.receipt, filed.receipt);
    const after = await subject.adapter.readBack?.({ ...trial.order, receipt: filed.receipt }, trial.call());
    assert.deepEqual(after, { kind: 'agrees' });
  },

  'an unknown serial is absent': async (trial: Trial) => {
    assert.deepEqual(await trial.lookup(), { kind: 'absent' });
  },

  'a resend has the same bytes': async (trial: Trial) => {
    const [first, second] = [trial.call(), trial.call({ attempt: 7 })];
    await trial.subject.fault('503-maintenance', () => trial.submit(first));
    trial.subject.settle();
    await trial.submit({ ...second, now: trial.subject.now() });
    const [a, b] = [filedBytes(trial, first), filedBytes(trial, second)];
    assert.ok(a && b, 'the message that files was kept');
    assert.equal(a, b);
  },

  'every message is kept, both ways': async (trial: Trial) => {
    const call = trial.call();
    await trial.submit(call);
    const kept = call.kept.filter((message) => message.operation === trial.subject.filing);
    assert.deepEqual(
      kept.map((message) => message.direction),
      ['sent', 'received'],
    );
  },

  'a review that fails is a final no': async (trial: Trial) => {
    const filed = await trial.subject.fault('reject', () => trial.submit());
    trial.subject.settle();
    const receipt = expectKind(filed, 'pending').receipt;
    const no = expectKind(await trial.lookup({ receipt }), 'refused');
    assert.equal(no.code, 'REJECTED_BY_REVIEW');
    assert.ok(no.message.length > 0);
  },

  'a correction says what and until when; the answer to it is accepted': async (trial: Trial) => {
    const { subject } = trial;
    const filed = expectKind(await subject.fault('correction', () => trial.submit()), 'pending');
    subject.settle();
    const asked = expectKind(await trial.lookup({ receipt: filed.receipt }), 'correction');
    assert.ok(asked.fields.length > 0);
    assert.match(asked.due ?? '', /^\d{4}-\d{2}-\d{2}$/);
    assert.ok(subject.adapter.amend, 'no amend: name it as a skip');
    const text = { kind: 'settlement', title: '和解协议', text: '双方已和解。' };
    const amended: FilingOrder = { ...trial.order, revision: 2, receipt: filed.receipt, supplements: [text] };
    const call = trial.call({ serial: 'EG-0001-2' });
    expectKind(await trial.lookup({ ...amended }, trial.call({ serial: 'EG-0001-2' })), 'absent');
    expectKind(await subject.adapter.amend(amended, call), 'pending');
    subject.settle();
    expectKind(await trial.lookup(amended, trial.call({ serial: 'EG-0001-2' })), 'accepted');
    assert.equal(subject.cases().length, 1);
  },

  'the same serial with other content is refused': async (trial: Trial) => {
    await trial.submit();
    const other = { ...trial.order, post: '另一岗位', reason: 'dismissal_for_cause' } as const;
    const no = expectKind(await trial.submit(trial.call(), other), 'refused');
    assert.equal(no.code, 'SERIAL_REUSED');
    assert.equal(trial.subject.cases().length, 1);
  },

  'sent twice, filed once: the receipt is recovered': async (trial: Trial) => {
    const first = expectKind(await trial.submit(), 'pending');
    const second = expectKind(await trial.submit(), 'pending');
    assert.equal(second.receipt, first.receipt);
    trial.subject.settle();
    assert.equal(expectKind(await trial.submit(), 'accepted').receipt, first.receipt);
    assert.equal(trial.subject.cases().length, 1);
  },

  'a person whom the agency does not know is refused': async (trial: Trial) => {
    const order = { ...trial.order, person: { ...trial.order.person, id_number: '110101199002300014' } };
    expectKind(await trial.submit(trial.call(), order), 'refused');
    assert.equal(trial.subject.cases().length, 0);
  },

  'a withdrawal is taken': async (trial: Trial) => {
    const { receipt } = expectKind(await trial.submit(), 'pending');
    assert.ok(trial.subject.adapter.withdraw, 'no withdraw: name it as a skip');
    expectKind(await trial.subject.adapter.withdraw({ ...trial.order, receipt }, trial.call()), 'accepted');
    trial.subject.settle();
    expectKind(await trial.lookup({ receipt }), 'refused');
  },

  'nobody listens: retry': async (trial: Trial) => {
    expectKind(await trial.subject.unreachable.submit(trial.order, trial.call()), 'retry');
  },

  'busy: retry as late as told': async (trial: Trial) => {
    const busy = expectKind(await trial.subject.fault('429', () => trial.submit()), 'retry');
    assert.equal(busy.after, 5);
    assert.equal(trial.subject.cases().length, 0);
  },

  'maintenance: hold until then': async (trial: Trial) => {
    const { subject } = trial;
    const call = trial.call();
    const held = expectKind(await subject.fault('503-maintenance', () => trial.submit(call)), 'hold');
    assert.equal(held.until?.getTime(), call.now.getTime() + 120_000);
    assert.equal(subject.cases().length, 0);
  },

  'dropped before it was read: unsure, then absent, then filed': async (trial: Trial) => {
    expectKind(await trial.subject.fault('drop-on-connect', () => trial.submit()), 'unsure');
    expectKind(await trial.lookup(), 'absent');
    expectKind(await trial.submit(), 'pending');
    assert.equal(trial.subject.cases().length, 1);
  },

  'committed, then lost: unsure, then the receipt, and one filing': (trial: Trial) =>
    recovers(trial, 'commit-then-lose-reply'),
  'an answer cut short: unsure, then the receipt': (trial: Trial) => recovers(trial, 'truncate'),
  'an unreadable answer: unsure, then the receipt': (trial: Trial) => recovers(trial, 'garbage'),
  'a web page for an answer: unsure, then the receipt': (trial: Trial) => recovers(trial, 'html-with-200'),
  'a foreign signature: unsure, then the receipt': (trial: Trial) => recovers(trial, 'foreign-signature'),

  'silence, then abort: unsure at once, and nothing goes on': async (trial: Trial) => {
    for (const fault of ['hang', 'hang-after-commit'] as const) {
      const stop = new AbortController();
      const call = trial.call({ signal: stop.signal });
      // The moment the message that files leaves is the moment to stop waiting for its answer.
      const keep: Call['keep'] = (message) => {
        call.keep(message);
        if (message.operation === trial.subject.filing) setImmediate(() => stop.abort());
      };
      expectKind(await trial.subject.fault(fault, () => trial.submit({ ...call, keep })), 'unsure');
    }
  },

  'aborted before it began: retry': async (trial: Trial) => {
    expectKind(await trial.submit(trial.call({ signal: AbortSignal.abort() })), 'retry');
    assert.equal(trial.subject.cases().length, 0);
  },

  'knows whether the agency is there': async (trial: Trial) => {
    const { adapter, unreachable } = trial.subject;
    assert.equal((await adapter.ping?.(trial.call()))?.kind, 'up');
    assert.equal((await unreachable.ping?.(trial.call()))?.kind, 'down');
  },
} as const satisfies Record<string, (trial: Trial) => Promise<void>>;

/** The answer of a taken filing is spoiled: nobody may believe in it, and asking brings the receipt. */
async function recovers(trial: Trial, fault: FaultName): Promise<void> {
  const { subject } = trial;
  expectKind(await subject.fault(fault, () => trial.submit()), 'unsure');
  const [taken, ...others] = subject.cases();
  assert.ok(taken && others.length === 0, 'the agency has one filing');
  assert.equal(expectKind(await trial.lookup(), 'pending').receipt, taken.receipt);
  assert.equal(expectKind(await trial.submit(), 'pending').receipt, taken.receipt, 'a resend is harmless');
  assert.equal(subject.cases().length, 1);
}

function expectKind<T extends { kind: string }, K extends T['kind']>(
  outcome: T,
  kind: K,
): Extract<T, { kind: K }> {
  assert.equal(outcome.kind, kind, JSON.stringify(outcome));
  return outcome as Extract<T, { kind: K }>;
}

function filedBytes({ subject }: Trial, call: RecordedCall): string | undefined {
  const message = call.kept.findLast(
    (kept) => kept.direction === 'sent' && kept.operation === subject.filing,
  );
  return message && Buffer.from(message.body).toString('latin1');
}
