/** What somebody should look at in an exit that is taken all the same. */
import { addDays, businessDate, daysBetween } from '../domain/dates.ts';
import { isRegion } from '../domain/regions.ts';
import type { ExitReason } from '../domain/words.ts';
import { WARNINGS, type Warning } from '../faults.ts';
import { fill, type Language } from '../language.ts';
import type { ExitDraft } from './exit-draft.ts';

/** Days of notice (Labour Contract Law §37). A shorter notice is possible by agreement. */
const NOTICE_DAYS: Partial<Record<ExitReason, number>> = { resignation: 30, resignation_in_probation: 3 };

/** An exit is filed as soon as nothing holds it, however far ahead its date lies. */
const FAR_DAYS = 60;

export function warningsOf(draft: ExitDraft, now: Date): Warning[] {
  const { reason, notice_date, exit_date, last_attendance_date, insurance_end_month, employee } = draft;
  const { start } = employee.contract;
  const warnings: Warning[] = [];
  const needed = NOTICE_DAYS[reason];
  const given = daysBetween(notice_date, exit_date);
  if (needed !== undefined && given < needed)
    warnings.push({
      code: 'notice_short',
      pointer: '/exit_date',
      slots: { given, needed, earliest: addDays(notice_date, needed) },
    });
  const ahead = daysBetween(businessDate(now), exit_date);
  if (ahead > FAR_DAYS)
    warnings.push({ code: 'exit_date_far', pointer: '/exit_date', slots: { exit_date, days: ahead } });
  if (notice_date < start)
    warnings.push({
      code: 'notice_before_contract',
      pointer: '/notice_date',
      slots: { notice_date, start },
    });
  if (last_attendance_date !== undefined && last_attendance_date > exit_date)
    warnings.push({
      code: 'attendance_after_exit',
      pointer: '/last_attendance_date',
      slots: { last_attendance_date, exit_date },
    });
  if (insurance_end_month !== undefined && Math.abs(monthsBetween(exit_date, insurance_end_month)) > 1)
    warnings.push({
      code: 'insurance_end_month_far',
      pointer: '/insurance_end_month',
      slots: { insurance_end_month, exit_date },
    });
  if (employee.id_type === 'resident_id' && !isRegion(employee.id_number.slice(0, 6)))
    warnings.push({ code: 'resident_id_region_unknown', pointer: '/employee/id_number', slots: {} });
  return warnings;
}

/** Between the months of two dates, or of two months. */
function monthsBetween(from: string, to: string): number {
  const count = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
  return count(to) - count(from);
}

export const presentWarnings = (warnings: readonly Warning[], language: Language) =>
  warnings.map(({ code, pointer, slots }) => ({
    code,
    pointer,
    detail: fill(WARNINGS[code][language], slots, language),
  }));
