// ID numbers that the desk is given: of nobody where strangers play, and right everywhere else.
import { expectedCheck, isResidentId } from '../kernel/identifiers.ts';
import { isSynthetic } from '../kernel/limits.ts';
import { hasRealNumber, REAL_DATA, textsOf } from '../kernel/real-people.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { DeskError } from './problem.ts';

/** Where strangers play, no real person belongs: not on a roll, not in a rule. */
export function requireSynthetic({ syntheticOnly }: Pick<Sandbox, 'syntheticOnly'>, idNumber: string): void {
  if (syntheticOnly && !isSynthetic(idNumber)) throw realPerson();
}

const realPerson = () =>
  new DeskError(422, 'REAL_DATA', {
    en: REAL_DATA,
    zh: '此处不得使用真实人员信息，请使用行政区划为 99xxxx 的证件号码',
  });

/** The same of everything that somebody writes: reasons, names, remarks. */
export function requireNobody({ syntheticOnly }: Pick<Sandbox, 'syntheticOnly'>, body: unknown): void {
  if (syntheticOnly && textsOf(body, 0).some(hasRealNumber)) throw realPerson();
}

/** Papers whose number is one of GB 11643; absent: whatever looks like one. */
const RESIDENT = ['resident_id', 'residence_permit'];

/**
 * No agency would know the person of a number that cannot be: what is said of them would wait for ever.
 * @param idType absent: not told
 * @param field what the sentence calls it
 */
export function requireIdNumber(
  sandbox: Pick<Sandbox, 'syntheticOnly'>,
  idNumber: string,
  idType?: string,
  field = 'id_number',
): void {
  const looks = /^\d{17}[\dX]$/.test(idNumber);
  const claimed = idType === undefined ? looks : RESIDENT.includes(idType);
  if (claimed && !isResidentId(idNumber)) throw invalid(idNumber, looks, field);
  requireSynthetic(sandbox, idNumber);
}

function invalid(idNumber: string, looks: boolean, field: string): DeskError {
  const check = looks ? expectedCheck(idNumber) : undefined;
  const last = idNumber.at(-1);
  if (check !== undefined && check !== last)
    return new DeskError(422, 'ID_NUMBER_INVALID', {
      en: `${field}: the check character of GB 11643 would be ${check}, not ${last}`,
      zh: `${field}：按 GB 11643，校验码应为 ${check}，而不是 ${last}`,
    });
  return new DeskError(422, 'ID_NUMBER_INVALID', {
    en: `${field}: a resident ID has 17 digits, a birthday that there is, and a check character (GB 11643)`,
    zh: `${field}：居民身份证号码由 17 位数字（含真实存在的出生日期）和校验码组成（GB 11643）`,
  });
}
