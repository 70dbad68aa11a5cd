/** Neither a dump of the database, nor of Redis, nor the log at its most talkative holds a name or a number in clear, in any spelling. */
import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { Context } from 'mocha';
import pg from 'pg';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { makePerson } from '../support/builders.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { makeTenant, storeOf, type Tenant, testEnvironment } from '../support/gateway.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { redisForTests } from '../support/redis-server.ts';
import { killLeftOvers, started, useCommand } from './support/processes.ts';

/** Words that occur nowhere else in the project. */
const PEOPLE = {
  name: '欧阳测试娜',
  actor: '司徒合规官',
  customer: '夏侯客户投诉私下受托交易',
  note: '双方已签署和解书并当面确认',
  document: '诸葛签署的和解协议',
  address: '测试市测试区无名路七号',
  phone: '+86 139 0000 4711',
};

describe('personal data at rest and in the log', function () {
  this.timeout(120_000);
  useRealNetwork();
  useCommand();
  let mocks: Agencies;
  let database: TestDatabase;
  let tenant: Tenant;
  const releases: (() => Promise<unknown>)[] = [];

  before(async () => {
    mocks = await startAgencies();
  });
  after(() => mocks.close());
  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(async () => {
    await killLeftOvers();
    for (const release of releases.splice(0).reverse()) await release();
    await database.drop();
  });

  /** Exits through faults of several kinds, in processes that log all they can. @returns everything they said. */
  async function trouble(redisUrl?: string) {
    const environment = { ...testEnvironment(database.url, redisUrl), LOG_LEVEL: 'debug' };
    const [api, worker] = await Promise.all([
      started(['api'], environment),
      started(['worker'], environment),
    ]);
    const store = storeOf(environment);
    releases.push(() => store.close());
    tenant = await makeTenant({ store, url: api.url }, mocks);
    releases.push(tenant.close);
    // The first webhook fails: its error is logged and kept.
    tenant.core.answer((event, earlier) => (event.sequence === 1 && earlier === 0 ? 500 : 204));
    const id_number = makePerson().id_number;
    const numbers = [id_number];
    const open = (parts: Record<string, unknown> = {}, person = makePerson().id_number) => {
      numbers.push(person);
      const { name, address, phone } = PEOPLE;
      return tenant.open({ employee: { name, address, phone, id_number: person }, ...parts });
    };
    const arm = (fault: string | object, operation?: string) =>
      tenant.agencies.fault({
        fault: fault as string,
        agency: 'labor',
        ...(operation === undefined ? {} : { operation }),
      });
    const state = (exitId: string, wanted: string) =>
      eventually(async () => (await tenant.exit(exitId)).status === wanted, {
        what: `${exitId} ${wanted}`,
        every: 50,
      });

    /** Every fault hits the exit it is meant for, and none waits for another's end. */
    const struck = () => eventually(() => tenant.agencies.faults().length === 0, { what: 'the fault' });

    arm('commit-then-lose-reply', 'SubmitTermination');
    const gated = await open(
      {
        profile: 'securities',
        disputes: [{ external_id: 'C-88', kind: 'customer_complaint', summary: PEOPLE.customer }],
        handover: [{ external_id: 'H-1', kind: 'customer', title: PEOPLE.customer, receiver: PEOPLE.actor }],
        finance_items: [{ external_id: 'F-1', kind: 'loan', summary: PEOPLE.note }],
      },
      id_number,
    );
    for (const { gate, subject, documents } of (await tenant.exit(gated)).blockers) {
      const { status, body } = await tenant.call('POST', `/v1/exits/${gated}/clearances`, {
        gate,
        subject,
        actor: PEOPLE.actor,
        note: PEOPLE.note,
        documents: [{ title: PEOPLE.document, kind: documents?.kinds[0], reference: 'SA-2026-031' }],
      });
      assert.equal(status, 201, JSON.stringify(body));
    }
    await struck();
    const exits = [[gated, 'completed']];
    for (const fault of ['correction', 'reject']) {
      arm(fault);
      exits.push([await open(), 'attention']);
      await struck();
    }
    arm({ phase: 'before-commit', kind: 'status', status: 503, retry_after: 1 }, 'SubmitTermination');
    arm('foreign-signature', 'QueryFiling');
    exits.push([await open(), 'completed']);
    await struck();
    arm('html-with-200', 'SubmitTermination');
    exits.push([await open(), 'completed']);
    for (const [exitId = '', wanted = ''] of exits) await state(exitId, wanted);
    // Whoever sends nonsense gets a problem, and the log a line, without what they sent.
    const refused = await tenant.call('POST', '/v1/exits', {
      external_id: 'X',
      employee: { name: PEOPLE.name, id_number, id_type: 'no such type' },
    });
    assert.equal(refused.status, 422);
    await eventually(() => tenant.core.tries.some(({ status }) => status === 500));
    await eventually(() => tenant.core.taken(gated).length > 0);
    for (const { code } of await Promise.all([worker.kill('SIGTERM'), api.kill('SIGTERM')]))
      assert.equal(code, 0);
    const log = api.output() + worker.output();
    assert.ok(log.includes('"level":20') || log.includes('"level":30'), 'nothing was logged');
    assert.match(log, /SubmitTermination/);
    return { log, words: [...Object.values(PEOPLE), ...numbers] };
  }

  function assertAbsent(where: string, bytes: Buffer, words: readonly string[]) {
    for (const word of words)
      for (const [spelling, needle] of spellings(word)) {
        const at = bytes.indexOf(needle);
        const around = () => bytes.subarray(Math.max(0, at - 200), at + 100).toString('utf8');
        assert.equal(at, -1, `${where} holds ${word} in ${spelling}: …${around()}…`);
      }
  }

  it('are in no table, with the queues in PostgreSQL', async () => {
    const { log, words } = await trouble();
    assertAbsent('the log', Buffer.from(log), words);
    const dump = await dumpPostgres(database.url);
    // A dump that does not hold what it must would hold nothing of a person either.
    for (const known of ['C-88', 'labor_filing', 'filing.correction_requested', 'bullmq.'])
      assert.ok(dump.includes(known), `the dump lacks ${known}`);
    assertAbsent('PostgreSQL', dump, words);
  });

  it('are in no key of Redis either', async function (this: Context) {
    const redisUrl = await redisForTests(this);
    const { log, words } = await trouble(redisUrl);
    assertAbsent('the log', Buffer.from(log), words);
    const dump = await dumpRedis(redisUrl);
    assert.ok(dump.includes('bull:labor-soap'), 'the dump lacks the queues');
    assert.match(dump.toString('utf8'), /submit: unsure/);
    assertAbsent('Redis', dump, words);
    assertAbsent('PostgreSQL', await dumpPostgres(database.url), words);
  });

  it('would be found in every spelling that the search knows', () => {
    for (const word of Object.values(PEOPLE))
      for (const hidden of [
        word,
        JSON.stringify({ word }),
        Buffer.from(`before ${word} after`).toString('base64'),
        Buffer.from(`x${word}y`).toString('base64url'),
        Buffer.from(`xy${word}`).toString('hex'),
        Buffer.from(word).toString('hex').toUpperCase(),
        encodeURIComponent(word),
      ])
        assert.throws(() => assertAbsent('it', Buffer.from(hidden), [word]), /holds/, hidden);
  });
});

/** A word as it might have slipped out: as it is, escaped, and in hex and base64 wherever it may begin. */
function spellings(word: string): [string, Buffer][] {
  const utf8 = Buffer.from(word);
  const hex = utf8.toString('hex');
  const escaped = [...word].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  const texts: [string, string][] = [
    ['hex', hex],
    ['HEX', hex.toUpperCase()],
    ['escapes', escaped],
    ['URL', encodeURIComponent(word)],
  ];
  // In base64 three bytes are four characters: a word has three forms, of which the edges depend on its neighbours.
  for (let shift = 0; shift < 3; shift++) {
    const coded = Buffer.concat([Buffer.alloc(shift), utf8])
      .toString('base64')
      .replace(/=+$/, '');
    const skip = [0, 2, 3][shift] ?? 0;
    const whole = coded.slice(skip, coded.length - ((utf8.length + shift) % 3 === 0 ? 0 : 1));
    texts.push(['base64', whole], ['base64url', whole.replaceAll('+', '-').replaceAll('/', '_')]);
  }
  return [
    ['UTF-8', utf8],
    ['UTF-16', Buffer.from(word, 'utf16le')],
    ...texts.map(([name, text]): [string, Buffer] => [name, Buffer.from(text)]),
  ];
}

/** Every row of every table as text, and every `bytea` in it once more as the bytes it is. */
async function dumpPostgres(url: string): Promise<Buffer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const parts: Buffer[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      for (const { row } of rows) {
        parts.push(Buffer.from(`${name} ${row}\n`));
        for (const [, hex = ''] of row.matchAll(/\\x([0-9a-f]{2,})/g)) parts.push(Buffer.from(hex, 'hex'));
      }
    }
    return Buffer.concat(parts);
  } finally {
    await client.end();
  }
}

/** Every key with all it holds: DUMP would compress. */
async function dumpRedis(url: string): Promise<Buffer> {
  const redis = new Redis(url);
  try {
    const parts: Buffer[] = [];
    for (const key of await redis.keys('*')) {
      const type = await redis.type(key);
      const held: Record<string, () => Promise<unknown>> = {
        string: () => redis.get(key),
        hash: () => redis.hgetall(key),
        list: () => redis.lrange(key, 0, -1),
        set: () => redis.smembers(key),
        zset: () => redis.zrange(key, '0', '-1'),
        stream: () => redis.xrange(key, '-', '+'),
      };
      const read = held[type];
      assert.ok(read, `${key} is a ${type}, which the dump cannot read`);
      // As text and not as JSON, whose escapes would hide what they escape.
      parts.push(Buffer.from(`${key}\n${texts(await read()).join('\n')}\n`));
    }
    return Buffer.concat(parts);
  } finally {
    redis.disconnect();
  }
}

const texts = (value: unknown): string[] =>
  value !== null && typeof value === 'object'
    ? Object.entries(value).flatMap(([name, each]) => [name, ...texts(each)])
    : [String(value)];
