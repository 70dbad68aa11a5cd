/** The whole way: intake over HTTP, three filings, webhooks, everything stored. */
import { randomBytes } from 'node:crypto';
import axios from 'axios';
import { createApp } from '../src/app.ts';
import { connectToMocks, EXAMPLE_EMPLOYER } from '../src/cli/sandbox.ts';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { SCOPES } from '../src/store/organisations.ts';
import type { Urls } from './machines.ts';
import { idNumber } from './people.ts';
import { type Contest, type Measured, measure } from './run.ts';

export async function runWhole(contest: Contest & { readonly mocks: Urls }): Promise<Measured> {
  const { database, redis, mocks, sink } = contest;
  const config = readConfig({
    DATABASE_URL: database,
    ...(redis === undefined ? {} : { REDIS_URL: redis }),
    EXITGATE_MASTER_KEY: randomBytes(32).toString('base64'),
    PORT: '0',
    LOG_LEVEL: 'warn',
    WEBHOOK_ALLOW: '127.0.0.0/8',
    REQUESTS_PER_MINUTE: '1000000',
  });
  const app = await createApp(config, { api: true, worker: true }, { log: createLog(config.logLevel) });
  try {
    const { id } = await app.store.organisations.ensure('bench');
    await connectToMocks(app.store, id, mocks, EXAMPLE_EMPLOYER);
    const { secret } = await app.store.organisations.createKey(id, {
      name: 'bench',
      live: false,
      scopes: SCOPES,
      addresses: [],
    });
    const api = axios.create({
      baseURL: app.url ?? '',
      proxy: false,
      headers: { authorization: `Bearer ${secret}` },
    });
    await api.post('/v1/webhook-endpoints', { url: sink }, { headers: { 'idempotency-key': 'sink' } });
    return await measure(contest, (index) =>
      api.post('/v1/exits', exit(index), { headers: { 'idempotency-key': `exit-${index}` } }),
    );
  } finally {
    await app.close();
  }
}

const exit = (index: number) => ({
  external_id: `B-${index}`,
  profile: 'general',
  reason: 'resignation',
  employer: EXAMPLE_EMPLOYER,
  employee: {
    external_id: `E-${index}`,
    name: '测试员工',
    id_type: 'resident_id',
    id_number: idNumber(index),
    post: '测试岗位',
    contract: { type: 'fixed_term', start: '2022-03-01', end: '2027-02-28' },
  },
  notice_date: '2026-10-26',
  exit_date: '2026-11-25',
});
