// Fields of the forms that a clerk may send back: a correction of anything else could never be answered.
import type { AgencyName } from '../kernel/agency.ts';
import { DeskError } from './problem.ts';

interface Form {
  readonly agency: AgencyName;
  /** As the published contract has them, in its order; a test compares. */
  readonly fields: readonly string[];
}

const FORMS: Readonly<Record<string, Form>> = {
  SubmitTermination: {
    agency: 'labor',
    fields: [
      ...['BAE941', 'AAB001', 'BAB010', 'AAB004', 'AAC001', 'AAC058', 'AAC002', 'AAC003', 'AAC013'],
      ...['abc913', 'abc914', 'post', 'abc916', 'abc917', 'yearsOfService', 'lastAttendance'],
      ...['archiveDestination', 'supplement'],
    ],
  },
  stop: {
    agency: 'insurance',
    fields: ['AAC001', 'AAC002', 'AAC003', 'AAE140', 'AAC050', 'AAE160', 'AAE035', 'AAE003'],
  },
  transfer: {
    agency: 'insurance',
    fields: ['AAC001', 'AAC002', 'AAC003', 'AAE140', 'AAE035', 'TargetRegion'],
  },
  submitRegistrationChange: {
    agency: 'credit',
    fields: [
      ...['serial', 'unit_uscc', 'practitioner', 'id_type', 'id_number', 'name'],
      ...['change', 'effective_date', 'reason', 'remarks', 'supplements'],
    ],
  },
};

/** Absent: nothing is known of the form, and nothing refused. */
export const fieldsOf = (operation: string): readonly string[] | undefined => FORMS[operation]?.fields;

/** Of every form of the agency, or of all agencies. */
export const fieldsAt = (agency?: AgencyName): readonly string[] => [
  ...new Set(
    Object.values(FORMS)
      .filter((form) => agency === undefined || form.agency === agency)
      .flatMap(({ fields }) => fields),
  ),
];

export function requireField(field: string | undefined, known: readonly string[] | undefined): void {
  if (field === undefined || known === undefined || known.length === 0 || known.includes(field)) return;
  throw new DeskError(
    422,
    'FIELD_UNKNOWN',
    {
      en: `field: the form has no ${field}; it has ${known.join(', ')}`,
      zh: `field：表单中没有 ${field}；可选字段：${known.join('、')}`,
    },
    { fields: known },
  );
}
