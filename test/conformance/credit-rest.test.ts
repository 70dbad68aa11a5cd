import assert from 'node:assert/strict';
import type { Inquiry } from '../../adapters/adapter.ts';
import { skipsOf } from '../../adapters/conformance/description.ts';
import { conformance } from '../../adapters/credit-rest/conformance.ts';
import { creditRest } from '../../adapters/credit-rest/index.ts';
import { type Actor, type Stage, theatre } from './against-mock.ts';
import { describeAdapter } from './suite.ts';

const actor: Actor = { entry: creditRest, ...conformance };

describe('credit-rest', () => {
  const stages = theatre(actor);

  describeAdapter({
    name: 'credit-rest',
    start: async () => (await stages.open()).subject,
    skips: skipsOf(actor, actor.entry.manifest),
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

    describe('an inquiry', () => {
      const consent = {
        purpose: 'exit',
        scope: ['credit'],
        grantedOn: '2020-01-01',
        expiresOn: '2099-12-31',
        reference: 'C-1',
      };
      const inquiryOf = ({ filing }: Stage, parts: Partial<Inquiry> = {}): Inquiry => ({
        kind: 'credit',
        employer: filing.employer,
        person: filing.person,
        consent,
        ...parts,
      });

      it('with consent is answered', async () => {
        const stage = await stages.open();
        const answer = await stage.adapter.inquire?.(inquiryOf(stage), stage.call());
        assert.ok(answer?.kind === 'answered');
        assert.match(answer.receipt ?? '', /^INQ-\d+$/);
        assert.deepEqual([answer.clear, answer.facts], [true, []]);
      });

      it('without a consent that carries it is refused before anything is sent', async () => {
        const stage = await stages.open();
        const day = (at: Date) => at.toISOString().slice(0, 10);
        const yesterday = day(new Date(stage.box.now().getTime() - 2 * 86_400_000));
        const { consent: _none, ...bare } = inquiryOf(stage);
        for (const [code, inquiry] of [
          ['CONSENT_MISSING', bare],
          ['CONSENT_EXPIRED', inquiryOf(stage, { consent: { ...consent, expiresOn: yesterday } })],
          ['CONSENT_EXPIRED', inquiryOf(stage, { consent: { ...consent, grantedOn: '2099-01-01' } })],
          ['CONSENT_SCOPE', inquiryOf(stage, { consent: { ...consent, scope: ['enrolment'] } })],
          ['CONSENT_PURPOSE', inquiryOf(stage, { consent: { ...consent, purpose: 'curiosity' } })],
          ['INQUIRY_UNKNOWN', inquiryOf(stage, { kind: 'enrolment' })],
        ] as const) {
          const call = stage.call();
          const answer = await stage.adapter.inquire?.(inquiry, call);
          assert.deepEqual([answer?.kind === 'refused' && answer.code, call.kept], [code, []]);
        }
        assert.deepEqual(stage.box.exchanges('credit'), []);
      });

      it('that the agency refuses, spoils or does not hear says so', async () => {
        const stage = await stages.open();
        const ask = async (inquiry: Inquiry) => stage.adapter.inquire?.(inquiry, stage.call());
        const other = await ask(inquiryOf(stage, { person: { ...stage.filing.person, name: '李某' } }));
        assert.equal(other?.kind, 'answered', 'nobody the agency knows yet');
        await stage.submit();
        const known = await ask(inquiryOf(stage, { person: { ...stage.filing.person, name: '李某' } }));
        assert.equal(known?.kind === 'refused' && known.code, 'IDENTITY_MISMATCH');
        for (const fault of ['truncate', 'garbage', 'html-with-200', 'foreign-signature'] as const) {
          const input = { fault, agency: 'credit', operation: 'inquire' } as const;
          const spoilt = await stage.box.withFault(input, () => ask(inquiryOf(stage)));
          assert.equal(spoilt?.kind, 'unsure', fault);
        }
        const far = await stage.subject.unreachable.inquire?.(inquiryOf(stage), stage.call());
        assert.equal(far?.kind, 'retry');
      });
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
