/** The rules of the second city's insurance agency, and how insurance-sm2 misses each. Items: insurance-sm2-items.ts. */
import assert from 'node:assert/strict';
import type { Client } from '../../mocks/insurance-sm2/index.ts';
import { UNIT } from '../support/filing-order.ts';
import { content, only, resealed, resigned, withHeaders } from './insurance-sm2-message.ts';
import { byCheck, byFiling, byPing, byStranger, expectNo, OTHER, type Proof, type Scene } from './proof.ts';

const CHANGES = '/api/v2/changes';
const BAD = 'AUTH_SIGNATURE';

const own = ({ box }: Scene): Client => box.sm2Client(UNIT.uscc);

/** What puts the adapter into another's place. */
const settingsOf = ({ clientId, privateKey, bodyKey, uscc }: Client) => ({
  uscc,
  client_id: clientId,
  private_key: privateKey,
  body_key: bodyKey,
});

/** The change is filed with these members replaced. */
const filedWith = (rule: string, title: string, code: string, parts: object): Proof =>
  byFiling(rule, title, code, (scene) => only(CHANGES, content(own(scene), parts)));

/** Whose check digit fits no unit. */
const NOBODY = '91110105MA001234X5';

export const INSURANCE_SM2: readonly Proof[] = [
  byPing('insurance-sm2.method', 'PUT', 'METHOD_NOT_ALLOWED', (scene) =>
    resigned(own(scene), () => ({ method: 'PUT' })),
  ),
  byPing('insurance-sm2.media-type', 'a body that calls itself plain text', 'MEDIA_TYPE', () => (sent) => ({
    ...sent,
    ...withHeaders({ 'content-type': 'text/plain' })(sent),
  })),
  byPing('insurance-sm2.no-query', 'a query', 'SCHEMA_INVALID', () => (sent) => ({
    ...sent,
    path: `${sent.path}?x=1`,
  })),
  {
    rule: 'insurance-sm2.client',
    title: 'a client that nobody has registered',
    async run(scene) {
      const ping = await scene.create(settingsOf(scene.box.sm2Client(NOBODY))).ping?.(scene.call());
      assert.equal(scene.refused(), 'AUTH_CLIENT');
      assert.equal(ping?.kind, 'down');
    },
  },
  byPing('insurance-sm2.nonce', 'a nonce too short', BAD, (scene) =>
    resigned(own(scene), withHeaders({ 'x-nonce': 'abc' })),
  ),
  byPing('insurance-sm2.timestamp', 'a time with a point', BAD, (scene) =>
    resigned(own(scene), (sent) => withHeaders({ 'x-timestamp': `${sent.headers['x-timestamp']}.0` })(sent)),
  ),
  byPing('insurance-sm2.signature-form', 'base64 without its end', BAD, () => (sent) => ({
    ...sent,
    ...withHeaders({ 'x-signature': (sent.headers['x-signature'] ?? '').replaceAll('=', '') })(sent),
  })),
  byPing('insurance-sm2.signature', 'a signature by another key', BAD, ({ box }) =>
    resigned(box.sm2Client(OTHER.uscc)),
  ),
  byPing('insurance-sm2.fresh', 'a request of 2020', 'AUTH_STALE', (scene) =>
    resigned(own(scene), withHeaders({ 'x-timestamp': '1577836800000' })),
  ),
  byPing('insurance-sm2.sealed', 'a body in the open', 'BODY_UNREADABLE', (scene) =>
    resigned(own(scene), ({ path }) => ({
      body: Buffer.from(path === '/api/v2/ping' ? '{}' : JSON.stringify({ uscc: UNIT.uscc })),
    })),
  ),
  byFiling('insurance-sm2.encoding', 'a byte that is no UTF-8', 'BODY_UNREADABLE', (scene) =>
    only(
      CHANGES,
      resealed(own(scene), (bytes) =>
        Buffer.from(bytes.toString('latin1').replace('"post":"', '"post":"\xff'), 'latin1'),
      ),
    ),
  ),
  filedWith('insurance-sm2.schema', 'a member that the schema does not have', 'SCHEMA_INVALID', { extra: 1 }),
  byFiling('insurance-sm2.unit', 'a question for another unit', 'AUTH_UNIT', (scene) =>
    only('/api/v2/unit', content(own(scene), { uscc: OTHER.uscc })),
  ),
  byStranger('insurance-sm2.own-changes', 'a unit is not told of the changes of another', ({ box }) =>
    settingsOf(box.sm2Client(OTHER.uscc)),
  ),
  {
    rule: 'insurance-sm2.window',
    title: 'window closed: holds, and nothing is filed',
    async run({ box, submit, subject }) {
      box.arm('SM2.WINDOW_CLOSED');
      assert.equal((await submit()).kind, 'hold');
      assert.deepEqual(subject.cases(), []);
    },
  },
  filedWith('insurance-sm2.unit-number', 'the number of no unit', 'UNIT_UNKNOWN', { unit_no: '99999999' }),
  filedWith('insurance-sm2.reason', 'a reason that the table does not have', 'CODE_UNKNOWN', {
    reason: '299',
  }),
  filedWith('insurance-sm2.insurance', 'an insurance that the table does not have', 'CODE_UNKNOWN', {
    items: [{ insurance: '01' }, { insurance: '09' }],
  }),
  filedWith('insurance-sm2.region', 'a stop with a target region', 'REGION_INVALID', {
    target_region: '440300',
  }),
  filedWith('insurance-sm2.months', 'a last month before the exit', 'DATE_INVALID', {
    end_month: '2026-01',
  }),
  {
    rule: 'insurance-sm2.stop-first',
    title: 'a transfer before the stop is settled holds',
    async run({ adapter, filing, call, subject }) {
      const early = await adapter.submit({ ...filing, kind: 'insurance_transfer' }, call('EG-0002-1'));
      assert.equal(early.kind, 'hold');
      assert.deepEqual(subject.cases(), []);
    },
  },
  {
    rule: 'insurance-sm2.one-open',
    title: 'a second change for a person is refused while one is open',
    async run({ adapter, filing, call, submit, subject }) {
      await submit();
      expectNo(await adapter.submit(filing, call('EG-0002-1')), 'ALREADY_OPEN');
      assert.equal((await subject.cases()).length, 1);
    },
  },
  byCheck('insurance-sm2.serial-once', 'sent twice, filed once: the receipt is recovered'),
  byCheck('insurance-sm2.serial-content', 'the same serial with other content is refused'),
  {
    rule: 'insurance-sm2.correction-asked',
    title: 'an amendment that nobody asked for is refused',
    async run({ adapter, filing, call, submit }) {
      const filed = await submit();
      assert.ok(filed.kind === 'pending');
      const amended = { ...filing, receipt: filed.receipt };
      expectNo(await adapter.amend?.(amended, call('EG-0001-2')), 'NO_CORRECTION_OPEN');
    },
  },
  {
    rule: 'insurance-sm2.correction-due',
    title: 'a correction that nobody answered in time has failed',
    async run({ box, adapter, filing, call, submit }) {
      await box.withFault({ fault: 'correction', agency: 'insurance-sm2' }, submit);
      box.advance('P30D');
      expectNo(await adapter.lookup?.(filing, call()), 'CORRECTION_OVERDUE');
    },
  },
  {
    rule: 'insurance-sm2.withdraw-early',
    title: 'is too late to withdraw once it is finished',
    async run({ box, adapter, filing, call, submit }) {
      await submit();
      box.advance('P1D');
      expectNo(await adapter.withdraw?.(filing, call()), 'WITHDRAW_TOO_LATE');
    },
  },
  {
    rule: 'insurance-sm2.enrolment-name',
    title: 'nothing is told of a person under another name',
    async run({ adapter, filing, call, submit }) {
      await submit();
      const person = { ...filing.person, name: '李某' };
      const told = await adapter.inquire?.({ kind: 'enrolment', employer: UNIT, person }, call());
      assert.equal(told?.kind === 'refused' && told.code, 'IDENTITY_MISMATCH');
    },
  },
];
