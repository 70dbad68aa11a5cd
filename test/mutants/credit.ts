/** The rules of the credit agency, and how credit-rest misses each. */
import assert from 'node:assert/strict';
import jwt from 'jsonwebtoken';
import { UNIT } from '../support/filing-order.ts';
import { body, headers, only, resigned } from './credit-message.ts';
import {
  byCheck,
  byFiling,
  byPeriod,
  byPing,
  byStranger,
  certified,
  expectNo,
  OTHER,
  type Proof,
  type Scene,
} from './proof.ts';

const CHANGES = '/v1/registration-changes';
const TOKEN = '/oauth/token';
const QUERY = '/v1/practitioners/query';
const ZHANG = { id_type: 'resident_id', id_number: '11010519491231002X', name: '张某' };

const registered = ({ box }: Scene, registration: object) =>
  void box.person({
    uscc: UNIT.uscc,
    unitName: UNIT.name,
    idNumber: ZHANG.id_number,
    name: ZHANG.name,
    registration,
  });

/** No adapter inquires: the question that reads back is turned into an inquiry on the way. */
const byInquiry = (
  rule: string,
  title: string,
  code: string,
  arrange: (scene: Scene) => void,
  subject = ZHANG,
): Proof => ({
  rule,
  title,
  async run(scene) {
    arrange(scene);
    const inquiry = {
      unit_uscc: UNIT.uscc,
      subject,
      purpose: 'hiring',
      consent: {
        reference: 'C-1',
        signed_on: '2020-01-01',
        valid_until: '2099-12-31',
        purposes: ['hiring'],
      },
    };
    const asked = { path: '/v1/inquiries', body: Buffer.from(JSON.stringify(inquiry)) };
    const adapter = scene.through(
      only(
        QUERY,
        resigned(scene.own, () => asked),
      ),
    );
    const state = await adapter.readBack?.(scene.filing, scene.call());
    assert.equal(scene.refused(), code);
    assert.notEqual(state?.kind, 'agrees');
  },
});

export const CREDIT: readonly Proof[] = [
  byPing('credit.form', 'a token asked for by something else than a form', 'INVALID_REQUEST', () =>
    only(TOKEN, headers({ 'content-type': 'text/plain' })),
  ),
  {
    rule: 'credit.client',
    title: 'a wrong secret holds, and nothing is filed',
    async run({ create, filing, call, subject }) {
      const adapter = create({ client_secret: 'wrong' });
      assert.equal((await adapter.submit(filing, call())).kind, 'hold');
      assert.deepEqual(subject.cases(), []);
    },
  },
  byPing('credit.grant', 'a token for a password', 'UNSUPPORTED_GRANT_TYPE', () =>
    only(TOKEN, (sent) => ({
      ...sent,
      body: Buffer.from(sent.body.toString().replace('client_credentials', 'password')),
    })),
  ),
  byPing('credit.token', 'a token that somebody else has made', 'INVALID_TOKEN', () => {
    const forged = jwt.sign({}, 'somebody else', { subject: UNIT.uscc, audience: 'credit' });
    return only('/v1/ping', headers({ authorization: `Bearer ${forged}` }));
  }),
  byPing('credit.jws-header', 'a protected header that is not as published', 'AUTH_SIGNATURE', ({ own }) =>
    only('/v1/ping', resigned(own, undefined, { crit: ['b64'] })),
  ),
  byPing('credit.signature', 'a signature by another key', 'AUTH_SIGNATURE', async ({ own, box }) => {
    const { privateKey } = await box.identity(OTHER.uscc, OTHER.name);
    return only('/v1/ping', resigned({ ...own, privateKey }));
  }),
  byPing('credit.bound-request', 'a signature for another path', 'AUTH_BINDING', ({ own }) =>
    only('/v1/ping', resigned(own, undefined, { htu: '/v1/pong' })),
  ),
  byPing('credit.bound-time', 'a signature of 2020', 'AUTH_BINDING', ({ own }) =>
    only('/v1/ping', resigned(own, undefined, { iat: 1_577_836_800 })),
  ),
  byPing('credit.unit-of-token', 'the certificate of another unit', 'AUTH_UNIT', async ({ box }) =>
    only('/v1/ping', resigned(await box.identity(OTHER.uscc, OTHER.name))),
  ),
  byPing('credit.no-query', 'a query', 'SCHEMA_INVALID', ({ own }) =>
    only(
      '/v1/ping',
      resigned(own, () => ({ path: '/v1/ping?x=1' })),
    ),
  ),
  byPing('credit.get-without-body', 'a GET with a body', 'SCHEMA_INVALID', ({ own }) =>
    only(
      '/v1/ping',
      resigned(own, () => ({ body: Buffer.from('{}') })),
    ),
  ),
  byFiling('credit.media-type', 'a body that calls itself plain text', 'MEDIA_TYPE', () =>
    only(CHANGES, headers({ 'content-type': 'text/plain' })),
  ),
  byFiling('credit.schema', 'a member that the schema does not have', 'SCHEMA_INVALID', ({ own }) =>
    only(CHANGES, resigned(own, body({ extra: 1 }))),
  ),
  byFiling('credit.unit-of-body', 'another unit in the body', 'AUTH_UNIT', ({ own }) =>
    only(CHANGES, resigned(own, body({ unit_uscc: OTHER.uscc }))),
  ),
  byStranger('credit.own-changes', 'a unit is not told of the changes of another', async (scene) => {
    const { clientId, clientSecret } = scene.box.oauthClient(OTHER.uscc);
    return { ...(await certified(scene)), client_id: clientId, client_secret: clientSecret };
  }),
  byPeriod('credit.period'),
  byCheck('credit.serial-once', 'sent twice, filed once: the receipt is recovered'),
  byCheck('credit.serial-content', 'the same serial with other content is refused'),
  {
    rule: 'credit.registered',
    title: 'who has no registration has none to cancel',
    async run(scene) {
      registered(scene, { status: 'none' });
      const outcome = await scene.submit();
      assert.equal(scene.refused(), 'NOT_REGISTERED');
      assert.notEqual(outcome.kind, 'pending');
    },
  },
  {
    rule: 'credit.cancelled-once',
    title: 'a registration is not cancelled twice',
    async run({ box, adapter, filing, call, submit, subject, refused }) {
      await submit();
      box.advance('P1D');
      await adapter.submit(filing, call('EG-0002-1'));
      assert.equal(refused(), 'ALREADY_DONE');
      assert.equal((await subject.cases()).length, 1);
    },
  },
  {
    rule: 'credit.order-of-days',
    title: 'a cancellation before the registration began is refused',
    async run(scene) {
      registered(scene, { since: '2026-12-31' });
      expectNo(await scene.submit(), 'DATE_INVALID');
    },
  },
  {
    rule: 'credit.one-open',
    title: 'a second change for a person is refused while one is open',
    async run({ adapter, filing, call, submit, subject }) {
      await submit();
      expectNo(await adapter.submit(filing, call('EG-0002-1')), 'ALREADY_OPEN');
      assert.equal((await subject.cases()).length, 1);
    },
  },
  {
    rule: 'credit.correction-asked',
    title: 'an amendment that nobody asked for is refused',
    async run({ own, through, filing, call, submit, refused }) {
      await submit();
      const amendment = { method: 'PATCH', path: `${CHANGES}/EG-0001-1` };
      await through(
        only(
          CHANGES,
          resigned(own, () => amendment),
        ),
      ).submit(filing, call('EG-0001-2'));
      assert.equal(refused(), 'NO_CORRECTION_OPEN');
    },
  },
  {
    rule: 'credit.correction-due',
    title: 'a correction that nobody answered in time has failed',
    async run({ box, adapter, filing, call, submit }) {
      await box.withFault({ fault: 'correction', agency: 'credit' }, submit);
      box.advance('P30D');
      expectNo(await adapter.lookup?.(filing, call()), 'CORRECTION_OVERDUE');
    },
  },
  {
    rule: 'credit.withdraw-early',
    title: 'is too late to withdraw once it is concluded',
    async run({ box, adapter, filing, call, submit }) {
      await submit();
      box.advance('P1D');
      expectNo(await adapter.withdraw?.(filing, call()), 'WITHDRAW_TOO_LATE');
    },
  },
  byInquiry(
    'credit.consent-revoked',
    'a consent that was revoked',
    'CONSENT_REVOKED',
    ({ box }) => void box.arm('CRD.CONSENT_REVOKED'),
  ),
  byInquiry(
    'credit.consent-in-force',
    'a consent that has run out',
    'CONSENT_EXPIRED',
    ({ box }) => void box.arm('CRD.CONSENT_EXPIRED'),
  ),
  byInquiry(
    'credit.consent-purpose',
    'a consent for something else',
    'CONSENT_PURPOSE',
    ({ box }) => void box.arm('CRD.CONSENT_PURPOSE'),
  ),
  byInquiry(
    'credit.inquiry-name',
    'an inquiry under another name',
    'IDENTITY_MISMATCH',
    (scene) => registered(scene, {}),
    { ...ZHANG, name: '李某' },
  ),
];
