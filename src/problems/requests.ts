/** Problems with how a request is made, and with the service itself. */
import type { Entry } from './entry.ts';

export const REQUEST_PROBLEMS = {
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
  method_not_allowed: {
    status: 405,
    en: ['The method is not for this path', 'This path takes {allowed}.'],
    zh: ['该路径不支持此方法', '该路径支持的方法：{allowed}。'],
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
  refused_too_often: {
    status: 429,
    en: [
      'Refused too often',
      'More than {limit} requests from this address were refused within a minute. Try again in {seconds} second(s).',
    ],
    zh: ['被拒次数过多', '来自该地址的请求一分钟内被拒超过 {limit} 次，请在 {seconds} 秒后重试。'],
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
