import assert from 'node:assert/strict';
import fc from 'fast-check';
import { z } from 'zod';
import { chooseConnection } from '../../../src/domain/connections.ts';
import type { FilingKind } from '../../../src/domain/words.ts';
import { connectionBody, connectionDraft } from '../../../src/http/connection-draft.ts';
import { invalid, problemBody } from '../../../src/http/errors.ts';
import { exitDraftExample } from '../../../src/http/examples.ts';
import { exitDraftSchema } from '../../../src/http/exit-draft.ts';
import { warningsOf } from '../../../src/http/exit-warnings.ts';
import { isRepeated } from '../../../src/http/headers.ts';
import { jsonFault } from '../../../src/http/json.ts';
import { maskIdNumber, maskName } from '../../../src/http/mask.ts';
import { limit } from '../../../src/http/pagination.ts';
import { check, inBody, pointerOf } from '../../../src/http/validate.ts';
import { isSecret, namesAt, nearest } from '../../../src/http/zod.ts';

const schema = exitDraftSchema(['general', 'securities']);
const faultsOf = (value: unknown) => {
  const result = check(schema, value, inBody);
  return result.ok ? [] : result.faults.map(({ code, pointer }) => `${code} ${pointer}`);
};
const employee = (change: object) => ({
  ...exitDraftExample,
  employee: { ...exitDraftExample.employee, ...change },
});

describe('the body of an exit', () => {
  it('takes the example, and puts identifiers into their one form', () => {
    const result = check(schema, employee({ id_number: ' 11010519491231002x ' }), inBody);
    assert.ok(result.ok);
    assert.equal(result.value.employee.id_number, '11010519491231002X');
  });

  const documents: readonly [string, string, string | undefined][] = [
    ['resident_id', '440305199202290036', undefined],
    ['resident_id', '11010519491231002', 'resident_id_length'],
    ['resident_id', '1101051949123100ZX', 'resident_id_characters'],
    ['hmt_permit', 'H12345678', undefined],
    ['hmt_permit', '12345678', undefined],
    ['hmt_permit', '810000199408230021', undefined],
    ['hmt_permit', '11010519491231002X', 'hmt_permit_invalid'],
    ['hmt_permit', 'H1234', 'hmt_permit_invalid'],
    ['passport', 'e12345678', undefined],
    ['passport', 'E1234 5678', 'passport_invalid'],
  ];
  for (const [id_type, id_number, code] of documents)
    it(`${code === undefined ? 'takes' : 'refuses'} ${id_type} ${id_number}`, () => {
      const expected = code === undefined ? [] : [`${code} /employee/id_number`];
      assert.deepEqual(faultsOf(employee({ id_type, id_number })), expected);
    });

  it('asks for the end of a fixed term', () => {
    assert.deepEqual(faultsOf(employee({ contract: { type: 'fixed_term', start: '2022-03-01' } })), [
      'contract_end_missing /employee/contract/end',
    ]);
    assert.deepEqual(faultsOf(employee({ contract: { type: 'open_ended', start: '2022-03-01' } })), []);
  });

  it('bears any JSON without words of its own library', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const result = check(schema, value, inBody);
        return !result.ok && result.faults.every(({ code }) => code !== 'value_invalid');
      }),
    );
  });

  const codes = (change: object) => {
    const draft = check(schema, { ...exitDraftExample, last_attendance_date: undefined, ...change }, inBody);
    assert.ok(draft.ok);
    return warningsOf(draft.value, new Date('2026-11-20T02:00:00Z')).map(
      ({ code, pointer }) => `${code} ${pointer}`,
    );
  };

  it('warns of dates that may be, but seldom are', () => {
    const far = ['insurance_end_month_far /insurance_end_month'];
    for (const [insurance_end_month, expected] of [
      ['2026-09', far],
      ['2026-10', []],
      ['2026-12', []],
      ['2027-01', far],
    ] as const)
      assert.deepEqual(codes({ insurance_end_month }), expected, insurance_end_month);
    assert.deepEqual(codes({ exit_date: '2026-12-31', insurance_end_month: '2027-01' }), []);
    assert.deepEqual(codes({ last_attendance_date: '2026-11-26' }), [
      'attendance_after_exit /last_attendance_date',
    ]);
    const contract = { type: 'open_ended', start: '2026-10-27' };
    assert.deepEqual(codes(employee({ contract })), ['notice_before_contract /notice_date']);
  });

  it('warns of a short notice only where the statute asks for one', () => {
    assert.deepEqual(codes({}), []);
    assert.deepEqual(codes({ exit_date: '2026-11-24' }), ['notice_short /exit_date']);
    assert.deepEqual(codes({ exit_date: '2026-10-28', reason: 'resignation_in_probation' }), [
      'notice_short /exit_date',
    ]);
    assert.deepEqual(codes({ exit_date: '2026-10-29', reason: 'resignation_in_probation' }), []);
    assert.deepEqual(codes({ exit_date: '2026-10-26', reason: 'mutual_by_employer' }), []);
  });
});

describe('the text of a refusal', () => {
  const details = (value: unknown) => {
    const result = check(schema, value, inBody);
    assert.ok(!result.ok);
    const refusal = invalid('body_invalid', result.faults, result.more);
    return (['en', 'zh'] as const).map((language) => problemBody(refusal, language, 'r'));
  };

  it('names fifty faults, and says how many more there are', () => {
    const extra = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`x${index}`, 1]));
    const [en, zh] = details({ ...exitDraftExample, ...extra });
    assert.equal(en?.errors?.length, 50);
    assert.match(en?.detail ?? '', /^To correct: 20000 fields\. At “\/x0”: .* \(19950 more not listed\.\)$/);
    assert.match(zh?.detail ?? '', /^需要更正：20000 处。“\/x0”：.*（另有 19950 处未列出。）$/);
    assert.ok(JSON.stringify(en).length < 20_000);
  });

  it('counts the unknown settings of an adapter as well', () => {
    const extra = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`x${index}`, 1]));
    const settings = z.object({ url: z.string() });
    const manifest = {
      name: 'p',
      title: { en: 'P', zh: 'P' },
      kinds: [],
      regions: ['*'],
      personFields: [],
      protocol: 'by hand',
      capabilities: [],
      settings,
    };
    const body = connectionBody(['p']).parse({ name: 'A', adapter: 'p', settings: extra });
    assert.throws(
      () => connectionDraft(body, new Map([['p', manifest]])),
      (error: ReturnType<typeof invalid>) => {
        const { detail, errors } = problemBody(error, 'en', 'r');
        return errors?.length === 50 && /71 fields.*\(21 more/.test(detail);
      },
    );
  });

  it('says of a setting what its adapter says, and in our words what the adapter leaves to Zod', () => {
    const settings = z.object({
      names: z.array(z.string()).optional(),
      format: z.enum(['xlsx', 'csv'], 'must be xlsx or csv').optional(),
      both: z.array(z.int(), 'must be a list').optional(),
    });
    const manifest = {
      name: 'p',
      title: { en: 'P', zh: 'P' },
      kinds: [],
      regions: ['*'],
      personFields: [],
      protocol: 'by hand',
      capabilities: [],
      settings,
    };
    const given = { names: 'A', format: 'pdf', both: ['x'] };
    const body = connectionBody(['p']).parse({ name: 'A', adapter: 'p', settings: given });
    const said = (language: 'en' | 'zh') => {
      try {
        connectionDraft(body, new Map([['p', manifest]]));
      } catch (error) {
        return problemBody(error as ReturnType<typeof invalid>, language, 'r').errors?.map(
          ({ pointer, detail }) => `${pointer} ${detail}`,
        );
      }
      return [];
    };
    assert.deepEqual(said('en')?.toSorted(), [
      '/settings/both/0 Give a number here.',
      '/settings/format The adapter does not take this setting: must be xlsx or csv.',
      '/settings/names Give a list here.',
    ]);
    assert.deepEqual(said('zh')?.toSorted(), [
      '/settings/both/0 此处的类型应为数字。',
      '/settings/format 适配器不接受该设置：must be xlsx or csv。',
      '/settings/names 此处的类型应为数组。',
    ]);
  });

  it('cuts a list that a handler made, too', () => {
    const faults = Array.from(
      { length: 51 },
      () => ({ code: 'value_invalid', slots: {}, pointer: '/a' }) as const,
    );
    const { detail, errors } = problemBody(invalid('body_invalid', faults), 'en', 'r');
    assert.equal(errors?.length, 50);
    assert.match(detail, /51 fields.*\(1 more not listed/);
  });

  it('counts one field as one, and has no place for the body as a whole', () => {
    const [one] = details({ ...exitDraftExample, external_id: 7 });
    assert.equal(one?.detail, 'To correct: 1 field. At “/external_id”: Give a text here.');
    const [en, zh] = details([]);
    assert.equal(en?.detail, 'To correct: the body as a whole. Give an object here.');
    assert.equal(zh?.detail, '需要更正：整个请求体。此处的类型应为对象。');
  });
});

describe('small forms', () => {
  it('reads a limit of decimal digits alone', () => {
    assert.equal(limit.parse('20'), 20);
    assert.equal(limit.parse(undefined), 50);
    for (const text of ['1e2', '0x10', '1.0', '+5', ' 5', '', '０', '0', '101'])
      assert.equal(limit.safeParse(text).success, false, text);
  });

  it('sees a header that came twice, in whatever case', () => {
    const rawHeaders = ['Host', 'authorization', 'Authorization', 'a', 'AUTHORIZATION', 'b'];
    assert.equal(isRepeated({ rawHeaders } as never, 'authorization'), true);
    assert.equal(isRepeated({ rawHeaders: rawHeaders.slice(0, 4) } as never, 'authorization'), false);
  });

  it('keeps the area that a connection serves without zeros at its end', () => {
    const body = { name: 'A', adapter: 'p', settings: {} };
    const kept = ['110000', '110100', '11'].map(
      (region) => connectionBody(['p']).parse({ ...body, region }).region,
    );
    assert.deepEqual(kept, ['11', '1101', '11']);
  });
});

describe('places and names', () => {
  it('escapes pointers by RFC 6901', () => {
    assert.equal(pointerOf(['a/b', 0, 'm~n']), '/a~1b/0/m~0n');
    assert.equal(pointerOf([]), '');
  });

  it('finds the name that was meant, and none when nothing is near', () => {
    const known = ['exit_date', 'notice_date', 'external_id'];
    assert.equal(nearest('exitDate', known), 'exit_date');
    assert.equal(nearest('extrnal-id', known), 'external_id');
    assert.equal(nearest('colour', known), undefined);
    assert.equal(nearest('x'.repeat(100_000), known), undefined);
  });

  it('knows the names of nested objects, through lists and optional ones', () => {
    assert.deepEqual(namesAt(schema, ['non_compete']), ['months', 'monthly_compensation', 'competitors']);
    assert.deepEqual(namesAt(schema, ['disputes', 3]), ['external_id', 'kind', 'summary', 'amount']);
    assert.deepEqual(namesAt(schema, ['post']), []);
  });

  it('sees a secret through whatever is wrapped around it', () => {
    const secret = z.string().meta({ secret: true });
    for (const each of [
      secret,
      secret.optional(),
      secret.default('x'),
      secret.describe('y'),
      secret.transform(Number),
    ])
      assert.equal(isSecret(each), true);
    assert.equal(isSecret(z.string().default('x')), false);
  });
});

describe('masks', () => {
  it('leave too little to use', () => {
    assert.equal(maskName('欧阳某某'), '欧***');
    assert.equal(maskName(''), '');
    assert.equal(maskIdNumber('resident_id', '11010519491231002X'), '110***********002X');
    assert.equal(maskIdNumber('passport', 'E12345678'), 'E******78');
    assert.equal(maskIdNumber('hmt_permit', '810000199408230021'), '810***********0021');
  });
});

describe('the place where a text stops being JSON', () => {
  const cases: readonly [string, number, number][] = [
    ['{"a": 1,}', 1, 9],
    ['{"a" 1}', 1, 6],
    ['[1 2]', 1, 4],
    ['{"a": "x', 1, 7],
    ['{\n  "a": nul\n}', 2, 8],
    ['[1, 2', 1, 6],
    ['{} x', 1, 4],
    ['{"a": 01}', 1, 7],
    ['"tab\tin string"', 1, 1],
    ['', 1, 1],
    ["{'a': 1}", 1, 2],
  ];
  for (const [text, line, column] of cases)
    it(`is ${line}:${column} in ${JSON.stringify(text)}`, () => {
      assert.throws(() => JSON.parse(text));
      assert.deepEqual(jsonFault(text), { line, column });
    });

  it('lies past the end of any JSON, and never throws, long or deep', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const { column } = jsonFault(text);
        assert.ok(column > text.trimEnd().length - text.lastIndexOf('\n') - 1);
      }),
    );
    assert.deepEqual(jsonFault('['.repeat(500_000)), { line: 1, column: 500_001 });
    assert.deepEqual(jsonFault(`["${'x'.repeat(1_000_000)}`), { line: 1, column: 2 });
  });
});

describe('the choice of a connection', () => {
  const make = (id: string, region = '', employerUscc = '', kinds: FilingKind[] = ['labor_filing']) => ({
    id,
    kinds,
    region,
    employerUscc,
  });
  const employer = { uscc: '91110105MA001234X4', region: '110105' };
  const choose = (...connections: ReturnType<typeof make>[]) =>
    chooseConnection('labor_filing', employer, connections)?.id;

  it('leaves out what serves another kind, region or employer', () => {
    assert.equal(
      choose(make('a', '', '', ['credit_update']), make('b', '31'), make('c', '', 'other')),
      undefined,
    );
    assert.equal(choose(make('a', '1101050')), undefined);
  });

  it('prefers the employer’s own, then the nearer region, then the newer', () => {
    const { uscc } = employer;
    assert.equal(choose(make('a'), make('b', '110105'), make('c', '', uscc)), 'c');
    assert.equal(choose(make('a', '11'), make('b', '1101'), make('c')), 'b');
    assert.equal(choose(make('b'), make('c'), make('a')), 'c');
    assert.equal(choose(make('z', '', uscc), make('a', '11', uscc)), 'a');
  });
});
