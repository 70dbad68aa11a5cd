// Agencies that strangers use: limits, tokens, synthetic people, idle sandboxes; and what is said to be simulated.
import assert from 'node:assert/strict';
import { KNOWN } from '../../../mocks/desk/operations.ts';
import { FIDELITY } from '../../../mocks/fidelity.ts';
import { createHosting } from '../../../mocks/hosting.ts';
import { type Agencies, startAgencies } from '../../../mocks/index.ts';
import { residentId } from '../../../mocks/kernel/identifiers.ts';
import { createLimiter, idle, isSynthetic, PUBLIC_LIMITS } from '../../../mocks/kernel/limits.ts';
import { laborClient, post, UNIT } from './labor-client.ts';

const SYNTHETIC = residentId('990000', '19900101', 1);
/** Of a region that there is: it could be somebody's. */
const REAL_LOOKING = residentId('110101', '19900101', 1);

describe('public hosting', () => {
  let agencies: Agencies;
  before(async () => {
    agencies = await startAgencies({
      hosting: 'public',
      operatorToken: 'operator',
      limits: { requests_per_minute_of_sandbox: 40, sandboxes_per_hour_of_address: 5 },
    });
  });
  after(() => agencies.close());

  async function call(path: string, options: { method?: string; token?: string; body?: unknown } = {}) {
    const { method = options.body === undefined ? 'GET' : 'POST', token, body } = options;
    const response = await fetch(agencies.urls.desk + path, {
      method,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = (await response.json()) as { code?: string; admin_token?: string; name?: string };
    return { status: response.status, retryAfter: response.headers.get('retry-after'), ...json };
  }
  const create = async (name: string) => (await call('/sandboxes', { body: { name } })).admin_token ?? '';

  it('gives each sandbox a token, without which nobody controls it', async () => {
    const [one, two] = [await create('one'), await create('two')];
    assert.ok(one.length > 20 && one !== two);
    assert.equal((await call('/s/one/clock')).code, 'TOKEN_WRONG');
    assert.equal((await call('/s/one/clock', { token: two })).status, 401);
    assert.equal((await call('/s/one/clock', { token: one })).status, 200);
    assert.equal((await call('/s/one/clock', { token: 'operator' })).status, 200);
    // The default sandbox and the list are the operator's.
    assert.equal((await call('/reset', { method: 'POST', token: one })).status, 401);
    assert.equal((await call('/sandboxes', { token: one })).status, 401);
    assert.equal((await call('/sandboxes', { token: 'operator' })).status, 200);
    assert.equal((await call('/sandboxes/two', { method: 'DELETE', token: one })).status, 401);
    assert.equal((await call('/sandboxes/two', { method: 'DELETE', token: two })).status, 200);
    const fork = await call('/s/one/fork', { token: one, body: { name: 'one-too' } });
    assert.equal((await call('/s/one-too/clock', { token: fork.admin_token ?? '' })).status, 200);
    for (const path of ['/s/one/limits', '/s/one/fidelity', '/s/one/scenarios'])
      assert.equal((await call(path)).status, 200, path);
  });

  it('makes keys and passwords that nobody can compute from name and seed', async () => {
    const local = await startAgencies();
    try {
      const secretsOf = async (host: Agencies, name: string, seed?: string) => {
        const box = host.sandbox(name, seed === undefined ? {} : { seed });
        const sm2 = box.sm2Client(UNIT.uscc);
        const { keyPem } = await box.identity(UNIT.uscc, UNIT.name);
        return [
          box.oauthClient(UNIT.uscc).clientSecret,
          sm2.privateKey,
          sm2.bodyKey,
          sm2.agencyPublicKey,
          keyPem,
        ];
      };
      const all = [
        await secretsOf(agencies, 'secret-1'),
        await secretsOf(agencies, 'secret-2', 'told'),
        await secretsOf(agencies, 'secret-3', 'told'),
        await secretsOf(local, 'secret-1'),
        await secretsOf(local, 'secret-2', 'told'),
      ].flat();
      // One machine: its units have one RSA key each, of which certificates alone tell the sandbox.
      assert.equal(new Set(all).size, all.length - 1);
      const fork = agencies.fork('secret-1', 'secret-1-too');
      assert.deepEqual(fork.oauthClient(UNIT.uscc), agencies.sandbox('secret-1').oauthClient(UNIT.uscc));
    } finally {
      await local.close();
    }
  });

  it('gives whoever takes the name of a deleted sandbox a token and keys of their own', async () => {
    const before = await create('name-again');
    const secret = agencies.sandbox('name-again').oauthClient(UNIT.uscc).clientSecret;
    await call('/sandboxes/name-again', { method: 'DELETE', token: before });
    const box = agencies.sandbox('name-again');
    assert.equal((await call('/s/name-again/clock', { token: before })).status, 401);
    assert.notEqual(box.oauthClient(UNIT.uscc).clientSecret, secret);
  });

  it('takes nobody who could be somebody, and no addresses to call', async () => {
    const box = agencies.sandbox('people');
    const client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
    const query = (id: string) =>
      client.send('QueryPerson', { AAB001: '110105000000', AAC058: '01', AAC002: id, AAC003: '测试甲' });
    assert.equal((await query(REAL_LOOKING)).code, 'REAL_DATA');
    assert.equal((await query(SYNTHETIC)).code, 'NOT_IN_UNIT');
    const person = { uscc: UNIT.uscc, id_number: REAL_LOOKING, name: '测试甲' };
    const put = (path: string, body: unknown) =>
      call(`/s/people${path}`, { method: 'PUT', token: 'operator', body });
    assert.equal((await put('/persons', person)).code, 'REAL_DATA');
    assert.equal((await put('/disputes', { id_number: REAL_LOOKING })).code, 'REAL_DATA');
    const rule = { scenario: 'LAB.REJECTED', id_number: REAL_LOOKING };
    for (const path of ['armed', 'rules'])
      assert.equal(
        (await call(`/s/people/scenarios/${path}`, { token: 'operator', body: rule })).code,
        'REAL_DATA',
      );
    assert.equal((await put('/persons', { ...person, id_number: SYNTHETIC })).status, 200);
    const url = 'http://127.0.0.1:9/';
    assert.equal((await put('/clock/participants/x', { url })).code, 'NOT_IN_PUBLIC');
  });

  it('keeps nothing of what could be somebody: not in the journal, not of a request that it could not read', async () => {
    const box = agencies.sandbox('journal');
    const client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
    const person = { AAB001: '110105000000', AAC058: '01', AAC002: REAL_LOOKING, AAC003: '李某' };
    assert.equal((await client.send('QueryPerson', person)).code, 'REAL_DATA');
    assert.equal((await client.send('QueryPerson', { ...person, AAC058: 'no such' })).code, 'REAL_DATA');
    await post(box.urls.labor, `<x>${REAL_LOOKING} 李某</x>`);
    await fetch(`${box.urls.credit}/v1/practitioners/${REAL_LOOKING}`);
    const { clientId, clientSecret } = box.oauthClient(UNIT.uscc);
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const token = await fetch(`${box.urls.credit}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...form, scope: REAL_LOOKING }),
    });
    assert.equal(token.status, 422, await token.text());
    const entries = box.exchanges();
    assert.equal(entries.length, 5);
    for (const { id } of entries) {
      const shown = await call(`/s/journal/exchanges/${id}`, { token: 'operator' });
      assert.match(JSON.stringify(shown), /"text":""/);
      assert.doesNotMatch(JSON.stringify(shown), new RegExp(`李某|${REAL_LOOKING}`));
      const looked = await call(`/s/journal/exchanges/${id}/inspection`, { token: 'operator' });
      assert.equal(looked.code, 'EXCHANGE_SECRET');
    }
    assert.deepEqual(
      entries.flatMap(({ persons }) => persons),
      [],
    );
  });

  it('looks for ID numbers in texts too, of clients and at the desk', async () => {
    const box = agencies.sandbox('texts');
    const client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
    const content = await client.content('S-1', { AAC002: SYNTHETIC });
    const supplement = (text: string) =>
      `<supplement><kind>other</kind><title>说明</title><text>${text}</text></supplement>`;
    const refused = await client.send(
      'SubmitTermination',
      content,
      supplement(`李某 身份证${REAL_LOOKING}，电话`),
    );
    assert.equal(refused.code, 'REAL_DATA');
    const taken = await client.send(
      'SubmitTermination',
      content,
      supplement(`${SYNTHETIC} 1${REAL_LOOKING}`),
    );
    assert.equal(taken.code, '0', taken.text);
    const decision = { decision: 'reject', reason: `见 ${REAL_LOOKING}` };
    const [found] = box.cases('labor');
    const told = await call(`/s/texts/cases/labor/${found?.id}/decide`, {
      token: 'operator',
      body: decision,
    });
    assert.equal(told.code, 'REAL_DATA');
  });

  it('limits requests of a sandbox, in the agency\u2019s own form, with Retry-After', async () => {
    const box = agencies.sandbox('busy');
    const client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
    let answer = await client.send('Ping');
    for (let n = 0; n < 60 && answer.status === 200; n += 1) answer = await client.send('Ping');
    assert.deepEqual([answer.status, answer.code], [429, 'RATE_LIMIT']);
    assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
    const desk = await call('/s/busy/limits', { token: 'operator' });
    assert.deepEqual([desk.status, desk.code], [429, 'RATE_LIMIT']);
    assert.equal((await call('/s/busy/clock')).code, 'TOKEN_WRONG');
    assert.match(desk.retryAfter ?? '', /^\d+$/);
    // Strangers who knock at the owner's door do not use up the owner's share.
    const quiet = await create('quiet');
    for (let n = 0; n < 50; n += 1) assert.equal((await call('/s/quiet/clock')).status, 401);
    assert.equal((await call('/s/quiet/clock', { token: quiet })).status, 200);
    const other = agencies.sandbox('calm');
    const calm = laborClient(other.urls.labor, await other.identity(UNIT.uscc, UNIT.name));
    assert.equal((await calm.send('Ping')).status, 200);
  });

  it('limits how many sandboxes an address makes', async () => {
    let last = await call('/sandboxes', { body: {} });
    for (let n = 0; n < 4 && last.status === 201; n += 1) last = await call('/sandboxes', { body: {} });
    assert.equal(last.status, 429);
  });

  it('freezes what nobody calls, then deletes it, and spares the default one', () => {
    const box = agencies.sandbox('forgotten');
    const later = (hours: number) => new Date(Date.now() + hours * 3_600_000);
    assert.deepEqual(agencies.tidy(later(1)), []);
    assert.ok(agencies.tidy(later(25)).includes('forgotten: frozen'));
    const frozen = box.now().getTime();
    assert.ok(agencies.tidy(later(200)).includes('forgotten: deleted'));
    assert.equal(box.now().getTime(), frozen);
    assert.ok(!agencies.tidy(later(900)).some((line) => line.startsWith('default')));
  });
});

describe('limits', () => {
  it('count in windows and say how long to wait', () => {
    let now = new Date('2026-11-25T02:00:00Z');
    const limiter = createLimiter(() => now);
    const take = () => limiter.take('k', 2, 60_000);
    assert.deepEqual([take(), take(), take()], [undefined, undefined, 60]);
    now = new Date('2026-11-25T02:00:59.500Z');
    assert.equal(take(), 1);
    now = new Date('2026-11-25T02:01:00Z');
    assert.equal(take(), undefined);
  });

  it('keep, freeze and delete by idle hours', () => {
    const used = new Date('2026-11-25T00:00:00Z');
    const idleFor = (hours: number) =>
      idle(used, new Date(used.getTime() + hours * 3_600_000), PUBLIC_LIMITS);
    assert.deepEqual(
      [idleFor(23), idleFor(24), idleFor(167), idleFor(168)],
      ['keep', 'freeze', 'freeze', 'delete'],
    );
  });

  it('know synthetic numbers', () => {
    const numbers = [SYNTHETIC, '11010519491231002X', 'MOCK12345', REAL_LOOKING, 'E12345678'];
    assert.deepEqual(numbers.map(isSynthetic), [true, true, true, false, false]);
  });

  it('are off on one\u2019s own machine', () => {
    const hosting = createHosting({ mode: 'local' });
    const call = {
      method: 'GET',
      path: '/',
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.alloc(0),
      base: '',
    };
    assert.ok(hosting.isAdmin('default', call));
    for (let n = 0; n < 2000; n += 1) assert.equal(hosting.gate('default', call), undefined);
  });
});

describe('the fidelity manifest', () => {
  it('has every operation once', () => {
    const wanted = Object.entries(KNOWN).flatMap(([agency, list]) => list.map((each) => `${agency} ${each}`));
    assert.deepEqual(
      FIDELITY.map(({ agency, operation }) => `${agency} ${operation}`).toSorted(),
      wanted.toSorted(),
    );
  });
});
