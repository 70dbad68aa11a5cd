/** Fields that are wrong: the code, the place and a sentence that helps, in both languages, and nothing done. */
import assert from 'node:assert/strict';
import { draft, useApi } from '../support/api.ts';

interface Case {
  readonly name: string;
  readonly change: Record<string, unknown>;
  readonly code: string;
  readonly pointer: string;
  readonly en: RegExp;
  readonly zh: RegExp;
}

const example = draft('x') as {
  employer: object;
  employee: { contract: object };
  disputes: object[];
};
const employer = (change: object) => ({ employer: { ...example.employer, ...change } });
const employee = (change: object) => ({ employee: { ...example.employee, ...change } });

const CASES: readonly Case[] = [
  {
    name: 'an unknown field',
    change: { exitDate: '2026-11-25' },
    code: 'field_unknown',
    pointer: '/exitDate',
    en: /no field “exitDate”.*mean “exit_date”/,
    zh: /没有名为“exitDate”的字段.*“exit_date”/,
  },
  {
    name: 'an unknown field near nothing',
    change: employer({ colour: 'red' }),
    code: 'field_unknown_known',
    pointer: '/employer/colour',
    en: /“colour”.*name, uscc, region/,
    zh: /“colour”.*name, uscc, region/,
  },
  {
    name: 'a wrong check digit of the resident ID',
    change: employee({ id_number: '110105194912310021' }),
    code: 'resident_id_check_digit',
    pointer: '/employee/id_number',
    en: /GB 11643.*mistyped/,
    zh: /校验码不符（GB 11643）/,
  },
  {
    name: 'a birth date that does not exist',
    change: employee({ id_number: '110101199002300014' }),
    code: 'resident_id_birth_date',
    pointer: '/employee/id_number',
    en: /7 to 14.*date of birth/,
    zh: /第 7 至 14 位.*出生日期/,
  },
  {
    name: 'a letter O in the USCC',
    change: employer({ uscc: '91110105MA0012340O' }),
    code: 'uscc_characters',
    pointer: '/employer/uscc',
    en: /an O in place of a 0/,
    zh: /0 写成 O/,
  },
  {
    name: 'a wrong check digit of the USCC',
    change: employer({ uscc: '91110105MA001234X5' }),
    code: 'uscc_check_digit',
    pointer: '/employer/uscc',
    en: /GB 32100/,
    zh: /GB 32100/,
  },
  {
    name: 'an exit date before the notice',
    change: { exit_date: '2026-10-01' },
    code: 'exit_before_notice',
    pointer: '/exit_date',
    en: /2026-10-01 lies before the notice of 2026-10-26/,
    zh: /2026-10-01 早于通知日期 2026-10-26/,
  },
  {
    name: 'an exit date before the contract',
    change: { exit_date: '2021-11-25', notice_date: '2021-10-26' },
    code: 'exit_before_contract',
    pointer: '/exit_date',
    en: /2021-11-25 lies before the contract began on 2022-03-01/,
    zh: /2021-11-25 早于合同开始日期 2022-03-01/,
  },
  {
    name: 'a contract that ends before it starts',
    change: employee({ contract: { type: 'fixed_term', start: '2022-03-01', end: '2021-02-28' } }),
    code: 'contract_end_before_start',
    pointer: '/employee/contract/end',
    en: /ends on 2021-02-28, before its start on 2022-03-01/,
    zh: /2021-02-28 早于开始日期 2022-03-01/,
  },
  {
    name: 'an unknown region',
    change: employer({ region: '990000' }),
    code: 'region_unknown',
    pointer: '/employer/region',
    en: /GB\/T 2260.*110000/,
    zh: /GB\/T 2260.*110000/,
  },
  {
    name: 'a date that does not exist',
    change: { notice_date: '2026-02-30' },
    code: 'date_invalid',
    pointer: '/notice_date',
    en: /date that exists, written YYYY-MM-DD/,
    zh: /YYYY-MM-DD/,
  },
  {
    name: 'an unknown profile',
    change: { profile: 'security' },
    code: 'profile_unknown',
    pointer: '/profile',
    en: /general.*securities/,
    zh: /general.*securities/,
  },
  {
    name: 'an unknown reason',
    change: { reason: 'quit' },
    code: 'value_unknown',
    pointer: '/reason',
    en: /Use one of: resignation,/,
    zh: /请使用下列值之一：resignation,/,
  },
  {
    name: 'a missing field',
    change: { exit_date: undefined },
    code: 'required',
    pointer: '/exit_date',
    en: /missing. Give a text/,
    zh: /缺少该字段，请提供文本/,
  },
  {
    name: 'a number where a text belongs',
    change: { external_id: 17 },
    code: 'type_wrong',
    pointer: '/external_id',
    en: /Give a text here/,
    zh: /类型应为文本/,
  },
  {
    name: 'money as a number',
    change: { disputes: [{ ...example.disputes[0], amount: '200,000' }] },
    code: 'money_invalid',
    pointer: '/disputes/0/amount',
    en: /"200000.00"/,
    zh: /"200000.00"/,
  },
  {
    name: 'the same dispute twice',
    change: { disputes: [example.disputes[0], example.disputes[0]] },
    code: 'dispute_repeated',
    pointer: '/disputes/1/external_id',
    en: /same external_id/,
    zh: /相同的 external_id/,
  },
  {
    name: 'a text too long',
    change: { external_id: 'x'.repeat(101) },
    code: 'text_too_long',
    pointer: '/external_id',
    en: /100 characters/,
    zh: /100 个字符/,
  },
  {
    name: 'a NUL in a text, which the database would not keep',
    change: { external_id: 'a\u0000b' },
    code: 'text_characters',
    pointer: '/external_id',
    en: /control characters/,
    zh: /控制字符/,
  },
  {
    name: 'a lone surrogate',
    change: employer({ name: '某\ud800公司' }),
    code: 'text_characters',
    pointer: '/employer/name',
    en: /broken Unicode/,
    zh: /残缺的 Unicode/,
  },
  {
    name: 'a noncharacter in a name',
    change: employee({ name: '张\uffff某' }),
    code: 'text_characters',
    pointer: '/employee/name',
    en: /U\+FFFF/,
    zh: /U\+FFFF/,
  },
  {
    name: 'a noncharacter in a text of many lines',
    change: { disputes: [{ ...example.disputes[0], summary: 'a\ufdd0' }] },
    code: 'text_characters',
    pointer: '/disputes/0/summary',
    en: /noncharacters/,
    zh: /非字符/,
  },
  {
    name: 'a noncharacter at the end of a plane',
    change: employer({ name: '某\u{1fffe}公司' }),
    code: 'text_characters',
    pointer: '/employer/name',
    en: /noncharacters/,
    zh: /非字符/,
  },
  {
    name: 'a direction mark in a name',
    change: employee({ name: '张\u202e某' }),
    code: 'text_unseen',
    pointer: '/employee/name',
    en: /cannot be seen/,
    zh: /不可见字符/,
  },
  {
    name: 'a zero-width space in an id',
    change: { external_id: 'a\u200bb' },
    code: 'text_unseen',
    pointer: '/external_id',
    en: /cannot be seen/,
    zh: /不可见字符/,
  },
  {
    name: 'a name without a letter',
    change: employee({ name: '12-3' }),
    code: 'name_letters',
    pointer: '/employee/name',
    en: /at least one letter/,
    zh: /至少应有一个汉字或字母/,
  },
  {
    name: 'a year that is mistyped',
    change: { exit_date: '9999-12-31' },
    code: 'date_out_of_range',
    pointer: '/exit_date',
    en: /1900-01-01 to 2199-12-31/,
    zh: /1900-01-01 至 2199-12-31/,
  },
  {
    name: 'a year before all others',
    change: { notice_date: '1899-12-31' },
    code: 'date_out_of_range',
    pointer: '/notice_date',
    en: /check the year/,
    zh: /核对年份/,
  },
  {
    name: 'a month of another century',
    change: { insurance_end_month: '2200-01' },
    code: 'month_out_of_range',
    pointer: '/insurance_end_month',
    en: /1900-01 to 2199-12/,
    zh: /1900-01 至 2199-12/,
  },
  {
    name: 'a month that does not exist',
    change: { insurance_end_month: '9999-13' },
    code: 'month_invalid',
    pointer: '/insurance_end_month',
    en: /YYYY-MM/,
    zh: /YYYY-MM/,
  },
];

describe('the API: bad fields', () => {
  const api = useApi();

  for (const { name, change, code, pointer, en, zh } of CASES)
    it(`refuses ${name}`, async () => {
      const body = draft('bad', change);
      for (const [language, sentence] of [
        ['en', en],
        ['zh-CN', zh],
      ] as const) {
        const reply = await api.post('/v1/exits', body, { headers: { 'accept-language': language } });
        assert.equal(reply.status, 422, JSON.stringify(reply.body));
        assert.equal(reply.headers.get('content-type'), 'application/problem+json; charset=utf-8');
        assert.equal(reply.headers.get('content-language'), language.slice(0, 2));
        assert.equal(reply.body.code, 'body_invalid');
        assert.equal(reply.body.type, 'urn:exitgate:problem:body_invalid');
        assert.equal(reply.body.errors.length, 1, JSON.stringify(reply.body.errors));
        const [error] = reply.body.errors;
        assert.deepEqual([error.code, error.pointer], [code, pointer]);
        assert.match(error.detail, sentence);
        assert.ok(reply.body.detail.includes(error.detail));
      }
      assert.deepEqual((await api.get('/v1/exits?external_id=bad')).body.data, []);
    });

  it('names every fault of a body at once', async () => {
    const { body } = await api.post('/v1/exits', { profile: 'general', extra: 1 });
    const pointers = body.errors.map((each: { pointer: string }) => each.pointer);
    for (const pointer of ['/external_id', '/employer', '/exit_date', '/extra'])
      assert.ok(pointers.includes(pointer), pointers.join());
  });
});
