/** Codes and words of the canonical reasons: tables of which a city replaces single entries. */
import { z } from 'zod';
import { EXIT_REASONS } from '../../src/domain/words.ts';

type Reasons = Readonly<Record<(typeof EXIT_REASONS)[number], string>>;
export const reasonTable = <Table extends Reasons>(defaults: Table) =>
  z
    .strictObject(
      Object.fromEntries(
        EXIT_REASONS.map((reason) => [
          reason,
          z
            .string()
            .min(1, 'must be a code')
            .max(60, 'must be 60 characters at most')
            .default(defaults[reason]),
        ]),
      ) as Record<keyof Reasons, z.ZodDefault<z.ZodString>>,
    )
    .prefault({});

/** The 3-digit table (AAE160) of insurance, and the 4-digit one (abc917) of labour offices: our own mapping, version 1. */
export const INSURANCE_REASONS: Reasons = {
  resignation: '222',
  resignation_in_probation: '222',
  mutual_by_employee: '221',
  mutual_by_employer: '221',
  employer_fault: '221',
  dismissal_for_cause: '223',
  dismissal_no_fault: '223',
  redundancy: '223',
  contract_expired: '221',
  retirement: '210',
  death: '211',
  employer_closed: '221',
  group_transfer: '241',
};
export const LABOR_REASONS: Reasons = {
  resignation: '6313',
  resignation_in_probation: '6313',
  mutual_by_employee: '6319',
  mutual_by_employer: '6321',
  employer_fault: '6320',
  dismissal_for_cause: '6317',
  dismissal_no_fault: '6321',
  redundancy: '6321',
  contract_expired: '6322',
  retirement: '6308',
  death: '6401',
  employer_closed: '6323',
  group_transfer: '6302',
};
export const REASON_TEXTS: Reasons = {
  resignation: '劳动者提前通知解除',
  resignation_in_probation: '试用期内劳动者通知解除',
  mutual_by_employee: '劳动者提出，协商一致解除',
  mutual_by_employer: '用人单位提出，协商一致解除',
  employer_fault: '用人单位过错，劳动者解除',
  dismissal_for_cause: '劳动者过错，用人单位解除',
  dismissal_no_fault: '无过失性辞退',
  redundancy: '经济性裁员',
  contract_expired: '劳动合同期满终止',
  retirement: '退休',
  death: '死亡',
  employer_closed: '用人单位终止',
  group_transfer: '集团内调动',
};
