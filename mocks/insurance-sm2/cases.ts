// A change as a row: its states, its tables, and what is told of it.
import { type Plan, Refusal, type Room } from '../kernel/agency.ts';
import { OPEN } from '../kernel/review.ts';
import type { ItemResult } from './items.ts';
import { DEFAULT_FORM, type Form } from './sm2.ts';

export type State = 'received' | 'in_review' | 'correction_requested' | 'finished' | 'rejected' | 'withdrawn';

/** Code of the state, as the contract has it. */
export const STATE: Readonly<Record<State, string>> = {
  received: '10',
  in_review: '20',
  correction_requested: '30',
  finished: '40',
  rejected: '50',
  withdrawn: '60',
};

export interface Named {
  readonly id_type: string;
  readonly id_number: string;
  readonly name: string;
}

/** As the contract has it, after validation. */
export interface Content {
  readonly serial: string;
  readonly unit_no: string;
  readonly business: '10' | '20';
  readonly person: Named;
  readonly post?: string;
  readonly reason: string;
  readonly exit_date: string;
  readonly end_month: string;
  readonly target_region?: string;
  readonly items: readonly { readonly insurance: string }[];
  readonly materials?: readonly { readonly kind: string; readonly title: string; readonly text: string }[];
}

export interface Case {
  readonly receipt: string;
  readonly unit: string;
  /** Of the submission and its amendments, oldest first; none: made at the counter. */
  readonly serials: readonly string[];
  readonly content: Content;
  readonly state: State;
  readonly plan: Plan;
  /** Counts submission and amendments: a timer of an older round is void. */
  readonly round: number;
  /** Counts what the unit is told. */
  readonly told: number;
  /** In which the unit signs, and is answered. */
  readonly form: Form;
  readonly submittedAt: string;
  readonly updatedAt: string;
  readonly code?: string;
  readonly message?: string;
  readonly correction?: { readonly field: string; readonly reason: string; readonly due: string };
  /** With finished: one for each item. */
  readonly results?: readonly ItemResult[];
  /** The agency no longer knows it. */
  readonly lost?: boolean;
}

/** Seconds: callbacks are the way, so nobody should ask often. */
export const ASK_AFTER = 21_600;

export const table = (room: Room) => room.store.table<Case>('insurance-sm2.cases');
/** Every serial ever taken: which case it belongs to, and what "the same content" is. */
export const serials = (room: Room) =>
  room.store.table<{ receipt: string; hash: string }>('insurance-sm2.serials');
export const refused = (code: string, message: string) => new Refusal(code, message, { status: 200 });

export function find(unit: string, serial: string, room: Room): Case | undefined {
  const receipt = serials(room).get(`${unit} ${serial}`)?.receipt;
  const found = receipt === undefined ? undefined : table(room).get(receipt);
  return found?.lost ? undefined : found;
}

/** Stores it, and lets the unit know. */
export function save(found: Case, room: Room): Case {
  const row = { ...found, told: found.told + 1, updatedAt: room.now().toISOString() };
  table(room).put(row.receipt, row);
  room.notify(row.unit, row.receipt);
  return row;
}

export const newCase = (room: Room, given: Pick<Case, 'receipt' | 'unit' | 'content' | 'plan'>): Case => ({
  ...given,
  serials: [given.content.serial],
  state: 'received',
  round: 1,
  told: 0,
  form: DEFAULT_FORM,
  submittedAt: room.now().toISOString(),
  updatedAt: room.now().toISOString(),
});

export const receiptData = ({ receipt, state }: Case) => ({
  receipt,
  state: STATE[state],
  ask_after: OPEN.includes(state) ? ASK_AFTER : 0,
});

export const stateData = (found: Case): Record<string, unknown> => ({
  serial: found.serials[0],
  revision: found.serials.at(-1),
  business: found.content.business,
  ...receiptData(found),
  ...(found.code !== undefined && { code: found.code }),
  ...(found.message !== undefined && { message: found.message }),
  ...(found.correction && { correction: found.correction }),
  ...(found.results && {
    results: found.results.map(({ insurance, code, message }) => ({ insurance, code, message })),
  }),
});
