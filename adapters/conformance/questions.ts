/** Checks of what is asked before, beside and after a filing: nobody is believed but the agency, and nothing is taken for filed that was not. */
import assert from 'node:assert/strict';
import { expectCases, expectKind, type FaultName, type Trial } from './subject.ts';

export const QUESTIONS = {
  'anything wrong before the filing itself was sent: retry, for nothing was filed': async (trial: Trial) => {
    for (const fault of ['drop-on-connect', 'html-with-200', 'garbage'] as const) {
      const outcome = await trial.subject.fault(fault, () => trial.submit(), 'anything');
      expectKind(outcome, 'retry');
      await expectCases(trial, 0);
    }
  },

  'a cut answer to a question is not believed': (trial: Trial) => doubts(trial, 'truncate'),
  'an unreadable answer to a question is not believed': (trial: Trial) => doubts(trial, 'garbage'),
  'a web page in answer to a question is not believed': (trial: Trial) => doubts(trial, 'html-with-200'),
  'a foreign signature under the answer to a question is not believed': (trial: Trial) =>
    doubts(trial, 'foreign-signature'),

  'nobody listens: questions are for later as well': async (trial: Trial) => {
    const { unreachable } = trial.subject;
    expectKind((await unreachable.lookup?.(trial.order, trial.call())) ?? NONE, 'retry');
    if (unreachable.readBack) expectKind(await unreachable.readBack(trial.order, trial.call()), 'retry');
  },

  'asked for more: correction, with fields and a date': async (trial: Trial) => {
    const { receipt } = expectKind(await trial.subject.fault('correction', () => trial.submit()), 'pending');
    await trial.subject.settle();
    const asked = expectKind(await trial.lookup({ receipt }), 'correction');
    assert.ok(asked.fields.length > 0);
    assert.match(asked.due ?? '', /^\d{4}-\d{2}-\d{2}$/);
  },

  'somebody else under this number: refused, and not read back': async (trial: Trial) => {
    await trial.submit();
    const order = { ...trial.order, person: { ...trial.order.person, name: '李某' } };
    const no = expectKind(await trial.submit(trial.call({ serial: 'EG-0002-1' }), order), 'refused');
    assert.equal(no.code, 'IDENTITY_MISMATCH');
    const back = await trial.subject.adapter.readBack?.(order, trial.call());
    if (back) expectKind(back, 'differs');
    await expectCases(trial, 1);
  },

  'a certificate of another unit: hold, for the filing itself is not at fault': async (trial: Trial) => {
    expectKind(await trial.subject.stranger.submit(trial.order, trial.call()), 'hold');
    await expectCases(trial, 0);
  },

  'an answer signed in another name is not believed': async (trial: Trial) => {
    const { distrustful } = trial.subject;
    const filed = await distrustful.submit(trial.order, trial.call());
    assert.match(filed.kind, /^(unsure|retry)$/, JSON.stringify(filed));
    const asked = (await distrustful.lookup?.(trial.order, trial.call())) ?? NONE;
    assert.match(asked.kind, /^(unsure|retry)$/, JSON.stringify(asked));
    const ping = await distrustful.ping?.(trial.call());
    if (ping) expectKind(ping, 'down');
  },
} as const satisfies Record<string, (trial: Trial) => Promise<void>>;

const NONE = { kind: 'no lookup: name it as a skip' } as const;

/** What was filed is decided, but the answer that says so is spoiled. */
async function doubts(trial: Trial, fault: FaultName): Promise<void> {
  const { receipt } = expectKind(await trial.submit(), 'pending');
  await trial.subject.settle();
  const asked = () => trial.lookup({ receipt });
  expectKind(await trial.subject.fault(fault, asked, 'question'), 'unsure');
  expectKind(await asked(), 'accepted');
}
