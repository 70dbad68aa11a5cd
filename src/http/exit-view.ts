/** An exit as it leaves, field by field: the person masked, blockers in the language asked for. */
import { z } from 'zod';
import { blockers, EXIT_STATUSES } from '../domain/exit.ts';
import type { Profiles } from '../domain/profile.ts';
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
    subject: z.string().meta({ description: 'The item that raised it: the external_id of the dispute' }),
    owner: z.string(),
    title: z.string(),
    clears: z.string().meta({ description: 'What settles it' }),
  })
  .meta({ id: 'Blocker' });

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
  blockers: z.array(BlockerView),
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
    non_compete: z
      .object({
        months: z.int(),
        monthly_compensation: z.string(),
        competitors: z.array(z.string()).readonly(),
      })
      .nullable(),
    warnings: z.array(WarningView).optional().meta({ description: 'Only in the answer to POST' }),
  })
  .meta({ id: 'Exit' });

type Shown = Pick<StoredExit, 'sandbox' | 'createdAt' | 'updatedAt' | 'exit' | 'secret'>;

export function presentSummary(
  stored: Shown,
  profiles: Profiles,
  language: Language,
): z.output<typeof ExitSummary> {
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
    blockers: blockers(exit).map(({ code, subject, owner }) => {
      // A gate that a later version of the profile dropped still holds the exits it was raised for.
      const gate = profiles
        .version(facts.profile, exit.profileVersion)
        ?.gates.find((each) => each.code === code);
      return {
        gate: code,
        subject,
        owner,
        title: gate?.title[language] ?? code,
        clears: gate?.clears[language] ?? code,
      };
    }),
    filings: exit.filings.map((filing) => presentFiling(exit.id, filing)),
    created_at: stored.createdAt.toISOString(),
    updated_at: stored.updatedAt.toISOString(),
  };
}

/** Summaries of disputes may hold names: shown where one exit is looked at, not in lists. */
export function presentExit(
  stored: Shown,
  profiles: Profiles,
  language: Language,
): z.output<typeof ExitView> {
  const { nonCompete } = stored.exit.facts;
  return {
    ...presentSummary(stored, profiles, language),
    disputes: stored.secret().disputes.map(({ external_id, kind, summary, amount }) => ({
      external_id,
      kind,
      summary,
      amount: amount ?? null,
    })),
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
