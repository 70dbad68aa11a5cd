import assert from 'node:assert/strict';
import type { Call } from '../../adapters/adapter.ts';
import { skipsOf } from '../../adapters/conformance/description.ts';
import { conformance } from '../../adapters/insurance-sm2/conformance.ts';
import { insuranceSm2 } from '../../adapters/insurance-sm2/index.ts';
import { UNIT } from '../support/filing-order.ts';
import { type Actor, theatre } from './against-mock.ts';
import { describeAdapter } from './suite.ts';

const agency = 'insurance-sm2';
const OTHER = { uscc: '91110000600037341L', name: '另一单位' };

const actor: Actor = { entry: insuranceSm2, ...conformance };

describe('insurance-sm2', () => {
  const stages = theatre(actor);
  const { open } = stages;

  describeAdapter({
    name: agency,
    start: async () => (await open()).subject,
    skips: skipsOf(actor, actor.entry.manifest),
  });

  describe('at its mock agency', () => {
    for (const fault of ['truncate', 'garbage', 'html-with-200', 'foreign-signature'] as const)
      it(`${fault} in answer to a question is not believed`, async () => {
        const { box, submit, lookup } = await open();
        await submit();
        box.advance('P1D');
        assert.equal(await box.withFault({ fault, agency, operation: actor.asks }, lookup), 'unsure');
        assert.equal(await lookup(), 'accepted');
      });

    it('anything wrong before the filing itself was sent: retry, for nothing was filed', async () => {
      for (const fault of ['drop-on-connect', 'html-with-200', 'garbage', 'foreign-signature'] as const) {
        const { box, submit } = await open();
        assert.equal(
          (await box.withFault({ fault, agency, operation: 'unit' }, submit)).kind,
          'retry',
          fault,
        );
        assert.deepEqual(box.cases(agency), []);
      }
    });

    it('somebody else at this name: refused, before anything is filed', async () => {
      const { box, adapter, filing, call, submit } = await open();
      await submit();
      const person = { ...filing.person, name: '李某' };
      const outcome = await adapter.submit({ ...filing, person }, call('EG-0002-1'));
      assert.deepEqual(outcome.kind === 'refused' && outcome.code, 'IDENTITY_MISMATCH');
      assert.equal((await adapter.readBack?.({ ...filing, person }, call()))?.kind, 'differs');
      assert.equal(box.cases(agency).length, 1);
    });

    it('lists nothing of another unit than the one in its settings', async () => {
      const { create, adapter, call, submit } = await open();
      await submit();
      const november = { from: '2026-11-01', to: '2026-11-30' };
      assert.equal((await adapter.list?.(november, call()))?.kind, 'page');
      const wrong = create({ uscc: OTHER.uscc });
      assert.equal((await wrong.list?.(november, call()))?.kind, 'hold');
      assert.equal((await wrong.roster?.(call()))?.kind, 'hold');
    });

    for (const signature_encoding of ['rs', 'der'])
      for (const signature_text of ['hex', 'base64'])
        it(`signs and checks as ${signature_encoding} in ${signature_text}`, async () => {
          const { create, filing, call } = await open();
          const adapter = create({ signature_encoding, signature_text });
          assert.equal((await adapter.submit(filing, call())).kind, 'pending');
        });

    it('a key, a user id or a body key that is not the agency’s: holds, nothing filed', async () => {
      const { box, create, filing, call } = await open();
      const stranger = box.sm2Client(OTHER.uscc);
      for (const wrong of [
        { private_key: stranger.privateKey },
        { client_id: stranger.clientId, private_key: stranger.privateKey, body_key: stranger.bodyKey },
        { client_id: 'nobody' },
      ]) {
        const outcome = await create(wrong).submit(filing, call());
        assert.equal(outcome.kind, 'hold', JSON.stringify(outcome));
      }
      // What the agency seals for the client cannot be opened then, so nothing that it says is believed.
      assert.equal((await create({ body_key: stranger.bodyKey }).submit(filing, call())).kind, 'retry');
      assert.equal((await create({ user_id: 'another' }).submit(filing, call())).kind, 'retry');
      assert.deepEqual(box.cases(agency), []);
    });

    it('an answer of somebody else’s key is not believed', async () => {
      const { box, create, filing, call } = await open();
      const adapter = create({ agency_public_key: box.sm2Client(UNIT.uscc).publicKey });
      assert.equal((await adapter.submit(filing, call())).kind, 'retry');
      assert.equal((await adapter.lookup?.(filing, call()))?.kind, 'unsure');
      assert.equal((await adapter.ping?.(call()))?.kind, 'down');
    });

    it('a filing of another employer: holds before anything is said to the agency', async () => {
      const { box, adapter, filing, call } = await open();
      const employer = { ...filing.employer, uscc: OTHER.uscc };
      assert.equal((await adapter.submit({ ...filing, employer }, call())).kind, 'hold');
      assert.deepEqual(box.exchanges(agency), []);
    });

    it('a closed window: holds until it opens, and files then', async () => {
      const { box, adapter, filing, call, submit } = await open();
      box.arm('SM2.WINDOW_CLOSED');
      const held = await submit();
      assert.ok(held.kind === 'hold' && held.until && held.until > box.now());
      box.advance(held.until);
      assert.equal((await adapter.submit(filing, call())).kind, 'pending');
    });

    it('a code that the agency’s newest table no longer has: manual, unsent once the table is known', async () => {
      const { box, adapter, filing, call, submit } = await open();
      box.arm('SM2.CODE_RETIRED');
      assert.equal((await submit()).kind, 'manual', 'the agency says so');
      const found = await adapter.codes?.(call());
      assert.ok(found?.kind === 'codes');
      assert.deepEqual(
        found.tables.map(({ name, version }) => [name, version]),
        [
          ['XZ', '2026.1'],
          ['TBYY', '2026.2'],
        ],
      );
      const asked = box.exchanges(agency).length;
      const informed: Call = { ...call(), codes: found.tables };
      const outcome = await adapter.submit(filing, informed);
      assert.match(outcome.kind === 'manual' ? outcome.instructions : outcome.kind, /TBYY 222/);
      assert.equal(box.exchanges(agency).length, asked, 'nothing was sent');
      const retired = await adapter.submit({ ...filing, reason: 'retirement' }, informed);
      assert.equal(retired.kind, 'pending', 'other codes stand');
    });

    it('some insurances pass and some not: refused, naming both', async () => {
      const { box, adapter, filing, call, submit } = await open();
      box.arm('SM2.PARTIAL');
      await submit();
      box.advance('P1D');
      const outcome = await adapter.lookup?.(filing, call());
      assert.ok(outcome?.kind === 'refused');
      assert.equal(outcome.code, 'NOT_ENROLLED');
      assert.match(outcome.message, /^01 pension: NOT_ENROLLED[\s\S]*settled: 02 medical, 03/);
    });

    it('a stop that was made at the counter counts as done, and the read-back compares the day', async () => {
      const { box, adapter, filing, call } = await open();
      box.arm('SM2.ALREADY_STOPPED');
      // The counter stopped it yesterday, whatever day that is.
      const early = { ...filing, exitDate: '2026-03-02', insuranceEndMonth: '2026-03' };
      await adapter.submit(early, call());
      box.advance('P1D');
      assert.equal((await adapter.lookup?.(early, call()))?.kind, 'accepted');
      assert.equal((await adapter.readBack?.(early, call()))?.kind, 'differs');
    });

    it('transfers after the stop is settled, and waits while it is not', async () => {
      const { box, adapter, filing, call, submit } = await open();
      const transfer = { ...filing, kind: 'insurance_transfer' } as const;
      const second = () => call('EG-0002-1');
      assert.equal((await adapter.submit(transfer, second())).kind, 'hold');
      await submit();
      box.advance('P1D');
      assert.equal((await adapter.readBack?.(transfer, second()))?.kind, 'differs');
      assert.equal((await adapter.submit(transfer, second())).kind, 'pending');
      box.advance('P1D');
      assert.equal((await adapter.lookup?.(transfer, second()))?.kind, 'accepted');
      assert.deepEqual(await adapter.readBack?.(transfer, second()), { kind: 'agrees' });
    });

    it('is too late to withdraw once it is finished; a withdrawal asked for twice is one', async () => {
      const { box, adapter, filing, call, submit } = await open();
      await submit();
      assert.equal((await adapter.withdraw?.(filing, call()))?.kind, 'accepted');
      assert.equal((await adapter.withdraw?.(filing, call()))?.kind, 'accepted');
      const gone = await adapter.lookup?.(filing, call());
      assert.deepEqual(gone?.kind === 'refused' && gone.code, 'WITHDRAWN');
      await adapter.submit(filing, call('EG-0002-1'));
      box.advance('P1D');
      const late = await adapter.withdraw?.(filing, call('EG-0002-1'));
      assert.deepEqual(late?.kind === 'refused' && late.code, 'WITHDRAW_TOO_LATE');
    });

    it('asks rarely: callbacks are the way', async () => {
      const { submit } = await open();
      const filed = await submit();
      assert.equal(filed.kind === 'pending' && filed.pollAfter, 21_600);
    });

    it('says what a ping has looked at', async () => {
      const { adapter, create, call, box } = await open();
      const up = await adapter.ping?.(call());
      assert.deepEqual(
        up?.checks.map(({ subject, ok }) => [subject, ok]),
        [
          ['address', true],
          ['clock', true],
          ['unit', true],
        ],
      );
      const wrong = box.sm2Client(OTHER.uscc).privateKey;
      const down = await create({ private_key: wrong }).ping?.(call());
      assert.ok(down?.kind === 'down' && /AUTH_SIGNATURE/.test(down.reason), JSON.stringify(down));
    });
  });
});
