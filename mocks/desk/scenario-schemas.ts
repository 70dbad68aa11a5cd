// JSON Schemas of the control API: scenarios, rules and profiles.
import { agency, idNumber, integer, list, nonEmpty, object, string, uscc } from './schemas.ts';

const when = {
  operation: { ...nonEmpty, description: 'only requests of this operation' },
  uscc: { ...uscc, description: 'only requests of this unit' },
  id_number: { ...idNumber, description: 'only requests about this person' },
};
const code = { ...nonEmpty, description: 'LAB.CORRECTION_REQUESTED; GET /scenarios has them all' };

export const armInput = object({ scenario: code, times: integer(1, 10_000), ...when }, ['scenario']);
export const ruleInput = object({ scenario: code, ...when }, ['scenario']);
export const armedOut = object(
  {
    id: string,
    scenario: string,
    remaining: integer(1, 10_000),
    operation: string,
    uscc: string,
    id_number: string,
  },
  ['id', 'scenario'],
);
export const resolveInput = object(
  { agency, operation: nonEmpty, uscc, id_number: idNumber, header: nonEmpty },
  ['agency', 'operation'],
);
export const resolveOut = object({ rule: string, scenario: string }, ['rule']);
export const sentence = object({ en: string, zh: string }, ['en', 'zh']);
export const scenarioOut = object(
  {
    code: string,
    agency,
    magic: integer(1, 99),
    magic_number: string,
    proves: sentence,
    operations: list(string),
    guards: list(object({ name: string, says: sentence }, ['name', 'says'])),
    steps: list(
      object(
        {
          after: {
            ...string,
            description: 'sandbox time since the step before; absent: the clerk’s own delay',
          },
          what: sentence,
        },
        ['what'],
      ),
    ),
    example: sentence,
  },
  ['code', 'agency', 'magic', 'magic_number', 'proves', 'operations', 'guards', 'steps', 'example'],
);
export const profileInput = object({ name: nonEmpty, scenarios: { ...list(code), maxItems: 100 } }, ['name']);
export const profileOut = object(
  {
    name: string,
    scenarios: list(string),
    profiles: list(object({ name: string, says: sentence }, ['name', 'says'])),
  },
  ['name', 'scenarios', 'profiles'],
);
