// Why a run is incomplete, said in both languages.
import assert from 'node:assert/strict';
import { type Incomplete, incompleteText } from '../../../src/domain/incomplete.ts';

const SINCE = '2026-11-25T02:00:00.000Z';
const ALL: Readonly<Record<Incomplete['code'], Incomplete>> = {
  maintenance_entered: { code: 'maintenance_entered', until: SINCE, reason: '系统升级' },
  connection_unopened: { code: 'connection_unopened' },
  connection_deleted: { code: 'connection_deleted' },
  being_asked: { code: 'being_asked' },
  rate_used_up: { code: 'rate_used_up' },
  adapter_failed: { code: 'adapter_failed' },
  adapter_late: { code: 'adapter_late' },
  same_page_again: { code: 'same_page_again' },
  cannot_list: { code: 'cannot_list', adapter: 'paper' },
  unreachable: { code: 'unreachable', since: SINCE },
  maintenance: { code: 'maintenance', since: SINCE },
  busy: { code: 'busy', until: SINCE },
  too_many_pages: { code: 'too_many_pages', most: 2000 },
  said: { code: 'said', reason: 'HTTP 503: not in service' },
};

describe('why a run of reconciliation is incomplete', () => {
  for (const why of Object.values(ALL))
    it(`${why.code}: has a sentence in each language, with all that it knows`, () => {
      const { en, zh } = incompleteText(why);
      assert.match(zh, /\p{Script=Han}/u);
      assert.notEqual(en, zh);
      const { code: _code, ...slots } = why;
      for (const value of Object.values(slots))
        for (const text of [en, zh]) assert.ok(text.includes(String(value)), text);
    });
});
