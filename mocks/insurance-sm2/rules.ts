// What the second city's insurance agency demands, rule by rule. Each id is asked where it is checked: `room.keeps('insurance-sm2.window')`.
import type { RuleBook } from '../kernel/rules.ts';

export const RULES: RuleBook = {
  'insurance-sm2.method': { en: 'Every operation is a POST.', zh: '任何操作均须使用 POST。' },
  'insurance-sm2.media-type': { en: 'Bodies are application/json.', zh: '请求体须为 application/json。' },
  'insurance-sm2.no-query': { en: 'No operation takes a query.', zh: '任何操作都不接受查询参数。' },
  'insurance-sm2.client': { en: 'A client is registered for a unit.', zh: '客户端须已为单位登记。' },
  'insurance-sm2.nonce': {
    en: 'X-Nonce is 16 to 64 letters and digits.',
    zh: 'X-Nonce 须为 16 至 64 位字母或数字。',
  },
  'insurance-sm2.timestamp': {
    en: 'X-Timestamp is milliseconds since 1970, 13 digits.',
    zh: 'X-Timestamp 须为 1970 年以来的毫秒数（13 位数字）。',
  },
  'insurance-sm2.signature-form': {
    en: 'A signature is r and s or DER, in lower-case hex or base64.',
    zh: '签名须为 r‖s 或 DER，以小写十六进制或 base64 表示。',
  },
  'insurance-sm2.signature': {
    en: 'The signature is over this request, by the key of the client.',
    zh: '签名须由该客户端的私钥对本请求作出。',
  },
  'insurance-sm2.fresh': {
    en: 'A request is at most five minutes old or early.',
    zh: '请求时间与当前时间相差不得超过五分钟。',
  },
  'insurance-sm2.sealed': { en: 'A body is sealed.', zh: '请求体须加密。' },
  'insurance-sm2.encoding': {
    en: 'What is sealed is JSON in UTF-8.',
    zh: '加密前的内容须为 UTF-8 编码的 JSON。',
  },
  'insurance-sm2.schema': {
    en: 'What is sealed follows the published schema.',
    zh: '加密前的内容须符合已公布的 OpenAPI。',
  },
  'insurance-sm2.unit': { en: 'A client speaks for its own unit only.', zh: '客户端只能代表本单位。' },
  'insurance-sm2.own-changes': {
    en: 'A unit reaches its own changes only.',
    zh: '单位只能查询和办理本单位的业务。',
  },
  'insurance-sm2.window': {
    en: 'Changes come on the days of the window.',
    zh: '业务须在办理窗口期内提交。',
  },
  'insurance-sm2.unit-number': {
    en: 'unit_no is the number of the unit that files.',
    zh: 'unit_no 须是申报单位的单位编号。',
  },
  'insurance-sm2.reason': {
    en: 'A reason is one of the table TBYY.',
    zh: '停保原因须是代码表 TBYY 中的代码。',
  },
  'insurance-sm2.insurance': {
    en: 'An insurance is one of the table XZ.',
    zh: '险种须是代码表 XZ 中的代码。',
  },
  'insurance-sm2.region': {
    en: 'target_region comes with a transfer, and only there.',
    zh: '转移业务须带 target_region，其他业务不得带。',
  },
  'insurance-sm2.months': {
    en: 'The last month does not lie before the exit date.',
    zh: '费款所属期止不得早于离职日期所在月份。',
  },
  'insurance-sm2.stop-first': {
    en: 'A transfer comes after the stop is settled.',
    zh: '停保办结之后方可办理转移。',
  },
  'insurance-sm2.one-open': {
    en: 'One change of a kind at a time is open for a person.',
    zh: '同一人员同类业务同时只能有一笔在办。',
  },
  'insurance-sm2.serial-once': {
    en: 'A serial is one change: sent again, it brings the receipt of the first.',
    zh: '一个流水号只对应一笔业务：重复提交时返回原受理编号。',
  },
  'insurance-sm2.serial-content': {
    en: 'A serial that was used is not used for other content.',
    zh: '已用过的流水号不得用于其他内容。',
  },
  'insurance-sm2.correction-asked': {
    en: 'An amendment is taken where a correction was asked for.',
    zh: '只有被要求补正的业务才能提交修改。',
  },
  'insurance-sm2.correction-due': {
    en: 'An amendment comes by its due date, or the change has failed.',
    zh: '修改须在截止日前提交，逾期则业务不通过。',
  },
  'insurance-sm2.withdraw-early': {
    en: 'A change is withdrawn before it is finished.',
    zh: '只有尚未办结的业务才能撤回。',
  },
  'insurance-sm2.enrolment-name': {
    en: 'A question about a person is under the name that the ID number is known by.',
    zh: '查询所用姓名须与该证件号码登记的一致。',
  },
  'insurance-sm2.item-enrolled': {
    en: 'An item is about an insurance that the person has in this unit.',
    zh: '明细须对应该人员在本单位参加的险种。',
  },
  'insurance-sm2.item-elsewhere': {
    en: 'No other unit pays the insurance of an item.',
    zh: '明细的险种不得由其他单位缴纳。',
  },
  'insurance-sm2.item-follows': {
    en: 'Work injury and maternity insurance are not transferred.',
    zh: '工伤保险和生育保险不办理转移。',
  },
  'insurance-sm2.item-transferred': {
    en: 'A transfer that is done is not done again.',
    zh: '已转移的险种不得再次转移。',
  },
  'insurance-sm2.item-running': {
    en: 'A payment that does not run is not stopped again.',
    zh: '未在缴费的险种不得再次停保。',
  },
  'insurance-sm2.item-since': {
    en: 'A stop does not lie before the insurance began.',
    zh: '停保日期不得早于参保起始日期。',
  },
};
