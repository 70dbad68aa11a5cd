/** Examples of the documentation about profiles and own gates: synthetic, and checked against the schemas by a test. */
import { ID_PREFIXES } from '../ids.ts';

const rule = {
  code: 'company_car',
  owner: 'administration',
  raised_by: 'handover' as const,
  title: { en: 'The company car is not returned', zh: '公务用车尚未归还' },
  clears: { en: 'Administration has inspected the car and taken it back', zh: '行政部门验车并收回' },
  holds: 'exit_date' as const,
};
const items = [{ code: 'car', title: { en: 'Car and keys', zh: '车辆与钥匙' } }];
const documents = { need: 'any' as const, kinds: ['return_receipt'] };

export const ownGateDraftExample = {
  ...rule,
  profiles: ['securities'],
  kinds: ['asset'],
  items,
  documents,
};

export const ownGateExample = {
  id: `${ID_PREFIXES.rule}_01kdq8r4v5e7yb2m9xw3hj6ng1`,
  ...rule,
  profiles: ['securities'],
  kinds: ['asset'],
  within_days: null,
  items,
  documents,
  created_at: '2026-10-26T02:00:00.000Z',
};

export const profileSummaryExample = {
  name: 'securities',
  title: 'Securities firms',
  in_force: '2026-01-01',
  versions: ['2026-01-01'],
};

export const profileExample = {
  ...profileSummaryExample,
  version: '2026-01-01',
  credit_system: 'practitioner_registration' as const,
  gates: [
    {
      code: 'open_dispute',
      title: 'An open customer complaint or dispute is not settled',
      clears: 'A settlement agreement, a court decision, or a withdrawn complaint',
      owner: { code: 'compliance', title: 'Compliance' },
      raised_by: 'dispute' as const,
      kinds: null,
      within_days: null,
      items: [],
      documents: {
        need: 'any' as const,
        kinds: [{ code: 'settlement_agreement', title: 'Settlement agreement' }],
      },
      holds: 'notice_end' as const,
    },
  ],
  filings: [
    {
      kind: 'labor_filing' as const,
      after: [],
      clocks: [
        {
          clock: 'labor_filing',
          title: 'Labour filing of the exit',
          basis: 'Employment Service and Employment Management Regulations §62',
          length: 15,
          unit: 'calendar' as const,
          region: '',
        },
      ],
    },
  ],
  reasons: [
    {
      code: 'resignation' as const,
      title: 'Resignation on notice',
      law: 'Labour Contract Law §37',
      involuntary: 'no' as const,
      severance: 'no' as const,
      codes: [{ kind: 'labor_filing' as const, version: '1', code: '6313' }],
    },
  ],
  risk: {
    weights: [{ code: 'violation' as const, points: 20, most: 70, yuan_per_point: 10_000 }],
    decay: [{ days: 365, percent: 60 }],
    thresholds: { elevated: 30, high: 60 },
  },
};
