/** Problems with what a request is about: it is not there, exists already, or is not in the state for it. */
import type { Entry } from './entry.ts';

export const SUBJECT_PROBLEMS = {
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
  callback_address_unknown: {
    status: 404,
    en: [
      'Nobody takes callbacks here',
      'Send callbacks to the address that the connection shows as its callback_url.',
    ],
    zh: ['此地址不接收回调', '请将回调发送至该连接 callback_url 字段所示的地址。'],
  },
  callback_refused: {
    status: 400,
    en: [
      'The callback was not believed',
      'It cannot be read, or is not signed by the agency of this connection.',
    ],
    zh: ['回调未被采信', '回调内容无法读取，或并非由该连接对应的机构签名。'],
  },
  callback_stale: {
    status: 400,
    en: [
      'The callback is too old, or from the future',
      'It was signed more than 24 hours ago, or more than 5 minutes ahead of our clock. Sign it anew.',
    ],
    zh: [
      '回调已过时，或时间在未来',
      '签名时间早于 24 小时之前，或比本系统时钟快 5 分钟以上，请重新签名后发送。',
    ],
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
    en: [
      'The exit has no such gate',
      'No gate of this exit has this “gate” and “subject”. Open are: {open}.',
    ],
    zh: ['该离职单没有此关口', '该离职单没有与所填 gate、subject 相符的事项，待处理的有：{open}。'],
  },
  signal_not_found: {
    status: 404,
    en: [
      'There is no such signal',
      'Your organisation has no signal with this id among the data of this kind of key (test or live).',
    ],
    zh: ['信号不存在', '在此类密钥（测试或正式）的数据中，贵组织没有该编号的信号。'],
  },
  window_not_found: {
    status: 404,
    en: [
      'There is no such window',
      'Your organisation has no window with this id among the data of this kind of key (test or live).',
    ],
    zh: ['窗口期不存在', '在此类密钥（测试或正式）的数据中，贵组织没有该编号的窗口期。'],
  },
  maintenance_not_found: {
    status: 404,
    en: [
      'There is no such maintenance',
      'Your organisation has no maintenance with this id for this kind of key (test or live).',
    ],
    zh: ['维护安排不存在', '在此类密钥（测试或正式）下，贵组织没有该编号的维护安排。'],
  },
  employee_not_found: {
    status: 404,
    en: [
      'No employee is called that',
      'An employee reference has 1 to 100 characters, none of them a control character.',
    ],
    zh: ['员工编号无效', '员工编号应为 1 至 100 个字符，且不含控制字符。'],
  },
  profile_not_found: {
    status: 404,
    en: ['There is no such profile', 'No profile has this name. They are listed at /v1/profiles.'],
    zh: ['行业配置不存在', '没有该名称的行业配置，全部配置见 /v1/profiles。'],
  },
  profile_version_not_found: {
    status: 404,
    en: [
      'The profile has no such version',
      'Pass as “version” the day from which a version holds. Of {profile} there are: {versions}.',
    ],
    zh: ['该行业配置没有此版本', '请以“version”传入某一版本的生效日期，{profile} 的版本有：{versions}。'],
  },
  own_gate_not_found: {
    status: 404,
    en: [
      'There is no such gate of your own',
      'Your organisation has added no gate with this id for this kind of key (test or live), or it was deleted.',
    ],
    zh: ['自定义关口不存在', '在此类密钥（测试或正式）下，贵组织没有该编号的自定义关口，或该关口已删除。'],
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
  window_confirmed_later: {
    status: 409,
    en: [
      'The window was confirmed on a later day',
      'The window of {region}, {insurance}, {month} was confirmed after {confirmed_on}. Give the day of the newer confirmation, or delete the window first.',
    ],
    zh: [
      '该窗口期已有更新的确认',
      '地区 {region}、险种 {insurance}、{month} 的窗口期已在 {confirmed_on} 之后确认过。请填写更新的确认日期，或先删除原窗口期。',
    ],
  },
  gate_of_profile: {
    status: 409,
    en: [
      'A profile has a gate of this code',
      'The profile {profile} has a gate {code} itself. Choose another code, so that nobody takes one for the other.',
    ],
    zh: ['行业配置中已有该代码的关口', '行业配置 {profile} 中已有关口 {code}，请换用其他代码，以免混淆。'],
  },
  own_gate_exists: {
    status: 409,
    en: [
      'You have a gate of this code',
      'Your organisation has added a gate {code} already. Choose another code, or delete that gate first.',
    ],
    zh: ['已有该代码的自定义关口', '贵组织已添加关口 {code}，请换用其他代码，或先删除该关口。'],
  },
  gate_already_cleared: {
    status: 409,
    en: ['The gate is cleared already', 'Nothing of {gate} is open in this exit. Open are: {open}.'],
    zh: ['该关口已办结', '该离职单的 {gate} 已无待处理事项，待处理的有：{open}。'],
  },
  exit_not_gated: {
    status: 409,
    en: [
      'The exit is not held at a gate',
      'The exit is {status}: its gates hold it no longer, and nothing was done.',
    ],
    zh: ['离职单未被关口拦截', '离职单状态为 {status}，关口已不再拦截，本次未做任何更改。'],
  },
  exit_cancelled: {
    status: 409,
    en: [
      'A cancelled exit stays as it is',
      'A cancelled exit is not changed any more. Open another exit under another external_id.',
    ],
    zh: ['已取消的离职单不可修改', '已取消的离职单不可再修改，请以新的 external_id 另建离职单。'],
  },
  exit_fixed: {
    status: 409,
    en: [
      'This makes the exit another one',
      '“{pointer}” cannot be amended: it says whose exit this is, and where it is filed. Cancel this exit ({exit_id}) and open another.',
    ],
    zh: [
      '该字段不可变更',
      '“{pointer}”决定离职单的归属和申报对象，不可修改。请取消该离职单（{exit_id}）后另行新建。',
    ],
  },
  reason_needs_actor: {
    status: 409,
    en: [
      'A named person must answer for another reason',
      'Filing has begun with the reason {reason}, and the reason decides the unemployment benefit. Send PATCH /v1/exits/{exit_id} with “amended_by”: its actor and a note.',
    ],
    zh: [
      '变更离职原因须由具名人员负责',
      '该离职单已按离职原因 {reason} 开始申报，离职原因决定失业保险待遇。请使用 PATCH /v1/exits/{exit_id}，并在 amended_by 中填写负责人和说明。',
    ],
  },
  release_too_early: {
    status: 409,
    en: [
      'The gates may still hold the exit',
      'A release is decided at the limit, which is the end of {day} in China. Until then settle what is open, or have its departments waive it: {open}.',
    ],
    zh: [
      '尚未到放行时限',
      '须待时限届满（北京时间 {day} 当日结束）方可决定放行。此前请办结下列事项，或由责任部门豁免：{open}。',
    ],
  },
  gate_not_cleared: {
    status: 409,
    en: [
      'The gate is not cleared',
      'Nothing of {gate} is cleared in this exit, so that there is nothing to revoke.',
    ],
    zh: ['该关口尚未办结', '该离职单的 {gate} 没有已办结的事项，无可撤销。'],
  },
  filing_not_asked: {
    status: 409,
    en: [
      'The agency asks for nothing',
      'The filing is {state}: an amendment answers a request for corrections. To change facts, send PATCH /v1/exits/{exit_id}.',
    ],
    zh: [
      '经办机构未要求补正',
      '该申报的状态为 {state}，补正仅用于答复经办机构的补正要求。如需变更事实，请使用 PATCH /v1/exits/{exit_id}。',
    ],
  },
  filing_cannot_amend: {
    status: 409,
    en: [
      'The agency takes no amendment',
      'The adapter {adapter} cannot answer a correction: settle it at the agency’s counter and enter the receipt at /v1/filings/{filing_id}/receipt.',
    ],
    zh: [
      '经办机构不接受线上补正',
      '适配器 {adapter} 不能提交补正，请到窗口办理，并在 /v1/filings/{filing_id}/receipt 录入回执。',
    ],
  },
  filing_not_manual: {
    status: 409,
    en: [
      'The filing is not in a person’s hands',
      'The filing is {state}. A receipt is entered by hand only while it is “manual”.',
    ],
    zh: ['该申报不由人工办理', '该申报的状态为 {state}，仅在状态为“manual”时可人工录入回执。'],
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
  clearance_documents_missing: {
    status: 422,
    en: ['The gate asks for documents', 'It cannot be cleared without. {first}'],
    zh: ['缺少办结所需的文件', '无法办结。{first}'],
  },
  claims_incomplete: {
    status: 422,
    en: ['The reserved claims are not complete', 'Nothing was released. {first}'],
    zh: ['保留的权利主张不完整', '无法放行。{first}'],
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
} as const satisfies Record<string, Entry>;
