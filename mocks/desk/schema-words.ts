// What a schema has against a message, in a sentence of ours: libxml2 and ajv say it in English only, and in their own words.
import type { Sentence } from '../kernel/scenario.ts';

type Says = (field: string) => Sentence;

/** By what the validators write; the first that fits. */
const SAYS: readonly (readonly [RegExp, Says])[] = [
  [
    /not well-formed|not JSON/,
    () => ({ en: 'The message cannot be read as it is written.', zh: '报文格式错误，无法解析。' }),
  ],
  [/UTF-8/, () => ({ en: 'The message is not encoded in UTF-8.', zh: '报文不是 UTF-8 编码。' })],
  [
    /No matching global declaration|holds no message|not declared/,
    () => ({ en: 'The schema knows no such message.', zh: '架构中没有这种报文。' }),
  ],
  [
    /nested deeper|Character content/,
    (field) => ({ en: `${field} has content that it may not have.`, zh: `${field} 含有不允许的内容。` }),
  ],
  [
    /is not allowed\b|NOT have (additional|unevaluated)/,
    (field) => ({ en: `${field} is not allowed here.`, zh: `此处不允许出现 ${field}。` }),
  ],
  [
    /is not expected/,
    (field) => ({ en: `${field} is not expected here.`, zh: `${field} 不应出现在此处，或顺序有误。` }),
  ],
  [
    /Missing child|required/,
    (field) => ({ en: `${field} is missing, or a part of it.`, zh: `缺少 ${field}，或其内容不全。` }),
  ],
  [
    /facet '(pattern|.*[dD]igits)'|match (pattern|format)/,
    (field) => ({ en: `${field} is not in the form that is wanted.`, zh: `${field} 的写法不符合规定。` }),
  ],
  [
    /facet '(length|minLength|maxLength)'|(fewer|more) than/,
    (field) => ({ en: `${field} is too long or too short.`, zh: `${field} 的长度或数量不符合规定。` }),
  ],
  [
    /facet 'enumeration'|allowed values|equal to constant/,
    (field) => ({ en: `${field} has none of the values allowed.`, zh: `${field} 不是允许的取值。` }),
  ],
  [
    /facet '(min|max)|must be [<>]/,
    (field) => ({ en: `${field} is out of range.`, zh: `${field} 超出取值范围。` }),
  ],
];

const OTHERWISE: Says = (field) => ({ en: `The value of ${field} is wrong.`, zh: `${field} 的取值有误。` });

/** @param message the validator's @param field element or member that it is about; absent: the message as a whole */
export function schemaSays(message: string, field: string | undefined): Sentence {
  const says = SAYS.find(([pattern]) => pattern.test(message))?.[1] ?? OTHERWISE;
  return field ? says(field) : { en: says('The message').en, zh: says('报文').zh.replace('报文 ', '报文') };
}
