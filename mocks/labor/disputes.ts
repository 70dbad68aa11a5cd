// What the agency knows of disputes with employees. A filing over an open one is not passed until it brings the
// settlement, or the claim by which the dispute has gone to court or to arbitration.
import type { Decision, Room } from '../kernel/agency.ts';
import { day } from '../kernel/time.ts';
import type { Supplement } from './message.ts';

export interface Dispute {
  readonly idNumber: string;
  /** Absent: with whatever unit files. */
  readonly uscc?: string;
}

const DAYS_TO_CORRECT = 5;
const SETTLES = ['settlement', 'claim'];

const disputes = (room: Room) => room.store.table<Dispute>('labor.disputes');
const keyOf = ({ idNumber, uscc }: Dispute) => `${idNumber}/${uscc ?? '*'}`;

export const listDisputes = (room: Room): Dispute[] => disputes(room).all();

/** The agency learns of a dispute, or that it is over. */
export function setDispute({ idNumber, uscc }: Dispute, open: boolean, room: Room): void {
  const row: Dispute = { idNumber, ...(uscc === undefined ? {} : { uscc }) };
  if (open) disputes(room).put(keyOf(row), row);
  else disputes(room).delete(keyOf(row));
}

const isKnown = (idNumber: string, uscc: string, room: Room): boolean =>
  disputes(room).get(keyOf({ idNumber, uscc })) !== undefined ||
  disputes(room).get(keyOf({ idNumber })) !== undefined;

/** undefined: nothing is in the way. */
export function missingSettlement(
  filing: { readonly uscc: string; readonly idNumber: string; readonly supplements: readonly Supplement[] },
  room: Room,
): Decision | undefined {
  if (!room.keeps('labor.dispute') || !isKnown(filing.idNumber, filing.uscc, room)) return undefined;
  if (filing.supplements.some(({ kind }) => SETTLES.includes(kind))) return undefined;
  return {
    decision: 'correction',
    code: 'DISPUTE_OPEN',
    field: 'supplement',
    reason:
      'a dispute with this employee is open: attach the settlement, or the claim (仍有未结争议，请补充和解协议或仲裁、诉讼材料)',
    due: day(new Date(room.now().getTime() + DAYS_TO_CORRECT * 86_400_000)),
  };
}
