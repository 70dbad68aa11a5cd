/** What is said beside a success. */
import type { Words } from '../language.ts';

/** Said beside a success: nothing is refused, somebody should look. */
export const WARNINGS = {
  notice_short: {
    en: 'The notice is {given} day(s), the statute asks for {needed} (Labour Contract Law §37): the earliest exit date is {earliest}. A shorter notice needs the employer’s agreement in writing: keep it with the file.',
    zh: '提前通知 {given} 天，法定为 {needed} 天（《劳动合同法》第三十七条），最早离职日期为 {earliest}。缩短通知期须经用人单位书面同意，请留存协议。',
  },
  exit_date_far: {
    en: 'The exit date {exit_date} is {days} days ahead, and filings go out as soon as no gate holds them. Check the year, or post the exit nearer to its date.',
    zh: '离职日期 {exit_date} 距今还有 {days} 天，而一旦没有关口拦截即开始申报。请核对年份，或临近离职日期再提交。',
  },
  attendance_after_exit: {
    en: 'The last day of attendance, {last_attendance_date}, lies after the exit date {exit_date}. Check both dates.',
    zh: '最后出勤日期 {last_attendance_date} 晚于离职日期 {exit_date}，请核对这两个日期。',
  },
  insurance_end_month_far: {
    en: 'Insurance ends in {insurance_end_month}, more than a month away from the exit date {exit_date}. Check the month.',
    zh: '社保截止月份 {insurance_end_month} 与离职日期 {exit_date} 相差超过一个月，请核对月份。',
  },
  notice_before_contract: {
    en: 'The notice of {notice_date} lies before the contract began on {start}. Check both dates.',
    zh: '通知日期 {notice_date} 早于合同开始日期 {start}，请核对这两个日期。',
  },
  resident_id_region_unknown: {
    en: 'The resident ID number begins with a region that is not known. Regions are abolished over time: check the number against the card.',
    zh: '居民身份证号码的地区代码未知。行政区划会撤并，请对照证件核对号码。',
  },
} as const satisfies Record<string, Words>;
