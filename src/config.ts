/** Settings: the only place that says what the environment means (src/cli may look at it, and passes it on). Every one has a name, a default and a sentence; a wrong one stops the start. */
import { z } from 'zod';
import { distanceMs } from './domain/urgency.ts';
import { rangeList } from './ranges.ts';

const port = whole(0, 65535, 'must be a whole number from 0 to 65535');
const count = whole(1, Number.MAX_SAFE_INTEGER, 'must be a whole number above 0');
const wrongSeconds = { error: 'must be a number of seconds above 0' };
const seconds = z.coerce.number(wrongSeconds).positive(wrongSeconds);
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
const ranges = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  )
  .superRefine((list, context) => {
    try {
      rangeList(list);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    }
  });

/** One sentence for everything that can be wrong with it. */
function whole(least: number, most: number, error: string) {
  return z.coerce.number({ error }).refine((n) => Number.isInteger(n) && n >= least && n <= most, { error });
}

interface Setting<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** What the environment would have to say for the default; undefined: nothing. */
  readonly fallback: string | undefined;
  readonly help: string;
  readonly secret?: boolean;
}
const setting = <Schema extends z.ZodType>(
  schema: Schema,
  fallback: string | undefined,
  help: string,
  secret = false,
): Setting<Schema> => ({
  schema,
  fallback,
  help,
  secret,
});

/** The written list; README.md shows the same table, and a test keeps them equal. */
export const SETTINGS = {
  DATABASE_URL: setting(
    url('postgres:', 'postgresql:').optional(),
    undefined,
    'PostgreSQL 15 or newer; absent: an embedded one under EXITGATE_DATA',
    true,
  ),
  REDIS_URL: setting(
    url('redis:', 'rediss:').optional(),
    undefined,
    'Redis 6.2 or newer for the queues; absent: the queues live in PostgreSQL',
    true,
  ),
  EXITGATE_MASTER_KEY: setting(
    z
      .base64({ error: 'must be base64' })
      .refine((text) => Buffer.from(text, 'base64').length === 32, {
        error: 'must be 32 bytes in base64: openssl rand -base64 32',
      })
      .optional(),
    undefined,
    '32 bytes in base64; wraps every personal key. Made and kept under EXITGATE_DATA with the embedded database, required otherwise',
    true,
  ),
  EXITGATE_OPERATOR_KEY: setting(
    z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
    undefined,
    'Password of /console and /metrics. Made and kept under EXITGATE_DATA with the embedded database; absent otherwise: both are closed',
    true,
  ),
  EXITGATE_DATA: setting(
    z.string().min(1),
    '.exitgate',
    'Folder of the embedded database and the generated keys',
  ),
  HOST: setting(z.string().min(1), '127.0.0.1', 'Address that the API listens on'),
  PORT: setting(port, '4000', 'Port of API and console; 0: any free one'),
  PUBLIC_URL: setting(
    url('http:', 'https:').optional(),
    undefined,
    'Address under which agencies reach the API: callbacks go to PUBLIC_URL/callbacks/{connection}. Default: http://HOST:PORT',
  ),
  MOCKS_PORT: setting(
    whole(0, 65531, 'must be a whole number from 0 to 65531: the four ports after it are taken as well'),
    '4100',
    'First of the five ports of the mock agencies (desk, labor, insurance, credit, insurance-sm2); 0: any free ones',
  ),
  MOCKS_OPERATOR_TOKEN: setting(
    z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
    undefined,
    'Token of the operator of exitgate mocks --public: opens every sandbox, default too. Absent: made at each start and printed',
    true,
  ),
  MOCKS_TRUST_PROXY: setting(
    ranges.optional(),
    undefined,
    'Address ranges of the proxies in front of the mock agencies, comma separated: their X-Forwarded-For, -Proto and -Host are believed',
  ),
  SANDBOX_DESK_URL: setting(
    url('http:', 'https:').optional(),
    undefined,
    'Desk of the mock agencies, whose time POST /v1/test/clock moves along. exitgate start and demo use their own',
  ),
  ADAPTERS: setting(
    z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((each) => each.trim())
          .filter((each) => each !== ''),
      )
      .optional(),
    undefined,
    'Adapters of your own beside those that come along, comma separated: a folder, a file or an installed package that exports one. The same in every process',
  ),
  LOG_LEVEL: setting(
    z.enum(LEVELS, { error: `must be one of ${LEVELS.join(', ')}` }),
    'info',
    'How much is logged',
  ),
  DATABASE_CONNECTIONS: setting(count, '10', 'PostgreSQL connections of each process, queues aside'),
  BODY_LIMIT_KB: setting(count, '1024', 'Largest request body'),
  REQUESTS_PER_MINUTE: setting(count, '1200', 'Requests that one API key may make in a minute'),
  WEBHOOK_ALLOW: setting(
    ranges,
    undefined,
    'Internal address ranges that webhooks may go to, comma separated. Default: 127.0.0.0/8,::1/128 with the embedded database, none otherwise',
  ),
  DEADLINE_DISTANCES: setting(
    z
      .string()
      .transform((text) => text.split(',').map((each) => each.trim()))
      .refine((list) => list.every((each) => distanceMs(each) !== undefined), {
        error: 'must be ISO 8601 durations of days and hours, comma separated, such as P7D,P3D,PT12H',
      }),
    'P7D,P3D,P1D',
    'How long before a statutory limit exit.deadline_approaching is told',
  ),
  WORKER_CONCURRENCY: setting(
    count,
    '20',
    'Filings of one agency and webhook lanes that a worker process has in hand at a time',
  ),
  LEASE_SECONDS: setting(
    seconds,
    '30',
    'How long a worker may be silent before its job is given to another and what it was submitting counts as in doubt',
  ),
  RETRY_LONGEST_SECONDS: setting(
    seconds,
    '3600',
    'Longest time between two tries of a filing that an agency has not answered, from two seconds on ever twice as long',
  ),
  SWEEP_SECONDS: setting(seconds, '5', 'How often rows that are due but have no job are looked for'),
  SHUTDOWN_SECONDS: setting(seconds, '20', 'How long a stopping process lets its work in hand end'),
} as const;

export type SettingName = keyof typeof SETTINGS;

type Values = { [Name in SettingName]: z.infer<(typeof SETTINGS)[Name]['schema']> };

/** @throws Error whose message names each wrong setting and what it must be. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  const embedded = (environment.DATABASE_URL ?? '') === '';
  for (const [name, { schema, fallback, secret }] of Object.entries(SETTINGS)) {
    const given = environment[name] === '' ? undefined : environment[name];
    const text = given ?? (name === 'WEBHOOK_ALLOW' ? (embedded ? '127.0.0.0/8,::1/128' : '') : fallback);
    const result = schema.safeParse(text);
    if (result.success) values[name] = result.data;
    else
      faults.push(
        `${name}${given !== undefined && !secret ? `="${given}"` : ''}: ${result.error.issues.map((issue) => issue.message).join('; ')}`,
      );
  }
  if (!embedded && (environment.EXITGATE_MASTER_KEY ?? '') === '')
    faults.push(
      'EXITGATE_MASTER_KEY: is required with DATABASE_URL, and must be the same in every process: openssl rand -base64 32',
    );
  if (faults.length > 0) throw new Error(`wrong settings:\n  ${faults.join('\n  ')}`);
  const read = values as Values;
  return Object.freeze({
    ...(read.DATABASE_URL === undefined ? {} : { databaseUrl: read.DATABASE_URL }),
    ...(read.REDIS_URL === undefined ? {} : { redisUrl: read.REDIS_URL }),
    ...(read.EXITGATE_MASTER_KEY === undefined ? {} : { masterKey: read.EXITGATE_MASTER_KEY }),
    ...(read.EXITGATE_OPERATOR_KEY === undefined ? {} : { operatorKey: read.EXITGATE_OPERATOR_KEY }),
    ...(read.PUBLIC_URL === undefined ? {} : { publicUrl: read.PUBLIC_URL.replace(/\/+$/, '') }),
    ...(read.SANDBOX_DESK_URL === undefined ? {} : { sandboxDeskUrl: read.SANDBOX_DESK_URL }),
    ...(read.ADAPTERS === undefined ? {} : { adapters: read.ADAPTERS }),
    dataFolder: read.EXITGATE_DATA,
    host: read.HOST,
    port: read.PORT,
    mocksPort: read.MOCKS_PORT,
    ...(read.MOCKS_OPERATOR_TOKEN === undefined ? {} : { mocksOperatorToken: read.MOCKS_OPERATOR_TOKEN }),
    mocksTrustProxy: read.MOCKS_TRUST_PROXY ?? [],
    logLevel: read.LOG_LEVEL,
    databaseConnections: read.DATABASE_CONNECTIONS,
    bodyLimitBytes: read.BODY_LIMIT_KB * 1024,
    requestsPerMinute: read.REQUESTS_PER_MINUTE,
    webhookAllow: read.WEBHOOK_ALLOW,
    deadlineDistances: read.DEADLINE_DISTANCES,
    workerConcurrency: read.WORKER_CONCURRENCY,
    leaseSeconds: read.LEASE_SECONDS,
    longestRetrySeconds: read.RETRY_LONGEST_SECONDS,
    sweepSeconds: read.SWEEP_SECONDS,
    shutdownSeconds: read.SHUTDOWN_SECONDS,
  });
}

export interface Config {
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** Keeps the demo's jobs apart on a shared Redis; no setting. */
  readonly queuePrefix?: string;
  readonly masterKey?: string;
  readonly operatorKey?: string;
  readonly publicUrl?: string;
  readonly sandboxDeskUrl?: string;
  /** Modules of adapters beside the written list. */
  readonly adapters?: readonly string[];
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  readonly mocksPort: number;
  readonly mocksOperatorToken?: string;
  readonly mocksTrustProxy: readonly string[];
  readonly logLevel: Values['LOG_LEVEL'];
  readonly databaseConnections: number;
  readonly bodyLimitBytes: number;
  readonly requestsPerMinute: number;
  readonly webhookAllow: readonly string[];
  readonly deadlineDistances: readonly string[];
  readonly workerConcurrency: number;
  readonly leaseSeconds: number;
  readonly longestRetrySeconds: number;
  readonly sweepSeconds: number;
  readonly shutdownSeconds: number;
}
