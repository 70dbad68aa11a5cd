/** Problems with uploads: the spreadsheets of agencies without an API. */
import type { Entry } from './entry.ts';

export const UPLOAD_PROBLEMS = {
  upload_not_found: {
    status: 404,
    en: [
      'There is no such upload',
      'Your organisation has no upload with this id among the data of this kind of key (test or live).',
    ],
    zh: ['上传批次不存在', '在此类密钥（测试或正式）的数据中，贵组织没有该编号的上传批次。'],
  },
  upload_file_absent: {
    status: 409,
    en: [
      'The file is not made yet',
      'The upload is open and still collects filings. Close it to make its file: POST /v1/uploads/{upload_id}/close.',
    ],
    zh: ['文件尚未生成', '该批次仍在收集申报，请先关闭批次以生成文件：POST /v1/uploads/{upload_id}/close。'],
  },
  upload_not_open: {
    status: 409,
    en: [
      'The upload has its file already',
      'The upload is {state}. What waits by now is in the next one: see GET /v1/uploads?state=open.',
    ],
    zh: [
      '该批次的文件已生成',
      '该批次的状态为 {state}，此后待上传的申报在下一批次中，见 GET /v1/uploads?state=open。',
    ],
  },
  upload_empty: {
    status: 409,
    en: [
      'Nothing waits for this upload',
      'No filing waits for this upload, so that its file would be empty.',
    ],
    zh: ['该批次没有待上传的申报', '没有申报等待本批次上传，不生成空文件。'],
  },
  upload_row_incomplete: {
    status: 409,
    en: [
      'A row of the file would be incomplete',
      'The agency’s form requires {columns}, which the exit of {filing_id} does not say any more. Amend the exit, then close again.',
    ],
    zh: [
      '文件中有一行缺少必填项',
      '表格必填项 {columns} 在申报 {filing_id} 的离职单中已缺失，请先修改该离职单，再关闭批次。',
    ],
  },
  upload_not_to_confirm: {
    status: 409,
    en: [
      'There is nothing to confirm',
      'The upload is {state}. A closed one is confirmed, once, and only where the connection’s setting “two_person” asks for it.',
    ],
    zh: [
      '该批次无需复核',
      '该批次的状态为 {state}。仅在连接设置“two_person”开启时，对已关闭的批次复核一次。',
    ],
  },
  upload_not_downloaded: {
    status: 409,
    en: [
      'Nobody has looked at the file',
      'Whoever confirms it looks at it first: GET /v1/uploads/{upload_id}/file.',
    ],
    zh: ['文件尚未下载核对', '请先下载并核对文件，再行复核：GET /v1/uploads/{upload_id}/file。'],
  },
  upload_settled: {
    status: 409,
    en: [
      'The file is settled',
      'Every row has its result, so there is nothing to collect anew. What is wrong with one of them is settled on its filing.',
    ],
    zh: ['该批次已办结', '各行均已有结果，无需重新汇集。个别行如有差错，请在相应申报上处理。'],
  },
  upload_same_person: {
    status: 409,
    en: [
      'A second person must confirm',
      'Whoever closed the upload cannot confirm it. Have somebody else look at the file.',
    ],
    zh: ['须由另一人复核', '关闭该批次的人不能自行复核，请由他人核对文件。'],
  },
  upload_same_key: {
    status: 409,
    en: [
      'A second person must confirm with a key of their own',
      'The upload was closed with this API key: whoever holds it is one person, under whatever name. Give the second person a key of their own; where your system signs its people in and vouches for their names, set the connection’s “persons_by” to “name”, for uploads that are closed from then on.',
    ],
    zh: [
      '须由另一人以其本人的密钥复核',
      '该批次即以此 API 密钥关闭，同一密钥不论填写何名均视为同一人。请为复核人另发密钥；如贵方系统已自行验证人员身份并对姓名负责，可将连接设置“persons_by”改为“name”，对此后关闭的批次生效。',
    ],
  },
  upload_partly_accepted: {
    status: 409,
    en: [
      'The agency has accepted rows of this file',
      'Rows {rows} are accepted, so the agency has the file: collected anew, the other rows would be filed twice. Bring their results when they are decided; a row that the agency has left out is filed anew when you enter it as “withdrawn” (POST /v1/filings/…/receipt).',
    ],
    zh: [
      '经办机构已受理文件中的部分行',
      '第 {rows} 行已受理，可见经办机构已收到该文件，其余行如重新汇集将造成重复申报。请待其办结后录入结果；确被经办机构遗漏的行，请在 POST /v1/filings/…/receipt 录入“withdrawn”，即重新申报。',
    ],
  },
  upload_not_confirmed: {
    status: 409,
    en: [
      'The upload is not confirmed',
      'Results are taken when a second person has confirmed the file: POST /v1/uploads/{upload_id}/confirmations.',
    ],
    zh: ['该批次尚未复核', '须由另一人复核文件后方可录入结果：POST /v1/uploads/{upload_id}/confirmations。'],
  },
  upload_discarded: {
    status: 409,
    en: [
      'The file was discarded',
      'What the agency had not decided is in another file. Look for the results’ file at /v1/uploads.',
    ],
    zh: ['该文件已作废', '未办结的申报已转入其他文件，请在 /v1/uploads 查找对应的文件。'],
  },
} as const satisfies Record<string, Entry>;
