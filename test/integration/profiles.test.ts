/** Profiles and a firm's own gates over HTTP, and the rules that an exit is opened with. */
import assert from 'node:assert/strict';
import { ownGateDraftExample } from '../../src/http/profile-examples.ts';
import { connect, draft as exitDraft, useApi } from '../support/api.ts';
import { nextNumber } from '../support/builders.ts';

const gate = (change: Record<string, unknown> = {}) => ({
  ...structuredClone(ownGateDraftExample),
  code: `own_${nextNumber()}`,
  ...change,
});
const without = (body: Record<string, unknown>, ...names: readonly string[]) =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));

describe('the API: profiles and own gates', () => {
  const api = useApi();

  const add = async (change: Record<string, unknown> = {}, key = api.key) => {
    const reply = await api.post('/v1/gates', gate(change), { key });
    assert.equal(reply.status, 201, JSON.stringify(reply.body));
    return reply.body;
  };
  const orgOf = async (name: string) => (await api.store.organisations.ensure(name)).id;
  const rules = async (profile: string, { org = 'Test Securities', sandbox = true } = {}) =>
    (await api.store.ownGates.rulesFor(await orgOf(org), sandbox, profile)).map(({ code }) => code);

  describe('profiles', () => {
    it('are listed by name, with the version in force', async () => {
      const { body } = await api.get('/v1/profiles', { headers: { 'accept-language': 'zh-CN' } });
      assert.deepEqual(
        body.data.map(({ name, title }: { name: string; title: string }) => [name, title]),
        [
          ['general', '通用'],
          ['internet', '互联网行业'],
          ['manufacturing', '制造业'],
          ['retail', '零售业'],
          ['securities', '证券业'],
        ],
      );
      assert.deepEqual(body.data[4].in_force, '2026-01-01');
    });

    it('are read whole, in the language asked for', async () => {
      const headers = { 'accept-language': 'zh' };
      const { status, body } = await api.get('/v1/profiles/securities', { headers });
      assert.equal(status, 200);
      const dispute = body.gates.find(({ code }: { code: string }) => code === 'open_dispute');
      assert.equal(dispute.title, '存在未处理的客户投诉');
      assert.deepEqual(dispute.owner, { code: 'compliance', title: '合规部' });
      assert.deepEqual(dispute.documents.kinds[0], { code: 'settlement_agreement', title: '和解协议' });
      assert.equal(dispute.holds, 'notice_end');
      const credit = body.filings.find(({ kind }: { kind: string }) => kind === 'credit_update');
      assert.deepEqual(
        credit.clocks.map(({ clock, length, unit }: Record<string, unknown>) => [clock, length, unit]),
        [['securities_registration', 5, 'working']],
      );
      const resignation = body.reasons.find(({ code }: { code: string }) => code === 'resignation');
      assert.deepEqual(resignation.codes, [
        { kind: 'labor_filing', version: '1', code: '6313' },
        { kind: 'insurance_stop', version: '1', code: '222' },
      ]);
      const english = await api.get('/v1/profiles/securities?version=2026-01-01');
      assert.equal(english.body.gates[0].owner.title, 'Line manager');
    });

    it('are not found under another name or day, nor without the scope', async () => {
      for (const [path, code] of [
        ['/v1/profiles/bank', 'profile_not_found'],
        ['/v1/profiles/Bank-1', 'profile_not_found'],
        ['/v1/profiles/securities?version=2020-01-01', 'profile_version_not_found'],
      ] as const) {
        const { status, body } = await api.get(path);
        assert.deepEqual([status, body.code], [404, code]);
      }
      const key = await api.keyOf('Test Securities', { scopes: ['risk'] });
      assert.equal((await api.get('/v1/profiles', { key })).body.code, 'scope_missing');
    });
  });

  describe('own gates', () => {
    it('are added, read, listed newest first, and deleted', async () => {
      const key = await api.keyOf('Firm A');
      const draft = gate();
      const added = await api.post('/v1/gates', draft, { key });
      assert.equal(added.status, 201, JSON.stringify(added.body));
      const { id, created_at: _, within_days, ...shown } = added.body;
      assert.deepEqual(shown, draft);
      assert.equal(within_days, null);
      const second = await add({}, key);
      const read = await api.get(added.headers.get('location') ?? '', { key });
      assert.deepEqual([read.status, read.body], [200, added.body]);
      const listed = await api.get('/v1/gates', { key });
      assert.deepEqual(
        listed.body.data.map((each: { id: string }) => each.id),
        [second.id, id],
      );
      assert.equal((await api.ask('DELETE', `/v1/gates/${id}`, { key })).status, 204);
      assert.equal((await api.ask('DELETE', `/v1/gates/${id}`, { key })).body.code, 'own_gate_not_found');
      assert.equal((await api.get(`/v1/gates/${id}`, { key })).body.code, 'own_gate_not_found');
      assert.equal((await api.post('/v1/gates', draft, { key })).status, 201, 'its code is free again');
    });

    it('hold for the profiles that they name, or for all, in the order they were made', async () => {
      const key = await api.keyOf('Firm B');
      const all = await add({ profiles: undefined }, key);
      const two = await add({ profiles: ['retail', 'internet', 'retail'] }, key);
      assert.deepEqual(two.profiles, ['retail', 'internet']);
      assert.deepEqual(await rules('retail', { org: 'Firm B' }), [all.code, two.code]);
      assert.deepEqual(await rules('general', { org: 'Firm B' }), [all.code]);
      await api.ask('DELETE', `/v1/gates/${all.id}`, { key });
      assert.deepEqual(await rules('general', { org: 'Firm B' }), []);
      const [rule] = await api.store.ownGates.rulesFor(await orgOf('Firm B'), true, 'retail');
      assert.deepEqual(rule, without({ ...gate(), code: two.code }, 'profiles'));
    });

    it('are raised for the exits that are opened while they stand, and stay with them', async () => {
      const key = await api.keyOf('Firm D');
      await connect(api, key);
      const open = async (name: string) => {
        const body = exitDraft(name, { profile: 'general', disputes: [] });
        return (await api.post('/v1/exits', body, { key })).body;
      };
      const before = await open('before');
      const own = await add({ profiles: ['general'] }, key);
      const during = await open('during');
      await api.ask('DELETE', `/v1/gates/${own.id}`, { key });
      const after = await open('after');
      assert.deepEqual([before.status, during.status, after.status], ['filing', 'gated', 'filing']);
      const { body } = await api.get(`/v1/exits/${during.id}`, { key });
      assert.deepEqual(
        body.blockers.map((each: Record<string, unknown>) => [each.gate, each.subject, each.title]),
        [[own.code, 'car', 'The company car is not returned']],
      );
    });

    it('stand behind those of a profile with gates of its own', async () => {
      const key = await api.keyOf('Firm E');
      await connect(api, key);
      const own = await add({}, key);
      const { body } = await api.post('/v1/exits', exitDraft('full', { profile: 'securities' }), { key });
      const raised = body.blockers.map(({ gate: code }: { gate: string }) => code);
      assert.deepEqual(
        [...new Set(raised)],
        ['customer_handover', 'open_dispute', 'compliance_pledge', own.code],
      );
    });

    it('are each organisation’s own, and apart for test and live', async () => {
      const draft = gate();
      const keys = [api.key, await api.keyOf('Firm C'), await api.keyOf('Firm C', { live: true })];
      for (const key of keys) assert.equal((await api.post('/v1/gates', draft, { key })).status, 201);
      const own = (await api.get('/v1/gates', { key: keys[1] })).body.data;
      assert.equal(own.length, 1);
      for (const key of [api.key, keys[2]])
        assert.equal((await api.ask('DELETE', `/v1/gates/${own[0].id}`, { key })).status, 404);
      assert.deepEqual(await rules('securities', { org: 'Firm C', sandbox: false }), [draft.code]);
    });

    it('take no code that a profile or another of them has, however many ask at once', async () => {
      const taken = await api.post('/v1/gates', gate({ code: 'compliance_pledge' }));
      assert.deepEqual([taken.status, taken.body.code], [409, 'gate_of_profile']);
      assert.match(taken.body.detail, /The profile securities has a gate compliance_pledge itself/);
      const draft = gate();
      const replies = await Promise.all(Array.from({ length: 4 }, () => api.post('/v1/gates', draft)));
      const statuses = replies.map(({ status }) => status).toSorted();
      assert.deepEqual(statuses, [201, 409, 409, 409]);
      const made = replies.find(({ status }) => status === 201)?.body.id;
      for (const { status, body } of replies.filter((reply) => reply.status === 409))
        assert.deepEqual([status, body.code, body.gate_id], [409, 'own_gate_exists', made]);
    });

    for (const [what, change, pointer, code] of [
      ['a code with capitals', { code: 'Car' }, '/code', 'code_invalid'],
      ['an unknown department', { owner: 'treasury' }, '/owner', 'value_unknown'],
      ['a kind of another fact', { kinds: ['loan'] }, '/kinds/0', 'value_unknown'],
      ['a kind twice', { kinds: ['asset', 'asset'] }, '/kinds/1', 'value_repeated'],
      [
        'an unknown document',
        { documents: { need: 'any', kinds: ['x'] } },
        '/documents/kinds/0',
        'value_unknown',
      ],
      ['an unknown profile', { profiles: ['bank'] }, '/profiles/0', 'profile_unknown'],
      ['Chinese that is none', { title: { en: 'A car', zh: 'A car' } }, '/title/zh', 'words_not_chinese'],
      ['English that is none', { title: { en: '车', zh: '车' } }, '/title/en', 'words_not_english'],
      ['one language alone', { clears: { en: 'Returned' } }, '/clears/zh', 'required'],
      [
        'always with nothing in it',
        { raised_by: 'always', kinds: undefined, items: undefined },
        '/items',
        'gate_items_needed',
      ],
      ['always with kinds', { raised_by: 'always' }, '/kinds', 'gate_kinds_not_taken'],
      ['items of a dispute', { raised_by: 'dispute', kinds: undefined }, '/items', 'gate_items_not_taken'],
      ['a handover that grows old', { within_days: 30 }, '/within_days', 'gate_within_days_not_taken'],
      ['an unknown limit', { holds: 'for_ever' }, '/holds', 'value_unknown'],
    ] as const)
      it(`are refused with ${what}, in both languages`, async () => {
        for (const language of ['en', 'zh']) {
          const headers = { 'accept-language': language };
          const { status, body } = await api.post('/v1/gates', gate(change), { headers });
          assert.equal(status, 422, JSON.stringify(body));
          const [fault] = body.errors;
          assert.deepEqual([fault.pointer, fault.code], [pointer, code]);
          assert.equal(/\p{Script=Han}/u.test(fault.detail), language === 'zh', fault.detail);
          assert.ok(!/[{}]/.test(fault.detail), fault.detail);
        }
      });

    it('count signals for as long as they say', async () => {
      const { within_days, kinds, items } = await add({
        raised_by: 'signal',
        kinds: ['safety_incident'],
        items: undefined,
        within_days: 180,
      });
      assert.deepEqual([within_days, kinds, items], [180, ['safety_incident'], []]);
    });

    it('need the scope to write', async () => {
      const key = await api.keyOf('Test Securities', { scopes: ['exits:read'] });
      assert.equal((await api.post('/v1/gates', gate(), { key })).body.code, 'scope_missing');
      assert.equal((await api.get('/v1/gates', { key })).status, 200);
    });
  });
});
