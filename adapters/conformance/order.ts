/** A filing as the gateway hands it to an adapter: the seed's case, with parts replaced. Synthetic person and unit. */
import { PERSON_FIELDS, type PersonField } from '../../src/domain/words.ts';
import type { FilingOrder } from '../adapter.ts';

export const UNIT = { name: '某证券有限公司', uscc: '91110105MA001234X4', region: '110000' } as const;

export function makeFilingOrder(parts: Partial<FilingOrder> = {}): FilingOrder {
  return {
    kind: 'labor_filing',
    revision: 1,
    preparedAt: new Date('2026-11-25T01:00:00Z'),
    employer: UNIT,
    person: { name: '张某', id_type: 'resident_id', id_number: '11010519491231002X' },
    post: '投资顾问',
    contract: { type: 'fixed_term', start: '2022-03-01', end: '2027-02-28' },
    reason: 'resignation',
    noticeDate: '2026-10-26',
    lastAttendanceDate: '2026-11-25',
    exitDate: '2026-11-25',
    insuranceEndMonth: '2026-11',
    supplements: [],
    ...parts,
  };
}

/** The order with what a manifest names of the person, as the gateway hands it over; an adapter that looks at more throws. */
export function handedOver(order: FilingOrder, fields: readonly PersonField[]): FilingOrder {
  const named = Object.fromEntries(
    Object.entries(order.person).filter(([field]) => fields.some((each) => each === field)),
  );
  const person = new Proxy<FilingOrder['person']>(named, {
    get(target, name) {
      const unnamed = PERSON_FIELDS.find((field) => field === name && !fields.includes(field));
      if (unnamed !== undefined) throw new Error(`the manifest does not name ${unnamed}`);
      return Reflect.get(target, name);
    },
  });
  return { ...order, person };
}
