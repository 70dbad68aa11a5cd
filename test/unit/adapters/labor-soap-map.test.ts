import assert from 'node:assert/strict';
import fc from 'fast-check';
import { contentOf, personOf, REASON_TABLES, yearsOfService } from '../../../adapters/labor-soap/map.ts';
import { EXIT_REASONS } from '../../../src/domain/words.ts';
import { makeFilingOrder } from '../../support/filing-order.ts';

const local = { AAB001: '110500012345', AAC001: '2000345678' };
const person = { AAC058: '01', AAC002: '11010519491231002X', AAC003: '张某' };

describe('labor-soap map', () => {
  it('maps the seed’s case field by field', () => {
    const fields = contentOf(makeFilingOrder(), person, local, 'EG-0001-1', '1');
    assert.deepEqual(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)), {
      BAE941: 'EG-0001-1',
      AAB001: '110500012345',
      BAB010: '91110105MA001234X4',
      AAB004: '某证券有限公司',
      AAC001: '2000345678',
      AAC058: '01',
      AAC002: '11010519491231002X',
      AAC003: '张某',
      abc913: '20220301',
      abc914: '20270228',
      post: '投资顾问',
      abc916: '20261125',
      abc917: '6313',
      yearsOfService: '4.73',
      lastAttendance: '20261125',
      supplement: [],
    });
  });

  it('leaves out the end of an open-ended contract and invents no form of employment', () => {
    const order = makeFilingOrder({ contract: { type: 'open_ended', start: '2022-03-01' } });
    const fields = contentOf(order, person, local, 's', '1');
    assert.equal(fields.abc914, undefined);
    assert.equal(fields.AAC013, undefined);
    const part = makeFilingOrder({ contract: { type: 'part_time', start: '2022-03-01' } });
    assert.equal(contentOf(part, person, local, 's', '1').AAC013, '2');
  });

  it('has a four-digit code for every reason in every version', () => {
    for (const table of Object.values(REASON_TABLES))
      for (const reason of EXIT_REASONS) assert.match(table[reason], /^6[34]\d\d$/);
    const code = (version: string) => contentOf(makeFilingOrder(), person, local, 's', version).abc917;
    assert.deepEqual([code('1'), code('1-broad')], ['6313', '6319']);
  });

  it('reads the person: upper case, known documents, nothing missing', () => {
    const of = (parts: Record<string, string>) => personOf(makeFilingOrder({ person: parts }));
    assert.deepEqual(of({ name: '张某', id_type: 'resident_id', id_number: ' 11010519491231002x ' }), person);
    assert.equal(of({ name: '某', id_type: 'hmt_permit', id_number: 'H1' })?.AAC058, '02');
    assert.equal(of({ name: '某', id_type: 'passport', id_number: 'E1' })?.AAC058, '04');
    assert.equal(of({ name: '某', id_type: 'driving_licence', id_number: '1' }), undefined);
    assert.equal(of({ name: '某', id_type: 'constructor', id_number: '1' }), undefined);
    assert.equal(of({ name: ' ', id_type: 'passport', id_number: '1' }), undefined);
    assert.equal(of({ id_type: 'passport', id_number: '1' }), undefined);
  });

  it('names supplements in the agency’s words', () => {
    const supplements = ['settlement', 'reserved_claim', 'photo'].map((kind) => ({
      kind,
      title: 't',
      text: 'a\r\nb\u0000',
    }));
    const fields = contentOf(makeFilingOrder({ supplements }), person, local, 's', '1');
    assert.deepEqual(fields.supplement, [
      { kind: 'settlement', title: 't', text: 'a\nb' },
      { kind: 'claim', title: 't', text: 'a\nb' },
      { kind: 'other', title: 't', text: 'a\nb' },
    ]);
  });

  it('counts years of service to the hundredth, rounded down', () => {
    assert.equal(yearsOfService('2022-03-01', '2026-03-01'), '4.00');
    assert.equal(yearsOfService('2022-03-01', '2026-02-28'), '3.99');
    assert.equal(yearsOfService('2024-02-29', '2025-02-28'), '0.99');
    assert.equal(yearsOfService('2024-02-29', '2028-02-29'), '4.00');
    assert.equal(yearsOfService('2026-03-01', '2026-03-01'), '0.00');
    assert.equal(yearsOfService('2026-03-01', '2026-02-01'), '0.00');
  });

  it('never counts fewer years for a later day', () => {
    const day = fc
      .integer({ min: 0, max: 20_000 })
      .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
    fc.assert(
      fc.property(day, day, day, (start, ...ends) => {
        const [a = '', b = ''] = ends.sort();
        return Number(yearsOfService(start, a)) <= Number(yearsOfService(start, b));
      }),
    );
  });
});
