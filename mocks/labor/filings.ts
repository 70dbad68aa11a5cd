// The filing as a row, and as the desk shows it. Rows are replaced, never changed.
import type { CaseView, Decision, Membership, Plan, Room, Table } from '../kernel/agency.ts';
import { personLine } from '../kernel/identifiers.ts';
import type { LaborMessage, Supplement } from './message.ts';

/** SAA043. */
export type State = '1' | '2' | '3' | '4' | '5' | '6';

export interface Filing {
  readonly receipt: string;
  readonly uscc: string;
  readonly idNumber: string;
  /** Newest revision's serial. */
  readonly serial: string;
  readonly serials: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
  readonly supplements: readonly Supplement[];
  readonly state: State;
  /** TAA103. */
  readonly conclusion: '0' | '1' | '2';
  readonly withdrawn: boolean;
  readonly submittedAt: string;
  readonly updatedAt: string;
  readonly concludedAt?: string;
  readonly reason?: { readonly code: string; readonly message: string };
  readonly correction?: {
    readonly code: string;
    readonly field: string;
    readonly reason: string;
    readonly due: string;
  };
  /** What the employment was before it passed; an annulment restores it. */
  readonly ended?: Membership['employment'];
  /** The agency no longer knows it. */
  readonly lost?: boolean;
  readonly plan: Plan;
  /** Counts what makes timers stale: a timer of an older round does nothing. */
  readonly round: number;
}

export const NAMES: Readonly<Record<State, string>> = {
  1: 'drafted',
  2: 'submitted',
  3: 'pre_check',
  4: 'accepted_for_review',
  5: 'in_review',
  6: 'concluded',
};

export const filings = (room: Room): Table<Filing> => room.store.table<Filing>('labor.filings');

/** Open: somebody at the agency still has to do something, or the employer has to. */
export const isOpen = ({ state, withdrawn, lost }: Filing): boolean => !withdrawn && !lost && state !== '6';

export function save(room: Room, filing: Filing): Filing {
  const row = { ...filing, updatedAt: room.now().toISOString() };
  filings(room).put(row.receipt, row);
  return row;
}

export const newFiling = (room: Room, message: LaborMessage, receipt: string): Filing => ({
  receipt,
  uscc: message.uscc,
  idNumber: message.fields.AAC002 ?? '',
  serial: message.fields.BAE941 ?? '',
  serials: [message.fields.BAE941 ?? ''],
  fields: message.fields,
  supplements: message.supplements,
  state: '2',
  conclusion: '0',
  withdrawn: false,
  submittedAt: room.now().toISOString(),
  updatedAt: room.now().toISOString(),
  plan: { delayMs: 0 },
  round: 0,
});

export function allowed(filing: Filing): Decision['decision'][] {
  if (filing.lost) return [];
  if (filing.state === '6' && filing.conclusion === '1') return ['annul'];
  if (!isOpen(filing)) return [];
  return filing.correction ? ['reject', 'lose'] : ['accept', 'reject', 'correction', 'hold', 'late', 'lose'];
}

export const caseView = (filing: Filing): CaseView => ({
  agency: 'labor',
  id: filing.receipt,
  serial: filing.serial,
  receipt: filing.receipt,
  operation: 'SubmitTermination',
  unit: filing.uscc,
  person: personLine([{ name: filing.fields.AAC003 ?? '', idNumber: filing.idNumber }]),
  state: filing.lost
    ? 'lost'
    : filing.withdrawn
      ? 'withdrawn'
      : filing.correction
        ? 'correction_requested'
        : NAMES[filing.state],
  submittedAt: filing.submittedAt,
  updatedAt: filing.updatedAt,
  allowed: allowed(filing),
  ...(filing.plan.scenario === undefined ? {} : { scenario: filing.plan.scenario }),
  ...(filing.plan.rule === undefined ? {} : { rule: filing.plan.rule }),
  detail: {
    SAA043: filing.state,
    TAA103: filing.conclusion,
    serials: filing.serials,
    fields: filing.fields,
    supplements: filing.supplements,
    ...(filing.reason ? { reason: filing.reason } : {}),
    ...(filing.correction ? { correction: filing.correction } : {}),
  },
});
