// What the labour agency demands, rule by rule. Each id is asked where it is checked: `room.keeps('labor.day')`.
import type { RuleBook } from '../kernel/rules.ts';

export const RULES: RuleBook = {
  'labor.markup': {
    en: 'No DOCTYPE, comment or processing instruction stands in a message.',
    zh: '报文中不得含有 DOCTYPE、注释或处理指令。',
  },
  'labor.depth': {
    en: 'Elements are nested at most 64 deep.',
    zh: '元素嵌套不得超过 64 层。',
  },
  'labor.encoding': { en: 'Messages are encoded in UTF-8.', zh: '报文须采用 UTF-8 编码。' },
  'labor.action': {
    en: 'A SOAPAction, where there is one, names the operation of the Body.',
    zh: '如带 SOAPAction，须与 Body 中的操作一致。',
  },
  'labor.one-signature': {
    en: 'A message has one wsse:Security with one ds:Signature.',
    zh: '报文须有且仅有一个 wsse:Security，其中有且仅有一个 ds:Signature。',
  },
  'labor.signature-place': {
    en: 'The signature stands in soap:Header/wsse:Security.',
    zh: '签名须位于 soap:Header/wsse:Security 之内。',
  },
  'labor.one-body': {
    en: 'A message has one soap:Body, and no Id twice.',
    zh: '报文须有且仅有一个 soap:Body，且 Id 不得重复。',
  },
  'labor.reference': {
    en: 'What is signed is the Body of this message.',
    zh: '签名所引用的须是本报文的 Body。',
  },
  'labor.signature-parts': {
    en: 'A signature has one Reference, one transform, one certificate, and nothing that is not known.',
    zh: '签名须只含一个 Reference、一个变换和一张证书，不得含未知内容。',
  },
  'labor.algorithms': {
    en: 'Signatures are exclusive c14n, SHA-256 and RSA.',
    zh: '签名须采用 exclusive c14n、SHA-256 和 RSA。',
  },
  'labor.digest': {
    en: 'The digest is that of the Body as it came.',
    zh: '摘要须与收到的 Body 相符。',
  },
  'labor.signature': {
    en: 'The signature is by the key of the certificate.',
    zh: '签名须由证书对应的私钥作出。',
  },
  'labor.unit': {
    en: 'The unit of the message is that of the certificate.',
    zh: '报文中的单位须与证书中的单位一致。',
  },
  'labor.schema': {
    en: 'A message follows the published schema.',
    zh: '报文须符合已公布的 XSD。',
  },
  'labor.unit-number': {
    en: 'AAB001 is the number of the unit that files.',
    zh: 'AAB001 须是申报单位的单位编号。',
  },
  'labor.person-number': {
    en: 'AAC001 is the number of the person.',
    zh: 'AAC001 须是该人员的个人编号。',
  },
  'labor.reason': {
    en: 'abc917 is a reason of the table.',
    zh: 'abc917 须是代码表中的解除（终止）原因。',
  },
  'labor.day': { en: 'A date is a day of the calendar.', zh: '日期须是真实存在的日子。' },
  'labor.order-of-days': {
    en: 'The employment does not end before it began.',
    zh: '劳动关系终止日期不得早于起始日期。',
  },
  'labor.serial-once': {
    en: 'A serial is one filing: sent again, it brings the receipt of the first.',
    zh: '一个流水号只对应一笔备案：重复提交时返回原受理编号。',
  },
  'labor.serial-content': {
    en: 'A serial that was used is not used for other content.',
    zh: '已用过的流水号不得用于其他内容。',
  },
  'labor.one-open': {
    en: 'One filing at a time is under review for an employment.',
    zh: '同一劳动关系同时只能有一笔备案在审。',
  },
  'labor.ended-once': {
    en: 'An employment that has ended does not end again.',
    zh: '已终止的劳动关系不得再次备案终止。',
  },
  'labor.own-filings': {
    en: 'A unit reaches its own filings only.',
    zh: '单位只能查询和办理本单位的备案。',
  },
  'labor.correction-asked': {
    en: 'A supplement is taken where one was asked for.',
    zh: '只有被要求补正的备案才能提交补正材料。',
  },
  'labor.supplement-person': {
    en: 'A supplement is about the person of the filing.',
    zh: '补正材料须针对原备案的人员。',
  },
  'labor.withdraw-early': {
    en: 'A filing is withdrawn before its review begins.',
    zh: '只有尚未进入审核的备案才能撤回。',
  },
  'labor.correction-due': {
    en: 'A supplement comes by its due date, or the filing has failed.',
    zh: '补正材料须在截止日前提交，逾期则备案不通过。',
  },
  'labor.dispute': {
    en: 'A filing over a known dispute brings the settlement or the claim.',
    zh: '存在未结争议的备案，须附和解协议或仲裁、诉讼材料。',
  },
};
