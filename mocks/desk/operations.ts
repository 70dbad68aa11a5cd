// The operations of each agency, as fault rules name them.
import { ROUTES } from '../credit/routes.ts';
import { TRANSACTIONS } from '../insurance/transactions.ts';
import { ROUTES as SM2_ROUTES } from '../insurance-sm2/routes.ts';
import type { AgencyName } from '../kernel/agency.ts';
import { alike } from '../kernel/nearest.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { OPERATIONS } from '../labor/operations.ts';
import { DeskError } from './problem.ts';

export const KNOWN: Readonly<Record<AgencyName, readonly string[]>> = {
  labor: Object.keys(OPERATIONS),
  insurance: Object.values(TRANSACTIONS).map(({ operation }) => operation),
  credit: ROUTES.map(({ operation }) => operation),
  'insurance-sm2': SM2_ROUTES.map(({ operation }) => operation),
};

/** All that the agency answers, or all that run; undefined: one of them does not say, and is trusted. */
export function operationsAt(sandbox: Sandbox, agency?: AgencyName): readonly string[] | undefined {
  const found = (agency === undefined ? sandbox.names : [agency]).map(
    (name) => KNOWN[name] ?? sandbox.agency(name)?.operations,
  );
  return found.every((each) => each !== undefined) ? found.flat() : undefined;
}

/** A fault for an operation that there is not would wait for ever. */
export function requireOperation(sandbox: Sandbox, operation: string, agency?: AgencyName): void {
  const known = operationsAt(sandbox, agency);
  if (known === undefined || known.includes(operation)) return;
  const meant = alike(operation, known);
  throw new DeskError(422, 'OPERATION_UNKNOWN', {
    en: `operations${agency === undefined ? '' : ` of ${agency}`}: ${known.join(', ')}${meant === undefined ? '' : `; nearest: ${meant}`}`,
    zh: `没有该业务；${agency === undefined ? '' : `机构 ${agency} 的`}可用业务：${known.join('、')}${meant === undefined ? '' : `；最接近的是 ${meant}`}`,
  });
}
