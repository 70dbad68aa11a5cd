// The test kit's question: did the agencies get that request, and so often?
import { AssertionError } from 'node:assert';
import type { AgencyName } from '../kernel/agency.ts';
import { alike, nearest } from '../kernel/nearest.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { operationsAt } from './operations.ts';
import { agencyOf } from './route.ts';

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
export function verify(sandbox: Sandbox, { count, ...filter }: Expectation): void {
  const { coverage } = sandbox;
  requireKnown(sandbox, filter);
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

/** How a request comes out without a refusal: what the agency or the wire shows. */
const OUTCOMES = ['ok', 'spoiled', 'reset', 'hang', 'close', 'truncate', 'bad-chunk', 'dribble'];
const CODE = /^[A-Z][A-Z0-9_]{2,39}$/;

/** What is misspelt never comes, and a count of 0 would hold for ever. */
function requireKnown(sandbox: Sandbox, { operation, agency, outcome }: Expectation): void {
  const at = agency === undefined ? undefined : agencyOf(sandbox, agency);
  const known = operationsAt(sandbox, at);
  if (known !== undefined && !known.includes(operation))
    throw new TypeError(
      `${at ?? 'no agency'} has ${at === undefined ? 'the' : 'no'} operation ${operation}; nearest: ${nearest(operation, known).join(', ')}`,
    );
  if (outcome === undefined || OUTCOMES.includes(outcome) || CODE.test(outcome)) return;
  const meant = alike(outcome, OUTCOMES);
  throw new TypeError(
    `no request comes out as ${outcome}: ${OUTCOMES.join(', ')}, or the code of a refusal${meant === undefined ? '' : `; nearest: ${meant}`}`,
  );
}
