/** Checks of what is done to a filing afterwards: an amendment, a withdrawal and a read-back are as easily in doubt as the filing. */
import assert from 'node:assert/strict';
import type { FilingOrder } from '../adapter.ts';
import { expectCases, expectKind, type FaultName, filedBytes, type Trial } from './subject.ts';

/** Answers that nobody may believe, to something that was done. */
const LOST = [
  'commit-then-lose-reply',
  'truncate',
  'garbage',
  'html-with-200',
  'foreign-signature',
] as const satisfies readonly FaultName[];
/** The same, to a question. */
const SPOILED = ['truncate', 'garbage', 'html-with-200', 'foreign-signature'] as const;
const SETBACKS = ['retry', 'hold', 'unsure'];

export const DOUBTS = {
  'an amendment in doubt: unsure, resent with the same bytes, then found': async (trial: Trial) => {
    const { adapter } = trial.subject;
    const { amended, serial } = await asked(trial);
    const bytes = new Set<string | undefined>();
    for (const [at, fault] of LOST.entries()) {
      const call = trial.call({ serial, attempt: at + 1 });
      const doubted = trial.subject.fault(fault, async () => adapter.amend?.(amended, call), 'amendment');
      expectKind((await doubted) ?? NONE, 'unsure');
      bytes.add(filedBytes(trial, call, trial.subject.amending));
    }
    assert.ok(!bytes.has(undefined), 'the message that amends was kept');
    assert.equal(bytes.size, 1, 'a resend of an amendment has the same bytes');
    const found = expectKind(await trial.lookup(amended, trial.call({ serial })), 'pending');
    const again = (await adapter.amend?.(amended, trial.call({ serial, attempt: 9 }))) ?? NONE;
    assert.equal(expectKind(again, 'pending').receipt, found.receipt, 'a resend is harmless');
  },

  'an amendment carries what answers the request': async (trial: Trial) => {
    const { amended, serial } = await asked(trial);
    const sent = async (text: string) => {
      const call = trial.call({ serial });
      const supplements = [{ kind: 'settlement', title: '和解协议', text }];
      await trial.subject.fault(
        '503-maintenance',
        async () => trial.subject.adapter.amend?.({ ...amended, supplements }, call),
        'amendment',
      );
      return filedBytes(trial, call, trial.subject.amending);
    };
    assert.notEqual(
      await sent('双方已和解。'),
      await sent('双方尚未和解。'),
      'other supplements, the same bytes',
    );
  },

  'another day or reason makes another message': async (trial: Trial) => {
    const sent = async (parts: Partial<FilingOrder>) => {
      const call = trial.call();
      await trial.subject.fault('503-maintenance', () => trial.submit(call, { ...trial.order, ...parts }));
      return filedBytes(trial, call);
    };
    const first = await sent({});
    assert.ok(first, 'the message that files was kept');
    assert.notEqual(await sent({ exitDate: '2026-11-24' }), first, 'another exit date, the same bytes');
    assert.notEqual(await sent({ reason: 'contract_expired' }), first, 'another reason, the same bytes');
  },

  'a withdrawal in doubt: unsure, and asked again it is taken': async (trial: Trial) => {
    const { adapter } = trial.subject;
    const { receipt } = expectKind(await trial.submit(), 'pending');
    const withdraw = async () =>
      (await adapter.withdraw?.({ ...trial.order, receipt }, trial.call())) ?? NONE;
    for (const fault of LOST) expectKind(await trial.subject.fault(fault, withdraw, 'withdrawal'), 'unsure');
    expectKind(await withdraw(), 'accepted');
    assert.equal(expectKind(await trial.lookup({ receipt }), 'refused').code, 'WITHDRAWN');
    await expectCases(trial, 1);
  },

  'a read-back in doubt neither agrees nor differs': async (trial: Trial) => {
    const order = await done(trial);
    const back = async () => (await trial.subject.adapter.readBack?.(order, trial.call())) ?? NONE;
    for (const fault of SPOILED) {
      const { kind } = await trial.subject.fault(fault, back, 'anything');
      assert.ok(SETBACKS.includes(kind), `${fault}: ${kind}`);
    }
    expectKind(await back(), 'agrees');
  },

  'a read-back compares the day': async (trial: Trial) => {
    const order = await done(trial);
    const other = { ...order, exitDate: '2026-09-30', insuranceEndMonth: '2026-09' };
    expectKind((await trial.subject.adapter.readBack?.(other, trial.call())) ?? NONE, 'differs');
  },
} as const satisfies Record<string, (trial: Trial) => Promise<void>>;

const NONE = { kind: 'not there' } as const;

/** A filing of which the agency wants more, and the order that answers it. */
async function asked(trial: Trial) {
  const { subject } = trial;
  const { receipt } = expectKind(await subject.fault('correction', () => trial.submit()), 'pending');
  await subject.settle();
  expectKind(await trial.lookup({ receipt }), 'correction');
  const amended: FilingOrder = {
    ...trial.order,
    revision: 2,
    receipt,
    previousSerial: trial.call().serial,
    supplements: [{ kind: 'settlement', title: '和解协议', text: '双方已和解。' }],
  };
  return { amended, serial: 'EG-0001-2' };
}

/** A filing that the agency has accepted. */
async function done(trial: Trial): Promise<FilingOrder> {
  const { receipt } = expectKind(await trial.submit(), 'pending');
  await trial.subject.settle();
  expectKind(await trial.lookup({ receipt }), 'accepted');
  return { ...trial.order, receipt };
}
