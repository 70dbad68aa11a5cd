import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { REASONS, stopRows, transferRows } from '../../../adapters/insurance-xml/map.ts';
import {
  envelopeOf,
  filingTransaction,
  payloadOf,
  type Transaction,
} from '../../../adapters/insurance-xml/request.ts';
import { field, readXml } from '../../../adapters/insurance-xml/xml.ts';
import { openBody } from '../../../src/crypto/body-cipher.ts';
import { readIdentity, readTrust } from '../../../src/crypto/certificates.ts';
import { verifyCms } from '../../../src/crypto/cms.ts';
import { EXIT_REASONS } from '../../../src/domain/words.ts';
import { makeFilingOrder } from '../../support/filing-order.ts';
import { makeCa } from '../../support/pki.ts';

describe('adapters/insurance-xml: map and request', () => {
  const unit = '91110105MA001234X4';
  const stop = makeFilingOrder({ kind: 'insurance_stop' });
  const session = {
    number: 'S0000000001',
    cipher: 'sm4-cbc',
    key: Buffer.from('0123456789abcdeffedcba9876543210', 'hex'),
  } as const;

  it('has a code for every reason, all of them from the table of the agency', () => {
    assert.deepEqual(Object.keys(REASONS), [...EXIT_REASONS]);
    const known = ['210', '211', '221', '222', '223', '241'];
    for (const reason of EXIT_REASONS) assert.ok(known.includes(REASONS[reason]), reason);
    assert.equal(REASONS.resignation, '222');
    assert.equal(REASONS.redundancy, '223');
    assert.equal(REASONS.retirement, '210');
    assert.equal(REASONS.death, '211');
    assert.equal(REASONS.group_transfer, '241');
  });

  it('stops five insurances, a row each', () => {
    const rows = stopRows(stop, 'P0000001');
    assert.deepEqual(
      rows.map((row) => row.AAE140),
      ['110', '210', '310', '410', '510'],
    );
    assert.deepEqual(rows[0], {
      AAC001: 'P0000001',
      AAC002: '11010519491231002X',
      AAC003: '张某',
      AAE140: '110',
      AAC050: '22',
      AAE160: '222',
      AAE035: '20261125',
      AAE003: '202611',
    });
  });

  it('keeps exit date and insurance month apart, and writes a small x large', () => {
    const person = { name: ' 张某 ', id_number: '11010519491231002x' };
    const [row] = stopRows(makeFilingOrder({ ...stop, person, insuranceEndMonth: '2026-12' }), 'P1');
    assert.equal(row?.AAE035, '20261125');
    assert.equal(row?.AAE003, '202612');
    assert.equal(row?.AAC002, '11010519491231002X');
    assert.equal(row?.AAC003, '张某');
  });

  it('transfers only the three that follow the person', () => {
    const rows = transferRows(makeFilingOrder({ kind: 'insurance_transfer' }), 'P0000001');
    assert.deepEqual(
      rows.map((row) => row.AAE140),
      ['110', '210', '310'],
    );
    assert.deepEqual(Object.keys(rows[0] ?? {}), [
      'AAC001',
      'AAC002',
      'AAC003',
      'AAE140',
      'AAE035',
      'TargetRegion',
    ]);
    assert.equal(rows[0]?.TargetRegion, '110000');
  });

  it('writes the payload of the published example to the byte, and reads its encryption', () => {
    const [row] = stopRows(stop, 'P0000001');
    const example: Transaction = {
      code: '2001',
      messageId: 'EG-0001-1',
      element: 'Stop',
      content: { Row: [{ $: { no: '1' }, ...row }] },
      time: stop.preparedAt,
    };
    const payload = payloadOf(example, unit, session);
    assert.equal(payload.length, 358);
    assert.equal(
      createHash('sha256').update(payload).digest('hex'),
      '955591b89b19ccf43fb3ced1e74e762a5e6cd53476722438726b8681209a2572',
    );
    const bytes = Buffer.from(
      'AzAdUdSE2+WV/7V7AP94Sj0K1DPZMj5OyHo6ESYQ/1y9HVuOuejjlwZyOlyP/Z6niHsMk32xbQEJh1mG6cPVNC9wIE2ZJHui5gd6IJZjhoX7CHAVXzguvR2VRle9+NwMwp6GFILm1Wyj9pcEi21xhwlvwytQqaa/I9oKfOYUp/n69MFmbz9qx6T9puJZE9LSARsNbRk0V9k3BvYcMjcK3BFJ1uNe5VS6gp5tAkgmmsSzLjD9kY3fnWRiRD35xZz9EZFb2Ev2eJNGtrFHmd5v1Ke1iICpwc57MwJ3lGWTb3KCAJQbINJ1z8TKCjJH0BRTufOwcEZ9XtC1paqFbIYngNoEBnp5PqzBYmQ8sE2oe7OxCTM4antTEZIqQC2DlPpULt0OexPLztXRAEhP9ifsVUtIdMBRWlVZjmu3lPE/E+kmF6Tq5m9NSjRKVsXKUuPH0+OundBWlRMCDROLCNQVBKzv9FL/hKB2SQtWdNWtf+0=',
      'base64',
    );
    const iv = Buffer.from('AAECAwQFBgcICQoLDA0ODw==', 'base64');
    assert.deepEqual(openBody('sm4-cbc', session.key, { iv, bytes }), payload);
  });

  it('escapes what could be markup', () => {
    const person = { name: '<张&"某>', id_number: '11010519491231002X' };
    const transaction = filingTransaction(makeFilingOrder({ ...stop, person }), 'EG-1', 'P1');
    const payload = payloadOf(transaction, unit, session);
    assert.equal(field(readXml(payload)?.children[0]?.children[0], 'AAC003'), '<张&"某>');
  });

  describe('envelope', () => {
    const ca = makeCa();
    const issued = ca.issue('某证券有限公司', { serialNumber: unit });
    const identity = readIdentity(issued.certificatePem, issued.keyPem);
    const transaction = filingTransaction(stop, 'EG-0001-1', 'P0000001');

    it('carries the head that the payload repeats, a body that opens, and a signature over exactly that', () => {
      const { bytes, payload } = envelopeOf(transaction, unit, session, identity);
      const [head, body] = readXml(bytes)?.children ?? [];
      assert.deepEqual(
        head?.children.map((each) => each.name),
        ['TransCode', 'MessageId', 'Time', 'Unit', 'Session', 'Signature'],
      );
      assert.equal(field(head, 'Time'), '20261125090000');
      assert.equal(body?.attributes.encoding, 'sm4-cbc');
      const iv = Buffer.from(body?.attributes.iv ?? '', 'base64');
      const opened = openBody('sm4-cbc', session.key, { iv, bytes: Buffer.from(body?.text ?? '', 'base64') });
      assert.deepEqual(opened, payload);
      const trust = readTrust(ca.certificatePem, '某证券有限公司');
      const signature = Buffer.from(field(head, 'Signature') ?? '', 'base64');
      assert.ok(verifyCms(signature, payload, trust, stop.preparedAt).ok);
    });

    it('has the same bytes for the same serial and revision; another session changes its number and nothing else', () => {
      const again = filingTransaction(makeFilingOrder({ kind: 'insurance_stop' }), 'EG-0001-1', 'P0000001');
      const first = envelopeOf(transaction, unit, session, identity);
      assert.deepEqual(envelopeOf(again, unit, session, identity), first);
      const other = envelopeOf(again, unit, { ...session, number: 'S0000000002' }, identity);
      assert.equal(other.payload.toString().replace('S0000000002', 'S0000000001'), first.payload.toString());
    });
  });
});
