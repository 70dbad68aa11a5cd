// A registration change as a row: its states, its tables, and what is told of it.
import { type Membership, type Plan, Refusal, type Room } from '../kernel/agency.ts';
import type { Practitioner } from './queries.ts';

export type State =
  | 'received'
  | 'in_review'
  | 'correction_requested'
  | 'concluded'
  | 'rejected'
  | 'withdrawn';

/** As the contract has it, after validation. */
export interface Content {
  readonly serial: string;
  readonly unit_uscc: string;
  readonly practitioner: Practitioner;
  readonly effective_date: string;
  readonly reason: string;
}

export interface Case {
  readonly receipt: string;
  readonly unit: string;
  /** Serials of the submission and its amendments, oldest first. */
  readonly serials: readonly string[];
  readonly content: Content;
  readonly state: State;
  readonly plan: Plan;
  /** Counts submission and amendments: a timer of an older round is void. */
  readonly round: number;
  readonly submittedAt: string;
  readonly updatedAt: string;
  readonly code?: string;
  readonly message?: string;
  readonly correction?: { readonly field: string; readonly reason: string; readonly due: string };
  /** What the registration was before it was cancelled; an annulment restores it. */
  readonly before?: Membership['registration'];
  /** The agency no longer knows it. */
  readonly lost?: boolean;
}

export const table = (room: Room) => room.store.table<Case>('credit.cases');
/** Every serial ever taken: which case it belongs to, and what "the same content" is. */
export const serials = (room: Room) => room.store.table<{ receipt: string; hash: string }>('credit.serials');
export const conflict = (code: string, message: string) => new Refusal(code, message, { status: 409 });

export function stateOf(found: Case): Record<string, unknown> {
  const { serials, receipt, state, code, message, correction } = found;
  return {
    serial: serials[0],
    revision: serials.at(-1),
    receipt,
    state,
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
    ...(correction && { correction }),
  };
}

/** Stores it, and lets the unit know. */
export function save(found: Case, room: Room): Case {
  table(room).put(found.receipt, found);
  room.notify(found.unit, found.receipt);
  return found;
}

export const newCase = (room: Room, given: Pick<Case, 'receipt' | 'unit' | 'content' | 'plan'>): Case => ({
  ...given,
  serials: [given.content.serial],
  state: 'received',
  round: 1,
  submittedAt: room.now().toISOString(),
  updatedAt: room.now().toISOString(),
});
