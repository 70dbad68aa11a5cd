// What ajv found wrong, for people: with the words that are allowed, and without an error for each branch not taken.
import type { ErrorObject } from 'ajv/dist/2020.js';
import { alike } from '../kernel/nearest.ts';
import type { Sentence } from '../kernel/scenario.ts';

export interface Fault {
  readonly pointer: string;
  readonly said: Sentence;
}

/** ajv must be `verbose`: a choice that has a description is explained by it, in Chinese by `x-zh`. */
export function explain(errors: readonly ErrorObject[]): Fault[] {
  const choice = errors.find(({ keyword }) => keyword === 'oneOf');
  const { description, 'x-zh': chinese = description }: Record<string, unknown> = choice?.parentSchema ?? {};
  if (choice && typeof description === 'string') {
    const known = membersOf(choice.schema);
    const stray = Object.keys(Object(choice.data)).find((name) => known.length > 0 && !known.includes(name));
    return [
      {
        pointer: choice.instancePath,
        said:
          stray === undefined
            ? { en: `must be ${description}`, zh: `应为${String(chinese)}` }
            : unexpected(stray, known),
      },
    ];
  }
  const said = errors.filter((error) => error !== choice);
  // A branch of another type says nothing about what was meant.
  const meant = said.filter(
    ({ keyword, instancePath, data }) =>
      instancePath !== choice?.instancePath ||
      (keyword !== 'type' && (keyword !== 'enum' || typeof data === 'string')),
  );
  return (meant.length > 0 ? meant : said).map((error) => ({
    pointer: error.instancePath,
    said: sentenceOf(error),
  }));
}

/** Names of the members that any of the schemas has. */
function membersOf(schemas: unknown): string[] {
  const list: unknown[] = Array.isArray(schemas) ? schemas : [schemas];
  return list.flatMap((schema) => Object.keys(Object(Object(schema).properties)));
}

/** With the name that was probably meant. */
function unexpected(name: string, known: readonly string[]): Sentence {
  const meant = alike(name, known);
  return meant === undefined
    ? { en: `must not have ${name}`, zh: `不应含有 ${name}` }
    : { en: `must not have ${name}; nearest: ${meant}`, zh: `不应含有 ${name}；最接近的是 ${meant}` };
}

const TYPES: Readonly<Record<string, string>> = {
  string: '字符串',
  integer: '整数',
  number: '数字',
  boolean: '布尔值',
  object: '对象',
  array: '数组',
};

function sentenceOf({ keyword, message = 'is wrong', params, parentSchema }: ErrorObject): Sentence {
  const { limit, type, pattern, missingProperty, additionalProperty, allowedValues } = params;
  switch (keyword) {
    case 'enum': {
      const values = allowedValues as readonly string[];
      return { en: `must be one of ${values.join(', ')}`, zh: `应为下列之一：${values.join('、')}` };
    }
    case 'additionalProperties':
      return unexpected(String(additionalProperty), membersOf(parentSchema));
    case 'required':
      return { en: message, zh: `缺少 ${missingProperty}` };
    case 'type':
      return { en: message, zh: `应为${TYPES[type] ?? type}` };
    case 'pattern':
      return { en: message, zh: `应符合 ${pattern}` };
    case 'minLength':
      return { en: message, zh: `不得少于 ${limit} 个字符` };
    case 'maxLength':
      return { en: message, zh: `不得超过 ${limit} 个字符` };
    case 'minimum':
      return { en: message, zh: `不得小于 ${limit}` };
    case 'exclusiveMinimum':
      return { en: message, zh: `必须大于 ${limit}` };
    case 'maximum':
      return { en: message, zh: `不得大于 ${limit}` };
    case 'maxItems':
      return { en: message, zh: `不得超过 ${limit} 项` };
    default:
      return { en: message, zh: '不符合要求' };
  }
}
