import assert from 'node:assert/strict';
import { conformance } from '../../adapters/credit-rest/conformance.ts';
import { creditRest } from '../../adapters/credit-rest/index.ts';
import { type Actor, theatre } from './against-mock.ts';
import { describeAdapter } from './suite.ts';

const actor: Actor = { entry: creditRest, ...conformance };

describe('credit-rest', () => {
  const stages = theatre(actor);

  describeAdapter({
    name: 'credit-rest',
    start: async () => (await stages.open()).subject,
    skips: conformance.skips,
  });

  describe('at its mock agency', () => {
    it('one token serves calls that come together', async () => {
      const { box, adapter, filing, call } = await stages.open();
      await Promise.all([1, 2, 3].map(() => adapter.lookup?.(filing, call())));
      const tokens = box.exchanges('credit').filter(({ operation }) => operation?.includes('token'));
      assert.equal(tokens.length, 1);
    });

    it('a token that the agency no longer knows is replaced, and the change filed once', async () => {
      const { box, adapter, filing, call } = await stages.open();
      assert.equal((await adapter.ping?.(call()))?.kind, 'up');
      const refused = { phase: 'before-commit', kind: 'status', status: 401, code: 'INVALID_TOKEN' } as const;
      const input = { fault: refused, agency: 'credit', operation: actor.submits } as const;
      const outcome = await box.withFault(input, () => adapter.submit(filing, call()));
      assert.equal(outcome.kind, 'pending');
      assert.equal(box.cases('credit').length, 1);
      const tokens = box.exchanges('credit').filter(({ operation }) => operation?.includes('token'));
      assert.equal(tokens.length, 2);
      const twice = await box.withFault({ ...input, times: 2 }, () =>
        adapter.submit(filing, call('EG-0002-1')),
      );
      assert.equal(twice.kind, 'retry');
    });

    it('a wrong secret: holds, nothing filed', async () => {
      const { box, create, filing, call } = await stages.open();
      const outcome = await create({ client_secret: 'wrong' }).submit(filing, call());
      assert.deepEqual(outcome, { kind: 'hold', reason: 'the agency does not accept our client (HTTP 401)' });
      assert.deepEqual(box.cases('credit'), []);
    });

    it('a second answer is addressed by the first; one that never arrived is withdrawn by what it answers', async () => {
      const { box, adapter, filing, call } = await stages.open();
      const correction = { fault: 'correction', agency: 'credit', times: 2 } as const;
      await box.withFault(correction, async () => {
        await adapter.submit(filing, call());
        box.advance('PT1M');
        const first = { ...filing, revision: 2, previousSerial: 'EG-0001-1' };
        assert.equal((await adapter.amend?.(first, call('EG-0001-2')))?.kind, 'pending');
        box.advance('PT1M');
      });
      const second = { ...filing, revision: 3, previousSerial: 'EG-0001-2' };
      assert.equal((await adapter.lookup?.(second, call('EG-0001-3')))?.kind, 'absent');
      assert.equal((await adapter.withdraw?.(second, call('EG-0001-3')))?.kind, 'accepted');
    });

    it('without an earlier serial there is nothing to amend, and nothing is sent', async () => {
      const { box, adapter, filing, call } = await stages.open();
      const outcome = await adapter.amend?.(filing, call('EG-0001-2'));
      assert.equal(outcome?.kind === 'refused' && outcome.code, 'NO_EARLIER_SERIAL');
      assert.deepEqual(box.exchanges('credit'), []);
    });

    it('is too late to withdraw once it is concluded', async () => {
      const { box, adapter, filing, call, submit } = await stages.open();
      await submit();
      box.advance('P1D');
      const late = await adapter.withdraw?.(filing, call());
      assert.deepEqual(late?.kind === 'refused' && late.code, 'WITHDRAW_TOO_LATE');
    });
  });
});
