/**
 * The catalogue of problems: every refusal the API can answer, as RFC 9457 `application/problem+json`, in English and
 * Chinese. Codes are public: one that is retired is never used again. What is wrong with one field is in faults.ts.
 */
import type { Fault } from './faults.ts';
import type { Slot, SlotNames } from './language.ts';

interface Entry {
  readonly status: number;
  /** Title and detail. */
  readonly en: readonly [string, string];
  readonly zh: readonly [string, string];
  /** Somebody of ours should look: logged as an error. */
  readonly wakesSomebody?: boolean;
}

export const PROBLEMS = {
  body_missing: {
    status: 400,
    en: ['The body is missing', 'Send a JSON object as the body of this request.'],
    zh: ['缺少请求体', '请在请求体中发送一个 JSON 对象。'],
  },
  body_unreadable: {
    status: 400,
    en: [
      'The body cannot be read',
      'The body ended early, or is not what its Content-Encoding says. Send it again.',
    ],
    zh: ['请求体无法读取', '请求体不完整，或与其 Content-Encoding 不符，请重新发送。'],
  },
  json_malformed: {
    status: 400,
    en: ['The body is not JSON', 'The body stops being JSON in UTF-8 at line {line}, column {column}.'],
    zh: ['请求体不是 JSON', '请求体在第 {line} 行第 {column} 列处不再是 UTF-8 编码的 JSON。'],
  },
  query_invalid: {
    status: 400,
    en: ['A query parameter is not valid', '“{where}”: {first}'],
    zh: ['查询参数无效', '参数“{where}”：{first}'],
  },
  cursor_invalid: {
    status: 400,
    en: [
      'The cursor is not one of ours',
      'Pass next_cursor of an earlier answer of this list unchanged, or leave “{parameter}” out to start anew.',
    ],
    zh: ['游标无效', '请原样传入此列表之前返回的 next_cursor；如需从头开始，请不传“{parameter}”。'],
  },
  idempotency_key_missing: {
    status: 400,
    en: [
      'The Idempotency-Key is missing',
      'Send an Idempotency-Key header with every POST, a new one (such as a UUID) for each thing to be done, and the same one when you try again.',
    ],
    zh: [
      '缺少 Idempotency-Key',
      '每个 POST 请求都须带 Idempotency-Key 请求头：每件新事项使用新的值（例如 UUID），重试时使用相同的值。',
    ],
  },
  idempotency_key_malformed: {
    status: 400,
    en: [
      'The Idempotency-Key is not valid',
      'Send one Idempotency-Key, of 1 to 255 printable ASCII characters.',
    ],
    zh: ['Idempotency-Key 无效', '请只发送一个 Idempotency-Key，应为 1 至 255 个可打印的 ASCII 字符。'],
  },
  authorization_malformed: {
    status: 400,
    en: ['Authorization came more than once', 'Send the Authorization header once.'],
    zh: ['Authorization 重复', '请只发送一个 Authorization 请求头。'],
  },
  api_key_missing: {
    status: 401,
    en: [
      'The API key is missing',
      'Send “Authorization: Bearer eg_test_…” or “Authorization: Bearer eg_live_…”.',
    ],
    zh: [
      '缺少 API 密钥',
      '请发送请求头“Authorization: Bearer eg_test_…”或“Authorization: Bearer eg_live_…”。',
    ],
  },
  api_key_unknown: {
    status: 401,
    en: ['The API key is not known', 'No key is like this one. Check that all of it was copied.'],
    zh: ['API 密钥不存在', '系统中没有该密钥，请检查是否复制完整。'],
  },
  api_key_revoked: {
    status: 401,
    en: ['The API key was revoked', 'Key {hint}… was revoked on {at}. Use another, or have one made.'],
    zh: ['API 密钥已吊销', '密钥 {hint}… 已于 {at} 吊销，请使用其他密钥或重新申请。'],
  },
  api_key_expired: {
    status: 401,
    en: ['The API key has expired', 'Key {hint}… expired on {at}. Use another, or have one made.'],
    zh: ['API 密钥已过期', '密钥 {hint}… 已于 {at} 过期，请使用其他密钥或重新申请。'],
  },
  operator_key_wrong: {
    status: 401,
    en: [
      'The operator key is needed',
      'Give the operator key: as the password of any user name, or as a Bearer token.',
    ],
    zh: ['需要运维密钥', '请提供运维密钥：作为任意用户名的密码，或作为 Bearer 令牌。'],
  },
  operator_key_unset: {
    status: 403,
    en: ['The operators’ pages are closed', 'Set EXITGATE_OPERATOR_KEY and start again to open them.'],
    zh: ['运维页面未开放', '请设置 EXITGATE_OPERATOR_KEY 后重新启动。'],
  },
  operator_cross_site: {
    status: 403,
    en: ['This came from another site', 'Use the buttons of the console itself.'],
    zh: ['请求来自其他网站', '请在控制台页面内操作。'],
  },
  address_not_allowed: {
    status: 403,
    en: [
      'The API key may not be used from here',
      'Key {hint}… is bound to certain addresses, and {address} is none of them.',
    ],
    zh: ['该 API 密钥不可在此地址使用', '密钥 {hint}… 限定了来源地址，{address} 不在其中。'],
  },
  scope_missing: {
    status: 403,
    en: ['The API key lacks a scope', 'This needs the scope {scope}. Key {hint}… has: {scopes}.'],
    zh: ['API 密钥权限不足', '该操作需要权限 {scope}，密钥 {hint}… 拥有的权限：{scopes}。'],
  },
  path_unknown: {
    status: 404,
    en: ['Nothing is at this path', 'The paths of this API are listed at /openapi.json and /docs/.'],
    zh: ['路径不存在', '本 API 的全部路径见 /openapi.json 和 /docs/。'],
  },
  exit_not_found: {
    status: 404,
    en: [
      'There is no such exit',
      'Your organisation has no exit with this id among the data of this kind of key (test or live).',
    ],
    zh: ['离职单不存在', '在此类密钥（测试或正式）的数据中，贵组织没有该编号的离职单。'],
  },
  filing_not_found: {
    status: 404,
    en: [
      'There is no such filing',
      'Your organisation has no filing with this id among the data of this kind of key (test or live).',
    ],
    zh: ['申报不存在', '在此类密钥（测试或正式）的数据中，贵组织没有该编号的申报。'],
  },
  connection_not_found: {
    status: 404,
    en: [
      'There is no such connection',
      'Your organisation has no connection with this id for this kind of key (test or live), or it was deleted.',
    ],
    zh: ['连接不存在', '在此类密钥（测试或正式）下，贵组织没有该编号的连接，或该连接已删除。'],
  },
  webhook_endpoint_not_found: {
    status: 404,
    en: [
      'There is no such webhook endpoint',
      'Your organisation has no webhook endpoint with this id for this kind of key (test or live), or it was deleted.',
    ],
    zh: ['回调端点不存在', '在此类密钥（测试或正式）下，贵组织没有该编号的回调端点，或该端点已删除。'],
  },
  document_not_found: {
    status: 404,
    en: [
      'There is no such document',
      'Your organisation has no document with this id among the data of this kind of key (test or live).',
    ],
    zh: ['文档不存在', '在此类密钥（测试或正式）的数据中，贵组织没有该编号的文档。'],
  },
  document_format_absent: {
    status: 404,
    en: [
      'The document has no such form',
      'This document is kept as {media_type}, not as {format}. Leave “format” out to get it as it is.',
    ],
    zh: ['文档没有该格式', '该文档以 {media_type} 保存，没有 {format} 格式；不传 format 即可获取原件。'],
  },
  gate_not_found: {
    status: 404,
    en: ['The exit has no such gate', 'No gate of this exit is called that. Open are: {open}.'],
    zh: ['该离职单没有此关口', '该离职单没有此名称的关口，待处理的有：{open}。'],
  },
  signal_not_found: {
    status: 404,
    en: [
      'There is no such signal',
      'Your organisation has no signal with this id among the data of this kind of key (test or live).',
    ],
    zh: ['信号不存在', '在此类密钥（测试或正式）的数据中，贵组织没有该编号的信号。'],
  },
  employee_not_found: {
    status: 404,
    en: [
      'No employee is called that',
      'An employee reference has 1 to 100 characters, none of them a control character.',
    ],
    zh: ['员工编号无效', '员工编号应为 1 至 100 个字符，且不含控制字符。'],
  },
  method_not_allowed: {
    status: 405,
    en: ['The method is not for this path', 'This path takes {allowed}.'],
    zh: ['该路径不支持此方法', '该路径支持的方法：{allowed}。'],
  },
  exit_exists: {
    status: 409,
    en: [
      'An exit with this external_id exists',
      'The exit {exit_id} has this external_id. Read it at /v1/exits/{exit_id}, or post under another external_id.',
    ],
    zh: [
      '该 external_id 的离职单已存在',
      '离职单 {exit_id} 已使用该 external_id。请查询 /v1/exits/{exit_id}，或换用其他 external_id。',
    ],
  },
  signal_exists: {
    status: 409,
    en: [
      'A signal with this external_id says something else',
      'The signal {signal_id} has this external_id and other content. What was reported is not rewritten: post the new fact under an external_id of its own.',
    ],
    zh: [
      '该 external_id 的信号内容不同',
      '信号 {signal_id} 已使用该 external_id，但内容不同。已报告的事实不可改写，请以新的 external_id 报告新的事实。',
    ],
  },
  idempotency_in_flight: {
    status: 409,
    en: [
      'The same request is under way',
      'Another request with this Idempotency-Key has not ended yet. Try again in {seconds} second(s): you then get its answer.',
    ],
    zh: [
      '相同的请求正在处理',
      '使用该 Idempotency-Key 的另一请求尚未结束，请在 {seconds} 秒后重试，届时将得到其结果。',
    ],
  },
  gate_already_cleared: {
    status: 409,
    en: ['The gate is cleared already', 'Nothing of {gate} is open in this exit. Open are: {open}.'],
    zh: ['该关口已办结', '该离职单的 {gate} 已无待处理事项，待处理的有：{open}。'],
  },
  exit_not_gated: {
    status: 409,
    en: ['The exit is not held at a gate', 'The exit is {status}: nothing is to be cleared any more.'],
    zh: ['离职单未被关口拦截', '离职单状态为 {status}，已无需办结关口。'],
  },
  document_of_cancelled_exit: {
    status: 409,
    en: [
      'The exit is cancelled',
      'Nothing is certified or handed over for an exit that does not take place. Upload a document if it belongs to the file.',
    ],
    zh: ['离职单已取消', '离职未发生，不再出具证明或交接清单；如有需要归档的文件，可上传保存。'],
  },
  busy: {
    status: 409,
    en: [
      'The exit is changing too fast',
      'Others kept changing this exit at the same moment. Nothing was done: try again in a second.',
    ],
    zh: ['离职单正被频繁修改', '同一时刻有其他操作不断修改该离职单，本次未做任何更改，请稍后重试。'],
  },
  employee_erased: {
    status: 410,
    en: [
      'The employee was erased',
      'What was known of the employee of this reference was erased. Nothing more is recorded under it.',
    ],
    zh: ['该员工的信息已删除', '该员工编号下的信息已被删除，不再以该编号记录任何内容。'],
  },
  body_too_large: {
    status: 413,
    en: ['The body is too large', 'A body may have at most {limit} bytes.'],
    zh: ['请求体过大', '请求体最多 {limit} 字节。'],
  },
  content_type_unsupported: {
    status: 415,
    en: ['The body is not sent as JSON', 'Send “Content-Type: application/json”, in UTF-8.'],
    zh: ['请求体类型不受支持', '请使用“Content-Type: application/json”，编码为 UTF-8。'],
  },
  body_invalid: {
    status: 422,
    en: ['The body is not valid', 'To correct: {count}.{where} {first}{more}'],
    zh: ['请求体未通过校验', '需要更正：{count}。{where}{first}{more}'],
  },
  connection_missing: {
    status: 422,
    en: ['A connection is missing', '{first}'],
    zh: ['缺少连接', '无法申报。{first}'],
  },
  document_unprintable: {
    status: 422,
    en: [
      'The font lacks a character',
      'The document would show boxes in place of {characters}. Make it elsewhere, and upload it with kind “uploaded”.',
    ],
    zh: ['字库缺字', '字库中没有 {characters}，生成的文档会缺字。请另行制作后以 kind“uploaded”上传。'],
  },
  idempotency_key_reused: {
    status: 422,
    en: [
      'The Idempotency-Key was used for something else',
      'This Idempotency-Key came with another body or path before. Use a new key for a new request.',
    ],
    zh: [
      'Idempotency-Key 已用于其他请求',
      '该 Idempotency-Key 曾用于不同的请求体或路径，新请求请使用新的值。',
    ],
  },
  rate_limited: {
    status: 429,
    en: [
      'Too many requests',
      'This key may send {limit} requests a minute. Try again in {seconds} second(s).',
    ],
    zh: ['请求过于频繁', '该密钥每分钟最多 {limit} 次请求，请在 {seconds} 秒后重试。'],
  },
  internal_error: {
    status: 500,
    en: ['Something failed on our side', 'Tell the operator the id {id}: the cause is in the log under it.'],
    zh: ['服务内部错误', '请将编号 {id} 告知运维人员，原因已记录在日志中。'],
    wakesSomebody: true,
  },
  database_unavailable: {
    status: 503,
    en: ['The database does not answer', 'Try again in {seconds} second(s), with the same Idempotency-Key.'],
    zh: ['数据库暂不可用', '请在 {seconds} 秒后使用相同的 Idempotency-Key 重试。'],
    wakesSomebody: true,
  },
  not_ready: {
    status: 503,
    en: ['The service is not ready', 'Not in order: {parts}.'],
    zh: ['服务尚未就绪', '存在异常的部分：{parts}。'],
    wakesSomebody: true,
  },
} as const satisfies Record<string, Entry>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What a problem carries besides its sentence. */
export interface ProblemExtra {
  readonly faults?: readonly Fault[];
  /** Extension members (RFC 9457 §3.2). */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal on its way to the client; words are put in when it is written. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly slots: Readonly<Record<string, Slot>>;
  readonly extra: ProblemExtra;

  constructor(code: ProblemCode, slots: Readonly<Record<string, Slot>>, extra: ProblemExtra) {
    super(code);
    this.code = code;
    this.slots = slots;
    this.extra = extra;
  }
}

type Needs<Code extends ProblemCode> = Record<SlotNames<(typeof PROBLEMS)[Code]['en'][1]>, Slot>;

/** The codes whose English sentence has no slots. */
export type PlainProblemCode = {
  [Code in ProblemCode]: [keyof Needs<Code>] extends [never] ? Code : never;
}[ProblemCode];

/** Makes a problem; its slots are those that its English sentence names. */
export function problem<Code extends ProblemCode>(
  code: Code,
  slots: Needs<Code>,
  extra: ProblemExtra = {},
): Problem {
  return new Problem(code, slots, extra);
}
