// What people decide about an exit over HTTP: clearances, release, amendment, cancellation, and work on a filing by hand.
import assert from 'node:assert/strict';
import { tellClocks } from '../../queues/clocks.ts';
import { profilesOf } from '../../src/domain/profile.ts';
import { readProfiles } from '../../src/profiles.ts';
import { agencySays } from '../support/agency-says.ts';
import { type Api, connect, draft, PROFILES, type Reply, startApi } from '../support/api.ts';
import { makeProfile, makeRule, PURSUIT } from '../support/builders.ts';
import { DISTANCES } from '../support/clock-work.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';

const OPENED = new Date('2026-10-26T02:00:00Z');
/** The end of the notice of the documentation's exit. */
const LIMIT = new Date('2026-11-25T16:00:00.000Z');
const zh = { headers: { 'accept-language': 'zh' } };
const DISPUTE = { kind: 'customer_complaint', summary: '测试投诉', amount: '200000.00' };
const disputes = ['C-1', 'C-2'].map((external_id) => ({ external_id, ...DISPUTE }));
const CLAIM = { title: '追偿权', summary: '保留追偿权' };
const GATES = [
  makeRule({ documents: { need: 'any', kinds: ['settlement_agreement', 'judgment'] } }),
  makeRule({
    code: 'handover',
    raised_by: 'handover',
    owner: 'line',
    title: { en: 'Handover', zh: '工作交接' },
    documents: { need: 'all', kinds: ['handover_list', 'receipt'] },
  }),
];

describe('the API: decisions', function () {
  this.timeout(30_000);
  let database: TestDatabase;
  let api: Api & { key: string };
  let now = OPENED;
  let made = 0;
  /** What the adapter can do; some tests take it away. */
  let reach = PURSUIT.reachOf();
  before(async () => {
    database = await freshDatabase();
    let tick = 0;
    api = await startApi(database.url, {
      clock: () => new Date(now.getTime() + tick++),
      profiles: profilesOf(
        [makeProfile({ name: 'general', gates: GATES })],
        readProfiles(PROFILES).vocabulary,
      ),
      reachOf: () => reach,
    });
    await connect(api, api.key);
  });
  beforeEach(() => {
    now = OPENED;
    reach = PURSUIT.reachOf();
  });
  after(async () => {
    await api.close();
    await database.drop();
  });

  const draftOf = (parts: Record<string, unknown> = {}) =>
    draft(`decide-${++made}`, { profile: 'general', disputes, ...parts });
  const open = async (parts: Record<string, unknown> = {}): Promise<string> => {
    const { status, body } = await api.post('/v1/exits', draftOf(parts));
    assert.equal(status, 201, JSON.stringify(body));
    return body.id;
  };
  const ungated = () => open({ disputes: [] });
  const read = async (id: string) => (await api.get(`/v1/exits/${id}`)).body;
  const events = async (id: string): Promise<{ type: string; data: Record<string, unknown> }[]> =>
    (await api.get(`/v1/exits/${id}/events?limit=100`)).body.data;
  const types = async (id: string) => (await events(id)).map(({ type }) => type);
  const labor = async (id: string) => (await read(id)).filings[0];
  const expect = ({ status, body }: Reply, wanted: number, code?: string) =>
    assert.deepEqual([status, body.code], [wanted, code], JSON.stringify(body));
  /** The same request in both languages: refused alike, in other words. */
  async function refused(
    method: string,
    path: string,
    body: unknown,
    status: number,
    code: string,
    words: { readonly en: RegExp; readonly zh: RegExp; readonly pointer?: string },
  ): Promise<Reply> {
    const inEnglish = await api.ask(method, path, { body });
    expect(inEnglish, status, code);
    const inChinese = await api.ask(method, path, { body, ...zh });
    expect(inChinese, status, code);
    for (const [{ body: said }, pattern] of [
      [inEnglish, words.en],
      [inChinese, words.zh],
    ] as const) {
      const fault = words.pointer === undefined ? said : said.errors[0];
      if (words.pointer !== undefined) assert.equal(fault.pointer, words.pointer);
      assert.match(fault.detail, pattern);
    }
    return inEnglish;
  }

  describe('a clearance', () => {
    const clear = (id: string, parts: Record<string, unknown>) =>
      api.post(`/v1/exits/${id}/clearances`, { gate: 'open_dispute', actor: '测试合规', ...parts });
    const documents = [{ title: '和解协议', kind: 'settlement_agreement', sha256: 'ab'.repeat(32) }];

    it('names the documents that it rests on, and is shown with them', async () => {
      const id = await open();
      const path = `/v1/exits/${id}/clearances`;
      const body = { gate: 'open_dispute', actor: '测试合规' };
      await refused('POST', path, body, 422, 'clearance_documents_missing', {
        pointer: '/documents',
        en: /settlement_agreement, judgment/,
        zh: /settlement_agreement, judgment/,
      });
      const { body: half } = await clear(id, { subject: 'C-1', documents, note: '已和解' });
      assert.equal(half.status, 'gated');
      const [gate, other] = half.gates;
      assert.deepEqual([gate.state, other.state], ['cleared', 'open']);
      assert.deepEqual(gate.clearance, {
        actor: '测试合规',
        note: '已和解',
        documents: [{ ...documents[0], reference: null }],
      });
      const { body: whole } = await clear(id, { documents });
      assert.deepEqual([whole.status, whole.blockers, whole.decision], ['filing', [], null]);
    });

    it('names all of them where the gate says so', async () => {
      const handover = [{ external_id: 'H-1', kind: 'work', title: '测试工作' }];
      const id = await open({ disputes: [], handover });
      const one = [{ title: '清单', kind: 'handover_list' }];
      const body = { gate: 'handover', actor: '测试', documents: one };
      await refused('POST', `/v1/exits/${id}/clearances`, body, 422, 'clearance_documents_missing', {
        pointer: '/documents',
        en: /receipt/,
        zh: /receipt/,
      });
      const both = [...one, { title: '签收单', kind: 'receipt' }];
      expect(await clear(id, { gate: 'handover', documents: both }), 201);
    });

    it('is waived with a note, and taken back while nothing is filed', async () => {
      const id = await open();
      const path = `/v1/exits/${id}/clearances`;
      const waive = { gate: 'open_dispute', subject: 'C-1', decision: 'waived', actor: '测试总监' };
      await refused('POST', path, waive, 422, 'body_invalid', {
        pointer: '/note',
        en: /./,
        zh: /[\u4e00-\u9fff]/,
      });
      const { body: waived } = await clear(id, { ...waive, note: '测试豁免' });
      assert.deepEqual(
        waived.gates.map(({ state }: { state: string }) => state),
        ['waived', 'open'],
      );
      const { body: back } = await clear(id, { subject: 'C-1', decision: 'revoked', note: '又起争议' });
      assert.equal(back.blockers.length, 2);
      await refused('POST', path, { ...waive, decision: 'revoked' }, 409, 'gate_not_cleared', {
        en: /open_dispute/,
        zh: /open_dispute/,
      });
      assert.deepEqual(await types(id), [
        'exit.opened',
        'exit.gated',
        'exit.cleared',
        'exit.clearance_revoked',
      ]);
    });

    it('is not taken twice, nor taken back once filing has begun, nor given to another gate', async () => {
      const id = await open();
      const path = `/v1/exits/${id}/clearances`;
      await clear(id, { documents });
      const body = { gate: 'open_dispute', actor: '测试', documents };
      await refused('POST', path, body, 409, 'gate_already_cleared', {
        en: /open_dispute/,
        zh: /open_dispute.*无/,
      });
      await refused('POST', path, { ...body, decision: 'revoked' }, 409, 'exit_not_gated', {
        en: /filing/,
        zh: /filing/,
      });
      await refused('POST', path, { ...body, gate: 'none' }, 404, 'gate_not_found', { en: /none/, zh: /无/ });
    });

    it('of many departments at once: none is lost', async () => {
      const many = Array.from({ length: 24 }, (_, index) => ({ external_id: `M-${index}`, ...DISPUTE }));
      const id = await open({ disputes: many });
      const replies = await Promise.all(
        many.map(({ external_id: subject }) =>
          clear(id, { subject, actor: `测试部门 ${subject}`, documents }),
        ),
      );
      assert.deepEqual([...new Set(replies.map(({ status }) => status))], [201]);
      const exit = await read(id);
      assert.equal(exit.status, 'filing');
      for (const gate of exit.gates) assert.equal(gate.clearance.actor, `测试部门 ${gate.subject}`);
      const told = (await events(id)).filter(({ type }) => type === 'exit.cleared');
      assert.deepEqual(
        told.flatMap(({ data }) => data.subjects as string[]).sort(),
        many.map(({ external_id }) => external_id).sort(),
      );
      assert.equal((await types(id)).filter((type) => type === 'exit.filing_started').length, 1);
    });
  });

  describe('a release', () => {
    const bodyOf = (...claims: string[]) => ({
      actor: '测试总监',
      reason: '通知期已满',
      reserved_claims: claims.map((dispute) => ({ ...CLAIM, dispute })),
    });

    it('is too early before the limit, which the exit shows', async () => {
      const id = await open();
      assert.deepEqual((await read(id)).decision, { due_at: LIMIT.toISOString(), required: false });
      const reply = await refused(
        'POST',
        `/v1/exits/${id}/release`,
        bodyOf('C-1', 'C-2'),
        409,
        'release_too_early',
        {
          en: /An open dispute \(C-1\), An open dispute \(C-2\)/,
          zh: /时限.*未处理的纠纷 \(C-1\)/,
        },
      );
      assert.equal(reply.body.due_at, LIMIT.toISOString());
    });

    it('covers every open dispute, and no other', async () => {
      const id = await open();
      now = LIMIT;
      const path = `/v1/exits/${id}/release`;
      await refused('POST', path, bodyOf('C-1'), 422, 'claims_incomplete', {
        pointer: '/reserved_claims',
        en: /C-2/,
        zh: /C-2/,
      });
      await refused('POST', path, bodyOf('C-1', 'C-2', 'C-9'), 422, 'claims_incomplete', {
        pointer: '/reserved_claims/2/dispute',
        en: /C-9/,
        zh: /C-9/,
      });
      assert.equal((await read(id)).status, 'gated');
    });

    it('is asked for when the clock passes the limit, taken by a named person, and happens once', async () => {
      const id = await open();
      now = LIMIT;
      const { exits, organisations } = api.store;
      const wake = { filing: async () => {}, lane: async () => {}, after: async () => {} };
      const teller = { exits, organisations, wake, clock: () => now, distances: DISTANCES };
      for (const _pass of [1, 2]) await tellClocks(teller, 1000);
      assert.equal((await types(id)).filter((type) => type === 'exit.decision_required').length, 1);
      assert.deepEqual((await read(id)).decision, { due_at: LIMIT.toISOString(), required: true });
      const { status, body } = await api.post(`/v1/exits/${id}/release`, bodyOf('C-1', 'C-2'));
      assert.deepEqual([status, body.status, body.released.by], [201, 'filing', 'person']);
      assert.equal(body.release.actor, '测试总监');
      assert.deepEqual(body.release.reserved_claims[0], {
        ...CLAIM,
        dispute: 'C-1',
        amount: null,
        reference: null,
      });
      await refused('POST', `/v1/exits/${id}/release`, bodyOf('C-1', 'C-2'), 409, 'exit_not_gated', {
        en: /filing/,
        zh: /filing/,
      });
      const documents = [{ title: '和解协议', kind: 'settlement_agreement' }];
      const late = { gate: 'open_dispute', actor: '测试合规', documents };
      expect(await api.post(`/v1/exits/${id}/clearances`, late), 201);
      assert.equal((await types(id)).at(-1), 'exit.cleared');
    });

    it('is the organisation’s policy where it says so', async () => {
      const key = await api.keyOf('Releases by policy');
      await connect(api, key);
      assert.deepEqual((await api.get('/v1/organisation', { key })).body, {
        release_policy: 'require_decision',
      });
      const change = await api.ask('PATCH', '/v1/organisation', {
        key,
        body: { release_policy: 'auto_release' },
      });
      assert.deepEqual([change.status, change.body], [200, { release_policy: 'auto_release' }]);
      assert.deepEqual((await api.get('/v1/organisation')).body, { release_policy: 'require_decision' });
      const live = await api.keyOf('Releases by policy', { live: true });
      assert.deepEqual((await api.get('/v1/organisation', { key: live })).body, {
        release_policy: 'require_decision',
      });
      const wrong = await api.ask('PATCH', '/v1/organisation', { key, body: { release_policy: 'never' } });
      assert.deepEqual([wrong.status, wrong.body.errors[0].pointer], [422, '/release_policy']);
      const { body: exit } = await api.post('/v1/exits', draftOf(), { key });
      now = LIMIT;
      const { exits, organisations } = api.store;
      const wake = { filing: async () => {}, lane: async () => {}, after: async () => {} };
      await tellClocks({ exits, organisations, wake, clock: () => now, distances: DISTANCES }, 1000);
      const { body } = await api.get(`/v1/exits/${exit.id}`, { key });
      assert.deepEqual([body.status, body.released.by], ['filing', 'policy']);
      assert.deepEqual(
        body.release.reserved_claims.map((each: { dispute: string }) => each.dispute),
        ['C-1', 'C-2'],
      );
    });
  });

  describe('an amendment', () => {
    const patch = (id: string, body: unknown, ask = {}) =>
      api.ask('PATCH', `/v1/exits/${id}`, { body, ...ask });

    it('moves what followed the exit date, and keeps what is left out', async () => {
      const id = await open();
      const before = await read(id);
      const { status, body } = await patch(id, { exit_date: '2026-12-31' });
      assert.equal(status, 200);
      assert.deepEqual(
        [body.exit_date, body.last_attendance_date, body.insurance_end_month, body.facts_revision],
        ['2026-12-31', '2026-12-31', '2026-12', 2],
      );
      assert.deepEqual(
        [body.disputes, body.reason, body.non_compete],
        [before.disputes, before.reason, before.non_compete],
      );
      const own = await patch(id, { last_attendance_date: '2026-12-30' });
      const moved = await patch(id, { exit_date: '2027-01-05' });
      assert.deepEqual(
        [own.body.last_attendance_date, moved.body.last_attendance_date],
        ['2026-12-30', '2026-12-30'],
      );
      assert.equal((await patch(id, { non_compete: null })).body.non_compete, null);
    });

    it('of several at once loses none of what each has changed', async () => {
      const id = await open();
      const replies = await Promise.all([
        patch(id, { exit_date: '2026-12-05' }),
        patch(id, { reason: 'mutual_by_employee' }),
        patch(id, { employee: { post: '测试岗' } }),
        patch(id, { insurance_end_month: '2027-02' }),
        patch(id, { employee: { name: '测试新名' } }),
        patch(id, { disputes: [{ external_id: 'C-3', ...DISPUTE }] }),
      ]);
      assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200]);
      const { exit_date, reason, insurance_end_month, employee, blockers, facts_revision } = await read(id);
      assert.deepEqual(
        [exit_date, reason, insurance_end_month, employee.post, blockers.length, facts_revision],
        ['2026-12-05', 'mutual_by_employee', '2027-02', '测试岗', 3, 6],
      );
      assert.equal(employee.name, '测***');
    });

    it('is refused where it says nothing, what cannot be, or too little', async () => {
      const path = `/v1/exits/${await open()}`;
      await refused('PATCH', path, {}, 422, 'body_invalid', { pointer: '', en: /./, zh: /[\u4e00-\u9fff]/ });
      await refused('PATCH', path, { exit_date: '2026-02-30' }, 422, 'body_invalid', {
        pointer: '/exit_date',
        en: /exists/,
        zh: /真实存在/,
      });
      await refused('PATCH', path, { exit_date: '2026-10-01' }, 422, 'body_invalid', {
        pointer: '/exit_date',
        en: /2026-10-26/,
        zh: /2026-10-26/,
      });
      await refused('PATCH', path, { employee: { id_number: '110101199002300014' } }, 422, 'body_invalid', {
        pointer: '/employee/id_number',
        en: /no field/,
        zh: /没有/,
      });
      expect(
        await patch('exit_00000000000000000000000000', { exit_date: '2026-12-01' }),
        404,
        'exit_not_found',
      );
    });

    it('warns of what somebody should look at', async () => {
      const { body } = await patch(await open(), { exit_date: '2026-11-01' });
      assert.deepEqual(
        body.warnings.map(({ code }: { code: string }) => code),
        ['notice_short'],
      );
    });

    it('comes by POST as well: sent again with other facts, it is the same exit, amended', async () => {
      const first = draftOf();
      const { body: before } = await api.post('/v1/exits', first);
      const again = { ...first, exit_date: '2026-12-01', last_attendance_date: '2026-12-01', disputes: [] };
      const { status, body } = await api.post('/v1/exits', again);
      assert.deepEqual(
        [status, body.id, body.exit_date, body.facts_revision],
        [201, before.id, '2026-12-01', 2],
      );
      assert.equal(body.blockers.length, 2, 'only a clearance settles a dispute');
      const other = { ...first, employee: { ...(first.employee as object), external_id: 'E-other' } };
      await refused('POST', '/v1/exits', other, 409, 'exit_fixed', {
        en: /\/employee\/external_id/,
        zh: /\/employee\/external_id/,
      });
    });

    it('of the reason needs a named person once filing has begun, by either way', async () => {
      const first = draftOf({ disputes: [] });
      const { body: exit } = await api.post('/v1/exits', first);
      const sent = { kind: 'pending', receipt: 'R-1', stage: 'received' } as const;
      await agencySays(api.store, exit.id, sent);
      const words = { en: /amended_by/, zh: /amended_by/ };
      const reason = 'mutual_by_employee';
      await refused('PATCH', `/v1/exits/${exit.id}`, { reason }, 409, 'reason_needs_actor', words);
      await refused('POST', '/v1/exits', { ...first, reason }, 409, 'reason_needs_actor', words);
      const named = await patch(exit.id, { reason, amended_by: { actor: '测试人事', note: '协商一致' } });
      assert.deepEqual([named.status, named.body.reason], [200, reason]);
      const amended = (await events(exit.id)).find(({ type }) => type === 'exit.amended');
      assert.deepEqual([amended?.data.named_person, amended?.data.actor], [true, '测试人事']);
    });

    it('answers a correction that the agency has asked for', async () => {
      const id = await ungated();
      await agencySays(api.store, id, {
        kind: 'correction',
        receipt: 'R-1',
        code: 'DATE',
        message: '…',
        fields: [],
      });
      assert.equal((await read(id)).status, 'attention');
      const { body } = await patch(id, { exit_date: '2026-11-26' });
      assert.deepEqual([body.status, body.filings[0].state, body.filings[0].revision], ['filing', 'due', 2]);
      assert.ok(
        api.woken.filter((each) => each.startsWith(`${id}: labor_filing`)).length >= 2,
        'it is woken',
      );
    });
  });

  describe('a cancellation', () => {
    const by = { actor: '测试人事', reason: '员工撤回辞职' };

    it('ends an exit, which is then not changed any more', async () => {
      const id = await open();
      const { status, body } = await api.post(`/v1/exits/${id}/cancel`, by);
      assert.deepEqual([status, body.status, body.decision], [201, 'cancelled', null]);
      assert.ok(body.cancelled_at);
      const words = { en: /cancelled/, zh: /已取消/ };
      const clearance = { gate: 'open_dispute', actor: '测试' };
      await refused('POST', `/v1/exits/${id}/cancel`, by, 409, 'exit_cancelled', words);
      await refused('PATCH', `/v1/exits/${id}`, { exit_date: '2026-12-01' }, 409, 'exit_cancelled', words);
      await refused('POST', `/v1/exits/${id}/clearances`, clearance, 409, 'exit_cancelled', words);
      const { data } = (await api.get(`/v1/deadlines?exit_id=${id}`)).body;
      assert.deepEqual(data, [], 'its clocks run no more');
    });

    it('stays with a person while something is concluded, until the receipt of its withdrawal is entered', async () => {
      const id = await ungated();
      await agencySays(api.store, id, { kind: 'accepted', receipt: 'R-1' });
      const { body } = await api.post(`/v1/exits/${id}/cancel`, by);
      assert.deepEqual([body.status, body.filings[0].state], ['attention', 'manual']);
      const entered = await api.post(`/v1/filings/${body.filings[0].id}/receipt`, {
        outcome: 'withdrawn',
        actor: '测试人事',
      });
      assert.deepEqual([entered.status, entered.body.state], [201, 'withdrawn']);
      assert.equal((await read(id)).status, 'cancelled');
    });
  });

  describe('work on a filing by hand', () => {
    const asked = { kind: 'correction', receipt: 'R-1', code: 'MORE', message: '…', fields: [] } as const;
    const answer = {
      actor: '测试合规',
      supplements: [{ kind: 'claim', title: '主张书', text: '保留追偿权' }],
    };

    it('answers a correction once, under the receipt', async () => {
      const id = await ungated();
      const { id: filing } = await labor(id);
      const path = `/v1/filings/${filing}/amendments`;
      const words = { en: /due.*PATCH/, zh: /due.*PATCH/ };
      await refused('POST', path, answer, 409, 'filing_not_asked', words);
      await agencySays(api.store, id, asked);
      const { status, body } = await api.post(path, answer);
      assert.deepEqual([status, body.state, body.revision, body.receipt], [201, 'due', 2, 'R-1']);
      await refused('POST', path, answer, 409, 'filing_not_asked', words);
      const told = (await events(id)).find(({ type }) => type === 'filing.amended');
      assert.deepEqual([told?.data.supplements, told?.data.titles], [['claim'], ['主张书']]);
    });

    it('is done at the counter where the adapter cannot answer', async () => {
      reach = { withdraw: [], amend: [] } as never;
      const id = await ungated();
      await agencySays(api.store, id, asked);
      const { id: filing } = await labor(id);
      await refused('POST', `/v1/filings/${filing}/amendments`, answer, 409, 'filing_cannot_amend', {
        en: new RegExp(`/v1/filings/${filing}/receipt`),
        zh: new RegExp(`/v1/filings/${filing}/receipt`),
      });
      const entered = await api.post(`/v1/filings/${filing}/receipt`, { receipt: 'BJ-1', actor: '测试人事' });
      assert.deepEqual([entered.status, entered.body.state, entered.body.receipt], [201, 'accepted', 'BJ-1']);
    });

    it('enters a receipt for what is in a person’s hands, and for nothing else', async () => {
      const id = await ungated();
      const { id: filing } = await labor(id);
      const path = `/v1/filings/${filing}/receipt`;
      const body = { receipt: 'BJ-1', actor: '测试人事' };
      await refused('POST', path, body, 409, 'filing_not_manual', { en: /due/, zh: /due/ });
      await refused('POST', path, { actor: '测试人事' }, 422, 'body_invalid', {
        pointer: '/receipt',
        en: /./,
        zh: /[\u4e00-\u9fff]/,
      });
      await agencySays(api.store, id, { kind: 'manual', instructions: '请到窗口办理' });
      const entered = await api.post(path, body);
      assert.deepEqual([entered.status, entered.body.state, entered.body.receipt], [201, 'accepted', 'BJ-1']);
    });

    it('is nobody else’s', async () => {
      const { id: filing } = await labor(await ungated());
      const key = await api.keyOf('Another');
      for (const [noun, body] of [
        ['amendments', answer],
        ['receipt', { receipt: 'BJ-1', actor: '测试' }],
      ] as const)
        expect(await api.post(`/v1/filings/${filing}/${noun}`, body, { key }), 404, 'filing_not_found');
    });
  });
});
