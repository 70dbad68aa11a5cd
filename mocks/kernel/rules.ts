// What the agencies demand of a request, rule by rule, as a written list. They keep all of it; a test may let one rule
// off, to see that somebody notices: a rule that nobody misses is not proved by any test.
import type { Sentence } from './scenario.ts';

/** `labor.serial-once` → what it demands. The part before the dot is the agency, or `kernel` for what all have in common. */
export type RuleBook = Readonly<Record<string, Sentence>>;

/** Asked at each check: whether the rule holds in this sandbox. */
export type Keeps = (rule: string) => boolean;

export const KEEPS_ALL: Keeps = () => true;

export const KERNEL_RULES: RuleBook = {
  'kernel.certificate-issuer': {
    en: 'A certificate is one of the CA of this sandbox.',
    zh: '证书须由本沙箱的 CA 签发。',
  },
  'kernel.certificate-validity': {
    en: 'A certificate is valid at the sandbox’s time.',
    zh: '证书在沙箱当前时间须处于有效期内。',
  },
  'kernel.id-number': {
    en: 'A resident ID number has a date of birth and a check digit that fit (GB 11643).',
    zh: '居民身份证号码的出生日期和校验码须符合 GB 11643。',
  },
  'kernel.person-name': {
    en: 'A name is the one that the ID number is known by.',
    zh: '姓名须与该证件号码登记的一致。',
  },
  'kernel.person-document': {
    en: 'A document type is the one that the ID number is known by.',
    zh: '证件类型须与该证件号码登记的一致。',
  },
  'kernel.person-in-unit': {
    en: 'A person is on the roll of the unit that files, and employed nowhere else.',
    zh: '该人员须在申报单位名册内，且未在其他单位在职。',
  },
  'kernel.own-people': {
    en: 'A unit is told of the people on its own roll only.',
    zh: '单位只能查询本单位名册内的人员。',
  },
  'kernel.cursor': {
    en: 'A list goes on from where one of its pages has ended.',
    zh: '列表的游标须是某一页返回的结束位置。',
  },
  'kernel.synthetic-people': {
    en: 'Where strangers come in, ID numbers belong to nobody (REAL_DATA).',
    zh: '公开托管时，证件号码不得属于真实个人（REAL_DATA）。',
  },
};

export interface Rules {
  readonly book: RuleBook;
  readonly keeps: Keeps;
  /** Runs `work` while the agency does not ask for the rule. Throws RangeError when there is no such rule. */
  without<T>(rule: string, work: () => Promise<T>): Promise<T>;
}

export function createRules(books: readonly RuleBook[]): Rules {
  const book: RuleBook = Object.assign({}, KERNEL_RULES, ...books);
  const off = new Set<string>();
  return {
    book,
    keeps: (rule) => !off.has(rule),
    async without(rule, work) {
      if (!Object.hasOwn(book, rule)) throw new RangeError(`there is no rule ${rule}`);
      off.add(rule);
      try {
        return await work();
      } finally {
        off.delete(rule);
      }
    },
  };
}
