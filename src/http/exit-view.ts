/** An exit as it leaves, field by field: the person masked, blockers in the language asked for. */
import { z } from 'zod';
import { settledBy } from '../domain/clearance.ts';
import { blockers, EXIT_STATUSES, type Exit } from '../domain/exit.ts';
import type { RecordedClearance } from '../domain/exit-secret.ts';
import { HOLDS } from '../domain/gate-rule.ts';
import type { Gate } from '../domain/gates.ts';
import { EXIT_REASONS, ID_TYPES } from '../domain/words.ts';
import type { Language } from '../language.ts';
import type { StoredExit } from '../store/exits.ts';
import { id, instant } from './fields.ts';
import { FilingView, presentFiling } from './filing-view.ts';
import { maskIdNumber, maskName } from './mask.ts';

const day = z.string().meta({ format: 'date' });

export const BlockerView = z
  .object({
    gate: z.string(),
    subject: z.string().meta({
      description:
        'The item that raised it: the external_id of a fact, or the code of an item of the profile',
    }),
    owner: z.string().meta({ description: 'The department that settles it' }),
    title: z.string(),
    item: z.string().nullable().meta({ description: 'What the item is, where the profile names it' }),
    clears: z.string().meta({ description: 'What settles it' }),
    documents: z
      .object({ need: z.enum(['any', 'all']), kinds: z.array(z.string()).readonly() })
      .nullable()
      .meta({ description: 'Kinds of document that a clearance names' }),
    holds_until: day.nullable().meta({ description: 'The last day on which it may hold the filing' }),
  })
  .meta({ id: 'Blocker' });

export const GateView = BlockerView.extend({
  state: z.enum(['open', 'cleared', 'waived']),
  holds: z.enum(HOLDS),
  cleared_at: instant.nullable(),
  clearance: z
    .object({
      actor: z.string(),
      note: z.string().nullable(),
      documents: z.array(
        z.object({
          title: z.string(),
          kind: z.string().nullable(),
          reference: z.string().nullable(),
          sha256: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
}).meta({ id: 'Gate' });

const summary = {
  id: id('exit'),
  external_id: z.string(),
  status: z.enum(EXIT_STATUSES),
  sandbox: z.boolean(),
  profile: z.object({ name: z.string(), version: day }),
  reason: z.enum(EXIT_REASONS),
  notice_date: day,
  last_attendance_date: day,
  exit_date: day,
  insurance_end_month: z.string(),
  employer: z.object({ name: z.string(), uscc: z.string(), region: z.string() }),
  employee: z.object({
    external_id: z.string(),
    name: z.string().meta({ description: 'Masked', examples: ['张*'] }),
    id_type: z.enum(ID_TYPES),
    id_number: z.string().meta({ description: 'Masked', examples: ['110***********002X'] }),
    post: z.string(),
    contract: z.object({ type: z.string(), start: day, end: day.nullable() }),
  }),
  facts_revision: z.int().meta({ description: 'Counts the amendments, from 1' }),
  blockers: z.array(BlockerView).meta({ description: 'The gates that hold the exit' }),
  decision: z.object({ due_at: instant, required: z.boolean() }).nullable().meta({
    description: 'While gates hold: from when on a person must clear or release, and whether it is so far',
  }),
  released: z.object({ at: instant, by: z.enum(['person', 'policy']) }).nullable(),
  cancelled_at: instant.nullable(),
  filings: z.array(FilingView),
  created_at: instant,
  updated_at: instant,
};

/** An exit in a list. */
export const ExitSummary = z.object(summary).meta({ id: 'ExitSummary' });

export const WarningView = z
  .object({ code: z.string(), pointer: z.string(), detail: z.string() })
  .meta({ id: 'Warning' });

export const ExitView = z
  .object({
    ...summary,
    disputes: z.array(
      z.object({
        external_id: z.string(),
        kind: z.string(),
        summary: z.string(),
        amount: z.string().nullable(),
      }),
    ),
    handover: z.array(
      z.object({
        external_id: z.string(),
        kind: z.string(),
        title: z.string(),
        receiver: z.string().nullable(),
      }),
    ),
    finance_items: z.array(
      z.object({
        external_id: z.string(),
        kind: z.string(),
        summary: z.string(),
        amount: z.string().nullable(),
      }),
    ),
    gates: z.array(GateView).meta({ description: 'All of them, with who settled what' }),
    release: z
      .object({
        actor: z.string(),
        reason: z.string(),
        reserved_claims: z.array(
          z.object({
            title: z.string(),
            summary: z.string(),
            dispute: z.string().nullable(),
            amount: z.string().nullable(),
            reference: z.string().nullable(),
          }),
        ),
      })
      .nullable(),
    non_compete: z
      .object({
        months: z.int(),
        monthly_compensation: z.string(),
        competitors: z.array(z.string()).readonly(),
      })
      .nullable(),
    warnings: z
      .array(WarningView)
      .optional()
      .meta({ description: 'Only in the answers to POST and PATCH of an exit' }),
  })
  .meta({ id: 'Exit' });

export type Shown = Pick<StoredExit, 'sandbox' | 'createdAt' | 'updatedAt' | 'exit' | 'secret'>;

export function presentSummary(stored: Shown, language: Language): z.output<typeof ExitSummary> {
  const { exit } = stored;
  const { facts } = exit;
  const { person } = stored.secret();
  return {
    id: exit.id,
    external_id: facts.externalId,
    status: exit.status,
    sandbox: stored.sandbox,
    profile: { name: facts.profile, version: exit.profileVersion },
    reason: facts.reason,
    notice_date: facts.noticeDate,
    last_attendance_date: facts.lastAttendanceDate,
    exit_date: facts.exitDate,
    insurance_end_month: facts.insuranceEndMonth,
    employer: { name: facts.employer.name, uscc: facts.employer.uscc, region: facts.employer.region },
    employee: {
      external_id: facts.employeeExternalId,
      name: maskName(person.name),
      id_type: person.id_type,
      id_number: maskIdNumber(person.id_type, person.id_number),
      post: facts.post,
      contract: { type: facts.contract.type, start: facts.contract.start, end: facts.contract.end ?? null },
    },
    facts_revision: exit.factsRevision,
    blockers: exit.status === 'gated' ? blockers(exit).map((gate) => presentBlocker(gate, language)) : [],
    decision: presentDecision(exit),
    released:
      exit.released === undefined ? null : { at: exit.released.at.toISOString(), by: exit.released.by },
    cancelled_at: exit.cancelledAt?.toISOString() ?? null,
    filings: exit.filings.map((filing) => presentFiling(exit.id, filing)),
    created_at: stored.createdAt.toISOString(),
    updated_at: stored.updatedAt.toISOString(),
  };
}

const presentDecision = ({ decisionDueAt, decisionAskedAt }: Exit) =>
  decisionDueAt === undefined
    ? null
    : { due_at: decisionDueAt.toISOString(), required: decisionAskedAt !== undefined };

const presentBlocker = (gate: Gate, language: Language) => ({
  gate: gate.code,
  subject: gate.subject,
  owner: gate.owner,
  title: gate.title[language],
  item: gate.item?.[language] ?? null,
  clears: gate.clears[language],
  documents: gate.documents === undefined ? null : { need: gate.documents.need, kinds: gate.documents.kinds },
  holds_until: gate.holdsUntil ?? null,
});

const presentGate = (gate: Gate, clearances: readonly RecordedClearance[], language: Language) => {
  const clearance = gate.clearedAt === undefined ? undefined : settledBy(clearances, gate);
  return {
    ...presentBlocker(gate, language),
    state:
      gate.clearedAt === undefined
        ? ('open' as const)
        : gate.waived
          ? ('waived' as const)
          : ('cleared' as const),
    holds: gate.holds,
    cleared_at: gate.clearedAt?.toISOString() ?? null,
    clearance:
      clearance === undefined
        ? null
        : {
            actor: clearance.actor,
            note: clearance.note ?? null,
            documents: clearance.documents.map(({ title, kind, reference, sha256 }) => ({
              title,
              kind: kind ?? null,
              reference: reference ?? null,
              sha256: sha256 ?? null,
            })),
          },
  };
};

/** Summaries of items may hold names: shown where one exit is looked at, not in lists. */
export function presentExit(stored: Shown, language: Language): z.output<typeof ExitView> {
  const { nonCompete } = stored.exit.facts;
  const { disputes, handover, finance, clearances, release } = stored.secret();
  const claimed = ({ external_id, kind, summary, amount }: (typeof disputes | typeof finance)[number]) => ({
    external_id,
    kind,
    summary,
    amount: amount ?? null,
  });
  return {
    ...presentSummary(stored, language),
    disputes: disputes.map(claimed),
    handover: handover.map(({ external_id, kind, title, receiver }) => ({
      external_id,
      kind,
      title,
      receiver: receiver ?? null,
    })),
    finance_items: finance.map(claimed),
    gates: stored.exit.gates.map((gate) => presentGate(gate, clearances, language)),
    release:
      release === undefined
        ? null
        : {
            actor: release.actor,
            reason: release.reason,
            reserved_claims: release.claims.map(({ title, summary, dispute, amount, reference }) => ({
              title,
              summary,
              dispute: dispute ?? null,
              amount: amount ?? null,
              reference: reference ?? null,
            })),
          },
    non_compete:
      nonCompete === undefined
        ? null
        : {
            months: nonCompete.months,
            monthly_compensation: nonCompete.monthly_compensation,
            competitors: nonCompete.competitors,
          },
  };
}
