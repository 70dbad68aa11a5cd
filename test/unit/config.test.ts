// A wrong setting stops the start with a sentence that names it; every default is what the table says.
import assert from 'node:assert/strict';
import { readConfig, SETTINGS } from '../../src/config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const DATABASE = 'postgres://exitgate:geheim@db.internal/exitgate';

const refusal = (environment: Record<string, string>): string => {
  try {
    readConfig(environment);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return assert.fail(`taken: ${JSON.stringify(environment)}`);
};

describe('settings', () => {
  it('need nothing at all', () => {
    assert.deepEqual(readConfig({}), {
      dataFolder: '.exitgate',
      host: '127.0.0.1',
      port: 4000,
      mocksPort: 4100,
      mocksTrustProxy: [],
      logLevel: 'info',
      databaseConnections: 10,
      deadlineDistances: ['P7D', 'P3D', 'P1D'],
      bodyLimitBytes: 1024 * 1024,
      requestsPerMinute: 1200,
      webhookAllow: ['127.0.0.0/8', '::1/128'],
      workerConcurrency: 20,
      leaseSeconds: 30,
      longestRetrySeconds: 3600,
      sweepSeconds: 5,
      shutdownSeconds: 20,
    });
  });

  it('read an empty value as none', () => {
    const empty = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, '']));
    assert.deepEqual(readConfig(empty), readConfig({}));
  });

  it('are frozen', () => assert.ok(Object.isFrozen(readConfig({}))));

  it('are read where they are given', () => {
    const config = readConfig({
      DATABASE_URL: DATABASE,
      REDIS_URL: 'rediss://cache.internal:6380/2',
      EXITGATE_MASTER_KEY: KEY,
      EXITGATE_OPERATOR_KEY: 'sixteen-letters-x',
      EXITGATE_DATA: '/srv/exitgate',
      HOST: '::',
      PORT: '0',
      LOG_LEVEL: 'silent',
      BODY_LIMIT_KB: '16',
      WEBHOOK_ALLOW: ' 10.1.0.0/16, fd00::/8 ,192.0.2.7',
      LEASE_SECONDS: '2.5',
      UNKNOWN_SETTING: 'left alone',
    });
    assert.equal(config.databaseUrl, DATABASE);
    assert.equal(config.redisUrl, 'rediss://cache.internal:6380/2');
    assert.equal(config.masterKey, KEY);
    assert.equal(config.operatorKey, 'sixteen-letters-x');
    assert.equal(config.port, 0);
    assert.equal(config.bodyLimitBytes, 16 * 1024);
    assert.deepEqual(config.webhookAllow, ['10.1.0.0/16', 'fd00::/8', '192.0.2.7']);
    assert.equal(config.leaseSeconds, 2.5);
  });

  it('allow webhooks into the own machine only beside an embedded database', () => {
    assert.deepEqual(readConfig({ DATABASE_URL: DATABASE, EXITGATE_MASTER_KEY: KEY }).webhookAllow, []);
  });

  it('demand a master key beside a database of your own', () => {
    assert.match(refusal({ DATABASE_URL: DATABASE }), /EXITGATE_MASTER_KEY: is required with DATABASE_URL/);
  });

  for (const [name, value, sentence] of [
    [
      'DATABASE_URL',
      'mysql://db/exitgate',
      /must be a URL that begins with postgres:\/\/ or postgresql:\/\//,
    ],
    ['DATABASE_URL', 'db.internal', /must be a URL/],
    ['REDIS_URL', 'http://cache', /must be a URL that begins with redis:\/\/ or rediss:\/\//],
    ['EXITGATE_MASTER_KEY', 'not base64!', /must be base64/],
    ['EXITGATE_MASTER_KEY', Buffer.alloc(16).toString('base64'), /must be 32 bytes/],
    ['EXITGATE_OPERATOR_KEY', 'short', /at least 16 characters/],
    ['PORT', 'http', /must be a whole number from 0 to 65535$/],
    ['MOCKS_PORT', '65533', /from 0 to 65531: the four ports after it are taken as well$/],
    ['PORT', '65536', /must be a whole number from 0 to 65535$/],
    ['PORT', '-1', /must be a whole number from 0 to 65535$/],
    ['PORT', '80.5', /must be a whole number from 0 to 65535$/],
    ['MOCKS_PORT', 'x', /must be a whole number from 0 to 65531: the four ports after it are taken as well$/],
    ['LOG_LEVEL', 'loud', /must be one of fatal, error, warn/],
    ['DATABASE_CONNECTIONS', '0', /must be a whole number above 0$/],
    ['BODY_LIMIT_KB', '-3', /must be a whole number above 0$/],
    ['REQUESTS_PER_MINUTE', '1.5', /must be a whole number above 0$/],
    ['WEBHOOK_ALLOW', '10.0.0.0/8,intranet', /"intranet" is not an address range/],
    ['WEBHOOK_ALLOW', '10.0.0.0/33', /./],
    ['WEBHOOK_ALLOW', '10.0.0.0/x', /./],
    ['WORKER_CONCURRENCY', 'many', /must be a whole number above 0$/],
    ['LEASE_SECONDS', '0', /must be a number of seconds above 0$/],
    ['LEASE_SECONDS', 'Infinity', /must be a number of seconds above 0$/],
    ['SWEEP_SECONDS', '-5', /must be a number of seconds above 0$/],
    ['SHUTDOWN_SECONDS', 'soon', /must be a number of seconds above 0$/],
  ] as const)
    it(`refuse ${name}="${value}", and say so`, () => {
      const [, ...faults] = refusal({ [name]: value }).split('\n  ');
      const fault = faults.find((each) => each.startsWith(name));
      assert.ok(fault !== undefined, `${name} is not named`);
      assert.match(fault.slice(name.length), sentence);
    });

  it('name every wrong one at once', () => {
    const said = refusal({ PORT: 'x', LOG_LEVEL: 'y', SWEEP_SECONDS: 'z' });
    for (const name of ['PORT', 'LOG_LEVEL', 'SWEEP_SECONDS']) assert.match(said, new RegExp(`\n  ${name}`));
  });

  it('never repeat a secret in a refusal', () => {
    for (const [name, { secret }] of Object.entries(SETTINGS))
      if (secret) assert.ok(!refusal({ [name]: 'geheim!' }).includes('geheim'), name);
  });

  it('have a sentence each, and defaults that pass', () => {
    for (const [name, { help, fallback, schema }] of Object.entries(SETTINGS)) {
      assert.ok(help.length > 10, name);
      assert.ok(schema.safeParse(fallback ?? undefined).success || name === 'WEBHOOK_ALLOW', name);
    }
  });
});
