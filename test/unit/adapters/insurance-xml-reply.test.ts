import assert from 'node:assert/strict';
import { type Expected, openAnswer } from '../../../adapters/insurance-xml/open.ts';
import {
  type Answer,
  progressOutcome,
  stateReadBack,
  submitOutcome,
} from '../../../adapters/insurance-xml/reply.ts';
import { readXml } from '../../../adapters/insurance-xml/xml.ts';
import { readTrust } from '../../../src/crypto/certificates.ts';
import { makeFilingOrder } from '../../support/filing-order.ts';
import { insuranceAnswer, type Parts, progressAnswer, row } from '../../support/insurance-agency.ts';
import { makeCa } from '../../support/pki.ts';

describe('adapters/insurance-xml: reply', () => {
  const now = new Date('2026-11-25T01:30:00Z');
  const stop = makeFilingOrder({ kind: 'insurance_stop' });

  describe('opening', () => {
    const ca = makeCa();
    const agency = ca.issue('insurance.agency.mock');
    const trust = readTrust(ca.certificatePem, 'insurance.agency.mock');
    const expected: Expected = {
      code: '2001',
      messageId: 'EG-0001-1',
      unit: '91110105MA001234X4',
      session: { number: 'S0000000001', cipher: 'sm4-cbc', key: Buffer.alloc(16, 7) },
      request: Buffer.from('request'),
    };
    const received = '<StopAnswer><AAZ308>R1</AAZ308><State>received</State><Rows>5</Rows></StopAnswer>';
    const error = '<Error><Detail>d</Detail></Error>';

    const openBytes = (bytes: Uint8Array): string => {
      const opened = openAnswer(bytes, expected, trust, now);
      return opened.kind === 'opened' ? `${opened.code} ${opened.content.name}` : opened.reason;
    };
    const open = (parts: Parts = {}, content = received, signer = agency) =>
      openBytes(insuranceAnswer(content, expected, signer, parts));

    it('opens a good answer', () => {
      assert.equal(open(), '0 StopAnswer');
      assert.equal(open({ code: 'WINDOW_CLOSED' }, error), 'WINDOW_CLOSED Error');
      assert.equal(
        open({ code: 'AUTH_SESSION', plain: true, session: undefined }, error),
        'AUTH_SESSION Error',
      );
    });

    it('opens the answer to a request that the agency could not read, but never as a success', () => {
      const zero = {
        transCode: '0000',
        messageId: 'UNREADABLE',
        unit: '0'.repeat(18),
        plain: true,
        session: undefined,
      };
      assert.equal(open({ ...zero, code: 'SCHEMA_INVALID' }, error), 'SCHEMA_INVALID Error');
      assert.match(open(zero), /another message/);
    });

    it('believes nobody but the agency', () => {
      assert.match(open({}, received, makeCa().issue('insurance.agency.mock')), /not issued/);
      assert.match(open({}, received, ca.issue('labor.agency.mock')), /another subject/);
      assert.match(open({ signature: '' }), /not DER/);
    });

    it('reads only what is signed', () => {
      assert.match(open({ tamper: (payload) => payload.replace('R1', 'R2') }), /other content/);
      assert.match(open({ head: { code: 'DUPLICATE' } }), /differ/);
      assert.match(open({ head: { messageId: 'EG-0001-2' } }), /differ/);
      assert.match(open({ head: { session: 'S0000000002' } }), /differ/);
    });

    it('refuses an answer that is not to this message', () => {
      assert.match(open({ requestHash: 'a'.repeat(64) }), /another request/);
      assert.match(open({ messageId: 'EG-0002-1' }), /another message/);
      assert.match(open({ transCode: '2002' }), /another message/);
      assert.match(open({ unit: '91110000600037341L' }), /another message/);
      assert.match(open({ session: 'S0000000002' }), /another message/);
      assert.match(open({ session: undefined }), /another message/);
    });

    it('refuses a success that was not encrypted', () => {
      assert.match(open({ plain: true }), /encrypted/);
      assert.match(open({ plain: true, code: 'DUPLICATE' }), /encrypted/);
    });

    it('refuses what is unreadable, cut, too large, or carries other markup', () => {
      const good = insuranceAnswer(received, expected, agency).toString();
      const change = (from: string | RegExp, to: string) => openBytes(Buffer.from(good.replace(from, to)));
      assert.equal(change('', ''), '0 StopAnswer');
      assert.match(openBytes(Buffer.alloc(0)), /unreadable/);
      assert.match(openBytes(Buffer.from(good.slice(0, -20))), /unreadable/);
      assert.match(change('<Head>', '<!-- x --><Head>'), /unreadable/);
      assert.match(change('<Envelope', '<!DOCTYPE Envelope [<!ENTITY a "b">]><Envelope'), /unreadable/);
      assert.match(change('<Head>', '<?x y?><Head>'), /unreadable/);
      assert.match(change('<Message>m', '<Message><![CDATA[m]]>'), /unreadable/);
      assert.match(change('<Body', '<Head></Head><Body'), /unreadable/);
      assert.match(change(/urn:agency:insurance:1/g, 'urn:agency:insurance:2'), /unreadable/);
      assert.match(change('<Message>m', `<Message>${'m'.repeat(1024 * 1024)}`), /unreadable/);
      assert.match(
        change('<Message>m', `<Message>${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}`),
        /unreadable/,
      );
      assert.match(openBytes(Buffer.from([0x3c, 0xff, 0x3e])), /unreadable/);
      assert.match(
        change(/<Body [^>]*>[^<]*/, '<Body encoding="sm4-cbc" iv="AAAA">AAAA'),
        /cannot be opened/,
      );
    });

    it('refuses a payload with two contents', () => {
      assert.match(open({}, received + received), /signed payload is unreadable/);
    });
  });

  const answer = (code: string, content: string): Answer => {
    const read = readXml(Buffer.from(content.replace(/^<(\w+)/, '<$1 xmlns="urn:agency:insurance:1"')));
    assert.ok(read);
    return { code, content: read };
  };

  describe('submit', () => {
    const outcome = (
      code: string,
      content = '<Error><Detail>line 1</Detail><Detail>line 2</Detail></Error>',
    ) => submitOutcome(answer(code, content), now);
    const until = '<Error><Until>20261201000000</Until></Error>';

    it('takes code 0 and DUPLICATE for "received" only', () => {
      const content = (state: string) =>
        `<StopAnswer><AAZ308>R1</AAZ308><State>${state}</State><Rows>5</Rows></StopAnswer>`;
      assert.deepEqual(outcome('0', content('received')), {
        kind: 'pending',
        receipt: 'R1',
        stage: 'received',
      });
      const later = { kind: 'pending', receipt: 'R1', stage: 'in_review' };
      assert.deepEqual(outcome('DUPLICATE', content('processing')), later);
      assert.deepEqual(outcome('DUPLICATE', content('finished')), later);
      assert.equal(outcome('0', '<StopAnswer><State>received</State></StopAnswer>').kind, 'unsure');
    });

    it('waits for the window and the end of maintenance', () => {
      const held = { kind: 'hold', until: new Date('2026-11-30T16:00:00Z') };
      assert.deepEqual(outcome('WINDOW_CLOSED', until), {
        ...held,
        reason: 'the agency answers WINDOW_CLOSED',
      });
      const maintenance = { reason: 'the agency answers MAINTENANCE', symptom: 'maintenance' };
      assert.deepEqual(outcome('MAINTENANCE', until), { ...held, ...maintenance });
      assert.deepEqual(outcome('MAINTENANCE'), { kind: 'hold', ...maintenance });
      assert.equal(outcome('PRECONDITION_STOP').kind, 'hold');
    });

    it('tries again after a limit as late as told, and when the session is at fault', () => {
      const told = outcome('RATE_LIMIT', '<Error><Until>20261125093005</Until></Error>');
      assert.deepEqual(told, {
        kind: 'retry',
        reason: 'the agency answers RATE_LIMIT',
        symptom: 'busy',
        after: 5,
      });
      for (const code of ['AUTH_SESSION', 'BODY_UNREADABLE']) assert.equal(outcome(code).kind, 'retry', code);
    });

    it('holds while our certificate is not accepted', () => {
      for (const code of ['AUTH_SIGNATURE', 'AUTH_CERTIFICATE', 'AUTH_BINDING'])
        assert.equal(outcome(code).kind, 'hold', code);
    });

    it('takes every other code for a refusal, in the words that were signed', () => {
      for (const code of [
        'IDENTITY_MISMATCH',
        'NOT_IN_UNIT',
        'SERIAL_REUSED',
        'SCHEMA_INVALID',
        'SOMETHING_NEW',
      ])
        assert.deepEqual(outcome(code), { kind: 'refused', code, message: 'line 1\nline 2' });
    });
  });

  describe('progress', () => {
    const outcome = (content: string, code = '0', filing = stop) =>
      progressOutcome(answer(code, content), filing, 'EG-0001-1', now);
    const rows = (...codes: string[]) => codes.map((code, at) => row(at + 1, code));
    const receipt = 'R1';

    it('follows until the batch is finished', () => {
      const pending = { kind: 'pending', receipt };
      assert.deepEqual(outcome(progressAnswer('received')), { ...pending, stage: 'received' });
      assert.deepEqual(outcome(progressAnswer('processing')), { ...pending, stage: 'in_review' });
    });

    it('accepts only when every row is done; already done is done', () => {
      assert.deepEqual(outcome(progressAnswer('finished', rows('0', '0', '0', '0', '0'))), {
        kind: 'accepted',
        receipt,
      });
      const some = progressAnswer('finished', rows('ALREADY_DONE', '0', 'ALREADY_DONE', '0', '0'));
      assert.deepEqual(outcome(some), { kind: 'accepted', receipt });
    });

    it('refuses for one failed row, naming its insurance and what was settled', () => {
      assert.deepEqual(outcome(progressAnswer('finished', rows('0', '0', 'DATE_INVALID', '0', '0'))), {
        kind: 'refused',
        receipt,
        code: 'DATE_INVALID',
        message:
          '310 medical: DATE_INVALID m3\nsettled: 110 pension, 210 unemployment, 410 work injury, 510 maternity',
      });
      const mixed = outcome(progressAnswer('finished', rows('NOT_IN_UNIT', '0', 'DATE_INVALID', '0', '0')));
      assert.equal(mixed.kind === 'refused' && mixed.code, 'ROW_ERROR');
    });

    it('asks for a correction when a row does, with the failed rows as fields and the earliest date', () => {
      const asked = [
        row(1, '0'),
        row(2, 'CORRECTION', '<Field>AAE160</Field><Due>20261202</Due>'),
        row(3, 'CORRECTION', '<Field>AAE160</Field><Due>20261201</Due>'),
        row(4, 'ROW_ERROR'),
        row(5, '0'),
      ];
      const outcome_ = outcome(progressAnswer('finished', asked));
      assert.deepEqual(outcome_.kind === 'correction' && { ...outcome_, message: '' }, {
        kind: 'correction',
        receipt,
        code: 'CORRECTION',
        message: '',
        fields: [
          { field: 'AAE140=210', message: '210 unemployment: CORRECTION AAE160: m2' },
          { field: 'AAE140=310', message: '310 medical: CORRECTION AAE160: m3' },
          { field: 'AAE140=410', message: '410 work injury: ROW_ERROR m4' },
        ],
        due: '2026-12-01',
      });
    });

    it('does not believe a result that names rows twice, not at all, or others', () => {
      const zeros = rows('0', '0', '0', '0', '0');
      for (const wrong of [zeros.slice(1), [...zeros, row(6, '0')], [...zeros.slice(1), row(2, '0')], []])
        assert.equal(outcome(progressAnswer('finished', wrong)).kind, 'unsure');
    });

    it('is about our batch or about none', () => {
      const done = rows('0', '0', '0', '0', '0');
      assert.equal(outcome(progressAnswer('finished', done, 'EG-0002-1')).kind, 'unsure');
      assert.equal(outcome(progressAnswer('finished', done, 'EG-0001-1', '2002')).kind, 'unsure');
      const transfer = makeFilingOrder({ kind: 'insurance_transfer' });
      const three = progressAnswer('finished', rows('0', '0', '0'), 'EG-0001-1', '2002');
      assert.deepEqual(outcome(three, '0', transfer), { kind: 'accepted', receipt });
    });

    it('knows "never seen" from "could not ask"', () => {
      assert.deepEqual(outcome('<Error/>', 'NOT_FOUND'), { kind: 'absent' });
      assert.equal(outcome('<Error/>', 'SCHEMA_INVALID').kind, 'unsure');
      assert.equal(outcome('<Error/>', 'MAINTENANCE').kind, 'hold');
    });
  });

  describe('read-back', () => {
    const insurance = (code: string, state = '2', since = '20261125', more = '') =>
      `<Insurance><AAE140>${code}</AAE140><AAC031>${state}</AAC031><AAE035>${since}</AAE035><Unit>91110105MA001234X4</Unit>${more}</Insurance>`;
    const readBack = (items: string[], filing = stop, code = '0') =>
      stateReadBack(
        answer(code, `<PersonStateAnswer><AAC001>P1</AAC001>${items.join('')}</PersonStateAnswer>`),
        filing,
        now,
      );
    const others = ['210', '310', '410', '510'].map((code) => insurance(code));

    it('agrees when all five are paused or ended from the day', () => {
      assert.deepEqual(readBack([insurance('110'), ...others]), { kind: 'agrees' });
      assert.deepEqual(readBack([insurance('110', '3'), ...others]), { kind: 'agrees' });
    });

    it('differs when one is paid, of another day, or not there', () => {
      const reason = (items: string[]) => {
        const found = readBack(items);
        return found.kind === 'differs' ? found.reason : found.kind;
      };
      assert.equal(reason([insurance('110', '1'), ...others]), 'pension is still being paid');
      assert.equal(reason([insurance('110', '2', '20261124'), ...others]), 'pension stopped on another day');
      assert.equal(reason(others), 'pension is not listed');
      assert.equal(reason([insurance('110'), insurance('110', '1'), ...others]), 'pension is not listed');
      assert.equal(readBack([], stop, 'NOT_IN_UNIT').kind, 'differs');
      assert.equal(readBack([], stop, 'MAINTENANCE').kind, 'hold');
      assert.equal(readBack([], stop, 'SCHEMA_INVALID').kind, 'unsure');
    });

    it('wants the relation gone to the region after a transfer', () => {
      const transfer = makeFilingOrder({ kind: 'insurance_transfer' });
      const three = (region: string) =>
        ['110', '210', '310'].map((code) =>
          insurance(code, '2', '20261101', `<TargetRegion>${region}</TargetRegion>`),
        );
      assert.deepEqual(readBack(three('110000'), transfer), { kind: 'agrees' });
      assert.equal(readBack(three('310000'), transfer).kind, 'differs');
      assert.equal(readBack([insurance('110'), ...others], transfer).kind, 'differs');
    });
  });
});
