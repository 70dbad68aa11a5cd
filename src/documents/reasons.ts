/**
 * The canonical reasons as a certificate may state them: the article of the Labour Contract Law (LCL) and its own neutral
 * words, never what the person is said to have done.
 */
import type { ExitReason } from '../domain/words.ts';
import type { Words } from '../language.ts';

const LAW: Words = { zh: '《中华人民共和国劳动合同法》', en: 'Labour Contract Law' };

/** Dissolution (解除) ends a running contract, termination (终止) one that has run out; the law keeps the words apart. */
const ground = (article: Words, zh: string, en: string): Words => ({
  zh: `依据${LAW.zh}${article.zh}，${zh}`,
  en: `${LAW.en}, ${article.en}: ${en}`,
});
const article = (zh: string, number: number | string): Words => ({
  zh: `第${zh}条`,
  en: `Article ${number}`,
});

export const LEGAL_GROUNDS: Readonly<Record<ExitReason, Words>> = {
  resignation: ground(article('三十七', 37), '解除劳动合同', 'dissolved by the employee on notice'),
  resignation_in_probation: ground(
    article('三十七', 37),
    '在试用期内解除劳动合同',
    'dissolved by the employee on notice during probation',
  ),
  mutual_by_employee: ground(
    article('三十六', 36),
    '劳动者提出，双方协商一致解除劳动合同',
    'dissolved by mutual agreement, proposed by the employee',
  ),
  mutual_by_employer: ground(
    article('三十六', 36),
    '用人单位提出，双方协商一致解除劳动合同',
    'dissolved by mutual agreement, proposed by the employer',
  ),
  employer_fault: ground(article('三十八', 38), '解除劳动合同', 'dissolved by the employee'),
  dismissal_for_cause: ground(article('三十九', 39), '解除劳动合同', 'dissolved by the employer'),
  dismissal_no_fault: ground(article('四十', 40), '解除劳动合同', 'dissolved by the employer'),
  redundancy: ground(article('四十一', 41), '解除劳动合同', 'dissolved by the employer'),
  contract_expired: ground(
    { zh: '第四十四条第（一）项', en: 'Article 44 (1)' },
    '劳动合同期满终止',
    'terminated by expiry',
  ),
  retirement: ground(
    { zh: '第四十四条第（二）项', en: 'Article 44 (2)' },
    '劳动合同终止',
    'terminated, the employee being entitled to a pension',
  ),
  death: ground(
    { zh: '第四十四条第（三）项', en: 'Article 44 (3)' },
    '劳动合同终止',
    'terminated by operation of law',
  ),
  employer_closed: ground(
    { zh: '第四十四条第（四）项、第（五）项', en: 'Article 44 (4), (5)' },
    '劳动合同终止',
    'terminated, the employer being closed',
  ),
  group_transfer: ground(article('三十六', 36), '双方协商一致解除劳动合同', 'dissolved by mutual agreement'),
};
