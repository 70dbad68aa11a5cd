/** Commands as an operator types them: what they find, and the sentence when they cannot. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { exitOf } from '../../src/cli/demo/stage.ts';
import { exitgate, killLeftOvers, useCommand } from '../e2e/support/processes.ts';
import { emptyDatabase, sql, type TestDatabase } from '../support/database.ts';
import { storeOf, testEnvironment } from '../support/gateway.ts';
import { refusedPort } from '../support/sockets.ts';

describe('the command line', function () {
  this.timeout(120_000);
  useCommand();
  let database: TestDatabase;
  let environment: Record<string, string>;

  before(async () => {
    database = await emptyDatabase();
    environment = testEnvironment(database.url);
  });
  after(() => database.drop());
  afterEach(killLeftOvers);

  const run = async (args: readonly string[], over: Readonly<Record<string, string>> = {}) => {
    const command = exitgate(args, { ...environment, ...over });
    const { code } = await command.ended;
    return { code, output: command.output() };
  };
  /** The given database with another user, name or port. */
  const elsewhere = (change: Partial<Pick<URL, 'username' | 'password' | 'pathname' | 'port'>>) =>
    Object.assign(new URL(database.url), change).href;

  it('runs from a checkout, through tsx', async () => {
    const bin = fileURLToPath(new URL('../../bin/exitgate.js', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [bin, '--version']);
    assert.match(stdout, /^\d+\.\d+\.\d+/);
  });

  describe('doctor', () => {
    it('finds a database that answers', async () => {
      const { code, output } = await run(['doctor']);
      assert.match(output, /^ok {3}database: PostgreSQL \d+/m);
      assert.equal(code, 0, output);
    });

    it('finds one that does not', async () => {
      const port = `${await refusedPort()}`;
      const { code, output } = await run(['doctor'], {
        DATABASE_URL: elsewhere({ port, password: 'geheim' }),
      });
      assert.equal(code, 1);
      assert.match(
        output,
        new RegExp(`^FAIL database: DATABASE_URL does not answer at \\S+:${port}: .`, 'm'),
      );
      assert.ok(!output.includes('geheim'), output);
    });

    it('finds a wrong setting', async () => {
      const { code, output } = await run(['doctor'], { PORT: 'abc' });
      assert.equal(code, 1);
      assert.match(output, /^FAIL settings: wrong settings:\n +PORT="abc": must be a whole number/m);
    });
  });

  for (const args of [['api'], ['worker'], ['migrate'], ['keys', 'list'], ['demo']])
    it(`${args.join(' ')} says that the database does not answer, or refuses`, async () => {
      const port = `${await refusedPort()}`;
      const [dead, unknown] = await Promise.all([
        run(args, { DATABASE_URL: elsewhere({ port, password: 'geheim' }) }),
        run(args, { DATABASE_URL: elsewhere({ pathname: '/nowhere' }) }),
      ]);
      assert.equal(dead.code, 1);
      assert.match(dead.output, new RegExp(`DATABASE_URL does not answer at \\S+:${port}: .*ECONNREFUSED`));
      assert.equal(unknown.code, 1);
      assert.match(unknown.output, /DATABASE_URL is refused by \S+:\d+: database "nowhere" does not exist/);
      assert.ok(!dead.output.includes('geheim'), dead.output);
    });

  describe('keys', () => {
    it('revokes by id alone, and never says a secret back', async () => {
      const { output } = await run(['keys', 'create', '--org', 'one']);
      const [id = '', secret = ''] = output.split('\n');
      const wrong = await run(['keys', 'revoke', secret]);
      assert.equal(wrong.code, 1);
      assert.match(wrong.output, /give the key's id \(exitgate keys list\), not the key itself/);
      assert.ok(!wrong.output.includes(secret), wrong.output);
      assert.deepEqual(await run(['keys', 'revoke', id]), { code: 0, output: `${id} is revoked\n` });
    });

    for (const [args, sentence] of [
      [['--org', ''], /give a name/],
      [['--org', ' '], /give a name/],
      [['--org', 'one', '--expires', '2020-01-31'], /that is past/],
    ] as const)
      it(`refuses to create one with ${args.join(' ')}`, async () => {
        const { code, output } = await run(['keys', 'create', ...args]);
        assert.equal(code, 1);
        assert.match(output, sentence);
      });

    it('lists an expired one as such', async () => {
      assert.equal((await run(['migrate'])).code, 0);
      const store = storeOf(environment);
      try {
        const { id } = await store.organisations.ensure('two');
        const key = { name: 'old', live: false, scopes: [], addresses: [] };
        await store.organisations.createKey(id, { ...key, expiresAt: new Date('2020-01-31T00:00:00Z') });
      } finally {
        await store.close();
      }
      assert.match((await run(['keys', 'list'])).output, /\told\t.*\texpired 2020-01-31T/);
    });
  });

  describe('demo', () => {
    const without = { EXITGATE_MASTER_KEY: '', EXITGATE_OPERATOR_KEY: '' };

    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGINT', 130],
    ] as const)
      it(`plays in a database of its own, and closes what it has started on ${signal}`, async () => {
        const given = await emptyDatabase();
        let name = '';
        try {
          const demo = exitgate(['demo'], { ...environment, ...without, DATABASE_URL: given.url });
          name = await demo.said(/gateway up: .*database (exitgate_demo_\w+)/);
          assert.deepEqual(await demo.kill(signal), { code, signal: null }, demo.output());
          assert.match(demo.stdout(), new RegExp(`lies in database ${name}; drop it`));
          assert.deepEqual(
            await sql(given.url, `SELECT FROM pg_tables WHERE schemaname IN ('public', 'bullmq')`),
            [],
          );
          // Whoever was killed outright may leave connections behind; whoever closes does not.
          assert.deepEqual(
            await sql(given.url, `SELECT FROM pg_stat_activity WHERE datname = '${name}'`),
            [],
          );
        } finally {
          if (name !== '') await sql(given.url, `DROP DATABASE ${name} WITH (FORCE)`);
          await given.drop();
        }
      });

    it('says what is missing when it may not make one', async () => {
      const user = `poor_${randomBytes(4).toString('hex')}`;
      await sql(database.url, `CREATE ROLE ${user} LOGIN PASSWORD 'geheim'`);
      try {
        const url = elsewhere({ username: user, password: 'geheim' });
        const { code, output } = await run(['demo'], { ...without, DATABASE_URL: url });
        assert.equal(code, 1);
        assert.match(output, /the user of DATABASE_URL may not: give one with CREATEDB/);
        assert.ok(!output.includes('geheim'), output);
      } finally {
        await sql(database.url, `DROP ROLE ${user}`);
      }
    });

    it('tells of thirty days that are about to end, whatever the year', () => {
      const { notice_date, exit_date, last_attendance_date } = exitOf('2031-03-01');
      assert.deepEqual(
        [notice_date, last_attendance_date, exit_date],
        ['2031-02-01', '2031-03-03', '2031-03-03'],
      );
    });
  });
});
