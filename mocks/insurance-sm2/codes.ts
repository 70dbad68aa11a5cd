// The agency's code tables, each with its version. A unit's operator may live under a newer one than its software knows.
import { type Insurance, Refusal, type Room } from '../kernel/agency.ts';

/** XZ: this city's order, which is not that of AAE140. */
export const INSURANCES: Readonly<Record<string, { readonly text: string; readonly roll: Insurance }>> = {
  '01': { text: '企业职工基本养老保险', roll: '110' },
  '02': { text: '职工基本医疗保险', roll: '310' },
  '03': { text: '失业保险', roll: '210' },
  '04': { text: '工伤保险', roll: '410' },
  '05': { text: '生育保险', roll: '510' },
};

/** TBYY: reasons of a stop. */
const REASONS: Readonly<Record<string, string>> = {
  '210': '退休',
  '211': '死亡',
  '221': '终止、解除劳动合同',
  '222': '本人辞职',
  '223': '单位辞退',
  '241': '集团内调动',
};

const VERSION = '2026.1';
const NEXT = '2026.2';

/** Reasons that the newest version no longer has, by unit. */
const retired = (room: Room) => room.store.table<{ code: string }>('insurance-sm2.retired');

export const retireReason = (unit: string, code: string, room: Room): void =>
  retired(room).put(unit, { code });

export function reasonsOf(
  unit: string,
  room: Room,
): { version: string; entries: Readonly<Record<string, string>> } {
  const gone = retired(room).get(unit)?.code;
  const entries = Object.fromEntries(Object.entries(REASONS).filter(([code]) => code !== gone));
  return { version: gone === undefined ? VERSION : NEXT, entries };
}

/** Throws Refusal CODE_UNKNOWN. */
export function requireCodes(unit: string, reason: string, insurances: readonly string[], room: Room): void {
  const { version, entries } = reasonsOf(unit, room);
  const unknown = (table: string, code: string, of: string) =>
    new Refusal('CODE_UNKNOWN', `Table ${table} ${of} has no code ${code}`);
  if (!Object.hasOwn(entries, reason)) throw unknown('TBYY', reason, version);
  const strange = insurances.find((code) => !Object.hasOwn(INSURANCES, code));
  if (strange !== undefined) throw unknown('XZ', strange, VERSION);
}

const list = (entries: Readonly<Record<string, string>>) =>
  Object.entries(entries).map(([code, text]) => ({ code, text }));

export function tables(unit: string, room: Room): Record<string, unknown>[] {
  const { version, entries } = reasonsOf(unit, room);
  const insurances = Object.fromEntries(Object.entries(INSURANCES).map(([code, { text }]) => [code, text]));
  return [
    { name: 'XZ', version: VERSION, entries: list(insurances) },
    { name: 'TBYY', version, entries: list(entries) },
  ];
}
