// What the second city's agency has: filings, whom it insures, and who insures a person elsewhere.
import assert from 'node:assert/strict';
import { conformance } from '../../adapters/insurance-sm2/conformance.ts';
import { insuranceSm2 } from '../../adapters/insurance-sm2/index.ts';
import { syntheticIdNumber } from '../support/builders.ts';
import { UNIT } from '../support/filing-order.ts';
import { theatre } from './against-mock.ts';

describe('insurance-sm2: what the agency has', () => {
  const { open } = theatre({ entry: insuranceSm2, ...conformance });
  const period = { from: '2026-11-01', to: '2026-11-30' };

  it('lists filings, also those made at the counter', async () => {
    const { box, adapter, filing, call } = await open();
    await adapter.submit(filing, call());
    box.advance('P1D');
    const counter = { ...filing, person: { ...filing.person, id_number: '440305199202290036' } };
    box.arm('SM2.ALREADY_OPEN');
    const second = await adapter.submit(counter, call('EG-0002-1'));
    assert.deepEqual(second.kind === 'refused' && second.code, 'ALREADY_OPEN');
    const page = await adapter.list?.(period, call());
    assert.ok(page?.kind === 'page');
    assert.deepEqual(
      page.entries.map(({ serial, kind, state, exitDate }) => [serial, kind, state, exitDate]),
      [
        ['EG-0001-1', 'insurance_stop', 'accepted', '2026-11-25'],
        [undefined, 'insurance_stop', 'in_review', '2026-11-25'],
      ],
    );
    const before = await adapter.list?.({ from: '2026-01-01', to: '2026-01-31' }, call());
    assert.deepEqual(before, { kind: 'page', entries: [] });
  });

  it('lists whom the unit insures, page after page', async () => {
    const { box, adapter, filing, call, submit } = await open();
    const others = Array.from({ length: 60 }, (_, at) => syntheticIdNumber(1000 + at));
    for (const idNumber of others) box.person({ uscc: UNIT.uscc, idNumber, name: '测试甲' });
    await submit();
    const found: string[] = [];
    let next: string | undefined;
    let pages = 0;
    do {
      const page = await adapter.roster?.(call(), next);
      assert.ok(page?.kind === 'page');
      found.push(...page.entries.map(({ person }) => person.id_number));
      next = page.next;
      pages += 1;
    } while (next !== undefined);
    assert.deepEqual([pages, found], [2, [...others, filing.person.id_number]]);
    box.advance('P1D');
    const after = await adapter.roster?.(call(), '2');
    assert.ok(after?.kind === 'page');
    assert.ok(!after.entries.some(({ person }) => person.id_number === filing.person.id_number));
  });

  it('says whether another employer still insures a person', async () => {
    const { box, adapter, filing, call } = await open();
    const inquiry = { kind: 'enrolment', employer: UNIT, person: filing.person } as const;
    assert.deepEqual(await adapter.inquire?.(inquiry, call()), {
      kind: 'answered',
      clear: true,
      facts: [],
    });
    box.arm('SM2.INSURED_ELSEWHERE');
    const found = await adapter.inquire?.(inquiry, call());
    assert.ok(found?.kind === 'answered' && !found.clear);
    assert.deepEqual(
      found.facts.map(({ code, text }) => `${code} ${text}`),
      ['XZ 01 养老', 'XZ 02 医疗', 'XZ 03 失业', 'XZ 04 工伤', 'XZ 05 生育'],
    );
    const credit = await adapter.inquire?.({ ...inquiry, kind: 'credit' }, call());
    assert.deepEqual(credit?.kind === 'refused' && credit.code, 'NOT_OFFERED');
  });
});
