/** The list of what was handed over (工作交接清单, Labour Contract Law §50): each item, who had it, who takes it, and when it was acknowledged. */

import { settledBy } from '../domain/clearance.ts';
import { businessDate } from '../domain/dates.ts';
import type { Exit } from '../domain/exit.ts';
import type { ExitSecret } from '../domain/exit-secret.ts';
import type { ExitFacts, Person } from '../domain/facts.ts';
import type { BusinessDate } from '../domain/words.ts';
import { dateWords, type Sheet } from './sheet.ts';

export interface HandoverItem {
  readonly item: string;
  /** Who hands it over: a person or a department. */
  readonly owner: string;
  readonly receiver: string;
  readonly acknowledgedAt?: Date;
}

export interface HandoverData {
  readonly number: string;
  readonly issuedOn: BusinessDate;
  readonly employer: { readonly name: string };
  readonly employee: { readonly name: string; readonly externalId: string };
  readonly post: string;
  readonly exitDate: BusinessDate;
  readonly items: readonly HandoverItem[];
}

export function handoverData(
  facts: ExitFacts,
  person: Person,
  { number, issuedOn, items }: Pick<HandoverData, 'number' | 'issuedOn' | 'items'>,
): HandoverData {
  return {
    number,
    issuedOn,
    employer: { name: facts.employer.name },
    employee: { name: person.name, externalId: facts.employeeExternalId },
    post: facts.post,
    exitDate: facts.exitDate,
    items,
  };
}

/**
 * The items that the exit's handover gates name, each with its department and, once it is cleared, with whoever
 * acknowledged it. @param departmentOf the Chinese name of a department's code
 */
export function handoverItemsOf(
  { gates }: Pick<Exit, 'gates'>,
  { handover, clearances }: Pick<ExitSecret, 'handover' | 'clearances'>,
  departmentOf: (code: string) => string,
): readonly HandoverItem[] {
  return gates
    .filter(({ raisedBy }) => raisedBy === 'handover')
    .map((gate): HandoverItem => {
      const named = handover.find(({ external_id }) => external_id === gate.subject);
      const acknowledged = gate.clearedAt !== undefined && gate.waived === undefined;
      const by = acknowledged ? settledBy(clearances, gate)?.actor : undefined;
      return {
        item: named?.title ?? gate.item?.zh ?? gate.subject,
        owner: departmentOf(gate.owner),
        receiver: by ?? named?.receiver ?? '—',
        ...(acknowledged ? { acknowledgedAt: gate.clearedAt } : {}),
      };
    });
}

const CST_OFFSET_MS = 8 * 3_600_000;

/** `2026-11-24 17:30`, China Standard Time. */
function minuteOf(at: Date): string {
  const clock = new Date(at.getTime() + CST_OFFSET_MS).toISOString().slice(11, 16);
  return `${businessDate(at)} ${clock}`;
}

export function handoverSheet(data: HandoverData): Sheet {
  const open = data.items.filter(({ acknowledgedAt }) => acknowledgedAt === undefined).length;
  const column = (zh: string, en: string, share: number) => ({ label: { zh, en }, share });
  return {
    title: { zh: '工作交接清单', en: 'Handover List' },
    number: data.number,
    issuedOn: data.issuedOn,
    issuer: data.employer.name,
    fields: [
      { label: { zh: '用人单位', en: 'Employer' }, value: data.employer.name },
      {
        label: { zh: '移交人', en: 'Employee' },
        value: `${data.employee.name} (${data.employee.externalId})`,
      },
      { label: { zh: '工作岗位', en: 'Post' }, value: data.post },
      { label: { zh: '离职日期', en: 'Exit date' }, value: dateWords(data.exitDate) },
    ],
    table: {
      columns: [
        column('序号', 'No.', 0.08),
        column('交接事项', 'Item', 0.38),
        column('责任方', 'Owner', 0.17),
        column('接收人', 'Receiver', 0.17),
        column('确认时间', 'Acknowledged at', 0.2),
      ],
      rows: data.items.map(({ item, owner, receiver, acknowledgedAt }, index) => [
        String(index + 1),
        item,
        owner,
        receiver,
        acknowledgedAt === undefined ? '—' : minuteOf(acknowledgedAt),
      ]),
    },
    statements: [
      {
        zh: `共${data.items.length}项，已确认${data.items.length - open}项，未确认${open}项。时间为北京时间。`,
        en: `${data.items.length} item(s), ${data.items.length - open} acknowledged, ${open} open. Times are China Standard Time.`,
      },
    ],
    places: [
      { zh: '移交人（签字）', en: 'Handed over by' },
      { zh: '接收人（签字）', en: 'Received by' },
      { zh: '监交人（签字）', en: 'Witnessed by' },
    ],
  };
}
