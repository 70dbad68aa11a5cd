// What the credit agency demands, rule by rule. Each id is asked where it is checked: `room.keeps('credit.schema')`.
import type { RuleBook } from '../kernel/rules.ts';

export const RULES: RuleBook = {
  'credit.form': {
    en: 'A token is asked for by a form that repeats nothing.',
    zh: '申请令牌须使用表单，且参数不得重复。',
  },
  'credit.client': {
    en: 'A client has the secret of its unit.',
    zh: '客户端须持有本单位的密钥。',
  },
  'credit.grant': {
    en: 'A token is granted to client credentials.',
    zh: '令牌仅以 client_credentials 方式发放。',
  },
  'credit.token': {
    en: 'A token is the agency’s own, and in force.',
    zh: '令牌须由本机构签发且在有效期内。',
  },
  'credit.jws-header': {
    en: 'The protected header is as published.',
    zh: 'JWS 受保护头须符合已公布的格式。',
  },
  'credit.signature': {
    en: 'The signature is over this body, by the key of the certificate.',
    zh: '签名须由证书对应的私钥对本请求体作出。',
  },
  'credit.bound-request': {
    en: 'A signature names the method and path of its request.',
    zh: '签名须写明本请求的方法和路径。',
  },
  'credit.bound-time': {
    en: 'A signature is at most five minutes old or early.',
    zh: '签名时间与当前时间相差不得超过五分钟。',
  },
  'credit.unit-of-token': {
    en: 'Token and certificate are one unit’s.',
    zh: '令牌与证书须属于同一单位。',
  },
  'credit.unit-of-body': {
    en: 'unit_uscc is the unit of token and certificate.',
    zh: 'unit_uscc 须是令牌和证书所属的单位。',
  },
  'credit.no-query': { en: 'No operation takes a query.', zh: '任何操作都不接受查询参数。' },
  'credit.get-without-body': { en: 'GET has no body.', zh: 'GET 请求不得带请求体。' },
  'credit.media-type': { en: 'Bodies are application/json.', zh: '请求体须为 application/json。' },
  'credit.schema': { en: 'A body follows the published schema.', zh: '请求体须符合已公布的 OpenAPI。' },
  'credit.serial-once': {
    en: 'A serial is one change: sent again, it brings the receipt of the first.',
    zh: '一个流水号只对应一笔变更：重复提交时返回原受理编号。',
  },
  'credit.serial-content': {
    en: 'A serial that was used is not used for other content.',
    zh: '已用过的流水号不得用于其他内容。',
  },
  'credit.registered': {
    en: 'Who has no registration has none to cancel.',
    zh: '没有登记的人员不能办理注销。',
  },
  'credit.cancelled-once': {
    en: 'A registration that is cancelled is not cancelled again.',
    zh: '已注销的登记不得再次注销。',
  },
  'credit.order-of-days': {
    en: 'A cancellation does not take effect before the registration began.',
    zh: '注销生效日期不得早于登记日期。',
  },
  'credit.one-open': {
    en: 'One change at a time is open for a person.',
    zh: '同一人员同时只能有一笔变更在办。',
  },
  'credit.correction-asked': {
    en: 'An amendment is taken where a correction was asked for.',
    zh: '只有被要求补正的变更才能提交修改。',
  },
  'credit.correction-due': {
    en: 'An amendment comes by its due date, or the change has failed.',
    zh: '修改须在截止日前提交，逾期则变更不通过。',
  },
  'credit.withdraw-early': {
    en: 'A change is withdrawn before it is concluded.',
    zh: '只有尚未办结的变更才能撤回。',
  },
  'credit.consent-revoked': {
    en: 'A consent that the person has revoked is none.',
    zh: '已被本人撤回的授权无效。',
  },
  'credit.consent-in-force': {
    en: 'A consent is in force on the day of the inquiry.',
    zh: '授权在查询当日须处于有效期内。',
  },
  'credit.consent-purpose': {
    en: 'A consent covers the purpose of the inquiry.',
    zh: '授权须涵盖本次查询的用途。',
  },
  'credit.inquiry-name': {
    en: 'An inquiry is under the name that the ID number is known by.',
    zh: '查询所用姓名须与该证件号码登记的一致。',
  },
};
