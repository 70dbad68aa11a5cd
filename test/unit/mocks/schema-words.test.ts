// What the desk says of a message that the schema refuses: a sentence for whatever the two validators write.
import assert from 'node:assert/strict';
import { schemaSays } from '../../../mocks/desk/schema-words.ts';

const SAID: readonly (readonly [string, string, string])[] = [
  [
    "Element 'BAB010': [facet 'pattern'] The value 'x' is not accepted",
    'BAB010',
    'BAB010 的写法不符合规定。',
  ],
  ["Element 'post': This element is not expected. Expected is ( AAB001 ).", 'post', 'post 不应出现在此处'],
  ["Element 'Row': Missing child element(s). Expected is ( AAC002 ).", 'Row', '缺少 Row'],
  ["Element 'kind': [facet 'enumeration'] The value 'x' is not an element", 'kind', 'kind 不是允许的取值。'],
  ["Element 'title': [facet 'maxLength'] The value has a length of '300'", 'title', 'title 的长度'],
  ["Element 'Row', attribute 'x': The attribute 'x' is not allowed.", 'x', '此处不允许出现 x。'],
  ["must have required property 'reason'", 'reason', '缺少 reason'],
  ['must NOT have additional properties', 'extra', '此处不允许出现 extra。'],
  ['must be equal to one of the allowed values', 'reason', 'reason 不是允许的取值。'],
  ['must match format "date"', 'exit_date', 'exit_date 的写法'],
  ['must NOT have more than 200 characters', 'post', 'post 的长度'],
  ['must be string', 'name', 'name 的取值有误。'],
];

describe('what a schema has against a message', () => {
  for (const [message, field, chinese] of SAID)
    it(`is said of ${message}`, () => {
      const { en, zh } = schemaSays(message, field);
      assert.ok(zh.startsWith(chinese), zh);
      assert.match(en, new RegExp(`\\b${field}\\b.*\\.$`));
    });

  it('is said of a message that cannot be read, without a field', () => {
    assert.equal(
      schemaSays('not well-formed XML: Start tag expected', undefined).zh,
      '报文格式错误，无法解析。',
    );
    assert.equal(schemaSays('something new', undefined).zh, '报文的取值有误。');
  });
});
