// Words about the registry, made from it: steps, and the page README.md beside this file.
import type { ClerkStep, Scenario, Sentence } from '../kernel/scenario.ts';
import { EXAM, PROFILES, SCENARIOS } from './index.ts';
import { magicNumber } from './magic.ts';

const AGENCIES = {
  labor: 'Labour agency',
  insurance: 'Insurance agency',
  credit: 'Credit agency',
  'insurance-sm2': 'Insurance agency of a second city',
} as const;

/** What a clerk writes is in both languages: `the handover list is missing (缺少工作交接清单)`. */
const CHINESE = /\(([^()]*\p{Script=Han}[^()]*)\)$/u;

function words({ decision, code, field, due = 'P5D', reason = '' }: ClerkStep): Sentence {
  switch (decision) {
    case 'accept':
      return code === undefined
        ? { en: 'the clerk accepts', zh: '经办人予以通过' }
        : { en: `the clerk accepts with the warning ${code}`, zh: `经办人予以通过，并提示 ${code}` };
    case 'reject': {
      const said = code ?? 'REJECTED_BY_REVIEW';
      return { en: `the clerk rejects (${said})`, zh: `经办人不予通过（${said}）` };
    }
    case 'correction': {
      const wanted = field ?? 'supplement';
      return {
        en: `the clerk asks for a correction of ${wanted} within ${due}: ${reason}`,
        zh: `经办人要求在 ${due} 内补正 ${wanted}：${CHINESE.exec(reason)?.[1] ?? reason}`,
      };
    }
    case 'hold':
      return { en: 'the case stays where it is until somebody decides', zh: '业务停滞，直至有人处理' };
    case 'lose':
      return { en: 'the agency loses the case', zh: '机构丢失该业务' };
    case 'annul':
      return { en: 'the acceptance is taken back', zh: '已办结的结果被撤销' };
    default:
      return { en: 'the clerk lets it lie', zh: '经办人暂不处理' };
  }
}

export interface Told {
  /** Sandbox time since the step before; absent: the clerk’s own delay. */
  readonly after?: string;
  readonly what: Sentence;
}

/** What happens, in order. */
export function stepsOf({ arrange, clerk = [], afterwards }: Scenario): Told[] {
  return [
    ...(arrange ? [{ after: 'PT0S', what: arrange.says }] : []),
    ...clerk.map((step) => ({
      ...(step.after === undefined ? {} : { after: step.after }),
      what: words(step),
    })),
    ...(afterwards ? [{ after: afterwards.after, what: words(afterwards) }] : []),
  ];
}

const cell = (text: string) => text.replaceAll('|', '\\|');

function section(agency: keyof typeof AGENCIES): string {
  const rows = SCENARIOS.filter((scenario) => scenario.agency === agency).map((scenario) => {
    const steps = stepsOf(scenario)
      .map(({ after, what }) => (after === 'PT0S' ? what.en : `${what.en} (${after ?? 'the clerk’s delay'})`))
      .join('; then ');
    const guards = (scenario.guards ?? []).map(({ name }) => `\`${name}\``).join(' ');
    return `| \`${scenario.code}\` | ${scenario.proves.en}<br>${scenario.proves.zh} | ${scenario.operations.join(', ')} | ${guards} | ${cell(steps)} | ${cell(scenario.example.en)} |`;
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
${section('insurance-sm2')}
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
