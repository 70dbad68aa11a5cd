// What the desk says to people is there in English and in Chinese: refusals by Accept-Language, the registry in both.
import assert from 'node:assert/strict';
import { type Agencies, startAgencies } from '../../../mocks/index.ts';
import { englishIn } from '../../support/english.ts';
import { laborClient, UNIT } from './labor-client.ts';

const HAN = /\p{Script=Han}/u;

describe('languages of the desk', () => {
  let agencies: Agencies;
  before(async () => {
    agencies = await startAgencies();
    agencies.sandbox('mine', { frozen: true });
  });
  after(() => agencies.close());

  const ask = async (method: string, path: string, body: unknown, language?: string) => {
    const answer = await fetch(`${agencies.urls.desk}/s/mine${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: language === undefined ? {} : { 'accept-language': language },
    });
    const said = (await answer.json()) as { code: string; detail: string; errors?: { message: string }[] };
    return { ...said, status: answer.status, language: answer.headers.get('content-language') };
  };

  const WRONG: readonly (readonly [string, string, unknown])[] = [
    ['PUT', '/clerk/labor', { policy: 'maybe' }],
    ['PUT', '/clerk/labor', { delay: 'P', x: 1 }],
    ['POST', '/clock/advance', {}],
    ['POST', '/clock/advance', { by: 'PX' }],
    ['POST', '/clock/advance', { to: 'next-deadline' }],
    ['POST', '/clock/advance', { to: '1999-01-01T00:00:00Z' }],
    ['POST', '/faults', { fault: { kind: 'late', phase: 'response' } }],
    ['POST', '/faults', { fault: { kind: 'callback-early', phase: 'callback' }, agency: 'labor' }],
    ['POST', '/faults', { fault: { kind: 'wrapped-signature', phase: 'response' }, operation: 'stop' }],
    ['POST', '/faults', { fault: 'status-flap', operation: 'stop' }],
    ['POST', '/faults', { fault: 'hang', operation: 'stopp' }],
    ['POST', '/faults', { fault: 'hang', times: 0 }],
    ['POST', '/scenarios/armed', { scenario: 'LAB.CORECTION' }],
    ['POST', '/scenarios/armed', { scenario: 'LAB.REJECTED', operation: 'Ping' }],
    ['PUT', '/profile', { name: 'sad' }],
    ['GET', '/cases/labor/none', undefined],
    ['GET', '/nowhere', undefined],
    ['DELETE', '/clock', undefined],
    ['POST', '/certificates', { csr: 'none' }],
    ['POST', '/snapshots/none/restore', undefined],
    ['GET', '/persons?id_number=none', undefined],
  ];
  for (const [method, path, body] of WRONG)
    it(`refuses ${method} ${path} ${JSON.stringify(body) ?? ''} in both`, async () => {
      const english = await ask(method, path, body);
      const chinese = await ask(method, path, body, 'zh-CN,zh;q=0.9,en;q=0.5');
      assert.deepEqual([english.language, chinese.language], ['en', 'zh-CN']);
      assert.ok(english.status >= 400);
      assert.deepEqual([chinese.status, chinese.code], [english.status, english.code]);
      assert.doesNotMatch(english.detail, HAN);
      assert.match(chinese.detail, HAN);
      for (const { message } of chinese.errors ?? []) assert.match(message, HAN);
    });

  it('says so of a sandbox that there is not', async () => {
    const answer = await fetch(`${agencies.urls.desk}/s/none/clock`, {
      headers: { 'accept-language': 'zh' },
    });
    assert.match(((await answer.json()) as { detail: string }).detail, /^没有该沙箱/);
  });

  it('says it in an agency’s answer as well, where the mock speaks and no agency', async () => {
    const box = agencies.sandbox('mine');
    const identity = await box.identity(UNIT.uscc, UNIT.name);
    const content = await laborClient(box.urls.labor, identity).content('S-1');
    const wrong = (language: Record<string, string>) =>
      laborClient(box.urls.labor, identity, UNIT, { ...language, 'x-sandbox-scenario': 'LAB.HELT' }).send(
        'SubmitTermination',
        content,
      );
    const [english, chinese] = [await wrong({}), await wrong({ 'accept-language': 'zh-CN' })];
    assert.match(english.text, /no such scenario; nearest: LAB\.HELD/);
    assert.match(chinese.text, /没有该情景；最接近的有：LAB\.HELD/);
    assert.doesNotMatch(chinese.text, /nearest/);
    assert.equal(chinese.status, english.status);
  });

  /** Every { en, zh } below, with where it is; whatever has one of the two has both. */
  function sentences(value: unknown, at = ''): { at: string; en: unknown; zh: unknown }[] {
    if (typeof value !== 'object' || value === null) return [];
    if ('en' in value || 'zh' in value) return [{ at, en: undefined, zh: undefined, ...value }];
    return Object.entries(value).flatMap(([key, each]) => sentences(each, `${at}/${key}`));
  }
  for (const path of ['/fidelity', '/scenarios', '/profile'])
    it(`tells ${path} in both`, async () => {
      const all = sentences(await ask('GET', path, undefined));
      assert.ok(all.length > 5);
      for (const { at, en, zh } of all) {
        assert.match(String(en), /[a-z]/i, at);
        // Names of files and protocols are the same in both.
        if (!/^[\w.; -]+$/.test(String(zh))) assert.match(String(zh), HAN, at);
        assert.notEqual(zh, undefined, at);
        assert.equal(englishIn(String(zh)), undefined, at);
      }
    });
});
