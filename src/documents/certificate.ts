/** The certificate that a labour contract was dissolved or terminated (Labour Contract Law §50), as Implementing Regulations §24 wants it. */
import type { Contract, ExitFacts, Person } from '../domain/facts.ts';
import type { BusinessDate, ExitReason, IdType } from '../domain/words.ts';
import type { Words } from '../language.ts';
import { LEGAL_GROUNDS } from './reasons.ts';
import { serviceOf, serviceWords } from './service.ts';
import { dateInChinese, dateWords, type Sheet } from './sheet.ts';

export interface CertificateData {
  /** The document's id. */
  readonly number: string;
  readonly issuedOn: BusinessDate;
  readonly employer: { readonly name: string; readonly uscc: string };
  readonly employee: { readonly name: string; readonly idType: IdType; readonly idNumber: string };
  readonly contract: Contract;
  readonly post: string;
  readonly exitDate: BusinessDate;
  /** First day of service in the unit: earlier than the contract's start where there were contracts before it. */
  readonly serviceStart: BusinessDate;
  /** Absent: left out, as the employee may ask; §24 does not want it. */
  readonly reason?: ExitReason;
}

export interface CertificateOptions {
  readonly number: string;
  readonly issuedOn: BusinessDate;
  /** Default: the contract's start. */
  readonly serviceStart?: BusinessDate;
  readonly omitReason?: boolean;
}

/** The reason is the exit's own, so that certificate, filing and stop say the same. */
export function certificateData(
  facts: ExitFacts,
  person: Person,
  { number, issuedOn, serviceStart = facts.contract.start, omitReason = false }: CertificateOptions,
): CertificateData {
  return {
    number,
    issuedOn,
    employer: { name: facts.employer.name, uscc: facts.employer.uscc },
    employee: { name: person.name, idType: person.id_type, idNumber: person.id_number },
    contract: facts.contract,
    post: facts.post,
    exitDate: facts.exitDate,
    serviceStart,
    ...(omitReason ? {} : { reason: facts.reason }),
  };
}

const ID_TYPES: Readonly<Record<IdType, Words>> = {
  resident_id: { zh: '居民身份证', en: 'Resident ID' },
  hmt_permit: { zh: '港澳台居民证件', en: 'Permit of Hong Kong, Macau or Taiwan residents' },
  passport: { zh: '护照', en: 'Passport' },
};

/** 固定期限：2022年3月1日至2027年2月28日 */
function termOf({ type, start, end }: Contract): Words {
  const kind: Words = {
    fixed_term: { zh: '固定期限', en: 'Fixed term' },
    open_ended: { zh: '无固定期限', en: 'Open-ended' },
    task: { zh: '以完成一定工作任务为期限', en: 'Until completion of a task' },
  }[type];
  return end === undefined
    ? { zh: `${kind.zh}：自${dateInChinese(start)}起`, en: `${kind.en}: from ${start}` }
    : {
        zh: `${kind.zh}：${dateInChinese(start)}至${dateInChinese(end)}`,
        en: `${kind.en}: ${start} to ${end}`,
      };
}

export function certificateSheet(data: CertificateData): Sheet {
  const { employer, employee, exitDate, serviceStart, reason } = data;
  const service = serviceWords(serviceOf(serviceStart, exitDate));
  const idType = ID_TYPES[employee.idType];
  const field = (zh: string, en: string, value: Sheet['fields'][number]['value']) => ({
    label: { zh, en },
    value,
  });
  return {
    title: {
      zh: '解除或终止劳动合同证明',
      en: 'Certificate of Dissolution or Termination of Labour Contract',
    },
    number: data.number,
    issuedOn: data.issuedOn,
    issuer: employer.name,
    fields: [
      field('用人单位', 'Employer', employer.name),
      field('统一社会信用代码', 'Unified social credit code', employer.uscc),
      field('劳动者姓名', 'Employee', employee.name),
      field('证件及号码', 'Identity document', {
        zh: `${idType.zh} ${employee.idNumber}`,
        en: `${idType.en} ${employee.idNumber}`,
      }),
      field('劳动合同期限', 'Contract term', termOf(data.contract)),
      field('工作岗位', 'Post', data.post),
      field('解除或终止日期', 'Date of dissolution or termination', dateWords(exitDate)),
      field('在本单位工作年限', 'Years of service in the unit', {
        zh: `${service.zh}（${dateInChinese(serviceStart)}至${dateInChinese(exitDate)}）`,
        en: `${service.en} (${serviceStart} to ${exitDate})`,
      }),
      ...(reason === undefined ? [] : [field('解除或终止依据', 'Legal ground', LEGAL_GROUNDS[reason])]),
    ],
    statements: [
      {
        zh: '根据《中华人民共和国劳动合同法》第五十条、《中华人民共和国劳动合同法实施条例》第二十四条，特此证明。',
        en: 'Issued under Article 50 of the Labour Contract Law and Article 24 of its Implementing Regulations.',
      },
    ],
    places: [
      { zh: '用人单位（盖章）', en: 'Employer (seal)' },
      { zh: '劳动者签收', en: 'Received by the employee' },
    ],
  };
}
