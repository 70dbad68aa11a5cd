/** The body of POST /v1/exits: its form, and what its fields must be to each other. */
import { z } from 'zod';
import { DISPUTE_KINDS, FINANCE_KINDS, HANDOVER_KINDS } from '../domain/fact-kinds.ts';
import type { ExitFacts, OpenItems, Person } from '../domain/facts.ts';
import { checkResidentId } from '../domain/identifiers.ts';
import { EXIT_REASONS, ID_TYPES, type IdType } from '../domain/words.ts';
import type { FaultCode } from '../faults.ts';
import { date, externalId, fault, line, money, month, name, region, text, uscc } from './fields.ts';

export const contract = z
  .strictObject({
    type: z.enum(['fixed_term', 'open_ended', 'task']),
    start: date,
    end: date.optional(),
  })
  .superRefine(({ type, start, end }, context) => {
    const issue = (code: FaultCode, params = {}) =>
      context.addIssue({ code: 'custom', message: fault(code), path: ['end'], params });
    if (end !== undefined && end < start) issue('contract_end_before_start', { start, end });
    if (end === undefined && type === 'fixed_term') issue('contract_end_missing');
  });

export const phone = z.string().regex(/^\+?\d(?:[ -]?\d){4,19}$/, fault('phone_invalid'));

export const nonCompete = z.strictObject({
  months: z.int().min(1).max(24),
  monthly_compensation: money,
  competitors: z.array(uscc).max(50).default([]),
});

const employee = z
  .strictObject({
    external_id: externalId,
    name: name(100),
    id_type: z.enum(ID_TYPES),
    id_number: z
      .string()
      .trim()
      .toUpperCase()
      .min(1)
      .max(30)
      .meta({ examples: ['11010519491231002X'] }),
    phone: phone.optional(),
    address: line(300).optional(),
    post: line(100),
    contract,
  })
  .superRefine(({ id_type, id_number }, context) => {
    const code = idNumberFault(id_type, id_number);
    if (code !== undefined) context.addIssue({ code: 'custom', message: fault(code), path: ['id_number'] });
  });

function idNumberFault(type: IdType, number: string): FaultCode | undefined {
  if (type === 'passport') return /^[A-Z0-9]{5,12}$/.test(number) ? undefined : 'passport_invalid';
  if (type === 'hmt_permit' && /^(?:[HM]?\d{8}|[HM]?\d{10})$/.test(number)) return undefined;
  const result = checkResidentId(number);
  // Residence permits of Hong Kong, Macau and Taiwan share the form of the resident ID (GB 11643).
  if (type === 'hmt_permit') return result.ok && /^8[123]/.test(number) ? undefined : 'hmt_permit_invalid';
  return result.ok ? undefined : `resident_id_${result.fault}`;
}

const dispute = z.strictObject({
  external_id: externalId,
  kind: z.enum(DISPUTE_KINDS),
  summary: text(2000),
  amount: money.optional(),
});

const handoverItem = z.strictObject({
  external_id: externalId,
  kind: z.enum(HANDOVER_KINDS),
  title: line(300),
  receiver: line(100).optional().meta({ description: 'Who takes it over, and acknowledges it' }),
});

const financeItem = z.strictObject({
  external_id: externalId,
  kind: z.enum(FINANCE_KINDS),
  summary: text(2000),
  amount: money.optional(),
});

/** Each item once: what clears a gate names it. */
const listOf = <Item extends z.ZodType<{ external_id: string }>>(
  item: Item,
  most: number,
  repeated: 'dispute_repeated' | 'item_repeated' = 'item_repeated',
) =>
  z
    .array(item)
    .max(most)
    .superRefine((items, context) => {
      const seen = new Set<string>();
      for (const [index, { external_id }] of items.entries()) {
        if (seen.has(external_id))
          context.addIssue({ code: 'custom', message: fault(repeated), path: [index, 'external_id'] });
        seen.add(external_id);
      }
    });

export const items = {
  disputes: listOf(dispute, 50, 'dispute_repeated').meta({
    description: 'Complaints, lawsuits and the like that are not settled',
  }),
  handover: listOf(handoverItem, 200).meta({
    description: 'What is to be handed over; without it, the items that the profile names',
  }),
  finance_items: listOf(financeItem, 100).meta({
    description: 'Loans, advances and reimbursements that are open',
  }),
};

/** @param profiles the names of the known profiles. */
export function exitDraftSchema(profiles: readonly string[]) {
  return z
    .strictObject({
      external_id: externalId,
      profile: z.enum(profiles, fault('profile_unknown')),
      reason: z.enum(EXIT_REASONS),
      employer: z.strictObject({ name: name(200), uscc, region }),
      employee,
      notice_date: date,
      last_attendance_date: date.optional().meta({ description: 'Default: the exit date' }),
      exit_date: date,
      insurance_end_month: month.optional().meta({ description: 'Default: the month of the exit date' }),
      disputes: items.disputes.default([]),
      handover: items.handover.default([]),
      finance_items: items.finance_items.default([]),
      non_compete: nonCompete.optional(),
    })
    .superRefine(
      (
        {
          notice_date,
          exit_date,
          employee: {
            contract: { start },
          },
        },
        context,
      ) => {
        const issue = (code: FaultCode, params: object) =>
          context.addIssue({
            code: 'custom',
            message: fault(code),
            path: ['exit_date'],
            params: { ...params },
          });
        if (exit_date < notice_date) issue('exit_before_notice', { exit_date, notice_date });
        if (exit_date < start) issue('exit_before_contract', { exit_date, start });
      },
    )
    .meta({ id: 'ExitDraft' });
}
export type ExitDraft = z.output<ReturnType<typeof exitDraftSchema>>;

export function factsOf(draft: ExitDraft): ExitFacts {
  const { employee: who, employer, non_compete } = draft;
  const { type, start, end } = who.contract;
  return {
    externalId: draft.external_id,
    employeeExternalId: who.external_id,
    profile: draft.profile,
    reason: draft.reason,
    employer,
    post: who.post,
    contract: { type, start, ...(end === undefined ? {} : { end }) },
    noticeDate: draft.notice_date,
    lastAttendanceDate: draft.last_attendance_date ?? draft.exit_date,
    exitDate: draft.exit_date,
    insuranceEndMonth: draft.insurance_end_month ?? draft.exit_date.slice(0, 7),
    ...(non_compete === undefined ? {} : { nonCompete: non_compete }),
  };
}

/** Of an item, what is there: absent is not undefined. */
const withAmount = <Item extends { amount?: string | undefined }>({ amount, ...item }: Item) => ({
  ...item,
  ...(amount === undefined ? {} : { amount }),
});

export function itemsOf({
  disputes,
  handover,
  finance_items,
}: Pick<ExitDraft, 'disputes' | 'handover' | 'finance_items'>): OpenItems {
  return {
    disputes: disputes.map(withAmount),
    handover: handover.map(({ receiver, ...item }) => ({
      ...item,
      ...(receiver === undefined ? {} : { receiver }),
    })),
    finance: finance_items.map(withAmount),
  };
}

export function personOf({ employee: { name, id_type, id_number, phone, address } }: ExitDraft): Person {
  return {
    name,
    id_type,
    id_number,
    ...(phone === undefined ? {} : { phone }),
    ...(address === undefined ? {} : { address }),
  };
}
