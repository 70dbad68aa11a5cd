/** Faults of a value's form: missing, of another type, too long, not readable as what it should be. */
import type { Words } from '../language.ts';

export const FORM_FAULTS = {
  required: { en: 'This field is missing. Give {expected}.', zh: '缺少该字段，请提供{expected}。' },
  type_wrong: { en: 'Give {expected} here.', zh: '此处的类型应为{expected}。' },
  field_unknown: {
    en: 'There is no field “{name}” here. Did you mean “{nearest}”?',
    zh: '此处没有名为“{name}”的字段，是否应为“{nearest}”？',
  },
  field_unknown_known: {
    en: 'There is no field “{name}” here. Known are: {known}.',
    zh: '此处没有名为“{name}”的字段，可用的字段有：{known}。',
  },
  value_unknown: { en: 'Use one of: {values}.', zh: '请使用下列值之一：{values}。' },
  text_empty: {
    en: 'Give at least {minimum} character(s), or leave the field out if it is optional.',
    zh: '至少需要 {minimum} 个字符；若为选填字段可不传。',
  },
  text_too_long: { en: 'Shorten this to {maximum} characters.', zh: '请缩短至 {maximum} 个字符以内。' },
  text_characters: {
    en: 'Remove control characters, noncharacters (like U+FFFF) and broken Unicode from this text.',
    zh: '请去除文本中的控制字符、非字符码位（如 U+FFFF）和残缺的 Unicode 字符。',
  },
  text_unseen: {
    en: 'Remove the characters that cannot be seen (zero width, direction marks, line separators): this is one line.',
    zh: '该字段为单行文本，请去除其中的不可见字符（零宽字符、方向控制符、行分隔符）。',
  },
  name_letters: {
    en: 'Give a name with at least one letter or Chinese character.',
    zh: '名称中至少应有一个汉字或字母。',
  },
  list_too_short: { en: 'Give at least {minimum} item(s).', zh: '至少需要 {minimum} 项。' },
  list_too_long: { en: 'Give at most {maximum} item(s).', zh: '最多 {maximum} 项。' },
  number_too_small: { en: 'Give a number of at least {minimum}.', zh: '数值不得小于 {minimum}。' },
  number_too_large: { en: 'Give a number of at most {maximum}.', zh: '数值不得大于 {maximum}。' },
  value_invalid: { en: 'This value is not valid here.', zh: '该值在此处无效。' },
  duration_invalid: {
    en: 'Give a duration of weeks, days, hours, minutes and seconds, as P15D or PT48H (ISO 8601).',
    zh: '请填写由周、日、时、分、秒组成的时长，例如 P15D 或 PT48H（ISO 8601）。',
  },
  instant_or_jump: {
    en: 'Give an instant in UTC, as 2026-11-25T16:00:00Z, or one of: {jumps}.',
    zh: '请填写 UTC 时刻（例如 2026-11-25T16:00:00Z），或下列值之一：{jumps}。',
  },
  date_invalid: {
    en: 'Give a date that exists, written YYYY-MM-DD.',
    zh: '请填写真实存在的日期，格式为 YYYY-MM-DD。',
  },
  date_out_of_range: {
    en: 'Give a date from 1900-01-01 to 2199-12-31: check the year.',
    zh: '日期应在 1900-01-01 至 2199-12-31 之间，请核对年份。',
  },
  instant_invalid: {
    en: 'Give a time with its offset, like 2026-11-25T22:00:00+08:00 or 2026-11-25T14:00:00Z.',
    zh: '请填写带时区的时间，例如 2026-11-25T22:00:00+08:00 或 2026-11-25T14:00:00Z。',
  },
  month_out_of_range: {
    en: 'Give a month from 1900-01 to 2199-12: check the year.',
    zh: '月份应在 1900-01 至 2199-12 之间，请核对年份。',
  },
  month_invalid: { en: 'Give a month, written YYYY-MM.', zh: '请填写月份，格式为 YYYY-MM。' },
  money_invalid: {
    en: 'Give yuan with two decimals as text, like "200000.00".',
    zh: '请以文本填写金额（元，保留两位小数），例如 "200000.00"。',
  },
  sha256_invalid: {
    en: 'Give the SHA-256 as 64 hexadecimal digits.',
    zh: '请以 64 位十六进制数字填写 SHA-256 摘要。',
  },
  url_invalid: {
    en: 'Give an absolute http or https URL without user name and password.',
    zh: '请填写完整的 http 或 https 地址，且不得包含用户名和密码。',
  },
  url_fragment: {
    en: 'Leave out “#” and what follows it: a fragment is never sent.',
    zh: '请去掉“#”及其后的内容：片段标识不会随请求发送。',
  },
  endpoint_url_refused: {
    en: 'Webhooks are not sent to this address: {reason}.',
    zh: '不向该地址发送回调：{reason}。',
  },
  connection_fixed: {
    en: 'This cannot be changed: filings were planned by it. Make a new connection, and delete this one if it is not needed.',
    zh: '该项不可修改：已有申报按此安排。请新建连接；原连接如不再需要，可将其删除。',
  },
  setting_invalid: {
    en: 'The adapter does not take this setting: {reason}.',
    zh: '适配器不接受该设置：{reason}。',
  },
} as const satisfies Record<string, Words>;
