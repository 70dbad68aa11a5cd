/** Checks over a line that changes answers: what the agency did not say in answer to this very request is not believed. */
import assert from 'node:assert/strict';
import type { Adapter, Call, FilingOrder } from '../adapter.ts';
import { type Line, openLine, type Said, type Spoil } from './line.ts';
import { soon } from './soon.ts';
import { expectKind, type Trial } from './subject.ts';

const SETBACKS = ['retry', 'hold', 'unsure'];
const PERIOD = { from: '2026-11-01', to: '2026-11-30' } as const;
const TRUE: Spoil = (said) => said;

export const BINDINGS = {
  'a bare 404 says nothing about a filing': (trial: Trial) =>
    onLine(trial, async (line, adapter) => {
      const { order } = trial;
      await adapter.lookup?.(order, trial.call());
      for (const body of ['', '{}', 'not found']) {
        line.lead(
          trial.subject.url,
          () => ({ status: 404, headers: {}, body: Buffer.from(body) }),
          () => true,
        );
        setback(await adapter.lookup?.(order, trial.call()), 'the question');
        const filed = await adapter.submit(order, trial.call());
        setback(filed, 'the filing');
        // It did arrive: to send it again would be blind.
        if ((await trial.subject.cases()).length > 0) expectKind(filed, 'unsure');
      }
    }),

  'the answer to an earlier question is not believed': (trial: Trial) =>
    onLine(trial, async (line, adapter) => {
      const { order } = trial;
      await adapter.lookup?.(order, trial.call());
      const old = await recorded(line, trial, () => adapter.lookup?.(order, trial.call()));
      await trial.submit();
      await nextSecond();
      line.lead(trial.subject.url, repeated(old), () => true);
      setback(await adapter.lookup?.(order, trial.call()), 'what was true before the filing');
    }),

  'the answer about another filing is not believed': (trial: Trial) =>
    onLine(trial, async (line, adapter) => {
      const { order } = trial;
      const other = () => trial.call({ serial: 'EG-0002-1' });
      expectKind(await trial.submit(), 'pending');
      await adapter.lookup?.(order, trial.call());
      const about = await recorded(line, trial, () => adapter.lookup?.(order, trial.call()));
      line.lead(trial.subject.url, repeated(about), () => true);
      setback(await adapter.lookup?.(order, other()), 'another serial');
    }),

  'the status line alone changes no answer': (trial: Trial) =>
    onLine(trial, async (line, adapter) => {
      expectKind(await trial.submit(), 'pending');
      const lookup = async () => (await adapter.lookup?.(trial.order, trial.call())) ?? { kind: 'nothing' };
      const { kind } = await lookup();
      for (const status of [404, 409, 201]) {
        line.lead(
          trial.subject.url,
          (said) => ({ ...said, status }),
          () => true,
        );
        const found = await lookup();
        assert.ok([kind, ...SETBACKS].includes(found.kind), `under HTTP ${status}: ${found.kind}`);
      }
    }),

  'every call hears that it should stop': async (trial: Trial) => {
    for (const [name, work] of callsOf(trial))
      await onLine(trial, async (line, adapter) => {
        nothing(await soon(work(adapter, trial.call({ signal: AbortSignal.abort() })), late(name)), name);
        assert.equal(line.asked(), 0, `${name} sends although it was aborted before it began`);
        const stop = new AbortController();
        line.hush(() => stop.abort());
        nothing(await soon(work(adapter, trial.call({ signal: stop.signal })), late(name)), name);
      });
  },

  'every call keeps what was sent and heard': async (trial: Trial) => {
    for (const [name, work] of callsOf(trial)) {
      if (name === 'ping') continue; // Files nothing and decides nothing.
      const call = trial.call();
      await work(trial.subject.adapter, call);
      for (const direction of ['sent', 'received'] as const)
        assert.ok(
          call.kept.some((message) => message.direction === direction),
          `${name} keeps nothing that was ${direction}`,
        );
    }
  },
} as const satisfies Record<string, (trial: Trial) => Promise<void>>;

const late = (name: string) => `${name} goes on after it was aborted`;

/** Every call that an adapter has, as it would be made of a filing with a receipt. */
function callsOf({ subject, order }: Trial) {
  const filed: FilingOrder = { ...order, receipt: 'R-1' };
  const amended: FilingOrder = { ...filed, revision: 2, previousSerial: 'EG-0001-1' };
  const calls: Readonly<Record<string, (adapter: Adapter, call: Call) => Promise<unknown> | undefined>> = {
    lookup: (adapter, call) => adapter.lookup?.(order, call),
    readBack: (adapter, call) => adapter.readBack?.(filed, call),
    amend: (adapter, call) => adapter.amend?.(amended, { ...call, serial: 'EG-0001-2' }),
    withdraw: (adapter, call) => adapter.withdraw?.(filed, call),
    list: (adapter, call) => adapter.list?.(PERIOD, call),
    roster: (adapter, call) => adapter.roster?.(call),
    codes: (adapter, call) => adapter.codes?.(call),
    ping: (adapter, call) => adapter.ping?.(call),
  };
  return Object.entries(calls)
    .filter(([name]) => name in subject.adapter)
    .map(([name, work]) => [name, async (adapter: Adapter, call: Call) => work(adapter, call)] as const);
}

/** The adapter behind a line of its own. */
export async function onLine(
  trial: Trial,
  work: (line: Line, adapter: Adapter) => Promise<void>,
): Promise<void> {
  const line = await openLine();
  try {
    line.lead(trial.subject.url, TRUE, () => false);
    await work(line, await trial.subject.at(line.url));
  } finally {
    await line.close();
  }
}

/** Requests that name their time in seconds are told apart only when one has passed; no clock but the real one counts here. */
async function nextSecond(): Promise<void> {
  const rest = 1000 - (Date.now() % 1000);
  await new Promise((resolve) => setTimeout(resolve, rest));
}

/** What the agency says while `work` is done, one answer after the other. */
async function recorded(line: Line, trial: Trial, work: () => Promise<unknown> | undefined) {
  const said: (Said & { readonly body: Buffer })[] = [];
  line.lead(
    trial.subject.url,
    (each) => {
      said.push(each);
      return each;
    },
    () => true,
  );
  await work();
  return said;
}

/** The same once more, in the same order, whatever is asked. */
function repeated(said: readonly Said[]): Spoil {
  let at = 0;
  return (otherwise) => said[at++] ?? otherwise;
}

function setback(answer: { readonly kind: string } | undefined, what: string): void {
  assert.ok(answer && SETBACKS.includes(answer.kind), `${what}: ${answer?.kind ?? 'no lookup'}`);
}

function nothing(answer: unknown, name: string): void {
  const kind: unknown = Object(answer).kind;
  assert.ok(
    [...SETBACKS, 'down'].some((each) => each === kind),
    `${name}, aborted: ${String(kind)}`,
  );
}
