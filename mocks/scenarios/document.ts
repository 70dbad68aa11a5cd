// Words about the registry, made from it: steps, and the page README.md beside this file.
import type { ClerkStep, Scenario } from '../kernel/scenario.ts';
import { EXAM, PROFILES, SCENARIOS } from './index.ts';
import { magicNumber } from './magic.ts';

const AGENCIES = { labor: 'Labour agency', insurance: 'Insurance agency', credit: 'Credit agency' } as const;

function words({ decision, code, field, due, reason }: ClerkStep): string {
  switch (decision) {
    case 'accept':
      return code === undefined ? 'the clerk accepts' : `the clerk accepts with the warning ${code}`;
    case 'reject':
      return `the clerk rejects (${code ?? 'REJECTED_BY_REVIEW'})`;
    case 'correction':
      return `the clerk asks for a correction of ${field ?? 'supplement'} within ${due ?? 'P5D'}: ${reason ?? ''}`;
    case 'hold':
      return 'the case stays where it is until somebody decides';
    case 'lose':
      return 'the agency loses the case';
    case 'annul':
      return 'the acceptance is taken back';
    default:
      return 'the clerk lets it lie';
  }
}

/** What happens, in order; `after` is sandbox time since the step before. */
export function stepsOf({ arrange, clerk = [], afterwards }: Scenario): { after: string; what: string }[] {
  return [
    ...(arrange ? [{ after: 'PT0S', what: arrange.says }] : []),
    ...clerk.map((step) => ({ after: step.after ?? 'the clerk’s delay', what: words(step) })),
    ...(afterwards ? [{ after: afterwards.after, what: words(afterwards) }] : []),
  ];
}

const cell = (text: string) => text.replaceAll('|', '\\|');

function section(agency: keyof typeof AGENCIES): string {
  const rows = SCENARIOS.filter((scenario) => scenario.agency === agency).map((scenario) => {
    const steps = stepsOf(scenario)
      .map(({ after, what }) => (after === 'PT0S' ? what : `${what} (${after})`))
      .join('; then ');
    const guards = (scenario.guards ?? []).map(({ name }) => `\`${name}\``).join(' ');
    return `| \`${scenario.code}\` | ${scenario.proves.en}<br>${scenario.proves.zh} | ${scenario.operations.join(', ')} | ${guards} | ${cell(steps)} | ${cell(scenario.example)} |`;
  });
  return `## ${AGENCIES[agency]}\n\n| code | a client proves | begins on | guards | steps | seen |\n| --- | --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

const guards = () => {
  const all = new Map(
    SCENARIOS.flatMap(({ guards: list = [] }) => list.map((guard) => [guard.name, guard.says])),
  );
  return [...all].map(([name, { en, zh }]) => `| \`${name}\` | ${en} | ${zh} |`).join('\n');
};

const magic = () =>
  SCENARIOS.map(
    (scenario) =>
      `| ${String(scenario.magic).padStart(2, '0')} | \`${magicNumber(scenario)}\` | \`${scenario.code}\` |`,
  ).join('\n');

const profiles = () =>
  PROFILES.map(({ name, says }) => `| \`${name}\` | ${says.en}<br>${says.zh} |`).join('\n');

const exam = () =>
  Object.entries(EXAM)
    .map(([operation, codes]) => `- \`${operation}\`: ${codes.map((code) => `\`${code}\``).join(', ')}`)
    .join('\n');

/** README.md beside this file. */
export const page = (): string => `# Scenarios

<!-- Made from the registry by \`npm run scenarios\`. Change the registry, not this page. -->

A scenario steers the state machine of one agency: it arranges what the agency's records say, or tells the clerk what to do.
The answers are the machine's own. There are ${SCENARIOS.length}.

## How one is chosen

The strongest that names one wins; every answer says which in \`X-Sandbox-Rule\`, and the code in \`X-Sandbox-Scenario\`.

1. **header**: \`X-Sandbox-Scenario: LAB.CORRECTION_REQUESTED\` on the request. On operations on which it does not begin it is ignored.
2. **armed**: \`POST /scenarios/armed { "scenario", "times"?, "operation"?, "uscc"?, "id_number"? }\`; counts down.
3. **rule**: \`POST /scenarios/rules\`, the same without \`times\`; stands until it is deleted.
4. **magic subject**: a person whose ID number is of region 999900; the two digits before the check digit name the outcome (table below).
5. **profile**: \`PUT /profile { "name" }\`, or \`{ "name": "custom", "scenarios": [ … ] }\`.
6. Otherwise the clerk's policy decides: \`default\`.

A new case keeps its choice; answers about it later say \`case …\`. What is arranged for a person is arranged once, unless it is armed again.
A precondition that does not hold is refused with 409 \`SCENARIO_GUARD\`, which names the guard, where header or arming asked for the scenario; weaker channels pass on.
An unknown code is refused with \`SCENARIO_UNKNOWN\` and the nearest ones. \`POST /scenarios/resolve\` tells without sending.

${section('labor')}
${section('insurance')}
${section('credit')}
## Guards

| name | holds when | 条件 |
| --- | --- | --- |
${guards()}

## Magic numbers

Day of birth and the digit before the two are free; the check digit must be right. Any agency but the scenario's own takes the person for an ordinary one.

| digits | for example | scenario |
| --- | --- | --- |
${magic()}

## Profiles

| name | what befalls a filing |
| --- | --- |
${profiles()}

The list of \`go-live-exam\`, one after the other for each operation:

${exam()}
`;
