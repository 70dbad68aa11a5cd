// An agency without an API speaks over no socket: what the list asks of a line cannot apply. What can is asked here.
import assert from 'node:assert/strict';
import { conformance } from '../../adapters/batch-upload/conformance.ts';
import { batchUpload } from '../../adapters/batch-upload/index.ts';
import { makeCall } from '../support/call.ts';
import { makeFilingOrder } from '../support/filing-order.ts';
import { describeNothingToAsk } from './suite.ts';

describeNothingToAsk('batch-upload', conformance);

function start() {
  const order = makeFilingOrder();
  const secrets = [order.person.name ?? '', order.person.id_number ?? ''];
  return { adapter: batchUpload.create({}), order, secrets };
}

describe('batch-upload at no agency', () => {
  it('puts every kind into a person’s hands, says nothing personal, and keeps no message that nobody sent', async () => {
    const { adapter, order, secrets } = start();
    for (const kind of batchUpload.manifest.kinds) {
      const call = makeCall();
      const outcome = await adapter.submit({ ...order, kind }, call);
      assert.equal(outcome.kind, 'manual', kind);
      assert.deepEqual([call.kept, call.lines], [[], []]);
      for (const secret of secrets) assert.ok(!JSON.stringify(outcome).includes(secret));
    }
  });

  it('says the same again, also when it was aborted: nothing can be in doubt', async () => {
    const { adapter, order } = start();
    const first = await adapter.submit(order, makeCall());
    assert.deepEqual(
      await adapter.submit(order, makeCall({ signal: AbortSignal.abort(), attempt: 7 })),
      first,
    );
  });

  it('has the capabilities that its manifest names', async () => {
    const { adapter } = start();
    const { submit: _submit, ...more } = adapter;
    assert.deepEqual(Object.keys(more), batchUpload.manifest.capabilities);
  });
});
