// Which serial and which employment has led to which filing.
import { createHash } from 'node:crypto';
import type { Room } from '../kernel/agency.ts';
import type { Filing } from './filings.ts';
import type { LaborMessage } from './message.ts';

export const serials = (room: Room) => room.store.table<{ receipt: string; hash: string }>('labor.serials');

/** Per employment, the receipt of the newest filing. */
export const newest = (room: Room) => room.store.table<{ receipt: string }>('labor.newest');

/** Content, not bytes: white space and namespace prefixes are the client's business. */
export const hashOf = ({ operation, fields, supplements }: LaborMessage): string =>
  createHash('sha256')
    .update(JSON.stringify([operation, Object.entries(fields).sort(), supplements]))
    .digest('hex');

export function remember(message: LaborMessage, room: Room, receipt: string): void {
  serials(room).put(`${message.uscc}|${message.fields.BAE941}`, { receipt, hash: hashOf(message) });
}

/** As if the filing had never come: its serials may be used again. */
export function forget(room: Room, filing: Filing): void {
  for (const serial of filing.serials) serials(room).delete(`${filing.uscc}|${serial}`);
  newest(room).delete(`${filing.uscc}/${filing.idNumber}`);
}
