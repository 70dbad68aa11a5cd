// Control API: what is simulated, within which limits, and what a client has met of it.
import { FIDELITY, NOT_SIMULATED } from '../fidelity.ts';
import { PUBLIC_LIMITS } from '../kernel/limits.ts';
import { report } from './exam.ts';
import { paceOf } from './profiles.ts';
import type { Route } from './route.ts';
import { sentence } from './scenario-schemas.ts';
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
      object({ operation: string, scenario: string, verdict: string, why: sentence }, [
        'operation',
        'scenario',
        'verdict',
        'why',
      ]),
    ),
  },
  ['profile', 'passed', 'failed', 'running', 'not_met', 'tasks'],
);

const limitsOut = object(
  {
    hosting: string,
    requests_per_minute_of_profile: {
      ...integer(1, 10_000),
      description: 'to the agencies of this sandbox, while its profile counts them',
    },
    ...Object.fromEntries(
      Object.keys(PUBLIC_LIMITS).map((name) => [name, integer(0, Number.MAX_SAFE_INTEGER)]),
    ),
  },
  ['hosting', 'body_bytes'],
);
const fidelityOut = object(
  {
    operations: list(
      object(
        {
          agency,
          operation: string,
          validated: sentence,
          stateful: sentence,
          timed: sentence,
          deviates: list(sentence),
        },
        ['agency', 'operation', 'validated', 'deviates'],
      ),
    ),
    not_simulated: list(sentence),
    rules: list(object({ id: string, says: sentence }, ['id', 'says'])),
  },
  ['operations', 'not_simulated', 'rules'],
);

export const EXAM_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/limits',
    access: 'everybody',
    summary:
      'How much is allowed. On one\u2019s own machine only size and depth of a message are limited, and what the profile counts.',
    output: limitsOut,
    status: 200,
    run: ({ house: { hosting }, sandbox }) => {
      const pace = paceOf(sandbox.director.profile().name);
      const { body_bytes, xml_depth } = hosting.limits;
      return {
        hosting: hosting.isPublic ? 'public' : 'local',
        ...(hosting.isPublic ? hosting.limits : { body_bytes, xml_depth }),
        ...(pace === undefined ? {} : { requests_per_minute_of_profile: pace }),
      };
    },
  },
  {
    method: 'GET',
    path: '/fidelity',
    access: 'everybody',
    summary:
      'Per operation: what is validated, what is stateful, what time does to it, and where it deviates; and the rules, one by one, that requests are held to.',
    output: fidelityOut,
    status: 200,
    run: ({ sandbox }) => ({
      operations: FIDELITY,
      not_simulated: NOT_SIMULATED,
      rules: Object.entries(sandbox.rules.book).map(([id, { en, zh }]) => ({ id, says: { en, zh } })),
    }),
  },
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
