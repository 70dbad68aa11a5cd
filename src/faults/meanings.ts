/** Faults of what a value says: checked against registers, against other fields, against the exit. */
import type { Words } from '../language.ts';

export const MEANING_FAULTS = {
  region_unknown: {
    en: 'No province-level division has this code. Give the six digits of GB/T 2260 for where the person works, like 110000.',
    zh: '该区划代码所属省级行政区不存在。请填写工作所在地的六位 GB/T 2260 代码，例如 110000。',
  },
  region_prefix_unknown: {
    en: 'Give the first 2, 4 or 6 digits of a GB/T 2260 code whose province exists, or leave the field out for any region.',
    zh: '请填写省份存在的 GB/T 2260 代码的前 2、4 或 6 位；不限地区时可不传该字段。',
  },
  area_unknown: {
    en: 'Give the first 2, 4 or 6 digits of a GB/T 2260 code whose province exists.',
    zh: '请填写省份存在的 GB/T 2260 代码的前 2、4 或 6 位。',
  },
  window_closes_first: {
    en: 'The window closes on day {closes}, before it opens on day {opens}. A window lies within one month: correct one of the two.',
    zh: '窗口期截止日（{closes} 日）早于开始日（{opens} 日）。窗口期应在同一个月内，请更正其中之一。',
  },
  maintenance_end_before_start: {
    en: 'The maintenance ends at {ends_at}, not after its start at {starts_at}. Correct one of the two.',
    zh: '维护结束时间 {ends_at} 不晚于开始时间 {starts_at}，请更正其中之一。',
  },
  maintenance_over: {
    en: 'This maintenance ended at {ends_at}; it is {now} now. Enter what is still to come or under way.',
    zh: '该维护已于 {ends_at} 结束，当前时间为 {now}。请登记尚未结束的维护。',
  },
  maintenance_too_long: {
    en: 'From {starts_at} to {ends_at} is more than a year. Check the year, or enter it in parts.',
    zh: '{starts_at} 至 {ends_at} 超过一年，请核对年份，或分段登记。',
  },
  profile_unknown: {
    en: 'There is no such profile. Known are: {values}.',
    zh: '没有该行业配置，可用的有：{values}。',
  },
  code_invalid: {
    en: 'Give a code of lower-case letters, digits and “_” that begins with a letter.',
    zh: '请填写以字母开头的代码，仅可使用小写字母、数字和下划线。',
  },
  words_not_english: {
    en: 'Write this in English, without Chinese characters.',
    zh: '此处请用英文填写，不含汉字。',
  },
  words_not_chinese: { en: 'Write this in Chinese.', zh: '此处请用中文填写。' },
  value_repeated: { en: '“{value}” is listed twice.', zh: '“{value}”重复出现。' },
  gate_items_needed: {
    en: 'A gate that is raised by “always” needs items: say what it consists of.',
    zh: '由 always 触发的关口必须列明事项（items）。',
  },
  gate_items_not_taken: {
    en: 'What {raised_by} raises is named by the exit or by signals: only “handover” and “always” have items.',
    zh: '由 {raised_by} 触发的事项来自离职单或信号，只有 handover 和 always 可以列明事项。',
  },
  gate_kinds_not_taken: {
    en: '“always” has no kinds: leave them out.',
    zh: 'always 没有类别之分，请去掉该字段。',
  },
  gate_within_days_not_taken: {
    en: 'Only signals grow old: leave this out.',
    zh: '只有信号会因时间久远而不再计入，请去掉该字段。',
  },
  adapter_unknown: {
    en: 'There is no such adapter. Known are: {values}.',
    zh: '没有该适配器，可用的有：{values}。',
  },
  kind_not_served: {
    en: 'The adapter {adapter} does not serve {kind}. It serves: {kinds}.',
    zh: '适配器 {adapter} 不办理 {kind}，可办理：{kinds}。',
  },
  region_not_served: {
    en: 'The adapter {adapter} does not serve this region. It serves: {regions}.',
    zh: '适配器 {adapter} 不办理该地区业务，可办理地区：{regions}。',
  },
  uscc_length: {
    en: 'A unified social credit code has 18 characters.',
    zh: '统一社会信用代码应为 18 位。',
  },
  uscc_characters: {
    en: 'A unified social credit code uses digits and capital letters without I, O, S, V and Z. Look for an O in place of a 0, or an I in place of a 1.',
    zh: '统一社会信用代码由数字和大写字母组成，不含 I、O、S、V、Z；请检查是否将 0 写成 O，或将 1 写成 I。',
  },
  uscc_check_digit: {
    en: 'The last character of the unified social credit code does not fit the others (GB 32100): one of them is mistyped.',
    zh: '统一社会信用代码末位校验码不符（GB 32100），请核对是否有误。',
  },
  uscc_organisation_check_digit: {
    en: 'The organisation code inside (characters 9 to 17) fails its own check digit (GB 11714): one of these is mistyped.',
    zh: '统一社会信用代码中的主体标识码（第 9 至 17 位）校验码不符（GB 11714），请核对这几位。',
  },
  resident_id_length: { en: 'A resident ID number has 18 characters.', zh: '居民身份证号码应为 18 位。' },
  resident_id_characters: {
    en: 'A resident ID number has 17 digits and then a digit or X.',
    zh: '居民身份证号码前 17 位为数字，末位为数字或 X。',
  },
  resident_id_birth_date: {
    en: 'Characters 7 to 14 of the resident ID number are not a date of birth that exists.',
    zh: '居民身份证号码第 7 至 14 位不是真实存在的出生日期。',
  },
  resident_id_check_digit: {
    en: 'The last character of the resident ID number does not fit the others (GB 11643): one of them is mistyped.',
    zh: '居民身份证号码末位校验码不符（GB 11643），请核对是否有误。',
  },
  hmt_permit_invalid: {
    en: 'Give a travel permit (H or M and 8 or 10 digits; 8 or 10 digits for Taiwan) or an 18-character residence permit that begins with 81, 82 or 83.',
    zh: '请填写来往内地（大陆）通行证号码（H 或 M 加 8 或 10 位数字；台湾居民为 8 或 10 位数字），或以 81、82、83 开头的 18 位居住证号码。',
  },
  passport_invalid: {
    en: 'Give the passport number as 5 to 12 letters and digits, without spaces.',
    zh: '请填写护照号码：5 至 12 位字母和数字，不含空格。',
  },
  signal_private: {
    en: 'Nothing is taken from private life: social media, private messages, whereabouts, health and the like are not necessary for managing an employment (PIPL §6, §13, §28). Report what the firm found in its own work, as one of: {values}.',
    zh: '不接收来自私人生活的信息：社交媒体、私人通信、行踪、健康等并非管理劳动关系所必需（《个人信息保护法》第六条、第十三条、第二十八条）。请仅报告本单位在工作中发现的事实，可用的值：{values}。',
  },
  date_in_future: {
    en: 'The day {date} has not come: today is {today} (China Standard Time).',
    zh: '日期 {date} 尚未到来，今天是 {today}（北京时间）。',
  },
  phone_invalid: {
    en: 'Give a phone number of 5 to 20 digits; +, - and spaces may stand between.',
    zh: '请填写 5 至 20 位数字的电话号码，可含 +、- 和空格。',
  },
  exit_before_notice: {
    en: 'The exit date {exit_date} lies before the notice of {notice_date}. Correct one of the two.',
    zh: '离职日期 {exit_date} 早于通知日期 {notice_date}，请更正其中之一。',
  },
  exit_before_contract: {
    en: 'The exit date {exit_date} lies before the contract began on {start}. Correct one of the two.',
    zh: '离职日期 {exit_date} 早于合同开始日期 {start}，请更正其中之一。',
  },
  contract_end_before_start: {
    en: 'The contract ends on {end}, before its start on {start}. Correct one of the two.',
    zh: '合同终止日期 {end} 早于开始日期 {start}，请更正其中之一。',
  },
  contract_end_missing: {
    en: 'A fixed-term contract has an end. Give it, or change the type.',
    zh: '固定期限合同必须填写终止日期；请补充，或更改合同类型。',
  },
  dispute_repeated: {
    en: 'Another dispute of this exit has the same external_id. Give each its own.',
    zh: '本次离职已有另一条纠纷使用相同的 external_id，请分别编号。',
  },
  note_needed: {
    en: 'Say why: a gate is waived by somebody who answers for it.',
    zh: '请说明理由：豁免关口须有人负责。',
  },
  receipt_needed: {
    en: 'Give the agency’s number: what was filed has one.',
    zh: '请填写经办机构的回执编号：已申报的事项均有回执。',
  },
  reason_not_of_profile: {
    en: 'Profile {profile} takes these reasons: {reasons}.',
    zh: '行业配置 {profile} 可用的离职原因为：{reasons}。',
  },
  handover_empty: {
    en: 'The exit names nothing to hand over: give the items of the list here.',
    zh: '该离职单没有需要交接的事项，请在此列出交接清单的各项。',
  },
  item_repeated: {
    en: 'Name each item once: this external_id stands above already.',
    zh: '每项只列一次：该 external_id 在前面已出现。',
  },
  amended_nothing: { en: 'Name at least one field that is to change.', zh: '请至少提供一个需要变更的字段。' },
  documents_needed_any: {
    en: 'Name a document whose kind is one of: {kinds}.',
    zh: '请提供一份文件，其 kind 为下列之一：{kinds}。',
  },
  documents_needed_all: {
    en: 'Name a document of each of these kinds: {kinds}.',
    zh: '请为下列每一种 kind 提供一份文件：{kinds}。',
  },
  claim_missing: {
    en: 'Reserve a claim for each open dispute; none names: {disputes}.',
    zh: '每项未处理的纠纷都须保留权利主张，尚缺：{disputes}。',
  },
  claim_dispute_unknown: {
    en: 'The exit has no dispute {dispute}.',
    zh: '该离职单没有编号为 {dispute} 的纠纷。',
  },
  base64_invalid: {
    en: 'Give the bytes in base64 (RFC 4648 §4), with its padding.',
    zh: '请以标准 base64（RFC 4648 第 4 节，含填充字符）提供内容。',
  },
  content_not_of_type: {
    en: 'These bytes do not begin like {media_type}. Name the type that they are of.',
    zh: '内容的开头与 {media_type} 不符，请填写与内容相符的类型。',
  },
  delivered_in_future: {
    en: 'A delivery is recorded once it has taken place: it is {now} now.',
    zh: '送达发生之后方可登记，当前时间为 {now}。',
  },
  service_start_late: {
    en: 'Service in the unit began on {start} at the latest, when the contract did. Give that day or an earlier one.',
    zh: '在本单位工作至迟始于合同开始日期 {start}，请填写该日或更早的日期。',
  },
  acknowledged_in_future: {
    en: 'An item is acknowledged once it has been received: it is {now} now.',
    zh: '接收之后方可确认，当前时间为 {now}。',
  },
  clock_move_missing: {
    en: 'Say where time goes: “by” a duration, “to” an instant, or whether it stands (“frozen”).',
    zh: '请说明时间如何变化：by（时长）、to（时刻）或 frozen（是否停住）。',
  },
  clock_move_twice: {
    en: 'Give “by” or “to”, not both.',
    zh: 'by 与 to 只能填写一个。',
  },
  time_too_far: {
    en: 'Test time goes to {most} at most, five years ahead of real time.',
    zh: '测试时间最多可到 {most}，即真实时间之后五年。',
  },
  period_reversed: {
    en: 'The period ends on {to}, before it begins on {from}.',
    zh: '期间的结束日期 {to} 早于开始日期 {from}。',
  },
  period_too_long: {
    en: 'A period has {most} days at most; this one has {days}.',
    zh: '期间最长 {most} 天，所填期间为 {days} 天。',
  },
  connection_missing: {
    en: 'No connection files {kind} for employer {employer} in region {region}. Create one with POST /v1/connections.',
    zh: '没有可为用人单位 {employer}（地区 {region}）办理 {kind} 的连接。请通过 POST /v1/connections 创建。',
  },
} as const satisfies Record<string, Words>;
