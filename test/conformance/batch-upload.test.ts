// An agency without an API speaks over no socket: what the list asks of a line cannot apply. What can is asked here.
import assert from 'node:assert/strict';
import { batchUpload } from '../../adapters/batch-upload/index.ts';
import { makeCall } from '../support/call.ts';
import { makeFilingOrder } from '../support/filing-order.ts';
import { CHECKS, type CheckName, type Subject } from './checks.ts';
import { describeAdapter } from './suite.ts';

const NOTHING_IS_SENT = 'a person uploads the file; the adapter itself sends nothing and hears nothing';
const skips = Object.fromEntries(
  (Object.keys(CHECKS) as CheckName[]).map((check) => [check, NOTHING_IS_SENT]),
) as Record<CheckName, string>;

async function start(): Promise<Subject> {
  const order = makeFilingOrder();
  const adapter = batchUpload.create({});
  return {
    adapter,
    unreachable: adapter,
    order,
    filing: '',
    secrets: [order.person.name ?? '', order.person.id_number ?? ''],
    now: () => order.preparedAt,
    settle: () => {},
    fault: (_fault, work) => work(),
    cases: () => [],
    close: async () => {},
  };
}

describeAdapter({ name: 'batch-upload', start, skips });

describe('batch-upload at no agency', () => {
  it('puts every kind into a person’s hands, says nothing personal, and keeps no message that nobody sent', async () => {
    const { adapter, order, secrets } = await start();
    for (const kind of batchUpload.manifest.kinds) {
      const call = makeCall();
      const outcome = await adapter.submit({ ...order, kind }, call);
      assert.equal(outcome.kind, 'manual', kind);
      assert.deepEqual([call.kept, call.lines], [[], []]);
      for (const secret of secrets) assert.ok(!JSON.stringify(outcome).includes(secret));
    }
  });

  it('says the same again, also when it was aborted: nothing can be in doubt', async () => {
    const { adapter, order } = await start();
    const first = await adapter.submit(order, makeCall());
    assert.deepEqual(
      await adapter.submit(order, makeCall({ signal: AbortSignal.abort(), attempt: 7 })),
      first,
    );
  });

  it('has the capabilities that its manifest names', async () => {
    const { adapter } = await start();
    const { submit: _submit, ...more } = adapter;
    assert.deepEqual(Object.keys(more), batchUpload.manifest.capabilities);
  });
});
