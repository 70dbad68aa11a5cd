/** Checks of what an adapter offers beside filing: lists, code tables, inquiries, callbacks. */
import assert from 'node:assert/strict';
import type { Adapter, Call, Page } from '../adapter.ts';
import { receiveCallbacks } from './receiver.ts';
import { expectKind, type Trial } from './subject.ts';

const NOVEMBER = { from: '2026-11-01', to: '2026-11-30' } as const;
const YEARS_AGO = { from: '2019-01-01', to: '2019-01-31' } as const;
const SPOILED = ['truncate', 'garbage', 'html-with-200', 'foreign-signature'] as const;
const SETBACKS = ['retry', 'hold', 'unsure'];
const MOST_PAGES = 100;
const DAY_MS = 86_400_000;

export const OFFERS = {
  'the list has what was filed, under our serial, and what became of it': async (trial: Trial) => {
    const { subject, order } = trial;
    const ours = async () =>
      (await pages((at) => subject.adapter.list?.(NOVEMBER, trial.call(), at))).filter(
        ({ serial }) => serial === trial.call().serial,
      );
    assert.deepEqual(await ours(), [], 'before anything was filed');
    const { receipt } = expectKind(await trial.submit(), 'pending');
    const seen = async () =>
      (await ours()).map((each) => [each.receipt, each.kind, each.state, each.exitDate]);
    assert.deepEqual(await seen(), [[receipt, order.kind, 'in_review', order.exitDate]]);
    await subject.settle();
    assert.deepEqual(await seen(), [[receipt, order.kind, 'accepted', order.exitDate]]);
    assert.deepEqual(
      await pages((at) => subject.adapter.list?.(YEARS_AGO, trial.call(), at)),
      [],
      'of a period in which nobody left',
    );
    await believesNobody(trial, (adapter, call) => adapter.list?.(NOVEMBER, call));
  },

  'the roster has the person until the filing has passed, and comes to an end': async (trial: Trial) => {
    const { subject, order } = trial;
    const has = async () =>
      (await pages((at) => subject.adapter.roster?.(trial.call(), at))).some(
        ({ person }) => person.id_number === order.person.id_number,
      );
    expectKind(await trial.submit(), 'pending');
    assert.equal(await has(), true, 'while the filing waits');
    await subject.settle();
    assert.equal(await has(), false, 'when the filing has passed');
    await believesNobody(trial, (adapter, call) => adapter.roster?.(call));
  },

  'code tables are fetched, and nobody else is believed': async (trial: Trial) => {
    expectKind((await trial.subject.adapter.codes?.(trial.call())) ?? NONE, 'codes');
    await believesNobody(trial, (adapter, call) => adapter.codes?.(call));
  },

  'an inquiry tells a clear record from another, and believes nobody else': async (trial: Trial) => {
    const { subject } = trial;
    assert.ok(subject.inquiry, 'no scene for it: conformance.inquiry');
    const { asked, unclear } = subject.inquiry;
    const inquire = (adapter: Adapter, call: Call) => adapter.inquire?.(asked, call);
    const clear = expectKind((await inquire(subject.adapter, trial.call())) ?? NONE, 'answered');
    assert.equal(clear.clear, true, 'before there is anything on the person');
    await believesNobody(trial, inquire);
    await unclear();
    const found = expectKind((await inquire(subject.adapter, trial.call())) ?? NONE, 'answered');
    assert.equal(found.clear, false, 'when there is something');
    assert.ok(found.facts.length > 0, 'what it is');
  },

  'a callback is news only when the agency signed it, and the same one keeps its number': async (
    trial: Trial,
  ) => {
    const { subject } = trial;
    const { adapter, stranger } = subject;
    assert.ok(subject.callTo && adapter.parseCallback, 'no scene for it: conformance.callTo');
    const receiver = await receiveCallbacks();
    try {
      await subject.callTo(receiver.url);
      const { receipt } = expectKind(await trial.submit(), 'pending');
      await subject.settle();
      const request = await receiver.first();
      const news = expectKind(await adapter.parseCallback(request, trial.call()), 'news');
      assert.ok(
        news.about.some((each) => each.serial === trial.call().serial || each.receipt === receipt),
        'it names the filing',
      );
      const again = await adapter.parseCallback(request, {
        ...trial.call(),
        now: new Date(subject.now().getTime() + DAY_MS),
      });
      if (again.kind === 'news')
        assert.deepEqual([again.id, again.sentAt], [news.id, news.sentAt], 'the same callback, later');
      const unsigned = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => !/sign|^authorization$/.test(name)),
      );
      const body = Buffer.from(request.body);
      for (const [what, bad] of Object.entries({
        'another body': { ...request, body: Buffer.concat([body.subarray(0, -1), Buffer.from(' }')]) },
        'no signature': { ...request, headers: unsigned },
        'no body': { ...request, body: Buffer.alloc(0) },
      }))
        assert.equal((await adapter.parseCallback(bad, trial.call())).kind, 'refused', what);
      if (subject.distrustful.parseCallback)
        assert.equal(
          (await subject.distrustful.parseCallback(request, trial.call())).kind,
          'refused',
          'signed by somebody else',
        );
      void stranger;
    } finally {
      await receiver.close();
    }
  },
} as const satisfies Record<string, (trial: Trial) => Promise<void>>;

const NONE = { kind: 'not there' } as const;

/** All pages of a list. Throws when it has no end. */
async function pages<Entry>(ask: (at: string | undefined) => Promise<Page<Entry>> | undefined) {
  const entries: Entry[] = [];
  let at: string | undefined;
  for (let page = 1; ; page += 1) {
    const read = expectKind((await ask(at)) ?? NONE, 'page');
    entries.push(...read.entries);
    if (read.next === undefined) return entries;
    assert.ok(page < MOST_PAGES && read.next !== at, 'its pages come to no end');
    at = read.next;
  }
}

/** An answer that was spoiled, and one that nobody gave, is no answer: not an empty list, not a clear record. */
async function believesNobody(
  trial: Trial,
  ask: (adapter: Adapter, call: Call) => Promise<{ readonly kind: string }> | undefined,
): Promise<void> {
  const { subject } = trial;
  const kind = async (adapter: Adapter) => (await ask(adapter, trial.call()))?.kind ?? 'not there';
  for (const fault of SPOILED) {
    const answer = await subject.fault(fault, () => kind(subject.adapter), 'anything');
    assert.ok(SETBACKS.includes(answer), `${fault}: ${answer}`);
  }
  assert.equal(await kind(subject.unreachable), 'retry', 'nobody listens');
}
