/** GET /v1/employees/{ref}/risk · GET /v1/exits/{id}/assessment: the score with a reason for every point. */
import { z } from 'zod';
import { businessDate } from '../domain/dates.ts';
import type { Exit } from '../domain/exit.ts';
import type { Dispute } from '../domain/facts.ts';
import { riskRulesOf } from '../domain/profile.ts';
import { type Assessment, assess, type RiskFact } from '../domain/risk.ts';
import { RISK_CODES, RISK_LEVELS, type RiskRules } from '../domain/risk-rules.ts';
import { titleOf } from '../domain/risk-text.ts';
import type { BusinessDate } from '../domain/words.ts';
import type { Caller } from './auth.ts';
import { exitId, loadExit } from './change.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { externalId, instant } from './fields.ts';
import type { HttpParts } from './parts.ts';
import { exitAssessmentExample, riskExample } from './risk-examples.ts';
import { presentSignalSummary, SignalSummary } from './signals.ts';
import { timeOf } from './time.ts';

const Words = z.object({ en: z.string(), zh: z.string() });

const assessed = {
  employee_external_id: z.string(),
  profile: z.string().meta({ description: 'Whose weights were used' }),
  assessed_at: instant,
  score: z.int().meta({ description: '0 to 100: the points of the reasons together' }),
  level: z.enum(RISK_LEVELS),
  thresholds: z.object({ elevated: z.int(), high: z.int() }),
  text: Words.meta({ description: 'The assessment as a sentence, in both languages' }),
  reasons: z
    .array(
      z.object({
        code: z.enum(RISK_CODES),
        title: Words,
        count: z.int(),
        amount: z.string().nullable().meta({ description: 'Yuan, of all facts that have one' }),
        points: z.int(),
        since: z.string().meta({ format: 'date' }),
        facts: z.array(z.object({ id: z.string(), points: z.number() })).meta({
          description: 'The points of each signal, or of each dispute by its external_id, faded by age',
        }),
      }),
    )
    .meta({ description: 'What weighs most first' }),
};

const MOST_SIGNALS = 100;
const RiskView = z
  .object({
    ...assessed,
    signals: z
      .array(SignalSummary)
      .meta({ description: `The newest ${MOST_SIGNALS} that count; GET /v1/signals lists all` }),
  })
  .meta({ id: 'Risk' });
const ExitAssessment = z.object({ exit_id: z.string(), ...assessed }).meta({ id: 'ExitAssessment' });

export interface Assessed {
  readonly employeeExternalId: string;
  readonly profile: string;
  readonly at: Date;
  readonly thresholds: RiskRules['thresholds'];
  readonly assessment: Assessment;
}

export interface AssessmentContext {
  readonly now: Date;
  /** Whose weights hold; left out: those that the employee's signals were reported under. */
  readonly profile?: string;
  /** Disputes of an exit that are not settled. */
  readonly disputes?: readonly Pick<Dispute, 'external_id' | 'amount'>[];
  /** Since when the disputes are known: the day the exit was opened; left out: today. */
  readonly since?: BusinessDate;
}

/** The assessment of an employee; of one whom no signal names, too: nothing is known of them, and that is said. */
export async function assessmentOf(
  { store, profiles }: Pick<HttpParts, 'store' | 'profiles'>,
  { orgId, sandbox }: Pick<Caller, 'orgId' | 'sandbox'>,
  employeeExternalId: string,
  { now, profile: named, disputes = [], since = businessDate(now) }: AssessmentContext,
): Promise<Assessed> {
  const known = await store.signals.factsOf(orgId, sandbox, employeeExternalId);
  const profile = named ?? known?.profile ?? 'general';
  const open = new Set(disputes.map(({ external_id }) => external_id));
  const facts: RiskFact[] = [
    // A complaint that HR reported as a signal and as a dispute is one fact: the open dispute, which weighs more.
    ...(known?.facts ?? []).filter((fact) => !open.has(fact.externalId)),
    ...disputes.map(
      ({ external_id, amount }): RiskFact => ({
        id: external_id,
        code: 'open_dispute',
        on: since,
        ...(amount === undefined ? {} : { amount }),
      }),
    ),
  ];
  const rules = riskRulesOf(profiles, profile, businessDate(now));
  const { thresholds } = rules;
  return { employeeExternalId, profile, at: now, thresholds, assessment: assess(facts, rules, now) };
}

/** Disputes that nobody has settled: with a gate that is shut, or with none. */
export function openDisputes(exit: Pick<Exit, 'gates'>, disputes: readonly Dispute[]): readonly Dispute[] {
  return disputes.filter(({ external_id }) => {
    const own = exit.gates.filter((gate) => gate.subject === external_id);
    return own.length === 0 || own.some((gate) => gate.clearedAt === undefined);
  });
}

function present({ employeeExternalId, profile, at, thresholds, assessment }: Assessed) {
  const { score, level, text, reasons } = assessment;
  return {
    employee_external_id: employeeExternalId,
    profile,
    assessed_at: at.toISOString(),
    score,
    level,
    thresholds: { elevated: thresholds.elevated, high: thresholds.high },
    text: { en: text.en, zh: text.zh },
    reasons: reasons.map(({ code, count, amount, points, since, facts }) => ({
      code,
      title: titleOf(code),
      count,
      amount: amount ?? null,
      points,
      since,
      facts: facts.map((fact) => ({ id: fact.id, points: fact.points })),
    })),
  };
}

const common = { tag: 'Risk', scope: 'risk', method: 'get', status: 200 } as const;

export function riskEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store } = parts;
  return [
    endpoint({
      ...common,
      path: '/v1/employees/{id}/risk',
      name: 'getEmployeeRisk',
      summary: 'The risk of an employee: score, reasons, and the signals behind them',
      description:
        'The path takes the employee’s `external_id`. An employee of whom nothing was reported has the score 0. The score ' +
        'advises a person who decides; it holds and refuses nothing.',
      id: { schema: externalId, absent: 'employee_not_found' },
      answer: RiskView,
      answerExample: riskExample,
      problems: ['employee_not_found'],
      handler: async ({ id: employeeExternalId, caller }) => {
        const { orgId, sandbox } = caller;
        const risk = await assessmentOf(parts, caller, employeeExternalId, {
          now: await timeOf(parts, caller),
        });
        const counted = new Set(risk.assessment.reasons.flatMap(({ facts }) => facts.map((fact) => fact.id)));
        const signals = await store.signals.list(
          orgId,
          sandbox,
          { employeeExternalId },
          { limit: MOST_SIGNALS },
        );
        return {
          ...present(risk),
          signals: signals.filter(({ signal }) => counted.has(signal.id)).map(presentSignalSummary),
        };
      },
    }),
    endpoint({
      ...common,
      path: '/v1/exits/{id}/assessment',
      name: 'getExitAssessment',
      summary:
        'The risk assessment of an exit: the employee’s signals and the disputes still open, as of now',
      id: exitId,
      answer: ExitAssessment,
      answerExample: exitAssessmentExample,
      problems: ['exit_not_found'],
      handler: async ({ id, caller }) => {
        const { exit, createdAt, secret } = await loadExit(parts, id, caller);
        const { employeeExternalId, profile } = exit.facts;
        const disputes = openDisputes(exit, secret().disputes);
        const context = {
          now: await timeOf(parts, caller),
          profile,
          disputes,
          since: businessDate(createdAt),
        };
        return {
          exit_id: exit.id,
          ...present(await assessmentOf(parts, caller, employeeExternalId, context)),
        };
      },
    }),
  ];
}
