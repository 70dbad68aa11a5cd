import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import nock from 'nock';
import type { CallbackRequest } from '../../../adapters/adapter.ts';
import { insuranceSm2 } from '../../../adapters/insurance-sm2/index.ts';
import { changeOf, personOf, REASONS, retiredCode } from '../../../adapters/insurance-sm2/map.ts';
import { openCallback } from '../../../adapters/insurance-sm2/open.ts';
import { lookupOutcome, readBackOutcome, submitOutcome } from '../../../adapters/insurance-sm2/reply.ts';
import { amendChange, envelopeOf, fileChange } from '../../../adapters/insurance-sm2/request.ts';
import {
  DEFAULT_USER_ID,
  readSm2PrivateKey,
  type Sm2Form,
  signSm2,
  sm2PublicKeyPem,
  verifySm2,
} from '../../../src/crypto/sm2.ts';
import { EXIT_REASONS } from '../../../src/domain/words.ts';
import { makeCall } from '../../support/call.ts';
import { makeFilingOrder, UNIT } from '../../support/filing-order.ts';
import { requireTool } from '../../support/tools.ts';

const run = promisify(execFile);
const URL_OF_AGENCY = 'http://city2.test';
const BODY_KEY = Buffer.alloc(16, 7);
const ours = readSm2PrivateKey('2'.repeat(64));
const theirs = readSm2PrivateKey('3'.repeat(64));
const form: Sm2Form = { userId: DEFAULT_USER_ID, encoding: 'rs', text: 'base64' };
const settings = {
  url: `${URL_OF_AGENCY}/`,
  uscc: UNIT.uscc,
  client_id: 'client-1',
  private_key: ours.privateKey,
  agency_public_key: theirs.publicKey,
  body_key: BODY_KEY.toString('hex'),
};
const identity = { clientId: 'client-1', keys: ours, form, bodyKey: BODY_KEY };
const filing = makeFilingOrder({ kind: 'insurance_stop' });
const CONTENT =
  '{"serial":"EG-0001-1","unit_no":"11010512345678","business":"10","person":{"id_type":"01","id_number":"11010519491231002X",' +
  '"name":"张某"},"post":"投资顾问","reason":"222","exit_date":"2026-11-25","end_month":"2026-11","items":[{"insurance":"01"},' +
  '{"insurance":"02"},{"insurance":"03"},{"insurance":"04"},{"insurance":"05"}]}';

function opened(body: string): string {
  const { iv, data } = JSON.parse(body) as { iv: string; data: string };
  const decipher = createDecipheriv('sm4-cbc', BODY_KEY, Buffer.from(iv, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]).toString();
}

interface Heard {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const textOf = ({ path, headers, body }: Heard) =>
  `POST\n${path}\n${headers['x-timestamp']}\n${headers['x-nonce']}\n${body}`;

/** The agency, written out by hand: answers with this, whatever was asked. */
function answers(
  path: string,
  content: object,
  heard: Heard[],
  over: { nonce?: string; status?: string } = {},
) {
  nock(URL_OF_AGENCY)
    .post(path)
    .reply(function (_uri, body) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const headers = Object.fromEntries(
        Object.entries(this.req.headers).map(([name, value]) => [name, [value].flat().join('')]),
      );
      heard.push({ path, headers, body: text });
      const iv = Buffer.alloc(16, 1);
      const cipher = createCipheriv('sm4-cbc', BODY_KEY, iv);
      const data = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()]);
      const sealed = JSON.stringify({ iv: iv.toString('base64'), data: data.toString('base64') });
      const nonce = over.nonce ?? headers['x-nonce'] ?? '';
      const signed = Buffer.from(`${over.status ?? '200'}\n${path}\n1000000000000\n${nonce}\n${sealed}`);
      return [
        200,
        sealed,
        {
          'Content-Type': 'application/json',
          'X-Timestamp': '1000000000000',
          'X-Nonce': nonce,
          'X-Signature': signSm2(signed, theirs, form),
        },
      ];
    });
}

const unit = { code: 'OK', data: { unit_no: '11010512345678', name: UNIT.name } };
const taken = { code: 'OK', data: { receipt: 'SB1', state: '10', ask_after: 21600 } };

describe('adapters/insurance-sm2', () => {
  describe('map and request', () => {
    it('has a code for every reason', () => assert.deepEqual(Object.keys(REASONS), [...EXIT_REASONS]));

    it('names documents by the codes of the agency', () => {
      const typeOf = (id_type: string, id_number: string) =>
        personOf({ id_type, id_number, name: 'n' }).id_type;
      assert.equal(typeOf('resident_id', '11010519491231002x'), '01');
      assert.equal(typeOf('hmt_permit', '810000199001010018'), '02');
      assert.equal(typeOf('hmt_permit', 'H1234567890'), '04');
      assert.equal(typeOf('passport', 'E12345678'), '03');
    });

    it('writes the content to the byte, and seals it the same for every resend', () => {
      const question = fileChange(filing, 'EG-0001-1', '11010512345678');
      const [first, second] = [1, 2].map((day) =>
        envelopeOf(question, identity, new Date(day * 86_400_000), `${day}`.repeat(32)),
      );
      assert.equal(first?.content.toString(), CONTENT);
      assert.equal(opened(first?.body.toString() ?? ''), CONTENT);
      assert.deepEqual(second?.body, first?.body);
      assert.notEqual(second?.headers['X-Signature'], first?.headers['X-Signature']);
    });

    it('amends by receipt; a transfer has three insurances and a region', () => {
      const amended = amendChange({ ...filing, receipt: 'SB1' }, 'EG-0001-2', '1');
      assert.deepEqual(Object.entries(amended.content).slice(0, 2), [
        ['receipt', 'SB1'],
        ['serial', 'EG-0001-2'],
      ]);
      const transfer = changeOf({ ...filing, kind: 'insurance_transfer' }, 'S', '1');
      assert.deepEqual(
        [transfer.business, transfer.target_region, transfer.items.length],
        ['20', UNIT.region, 3],
      );
    });

    it('misses a code only in a table that was fetched', () => {
      const table = (name: string, ...codes: string[]) => ({
        name,
        version: '1',
        entries: Object.fromEntries(codes.map((code) => [code, code])),
      });
      assert.equal(retiredCode(filing, []), undefined);
      assert.equal(retiredCode(filing, [table('TBYY', '222')]), undefined);
      assert.equal(retiredCode(filing, [table('TBYY', '221')]), 'TBYY 222');
      assert.equal(retiredCode(filing, [table('XZ', '01', '02', '03', '04')]), 'XZ 05');
    });
  });

  describe('over the wire', () => {
    before(() => {
      if (!nock.isActive()) nock.activate();
    });
    afterEach(() => nock.cleanAll());

    it('asks for the unit once, and files under a signature over path, time, nonce and body', async () => {
      const heard: Heard[] = [];
      answers('/api/v2/unit', unit, heard);
      answers('/api/v2/changes', taken, heard);
      answers('/api/v2/changes', taken, heard);
      const adapter = insuranceSm2.create(settings);
      const call = makeCall();
      const outcome = await adapter.submit(filing, call);
      assert.deepEqual(outcome, { kind: 'pending', receipt: 'SB1', stage: 'received', pollAfter: 21_600 });
      await adapter.submit(filing, makeCall({ attempt: 2 }));
      assert.deepEqual(
        heard.map(({ path }) => path),
        ['/api/v2/unit', '/api/v2/changes', '/api/v2/changes'],
      );
      const [, first, second] = heard;
      assert.ok(first && second);
      assert.equal(opened(first.body), CONTENT);
      assert.equal(second.body, first.body);
      assert.notEqual(second.headers['x-nonce'], first.headers['x-nonce']);
      for (const each of heard) {
        assert.equal(each.headers['x-client-id'], 'client-1');
        assert.match(each.headers['x-nonce'] ?? '', /^[0-9a-f]{32}$/);
        assert.ok(
          verifySm2(Buffer.from(textOf(each)), each.headers['x-signature'] ?? '', ours.publicKey, form),
        );
      }
      assert.ok(!call.lines.join().includes('张某'));
    });

    it('signs what openssl verifies', async function () {
      requireTool('openssl', this);
      const heard: Heard[] = [];
      answers('/api/v2/codes', { code: 'OK', data: { tables: [] } }, heard);
      const adapter = insuranceSm2.create({ ...settings, user_id: 'city-2', signature_encoding: 'der' });
      // The answer comes as r‖s, which this connection does not take; what counts here is the request.
      assert.equal((await adapter.codes?.(makeCall()))?.kind, 'unsure');
      const [request] = heard;
      assert.ok(request);
      const folder = mkdtempSync(join(tmpdir(), 'exitgate-sm2-request-'));
      try {
        const at = (name: string) => join(folder, name);
        writeFileSync(at('public.pem'), sm2PublicKeyPem(ours.publicKey));
        writeFileSync(at('text'), textOf(request));
        writeFileSync(at('signature'), Buffer.from(request.headers['x-signature'] ?? '', 'base64'));
        const files = ['-inkey', at('public.pem'), '-in', at('text'), '-sigfile', at('signature')];
        const options = ['-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:city-2'];
        const { stdout } = await run('openssl', ['pkeyutl', '-verify', '-pubin', ...files, ...options]);
        assert.match(stdout, /Verified Successfully/);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    for (const [what, over] of [
      ['to another request', { nonce: 'a'.repeat(32) }],
      ['signed under another status', { status: '503' }],
    ] as const)
      it(`does not believe an answer ${what}`, async () => {
        const data = { serial: 'EG-0001-1', revision: 'EG-0001-1', business: '10', ...taken.data };
        const adapter = insuranceSm2.create(settings);
        answers('/api/v2/changes/query', { code: 'OK', data }, []);
        assert.equal(
          (await adapter.lookup?.(filing, makeCall()))?.kind,
          'pending',
          'but for that it is good',
        );
        answers('/api/v2/changes/query', { code: 'OK', data }, [], over);
        assert.equal((await adapter.lookup?.(filing, makeCall()))?.kind, 'unsure');
      });

    it('somebody else at its address is not taken for it', async () => {
      nock(URL_OF_AGENCY).post('/api/v2/ping').reply(404, '{"error":"no such route"}');
      const ping = await insuranceSm2.create(settings).ping?.(makeCall());
      assert.ok(ping?.kind === 'down');
      assert.deepEqual(
        [ping.symptom, ping.checks.map(({ subject, ok }) => [subject, ok])],
        ['address', [['address', false]]],
      );
    });

    it('a clock that lies apart is told', async () => {
      answers('/api/v2/ping', { code: 'OK', data: {} }, []);
      answers('/api/v2/unit', unit, []);
      const ping = await insuranceSm2.create(settings).ping?.(makeCall());
      // The agency of this test lives in 2001.
      assert.deepEqual([ping?.kind, ping?.checks[1]?.subject, ping?.checks[1]?.ok], ['up', 'clock', false]);
    });
  });

  describe('a callback', () => {
    const sentAt = new Date('2026-11-25T01:30:00Z');
    const body = Buffer.from('{"id":"C-1"}');
    const trust = { agencyKey: theirs.publicKey, form, bodyKey: BODY_KEY };
    /** Signed by the agency, whatever it says. */
    const signed = (client: string, over: Partial<CallbackRequest> = {}): CallbackRequest => {
      const [at, nonce] = [String(sentAt.getTime()), 'n'.repeat(32)];
      const text = Buffer.from(`CALLBACK\n${client}\n${at}\n${nonce}\n${body}`);
      const headers = {
        'x-client-id': client,
        'x-timestamp': at,
        'x-nonce': nonce,
        'x-signature': signSm2(text, theirs, form),
      };
      return { method: 'POST', headers, body, ...over };
    };
    const later = (seconds: number) => new Date(sentAt.getTime() + seconds * 1000);
    const kindOf = (request: CallbackRequest, at = later(1)) =>
      openCallback(request, 'client-1', trust, at).kind;

    it('is believed for five minutes', () => {
      for (const seconds of [-299, 0, 300])
        assert.equal(kindOf(signed('client-1'), later(seconds)), 'opened');
      for (const seconds of [-301, 301])
        assert.equal(kindOf(signed('client-1'), later(seconds)), 'untrusted');
    });

    it('for somebody else, by another method or with other bytes is not believed, well signed as it may be', () => {
      assert.equal(kindOf(signed('client-2')), 'untrusted');
      const good = signed('client-1');
      assert.equal(
        kindOf({ ...good, headers: { ...signed('client-2').headers, 'x-client-id': 'client-1' } }),
        'untrusted',
      );
      assert.equal(kindOf({ ...good, method: 'PUT' }), 'untrusted');
      assert.equal(kindOf({ ...good, body: Buffer.from('{"id":"C-2"}') }), 'untrusted');
    });
  });

  describe('reply', () => {
    const found = (over: object) => ({
      code: 'OK',
      data: {
        serial: 'S',
        revision: 'S',
        business: '10',
        receipt: 'SB1',
        state: '40',
        ask_after: 0,
        ...over,
      },
    });
    const results = (...codes: string[]) =>
      codes.map((code, at) => ({ insurance: `0${at + 1}`, code, message: '' }));
    const lookup = (value: unknown) => lookupOutcome(value, filing, 'S');

    it('accepts when every insurance is settled, and only then', () => {
      const all = results('OK', 'OK', 'OK', 'ALREADY_DONE', 'OK');
      assert.deepEqual(lookup(found({ results: all })), { kind: 'accepted', receipt: 'SB1' });
      assert.equal(lookup(found({ results: all.slice(1) })).kind, 'unsure');
      assert.equal(lookup(found({ results: [...all.slice(1), all[1]] })).kind, 'unsure');
      assert.equal(lookup(found({})).kind, 'unsure');
      const some = lookup(found({ results: results('OK', 'NOT_ENROLLED', 'DATE_INVALID', 'OK', 'OK') }));
      assert.equal(some.kind === 'refused' && some.code, 'ITEM_ERROR');
    });

    it('believes no answer about another filing', () => {
      assert.equal(lookup(found({ serial: 'X', revision: 'X' })).kind, 'unsure');
      assert.equal(lookup(found({ business: '20' })).kind, 'unsure');
    });

    it('reads every code of a refusal', () => {
      const kindOf = (code: string, more = {}) => submitOutcome({ code, message: 'm', ...more }).kind;
      assert.equal(kindOf('CODE_UNKNOWN'), 'manual');
      assert.equal(kindOf('IDENTITY_MISMATCH'), 'refused');
      for (const code of ['AUTH_CLIENT', 'AUTH_SIGNATURE', 'AUTH_STALE', 'UNIT_UNKNOWN', 'PRECONDITION_STOP'])
        assert.equal(kindOf(code), 'hold', code);
      const until = '2026-11-26T00:00:00+08:00';
      const held = submitOutcome({ code: 'WINDOW_CLOSED', message: 'm', until });
      assert.deepEqual(held.kind === 'hold' && held.until, new Date(until));
      assert.deepEqual(lookup({ code: 'NOT_FOUND', message: '' }), { kind: 'absent' });
      assert.equal(lookup({ code: 'SCHEMA_INVALID', message: '' }).kind, 'unsure');
      for (const nonsense of [undefined, {}, { code: 'OK' }, { code: 'OK', data: {} }, [], 'x'])
        assert.equal(submitOutcome(nonsense).kind, 'unsure');
    });

    it('reads back that nothing is paid since the exit date', () => {
      const state = (one: object = {}) => ({
        code: 'OK',
        data: {
          person_no: '1',
          insurances: ['01', '02', '03', '04', '05'].map((insurance) => ({
            insurance,
            state: '2',
            since: '2026-11-25',
            ...(insurance === '02' ? one : {}),
          })),
        },
      });
      assert.deepEqual(readBackOutcome(state(), filing), { kind: 'agrees' });
      for (const [one, reason] of [
        [{ state: '1' }, 'medical is still being paid'],
        [{ since: '2026-11-24' }, 'medical stopped on another day'],
        [{ insurance: '09' }, 'medical is not listed'],
      ] as const)
        assert.deepEqual(readBackOutcome(state(one), filing), { kind: 'differs', reason });
    });
  });
});
