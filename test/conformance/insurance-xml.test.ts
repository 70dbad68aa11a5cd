import assert from 'node:assert/strict';
import type { ForeignMessage } from '../../adapters/adapter.ts';
import { skipsOf } from '../../adapters/conformance/description.ts';
import { conformance } from '../../adapters/insurance-xml/conformance.ts';
import { insuranceXml } from '../../adapters/insurance-xml/index.ts';
import { type Actor, type Stage, theatre } from './against-mock.ts';
import { describeAdapter } from './suite.ts';

const actor: Actor = { entry: insuranceXml, ...conformance };

describe('insurance-xml', () => {
  const stages = theatre(actor);

  describeAdapter({
    name: 'insurance-xml',
    start: async () => (await stages.open()).subject,
    skips: skipsOf(actor, actor.entry.manifest),
  });

  describe('at its mock agency', () => {
    const operations = (kept: readonly ForeignMessage[]) =>
      kept.filter(({ direction }) => direction === 'sent').map(({ operation }) => operation);
    const payloads = (kept: readonly ForeignMessage[], operation: string) =>
      kept
        .filter((message) => message.direction === 'sent' && message.operation === `${operation} payload`)
        .map(({ body }) => Buffer.from(body).toString());

    it('transfers after the stop is settled, and waits while it is not', async () => {
      const { box, adapter, filing, call, submit, lookup } = await stages.open();
      const transfer = { ...filing, kind: 'insurance_transfer' } as const;
      const early = await adapter.submit(transfer, call('EG-0002-1'));
      assert.equal(early.kind, 'hold');
      await submit();
      box.advance('P1D');
      assert.equal(await lookup(), 'accepted');
      assert.equal((await adapter.readBack?.(transfer, call('EG-0002-1')))?.kind, 'differs');
      assert.equal((await adapter.submit(transfer, call('EG-0002-1'))).kind, 'pending');
      box.advance('P1D');
      assert.equal((await adapter.lookup?.(transfer, call('EG-0002-1')))?.kind, 'accepted');
      assert.equal((await adapter.readBack?.(transfer, call('EG-0002-1')))?.kind, 'agrees');
    });

    it('signs in once for calls that come together, and asks for the unit once', async () => {
      const { adapter, filing, call } = await stages.open();
      await adapter.lookup?.(filing, call());
      const calls = [call(), call(), call()];
      await Promise.all(calls.map((each) => adapter.lookup?.(filing, each)));
      assert.ok(calls.every(({ kept }) => !operations(kept).includes('0002')));
      const first = call();
      await adapter.submit(filing, first);
      const second = call();
      await adapter.submit(filing, second);
      const wire = (kept: readonly ForeignMessage[]) =>
        operations(kept).filter((each) => !each.includes(' '));
      assert.deepEqual(wire(first.kept), ['1001', '1002', '2001']);
      assert.deepEqual(wire(second.kept), ['1002', '2001']);
    });

    it('one sign-in is under way at a time', async () => {
      const { adapter, filing, call } = await stages.open();
      const calls = [call(), call(), call()];
      await Promise.all(calls.map((each) => adapter.lookup?.(filing, each)));
      const signIns = calls
        .flatMap(({ kept }) => operations(kept))
        .filter((operation) => operation === '0002');
      assert.equal(signIns.length, 1);
    });

    it('signs in again when the session has ended at the agency, and sends the same rows under the new one', async () => {
      const { box, adapter, filing, call } = await stages.open();
      const before = call();
      await adapter.submit(filing, before);
      // The adapter's clock stands still meanwhile, so it cannot know.
      const now = box.now();
      box.advance('PT1H');
      const after = { ...call(), now };
      const outcome = await adapter.submit(filing, after);
      // The batch was settled within that hour; a resend asks what became of it.
      assert.equal(outcome.kind, 'accepted');
      assert.equal(operations(after.kept).filter((operation) => operation === '0002').length, 1);
      const [first] = payloads(before.kept, '2001');
      const [second] = payloads(after.kept, '2001');
      assert.ok(first && second && first !== second);
      const session = / Session="\w+"/;
      assert.equal(second.replace(session, ''), first.replace(session, ''));
      assert.equal(box.cases('insurance').length, 1);
    });

    it('the session ends between the question and the filing: filed once, under the next', async () => {
      const { box, adapter, filing, call } = await stages.open();
      const recorded = call();
      let seen = 0;
      const keep = (message: ForeignMessage) => {
        recorded.keep(message);
        if (message.operation === '1002 payload' && message.direction === 'received' && seen++ === 0)
          box.advance('PT1H');
      };
      const outcome = await adapter.submit(filing, { ...recorded, keep });
      assert.equal(outcome.kind, 'pending');
      const sent = payloads(recorded.kept, '2001');
      assert.equal(sent.length, 2);
      assert.equal(box.cases('insurance').length, 1);
    });

    it('files with AES as well', async () => {
      const { box, create, filing, call } = await stages.open();
      const adapter = create({ cipher: 'aes-256-cbc' });
      assert.equal((await adapter.submit(filing, call())).kind, 'pending');
      box.advance('P1D');
      assert.equal((await adapter.lookup?.(filing, call()))?.kind, 'accepted');
    });

    it('window closed: holds', async () => {
      const { box, submit } = await stages.open();
      const closed = { phase: 'before-commit', kind: 'status', status: 200, code: 'WINDOW_CLOSED' } as const;
      const outcome = await box.withFault({ fault: closed, agency: 'insurance', operation: 'stop' }, submit);
      assert.deepEqual(outcome, { kind: 'hold', reason: 'the agency answers WINDOW_CLOSED' });
      assert.deepEqual(box.cases('insurance'), []);
    });

    it('what the agency asks for is filed in the next revision as a batch of its own', async () => {
      const { box, adapter, filing, call, submit } = await stages.open();
      await box.withFault({ fault: 'correction', agency: 'insurance' }, submit);
      box.advance('P1D');
      const asked = await adapter.lookup?.(filing, call());
      assert.ok(asked?.kind === 'correction');
      assert.deepEqual(
        asked.fields.map(({ field }) => field),
        ['AAE140=110', 'AAE140=210', 'AAE140=310', 'AAE140=410', 'AAE140=510'],
      );
      const next = { ...filing, revision: 2 };
      assert.equal((await adapter.lookup?.(next, call('EG-0001-2')))?.kind, 'absent');
      assert.equal((await adapter.amend?.(next, call('EG-0001-2')))?.kind, 'pending');
      box.advance('P1D');
      assert.equal((await adapter.lookup?.(next, call('EG-0001-2')))?.kind, 'accepted');
      assert.equal((await adapter.readBack?.(next, call('EG-0001-2')))?.kind, 'agrees');
    });

    const paying = { state: 'paying', since: '2022-03-01' } as const;
    const all = { 110: paying, 210: paying, 310: paying, 410: paying, 510: paying };
    const employed = (
      { box, filing }: Stage,
      enrolments: Parameters<Stage['box']['person']>[0]['enrolments'],
    ) => {
      const { uscc, name: unitName } = filing.employer;
      const parts = enrolments ? { enrolments } : {};
      box.person({ uscc, unitName, idNumber: '11010519491231002X', name: '张某', ...parts });
    };

    it('a batch in part: refused, naming the row, and what was settled', async () => {
      const stage = await stages.open();
      employed(stage, { ...all, 210: { ...paying, since: '2026-12-31' } });
      await stage.submit();
      stage.box.advance('P1D');
      const outcome = await stage.adapter.lookup?.(stage.filing, stage.call());
      assert.ok(outcome?.kind === 'refused');
      assert.equal(outcome.code, 'DATE_INVALID');
      assert.match(
        outcome.message,
        /^210 unemployment: DATE_INVALID .*\nsettled: 110 pension, 310 medical, 410/,
      );
      assert.equal(await stage.readBack(), 'differs');
    });

    it('an insurance that was stopped before counts as done, but its day is read back', async () => {
      const stage = await stages.open();
      employed(stage, { ...all, 110: { state: 'paused', since: '2026-11-01' } });
      await stage.submit();
      stage.box.advance('P1D');
      assert.equal(await stage.lookup(), 'accepted');
      assert.equal(await stage.readBack(), 'differs');
    });

    it('a filing of another unit than the certificate speaks for is not sent', async () => {
      const { adapter, filing, call } = await stages.open();
      const recorded = call();
      const employer = { ...filing.employer, uscc: '91110000600037341L' };
      assert.equal((await adapter.submit({ ...filing, employer }, recorded)).kind, 'hold');
      assert.deepEqual(recorded.kept, []);
    });
  });
});
