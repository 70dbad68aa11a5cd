/** The rules of the insurance agency for messages and batches, and how insurance-xml misses each. Rows: insurance-rows.ts. */
import assert from 'node:assert/strict';
import { signDetached } from '../../mocks/insurance/cms.ts';
import { sign } from '../unit/mocks/insurance-client.ts';
import { only, put, reworked, sessions, text } from './insurance-message.ts';
import { byCheck, byFiling, byPing, OTHER, type Proof, type Scene } from './proof.ts';

const AT = new Date('2026-11-25T02:00:00Z');
const BAD = 'AUTH_SIGNATURE';
const SHA256 = Buffer.from('608648016503040201', 'hex').toString('latin1');
const SHA384 = Buffer.from('608648016503040202', 'hex').toString('latin1');
const declared = /^<\?xml[^>]*\?>\s*/;

async function stranger({ box, create }: Scene) {
  const identity = await box.identity(OTHER.uscc, OTHER.name);
  const adapter = create({ certificate: identity.certificatePem, key: identity.keyPem });
  return { identity, adapter };
}

const employerOf = ({ filing }: Scene) => ({ ...filing, employer: { ...filing.employer, ...OTHER } });

export const INSURANCE: readonly Proof[] = [
  byPing('insurance.method', 'PUT', 'METHOD_NOT_ALLOWED', () => (sent) => ({ ...sent, method: 'PUT' })),
  byPing('insurance.media-type', 'a message that calls itself plain text', 'MEDIA_TYPE', () => (sent) => ({
    ...sent,
    headers: { ...sent.headers, 'content-type': 'text/plain' },
  })),
  byPing('insurance.encoding', 'a message that calls itself ISO-8859-1', 'SCHEMA_INVALID', () =>
    text((xml) => `<?xml version="1.0" encoding="ISO-8859-1"?>${xml.replace(declared, '')}`),
  ),
  byPing('insurance.markup', 'a comment', 'SCHEMA_INVALID', () =>
    text((xml) => xml.replace('</Envelope>', '<!-- x --></Envelope>')),
  ),
  byPing('insurance.schema', 'an element that the schema does not have', 'SCHEMA_INVALID', () =>
    text((xml) => xml.replace('</Head>', '<Extra>1</Extra></Head>')),
  ),
  byPing('insurance.element', 'the content of another transaction', 'SCHEMA_INVALID', (scene) =>
    reworked(scene, {
      payload: (xml) =>
        xml.replace(/<ConnectivityTest[^>]*>/, '<SignOut/>').replace('</ConnectivityTest>', ''),
    }),
  ),
  byPing('insurance.answer-attributes', 'a payload that calls itself an answer', 'SCHEMA_INVALID', (scene) =>
    reworked(scene, { payload: (xml) => xml.replace('<Payload ', '<Payload Code="0" ') }),
  ),
  byFiling('insurance.day', 'the thirtieth of February', 'SCHEMA_INVALID', (scene) =>
    only('2001', reworked(scene, { payload: put('AAE035', '20260230') })),
  ),
  byFiling('insurance.session-unit', 'the session of another unit', 'AUTH_SESSION', async (scene) => {
    const { identity, adapter } = await stranger(scene);
    await adapter.lookup?.(employerOf(scene), scene.call());
    const [foreign] = sessions(scene.box).filter(({ unit }) => unit === identity.uscc);
    return only('2001', reworked(scene, { session: () => foreign }));
  }),
  {
    rule: 'insurance.session-end',
    title: 'signs in again when the session has ended at the agency',
    async run({ box, adapter, filing, call }) {
      await adapter.submit(filing, call());
      const { now } = call();
      box.advance('PT1H');
      // The adapter's clock stands still meanwhile, so only the agency can say it.
      assert.equal((await adapter.lookup?.(filing, { ...call(), now }))?.kind, 'accepted');
      const signIns = box.exchanges('insurance').filter(({ operation }) => operation === 'sign-in');
      assert.equal(signIns.length, 2);
    },
  },
  byFiling('insurance.encryption', 'a plain body inside a session', 'BODY_UNREADABLE', (scene) =>
    only('2001', reworked(scene, { plain: true })),
  ),
  byPing('insurance.detached', 'a signature with the content inside', BAD, (scene) =>
    reworked(scene, { sign: (payload) => sign(payload, scene.own, { detached: false }) }),
  ),
  byPing('insurance.one-signer', 'two signers', BAD, (scene) =>
    reworked(scene, { sign: (payload) => sign(payload, scene.own, { signers: 2 }) }),
  ),
  byPing('insurance.algorithms', 'a digest that calls itself SHA-384', BAD, (scene) =>
    reworked(scene, {
      sign: (payload) =>
        Buffer.from(
          signDetached(payload, scene.own, AT).toString('latin1').replaceAll(SHA256, SHA384),
          'latin1',
        ),
    }),
  ),
  byFiling('insurance.digest', 'a day altered on the way', BAD, (scene) =>
    only('2001', reworked(scene, { tamper: put('AAE035', '20261126') })),
  ),
  byPing('insurance.signature', 'a signature by another key', BAD, async (scene) => {
    const { privateKey } = (await stranger(scene)).identity;
    return reworked(scene, { sign: (payload) => signDetached(payload, { ...scene.own, privateKey }, AT) });
  }),
  byPing('insurance.unit', 'the certificate of another unit', 'AUTH_CERTIFICATE', async (scene) => {
    const { identity } = await stranger(scene);
    return reworked(scene, { sign: (payload) => signDetached(payload, identity, AT) });
  }),
  byPing('insurance.binding', 'a Head that says something else than the payload', 'AUTH_BINDING', (scene) =>
    reworked(scene, { head: put('MessageId', 'ANOTHER-1') }),
  ),
  byFiling('insurance.own-unit', 'a question for another unit', 'UNIT_UNKNOWN', (scene) =>
    only('1001', reworked(scene, { payload: put('BAB010', OTHER.uscc) })),
  ),
  {
    rule: 'insurance.own-batches',
    title: 'a unit does not see the batch of another',
    async run(scene) {
      const filed = await scene.submit();
      assert.ok(filed.kind === 'pending');
      const { identity } = await stranger(scene);
      const asked = only(
        '3001',
        reworked(
          { ...scene, own: identity },
          {
            payload: (xml) => xml.replace(/<MessageId>.*<\/MessageId>/, `<AAZ308>${filed.receipt}</AAZ308>`),
          },
        ),
      );
      const settings = { certificate: identity.certificatePem, key: identity.keyPem };
      await scene.through(asked, settings).lookup?.(employerOf(scene), scene.call());
      assert.equal(scene.refused(), 'NOT_FOUND');
    },
  },
  byCheck('insurance.serial-once', 'sent twice, filed once: the receipt is recovered'),
  byCheck('insurance.serial-content', 'the same serial with other content is refused'),
  {
    rule: 'insurance.window',
    title: 'window closed: holds, and nothing is filed',
    async run({ box, submit, subject }) {
      box.arm('SOC.WINDOW_CLOSED');
      assert.equal((await submit()).kind, 'hold');
      assert.deepEqual(subject.cases(), []);
    },
  },
  {
    rule: 'insurance.stop-first',
    title: 'a transfer before the stop is settled holds',
    async run({ adapter, filing, call, subject }) {
      const early = await adapter.submit({ ...filing, kind: 'insurance_transfer' }, call('EG-0002-1'));
      assert.equal(early.kind, 'hold');
      assert.deepEqual(subject.cases(), []);
    },
  },
];
