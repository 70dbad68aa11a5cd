// The protocol of the second city's insurance agency: who is let in, what is refused and how, and that answers are one's own.
import assert from 'node:assert/strict';
import { setWindow } from '../../../mocks/insurance-sm2/index.ts';
import { clientOf } from '../../../mocks/insurance-sm2/keys.ts';
import type { Form } from '../../../mocks/insurance-sm2/sm2.ts';
import { advance, CHANGES, change, openBox, type Spoil, UNIT } from './insurance-sm2-client.ts';

type Box = Awaited<ReturnType<typeof openBox>>;

describe('insurance agency of a second city', () => {
  let box: Box;
  beforeEach(async () => {
    box = await openBox();
  });
  afterEach(() => box.sandbox.close());

  it('takes a change, reviews it and tells the outcome item by item', async () => {
    const { sandbox, client } = box;
    const filed = await client.file('S-1');
    assert.deepEqual([filed.status, filed.code, filed.data.state], [200, 'OK', '10']);
    advance(sandbox, 2);
    assert.equal((await client.query('S-1')).data.state, '20');
    advance(sandbox, 2);
    assert.deepEqual((await client.query('S-1')).data.results, [
      { insurance: '01', code: 'OK', message: '' },
      { insurance: '02', code: 'OK', message: '' },
    ]);
    const again = await client.file('S-1');
    assert.deepEqual([again.code, again.data.receipt], ['DUPLICATE', filed.data.receipt]);
    assert.equal((await client.file('S-1', { reason: '221' })).code, 'SERIAL_REUSED');
  });

  for (const encoding of ['rs', 'der'] as const)
    for (const text of ['hex', 'base64'] as const)
      it(`answers in ${encoding} and ${text} who asks so`, async () => {
        const form: Form = { encoding, text };
        // The client checks the answer's signature in this form.
        assert.equal((await box.client.send('/api/v2/ping', {}, { form })).code, 'OK');
      });

  const wrong: readonly [string, string, Spoil | ((box: Box) => Spoil)][] = [
    ['another key', 'AUTH_SIGNATURE', { key: '1'.repeat(64) }],
    ['no signature', 'AUTH_SIGNATURE', { headers: { 'x-signature': '' } }],
    ['a nonce too short', 'AUTH_SIGNATURE', { headers: { 'x-nonce': 'abc' } }],
    ['an unknown client', 'AUTH_CLIENT', { headers: { 'x-client-id': 'nobody' } }],
    [
      'another unit’s client id',
      'AUTH_SIGNATURE',
      { headers: { 'x-client-id': 'city2-91110000600037341L' } },
    ],
    ['a time long past', 'AUTH_STALE', { headers: { 'x-timestamp': '1000000000000' } }],
    ['a body that is not sealed', 'BODY_UNREADABLE', { sealed: '{}' }],
    ['a body under another key', 'BODY_UNREADABLE', { sealed: `{"iv":"${'A'.repeat(22)}==","data":"AAAA"}` }],
  ];
  for (const [what, code, spoil] of wrong)
    it(`refuses ${what} with 200 and ${code}`, async () => {
      const given = typeof spoil === 'function' ? spoil(box) : spoil;
      const call = box.client.build('/api/v2/ping', {}, given);
      const outcome = await box.client.raw(call);
      assert.ok('reply' in outcome);
      const { status, body } = outcome.reply;
      assert.equal(status, 200);
      const other = (call.headers['x-client-id'] ?? '') !== box.client.client.clientId;
      // An unknown client is told in the open; another's refusal is sealed for that other.
      if (code === 'AUTH_CLIENT') assert.equal(JSON.parse(body.toString()).code, code);
      else if (!other) assert.equal(box.client.read(outcome, call).code, code);
      assert.equal(box.sandbox.journal.list().at(-1)?.code, code);
    });

  it('refuses bytes that were changed after signing, and another path under the same signature', async () => {
    const { client } = box;
    const call = client.build(CHANGES, change(box.sandbox, 'S-1'));
    const body = Buffer.from(call.body.toString().replace('{"iv"', '{ "iv"'));
    for (const spoiled of [
      { ...call, body },
      { ...call, path: `${CHANGES}/amend` },
    ])
      assert.equal(client.read(await client.raw(spoiled), spoiled).code, 'AUTH_SIGNATURE');
  });

  it('refuses what is not in the contract, with a pointer; paths and methods by HTTP', async () => {
    const bad = await box.client.file('S-1', { reason: 'x', extra: 1 });
    assert.equal(bad.code, 'SCHEMA_INVALID');
    const pointers = (bad.content.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    assert.deepEqual(pointers.sort(), ['/extra', '/reason']);
    assert.equal((await box.client.send('/api/v2/nothing', {})).status, 404);
    assert.equal((await box.client.send('/api/v2/ping', {}, { call: { method: 'GET' } })).status, 405);
  });

  it('judges the content by its own rules, and records nothing that it refuses', async () => {
    for (const [code, over] of [
      ['CODE_UNKNOWN', { reason: '999' }],
      ['CODE_UNKNOWN', { items: [{ insurance: '09' }] }],
      ['UNIT_UNKNOWN', { unit_no: '99999999' }],
      ['DATE_INVALID', { end_month: '2026-10' }],
      ['REGION_INVALID', { target_region: '440300' }],
      ['REGION_INVALID', { business: '20' }],
      ['IDENTITY_MISMATCH', { person: { id_type: '01', id_number: '110101199002300014', name: '某' } }],
      ['PRECONDITION_STOP', { business: '20', target_region: '440300' }],
    ] as const)
      assert.equal((await box.client.file('S-1', over)).code, code, JSON.stringify(over));
    assert.equal((await box.client.query('S-1')).code, 'NOT_FOUND');
    assert.equal((await box.client.file('S-1')).code, 'OK');
    assert.equal((await box.client.file('S-2')).code, 'ALREADY_OPEN');
  });

  it('closes while the month is settled, over the end of the month, and says when it opens', async () => {
    const { sandbox, client } = box;
    const at = async (day: string) => {
      sandbox.clock.advance(new Date(`${day}T12:00:00+08:00`));
      return client.file(`S-${day}`);
    };
    sandbox.transaction(() => setWindow({ opens: 27, closes: 20 }, sandbox.room('insurance-sm2')));
    const closed = await at('2026-11-26');
    assert.deepEqual([closed.code, closed.content.until], ['WINDOW_CLOSED', '2026-11-27T00:00:00+08:00']);
    assert.equal((await at('2026-11-27')).code, 'OK');
    assert.equal((await at('2026-12-20')).code, 'OK');
    assert.equal((await at('2026-12-21')).content.until, '2026-12-27T00:00:00+08:00');
    assert.throws(
      () => sandbox.transaction(() => setWindow({ opens: 0, closes: 31 }, sandbox.room('insurance-sm2'))),
      RangeError,
    );
  });

  it('gives the same bytes for the same seed, time and calls', async () => {
    const wallNow = () => new Date('2026-11-25T02:00:00Z');
    const bytes = async () => {
      const twin = await openBox('twin', '2026-11-25T02:00:00Z', { wallNow });
      const headers = { 'x-nonce': 'a'.repeat(32) };
      const outcome = await twin.client.raw(twin.client.build('/api/v2/ping', {}, { headers }));
      twin.sandbox.close();
      assert.ok('reply' in outcome);
      return [outcome.reply.headers['x-signature'], outcome.reply.body.toString()];
    };
    assert.deepEqual(await bytes(), await bytes());
    const elsewhere = clientOf(UNIT, { secret: 'seed|another' });
    assert.notEqual(elsewhere.publicKey, box.client.client.publicKey, 'keys of another sandbox');
  });
});
