// The operations of each agency, as fault rules name them.
import { ROUTES } from '../credit/routes.ts';
import { TRANSACTIONS } from '../insurance/transactions.ts';
import { ROUTES as SM2_ROUTES } from '../insurance-sm2/routes.ts';
import type { Agency, AgencyName } from '../kernel/agency.ts';
import { OPERATIONS } from '../labor/operations.ts';
import { DeskError } from './problem.ts';

export const KNOWN: Readonly<Record<AgencyName, readonly string[]>> = {
  labor: Object.keys(OPERATIONS),
  insurance: Object.values(TRANSACTIONS).map(({ operation }) => operation),
  credit: ROUTES.map(({ operation }) => operation),
  'insurance-sm2': SM2_ROUTES.map(({ operation }) => operation),
};

/**
 * A fault for an operation that there is not would wait for ever.
 * @param agency absent: any. @param other who that is when it is none of ours; one that does not say what it answers is trusted.
 */
export function requireOperation(operation: string, agency?: AgencyName, other?: Agency): void {
  const known =
    agency === undefined ? Object.values(KNOWN).flat() : (KNOWN[agency] ?? other?.operations ?? [operation]);
  if (!known.includes(operation))
    throw new DeskError(422, 'OPERATION_UNKNOWN', {
      en: `operations${agency === undefined ? '' : ` of ${agency}`}: ${known.join(', ')}`,
      zh: `没有该业务；${agency === undefined ? '' : `机构 ${agency} 的`}可用业务：${known.join('、')}`,
    });
}
