// What a connection's test answers: in order only where something was asked, and why where nothing was.
import assert from 'node:assert/strict';
import { healthy } from '../../../src/domain/health.ts';
import { presentTest } from '../../../src/http/connection-health.ts';
import type { ConnectionTested } from '../../../src/http/parts.ts';
import { NOW } from '../../support/builders.ts';

const checks = [{ subject: 'address', ok: true, message: 'labour.example.com answers' }] as const;
const tested = (ping: ConnectionTested['ping']): ConnectionTested => ({
  ping,
  milliseconds: 1,
  health: healthy(NOW),
});
const same = (text: string) => text;

describe('the answer of a connection’s test', () => {
  it('is in order where everything that was asked is', () => {
    const { ok, code } = presentTest(tested({ kind: 'up', message: 'open', checks }), 'en', same);
    assert.deepEqual([ok, code], [true, 'ok']);
  });

  it('is in order during a maintenance that was entered, for all was asked', () => {
    const up = tested({ kind: 'up', message: 'open', checks });
    const { ok, code } = presentTest(up, 'en', same, { heldUntil: NOW });
    assert.deepEqual([ok, code], [true, 'held']);
  });

  for (const [name, files, en, zh] of [
    ['an adapter without ping', false, /^Nothing was asked: .* has no `ping`/, /^未作任何检查：/],
    ['an agency without an interface', true, /^Nothing was asked: .* takes files/, /^未作任何检查：.*文件/],
  ] as const)
    it(`says of ${name} that nothing was asked, and why, and does not call it in order`, () => {
      const none = tested(undefined);
      const english = presentTest(none, 'en', same, { uploads: files });
      assert.deepEqual([english.ok, english.code, english.checks], [false, 'unasked', []]);
      assert.match(english.summary, en);
      assert.match(presentTest(none, 'zh', same, { uploads: files }).summary, zh);
    });

  for (const [symptom, en, zh] of [
    ['unreachable', /nothing else could be asked/, /其余各项无从检查/],
    ['maintenance', /nothing else could be asked/, /其余各项无从检查/],
    ['busy', /nothing else could be asked/, /其余各项无从检查/],
  ] as const)
    it(`says where the agency is ${symptom} what is left unasked`, () => {
      const down = tested({
        kind: 'down',
        reason: 'HTTP 503: not in service',
        symptom,
        checks: [{ subject: 'address', ok: false, message: 'HTTP 503: not in service' }],
      });
      const english = presentTest(down, 'en', same);
      assert.deepEqual([english.ok, english.code], [false, symptom]);
      assert.match(english.summary, en);
      assert.match(presentTest(down, 'zh', same).summary, zh);
    });
});
