// What is asked of the second city, to the byte.
import assert from 'node:assert/strict';
import { changeOf, personOf, REASONS, retiredCode } from '../../../adapters/insurance-sm2/map.ts';
import { amendChange, envelopeOf, fileChange } from '../../../adapters/insurance-sm2/request.ts';
import { EXIT_REASONS } from '../../../src/domain/words.ts';
import { UNIT } from '../../support/filing-order.ts';
import { CONTENT, filing, identity, opened } from '../../support/sm2-agency.ts';

describe('adapters/insurance-sm2: map and request', () => {
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
