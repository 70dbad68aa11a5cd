/** What every adapter must do, as data: name → check. A check gets a fresh subject and throws when the adapter fails it. */
import assert from 'node:assert/strict';
import type { Adapter, Call, Capability, FilingOrder, Ping } from '../adapter.ts';
import { manifestFaults } from '../manifest.ts';
import { BINDINGS } from './binding.ts';
import { DOUBTS } from './doubt.ts';
import { TOLD_LIES } from './lies.ts';
import { OFFERS } from './offers.ts';
import { QUESTIONS } from './questions.ts';
import { soon } from './soon.ts';
import { expectCases, expectKind, type FaultName, filedBytes, type Trial } from './subject.ts';

export { type FaultName, makeTrial, type Subject, type Trial } from './subject.ts';

export type CheckName = keyof typeof CHECKS;

export const CHECKS = {
  'files, is followed and accepted; the state reads back': async (trial: Trial) => {
    const { subject } = trial;
    const before = await subject.adapter.readBack?.(trial.order, trial.call());
    assert.equal(before?.kind, 'differs', 'before anything was filed');
    const filed = expectKind(await trial.submit(), 'pending');
    await subject.settle();
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
    await trial.subject.settle();
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
    await trial.subject.settle();
    const receipt = expectKind(filed, 'pending').receipt;
    const no = expectKind(await trial.lookup({ receipt }), 'refused');
    assert.equal(no.code, 'REJECTED_BY_REVIEW');
    assert.ok(no.message.length > 0);
  },

  'a correction says what and until when; the answer to it is accepted': async (trial: Trial) => {
    const { subject } = trial;
    const filed = expectKind(await subject.fault('correction', () => trial.submit()), 'pending');
    await subject.settle();
    const asked = expectKind(await trial.lookup({ receipt: filed.receipt }), 'correction');
    assert.ok(asked.fields.length > 0);
    assert.match(asked.due ?? '', /^\d{4}-\d{2}-\d{2}$/);
    assert.ok(subject.adapter.amend, 'no amend: name it as a skip');
    const text = { kind: 'settlement', title: '和解协议', text: '双方已和解。' };
    const amended: FilingOrder = {
      ...trial.order,
      revision: 2,
      receipt: filed.receipt,
      previousSerial: trial.call().serial,
      supplements: [text],
    };
    const call = trial.call({ serial: 'EG-0001-2' });
    expectKind(await trial.lookup({ ...amended }, trial.call({ serial: 'EG-0001-2' })), 'absent');
    expectKind(await subject.adapter.amend(amended, call), 'pending');
    await subject.settle();
    expectKind(await trial.lookup(amended, trial.call({ serial: 'EG-0001-2' })), 'accepted');
    await expectCases(trial, 1);
  },

  'the same serial with other content is refused': async (trial: Trial) => {
    await trial.submit();
    const other = { ...trial.order, post: '另一岗位', reason: 'dismissal_for_cause' } as const;
    const no = expectKind(await trial.submit(trial.call(), other), 'refused');
    assert.equal(no.code, 'SERIAL_REUSED');
    await expectCases(trial, 1);
  },

  'sent twice, filed once: the receipt is recovered': async (trial: Trial) => {
    const first = expectKind(await trial.submit(), 'pending');
    const second = expectKind(await trial.submit(), 'pending');
    assert.equal(second.receipt, first.receipt);
    await trial.subject.settle();
    assert.equal(expectKind(await trial.submit(), 'accepted').receipt, first.receipt);
    await expectCases(trial, 1);
  },

  'a person whom the agency does not know is refused': async (trial: Trial) => {
    const order = { ...trial.order, person: { ...trial.order.person, id_number: '110101199002300014' } };
    expectKind(await trial.submit(trial.call(), order), 'refused');
    await expectCases(trial, 0);
  },

  'a withdrawal is taken': async (trial: Trial) => {
    const { receipt } = expectKind(await trial.submit(), 'pending');
    assert.ok(trial.subject.adapter.withdraw, 'no withdraw: name it as a skip');
    expectKind(await trial.subject.adapter.withdraw({ ...trial.order, receipt }, trial.call()), 'accepted');
    await trial.subject.settle();
    assert.equal(expectKind(await trial.lookup({ receipt }), 'refused').code, 'WITHDRAWN');
  },

  'nobody listens: retry': async (trial: Trial) => {
    const { symptom } = expectKind(
      await trial.subject.unreachable.submit(trial.order, trial.call()),
      'retry',
    );
    assert.equal(symptom, 'unreachable', 'symptom');
  },

  'busy: retry as late as told': async (trial: Trial) => {
    const busy = expectKind(await trial.subject.fault('429', () => trial.submit()), 'retry');
    assert.equal(busy.after, 5);
    assert.equal(busy.symptom, 'busy', 'symptom');
    await expectCases(trial, 0);
  },

  'maintenance: hold until then': async (trial: Trial) => {
    const { subject } = trial;
    const call = trial.call();
    const held = expectKind(await subject.fault('503-maintenance', () => trial.submit(call)), 'hold');
    assert.equal(held.until?.getTime(), call.now.getTime() + 120_000);
    assert.equal(held.symptom, 'maintenance', 'symptom');
    await expectCases(trial, 0);
  },

  'dropped before it was read: unsure, then absent, then filed': async (trial: Trial) => {
    expectKind(await trial.subject.fault('drop-on-connect', () => trial.submit()), 'unsure');
    expectKind(await trial.lookup(), 'absent');
    expectKind(await trial.submit(), 'pending');
    await expectCases(trial, 1);
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
      const outcome = trial.subject.fault(fault, () => trial.submit({ ...call, keep }));
      expectKind(await soon(outcome, 'the call goes on after it was aborted'), 'unsure');
    }
  },

  'aborted before it began: retry': async (trial: Trial) => {
    expectKind(await trial.submit(trial.call({ signal: AbortSignal.abort() })), 'retry');
    await expectCases(trial, 0);
  },

  // The circuit goes by the symptom: one that is gone says `unreachable`, or the first probe takes it for there.
  'knows whether the agency is there': async (trial: Trial) => {
    const { adapter, unreachable, fault } = trial.subject;
    const ping = async (of: Adapter) =>
      (await of.ping?.(trial.call())) ?? { kind: 'no ping: name it as a skip' };
    const up = expectKind(await ping(adapter), 'up');
    assert.ok(
      up.checks.every(({ ok }) => ok),
      JSON.stringify(up),
    );
    const down = expectKind(await ping(unreachable), 'down');
    assert.equal(down.symptom, 'unreachable', 'symptom where nobody listens');
    const ofAddress = ({ checks }: Ping) => checks.find(({ subject }) => subject === 'address')?.ok;
    assert.deepEqual([ofAddress(up), ofAddress(down)], [true, false], 'the check of the address');
    for (const [name, symptom] of [
      ['drop-on-connect', 'unreachable'],
      ['html-with-200', 'maintenance'],
      ['503-maintenance', 'maintenance'],
      ['429', 'busy'],
      ['truncate', 'unreachable'],
      ['garbage', 'address'],
      ['foreign-signature', 'address'],
    ] as const) {
      const found = expectKind(await fault(name, () => ping(adapter), 'anything'), 'down');
      assert.equal(found.symptom, symptom, `symptom of ${name}`);
    }
  },

  'can what it says that it can, and nothing else': async ({ subject: { adapter, manifest } }: Trial) => {
    const methods = Object.keys(adapter).filter((name) => name !== 'submit');
    assert.deepEqual(methods.toSorted(), manifest.capabilities.toSorted());
  },

  'its manifest keeps to the contract, and its secrets are marked': async ({ subject }: Trial) => {
    const faults = [...manifestFaults(subject.manifest), ...subject.unmarked];
    assert.ok(faults.length === 0, faults.join('; '));
  },

  ...QUESTIONS,
  ...DOUBTS,
  ...BINDINGS,
  ...TOLD_LIES,
  ...OFFERS,
} as const satisfies Record<string, (trial: Trial) => Promise<void>>;

/** Checks of what not every adapter offers; without the capability they are skipped, and say so. */
export const NEEDS: Readonly<Partial<Record<CheckName, Capability>>> = {
  'an amendment in doubt: unsure, resent with the same bytes, then found': 'amend',
  'an amendment carries what answers the request': 'amend',
  'a withdrawal in doubt: unsure, and asked again it is taken': 'withdraw',
  'the list has what was filed, under our serial, and what became of it': 'list',
  'the roster has the person until the filing has passed, and comes to an end': 'roster',
  'code tables are fetched, and nobody else is believed': 'codes',
  'an inquiry tells a clear record from another, and believes nobody else': 'inquire',
  'a callback is news only when the agency signed it, and the same one keeps its number': 'parseCallback',
};

export const CHECK_NAMES = Object.keys(CHECKS) as readonly CheckName[];

/** The answer of a taken filing is spoiled: nobody may believe in it, and asking brings the receipt. */
async function recovers(trial: Trial, fault: FaultName): Promise<void> {
  const { subject } = trial;
  expectKind(await subject.fault(fault, () => trial.submit()), 'unsure');
  const [taken, ...others] = await subject.cases();
  assert.ok(taken && others.length === 0, 'the agency has one filing');
  assert.equal(expectKind(await trial.lookup(), 'pending').receipt, taken.receipt);
  assert.equal(expectKind(await trial.submit(), 'pending').receipt, taken.receipt, 'a resend is harmless');
  await expectCases(trial, 1);
}
