/** Answers that are about many, or about no filing: lists, roster, enrolment elsewhere, code tables, the unit. Pure. */
import { z } from 'zod';
import type { CodeTable, Inquired, ListedFiling, Page, RosterEntry, Setback } from '../adapter.ts';
import { readDate } from '../format.ts';
import { INSURANCES } from './map.ts';
import { read, state, UNREADABLE, unasked } from './reply.ts';

const changes = z.object({
  next: z.string().optional(),
  changes: z.array(
    z.object({
      serial: z.string().optional(),
      receipt: z.string(),
      business: z.enum(['10', '20']),
      state,
      id_number: z.string(),
      name: z.string(),
      exit_date: z.string(),
    }),
  ),
});
const persons = z.object({
  next: z.string().optional(),
  persons: z.array(z.object({ id_number: z.string(), name: z.string(), since: z.string() })),
});
const enrolment = z.object({ elsewhere: z.array(z.object({ insurance: z.string(), since: z.string() })) });
const tables = z.object({
  tables: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      entries: z.array(z.object({ code: z.string(), text: z.string() })),
    }),
  ),
});
const unit = z.object({ unit_no: z.string().regex(/^\d{8,20}$/) });

const STATES: Readonly<Record<z.infer<typeof state>, ListedFiling['state']>> = {
  10: 'in_review',
  20: 'in_review',
  30: 'correction_requested',
  40: 'accepted',
  50: 'rejected',
  60: 'withdrawn',
};

/** What was asked for, or why it was not told. */
function told<T>(
  value: unknown,
  schema: z.ZodType<T>,
): { readonly kind: 'told'; readonly data: T } | Setback {
  const answer = read(value, schema);
  if (!answer) return UNREADABLE;
  return 'refused' in answer ? unasked(answer.refused) : { kind: 'told', data: answer.data };
}

const pageOf = <Entry>(entries: readonly Entry[], next: string | undefined): Page<Entry> => ({
  kind: 'page',
  entries,
  ...(next === undefined ? {} : { next }),
});

const on = (text: string) => readDate(text) ?? undefined;

export function listPage(value: unknown): Page<ListedFiling> {
  const answer = told(value, changes);
  if (answer.kind !== 'told') return answer;
  const entries = answer.data.changes.map((row): ListedFiling => {
    const exitDate = on(row.exit_date);
    return {
      ...(row.serial === undefined ? {} : { serial: row.serial }),
      receipt: row.receipt,
      kind: row.business === '20' ? 'insurance_transfer' : 'insurance_stop',
      state: STATES[row.state],
      person: { name: row.name, id_number: row.id_number },
      ...(exitDate ? { exitDate } : {}),
    };
  });
  return pageOf(entries, answer.data.next);
}

export function rosterPage(value: unknown): Page<RosterEntry> {
  const answer = told(value, persons);
  if (answer.kind !== 'told') return answer;
  const entries = answer.data.persons.map(({ name, id_number, since }): RosterEntry => {
    const start = on(since);
    return { kind: 'insurance_stop', person: { name, id_number }, ...(start ? { since: start } : {}) };
  });
  return pageOf(entries, answer.data.next);
}

/** Clear: nobody else pays anything for the person. */
export function enrolmentAnswer(value: unknown): Inquired {
  const answer = read(value, enrolment);
  if (!answer) return UNREADABLE;
  if ('refused' in answer) {
    const { code, message } = answer.refused;
    return code === 'IDENTITY_MISMATCH' ? { kind: 'refused', code, message } : unasked(answer.refused);
  }
  const facts = answer.data.elsewhere.map(({ insurance, since }) => {
    const text = Object.entries(INSURANCES).find(([code]) => code === insurance)?.[1].zh ?? insurance;
    const date = on(since);
    return { code: `XZ ${insurance}`, text, ...(date ? { date } : {}) };
  });
  return { kind: 'answered', clear: facts.length === 0, facts };
}

export function codesAnswer(
  value: unknown,
): { readonly kind: 'codes'; readonly tables: readonly CodeTable[] } | Setback {
  const answer = told(value, tables);
  if (answer.kind !== 'told') return answer;
  const read = answer.data.tables.map(({ name, version, entries }) => ({
    name,
    version,
    entries: Object.fromEntries(entries.map(({ code, text }) => [code, text])),
  }));
  return { kind: 'codes', tables: read };
}

/** The agency's number of the unit. */
export function unitAnswer(value: unknown): { readonly kind: 'unit'; readonly number: string } | Setback {
  const answer = told(value, unit);
  return answer.kind === 'told' ? { kind: 'unit', number: answer.data.unit_no } : answer;
}
