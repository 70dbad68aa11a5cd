/** What somebody should look at in an exit that is taken all the same. */
import { addDays, daysBetween } from '../domain/dates.ts';
import { isRegion } from '../domain/regions.ts';
import type { ExitReason } from '../domain/words.ts';
import { WARNINGS, type Warning } from '../faults.ts';
import { fill, type Language } from '../language.ts';
import type { ExitDraft } from './exit-draft.ts';

/** Days of notice (Labour Contract Law §37). A shorter notice is possible by agreement. */
const NOTICE_DAYS: Partial<Record<ExitReason, number>> = { resignation: 30, resignation_in_probation: 3 };

export function warningsOf(draft: ExitDraft): Warning[] {
  const { reason, notice_date, exit_date, employee } = draft;
  const warnings: Warning[] = [];
  const needed = NOTICE_DAYS[reason];
  const given = daysBetween(notice_date, exit_date);
  if (needed !== undefined && given < needed)
    warnings.push({
      code: 'notice_short',
      pointer: '/exit_date',
      slots: { given, needed, earliest: addDays(notice_date, needed) },
    });
  if (employee.id_type === 'resident_id' && !isRegion(employee.id_number.slice(0, 6)))
    warnings.push({ code: 'resident_id_region_unknown', pointer: '/employee/id_number', slots: {} });
  return warnings;
}

export const presentWarnings = (warnings: readonly Warning[], language: Language) =>
  warnings.map(({ code, pointer, slots }) => ({
    code,
    pointer,
    detail: fill(WARNINGS[code][language], slots, language),
  }));
