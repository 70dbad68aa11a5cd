// Control API: coverage and the exam.
import { report } from './exam.ts';
import type { Route } from './route.ts';
import { agency, integer, list, object, string } from './schemas.ts';

const metOut = object(
  {
    agency,
    operation: string,
    outcome: string,
    fault: string,
    scenario: string,
    count: integer(1, Number.MAX_SAFE_INTEGER),
    survived: { type: 'boolean' },
  },
  ['agency', 'operation', 'outcome', 'count', 'survived'],
);
const tally = integer(0, 1000);
const reportOut = object(
  {
    profile: string,
    passed: tally,
    failed: tally,
    running: tally,
    not_met: tally,
    tasks: list(
      object({ operation: string, scenario: string, verdict: string, why: string }, [
        'operation',
        'scenario',
        'verdict',
        'why',
      ]),
    ),
  },
  ['profile', 'passed', 'failed', 'running', 'not_met', 'tasks'],
);

export const EXAM_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/coverage',
    summary:
      'Operations × outcomes × faults that the client has met, and whether the operation came through later.',
    output: list(metOut),
    status: 200,
    run: ({ sandbox }) =>
      sandbox.coverage.list().map((row) => ({
        agency: row.agency,
        operation: row.operation,
        outcome: row.outcome,
        fault: row.fault,
        scenario: row.scenario,
        count: row.count,
        survived: row.survived,
      })),
  },
  {
    method: 'GET',
    path: '/exam',
    summary:
      'The report of the go-live exam, story by story. Begin it with PUT /profile { "name": "go-live-exam" }.',
    output: reportOut,
    status: 200,
    run: ({ house, sandbox }) => report(house, sandbox),
  },
];
