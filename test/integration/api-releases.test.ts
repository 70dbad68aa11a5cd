// Release over HTTP: not before the limit, with every claim reserved, by a named person or by the firm's policy.
import assert from 'node:assert/strict';
import { tellClocks } from '../../queues/clocks.ts';
import { connect } from '../support/api.ts';
import { DISTANCES } from '../support/clock-work.ts';
import { expectReply, LIMIT, useDeciding } from '../support/deciding.ts';

const CLAIM = { title: '追偿权', summary: '保留追偿权' };

describe('the API: a release', function () {
  this.timeout(30_000);
  const at = useDeciding();
  const { api, draftOf, open, read, refused, types } = at;
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
    at.now = LIMIT;
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
    at.now = LIMIT;
    const { exits, organisations } = api.store;
    const wake = { filing: async () => {}, lane: async () => {}, after: async () => {} };
    const teller = { exits, organisations, wake, clock: () => at.now, distances: DISTANCES };
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
    expectReply(await api.post(`/v1/exits/${id}/clearances`, late), 201);
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
    at.now = LIMIT;
    const { exits, organisations } = api.store;
    const wake = { filing: async () => {}, lane: async () => {}, after: async () => {} };
    await tellClocks({ exits, organisations, wake, clock: () => at.now, distances: DISTANCES }, 1000);
    const { body } = await api.get(`/v1/exits/${exit.id}`, { key });
    assert.deepEqual([body.status, body.released.by], ['filing', 'policy']);
    assert.deepEqual(
      body.release.reserved_claims.map((each: { dispute: string }) => each.dispute),
      ['C-1', 'C-2'],
    );
  });
});
