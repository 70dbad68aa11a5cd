// What the insurance agency demands, rule by rule. Each id is asked where it is checked: `room.keeps('insurance.window')`.
import type { RuleBook } from '../kernel/rules.ts';

export const RULES: RuleBook = {
  'insurance.method': { en: 'Messages come by POST.', zh: '报文须以 POST 方式提交。' },
  'insurance.media-type': {
    en: 'Messages are application/xml or text/xml.',
    zh: '报文的媒体类型须为 application/xml 或 text/xml。',
  },
  'insurance.encoding': { en: 'A declared encoding is UTF-8.', zh: '如声明编码，须为 UTF-8。' },
  'insurance.markup': {
    en: 'No DOCTYPE, processing instruction, comment or CDATA stands in a message.',
    zh: '报文中不得含有 DOCTYPE、处理指令、注释或 CDATA。',
  },
  'insurance.depth': {
    en: 'Elements are nested at most 64 deep.',
    zh: '元素嵌套不得超过 64 层。',
  },
  'insurance.schema': {
    en: 'Envelope and payload follow the published schema.',
    zh: '信封和业务报文须符合已公布的 XSD。',
  },
  'insurance.element': {
    en: 'A payload holds the element of its transaction.',
    zh: '业务报文的内容须与交易码对应。',
  },
  'insurance.answer-attributes': {
    en: 'Code and RequestHash stand in answers only.',
    zh: 'Code 和 RequestHash 只能出现在应答中。',
  },
  'insurance.day': { en: 'A date is a day of the calendar.', zh: '日期须是真实存在的日子。' },
  'insurance.session-unit': {
    en: 'A session is used by the unit that signed in.',
    zh: '会话只能由签到的单位使用。',
  },
  'insurance.session-end': {
    en: 'A session ends after thirty minutes.',
    zh: '会话在签到三十分钟后失效。',
  },
  'insurance.encryption': {
    en: 'In a session bodies are encrypted, and only there.',
    zh: '会话内的报文体须加密，会话外不得加密。',
  },
  'insurance.detached': {
    en: 'A signature is detached.',
    zh: '签名须为分离式签名。',
  },
  'insurance.one-signer': { en: 'A signature has one signer.', zh: '签名须有且仅有一个签名者。' },
  'insurance.algorithms': {
    en: 'Signatures are SHA-256 with RSA PKCS#1 v1.5.',
    zh: '签名须采用 SHA-256 和 RSA PKCS#1 v1.5。',
  },
  'insurance.digest': {
    en: 'The signed digest is that of the payload.',
    zh: '签名中的摘要须与业务报文相符。',
  },
  'insurance.signature': {
    en: 'The signature is by the key of the certificate.',
    zh: '签名须由证书对应的私钥作出。',
  },
  'insurance.unit': {
    en: 'The unit of the Head is that of the certificate.',
    zh: '报文头中的单位须与证书中的单位一致。',
  },
  'insurance.binding': {
    en: 'Head and signed payload say the same.',
    zh: '报文头须与已签名的业务报文一致。',
  },
  'insurance.own-unit': { en: 'A unit asks for itself only.', zh: '单位只能查询本单位。' },
  'insurance.own-batches': {
    en: 'A unit reaches its own batches only.',
    zh: '单位只能查询本单位的批次。',
  },
  'insurance.serial-once': {
    en: 'A MessageId is one batch: sent again, it brings the receipt of the first.',
    zh: '一个 MessageId 只对应一个批次：重复提交时返回原受理编号。',
  },
  'insurance.serial-content': {
    en: 'A MessageId that was used is not used for other content.',
    zh: '已用过的 MessageId 不得用于其他内容。',
  },
  'insurance.window': {
    en: 'Batches come on the days of the monthly window.',
    zh: '批次须在每月申报窗口期内提交。',
  },
  'insurance.stop-first': {
    en: 'A transfer comes after the stop is settled.',
    zh: '停保办结之后方可办理转移。',
  },
  'insurance.row-enrolled': {
    en: 'A row is about an insurance that the person has in this unit.',
    zh: '明细行须对应该人员在本单位参加的险种。',
  },
  'insurance.row-identity': {
    en: 'A row’s ID number and name are those of its local number.',
    zh: '明细行的证件号码和姓名须与个人编号一致。',
  },
  'insurance.row-elsewhere': {
    en: 'No other unit pays the insurance of a row.',
    zh: '明细行的险种不得由其他单位缴纳。',
  },
  'insurance.row-running': {
    en: 'A payment that does not run is not stopped again.',
    zh: '未在缴费的险种不得再次停保。',
  },
  'insurance.row-transferred': {
    en: 'A transfer that is done is not done again.',
    zh: '已转移的险种不得再次转移。',
  },
  'insurance.row-reason': {
    en: 'AAE160 is a reason of the table.',
    zh: 'AAE160 须是代码表中的停保原因。',
  },
  'insurance.row-months': {
    en: 'The last month does not lie before the day of the change.',
    zh: '费款所属期止不得早于变更日期所在月份。',
  },
  'insurance.row-since': {
    en: 'A change does not lie before the present state began.',
    zh: '变更日期不得早于当前状态的起始日期。',
  },
};
