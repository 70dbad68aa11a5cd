// The test kit's question: did the agencies get that request, and so often?
import { AssertionError } from 'node:assert';
import type { AgencyName } from '../kernel/agency.ts';
import { nearest } from '../kernel/nearest.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { KNOWN } from './operations.ts';

export interface Expectation {
  readonly operation: string;
  /** Exactly so many; absent: at least one. */
  readonly count?: number;
  readonly agency?: AgencyName;
  /** `ok`, the code of a refusal, or `hang`, `reset` … */
  readonly outcome?: string;
  /** Kind of the fault that struck it. */
  readonly fault?: string;
}

/** Throws AssertionError, which says what came instead. */
export function verify({ coverage }: Sandbox, { count, ...filter }: Expectation): void {
  requireKnown(filter.operation);
  const actual = coverage.count(filter);
  if (count === undefined ? actual > 0 : actual === count) return;
  const came = coverage
    .list()
    .map(
      (row) =>
        `${row.count} × ${row.agency} ${row.operation} ${row.outcome}${row.fault ? ` (${row.fault})` : ''}`,
    )
    .join(', ');
  const wanted = Object.values(filter).join(' ');
  throw new AssertionError({
    message: `${wanted} came ${actual} times, not ${count ?? 'once or more'}; what came: ${came || 'nothing'}`,
    actual,
    expected: count ?? 'at least 1',
    operator: 'verify',
  });
}

/** A misspelt operation never comes, and a count of 0 would hold for ever. */
function requireKnown(operation: string): void {
  const known = Object.values(KNOWN).flat();
  if (known.includes(operation)) return;
  throw new TypeError(
    `no agency has the operation ${operation}; nearest: ${nearest(operation, known).join(', ')}`,
  );
}
