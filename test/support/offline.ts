/** The HTTP service with nothing behind it: for what can be known without a request. */

import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { z } from 'zod';
import type { HttpParts } from '../../src/http/parts.ts';
import { createHttp, listEndpoints } from '../../src/http/service.ts';
import { readProfiles } from '../../src/profiles.ts';
import { PURSUIT } from './builders.ts';
import { CLOCK_WORK, DISTANCES } from './clock-work.ts';

const PROFILES = fileURLToPath(new URL('../../profiles', import.meta.url));

export function offlineService() {
  const nothing = {} as unknown as HttpParts['store'];
  const parts: HttpParts = {
    store: nothing,
    profiles: readProfiles(PROFILES),
    reachOf: PURSUIT.reachOf,
    clockWork: CLOCK_WORK,
    distances: DISTANCES,
    manifests: new Map([
      [
        'labor-soap',
        {
          name: 'labor-soap',
          title: { en: 'Labour', zh: '劳动' },
          kinds: ['labor_filing'],
          regions: ['*'],
          personFields: ['name'],
          protocol: 'by hand',
          capabilities: [],
          settings: z.object({ url: z.url() }),
        },
      ],
    ]),
    testConnection: async () => Promise.reject(new Error('nobody is asked offline')),
    connectionChanged: async () => {},
    wake: { after: async () => {} },
    wakeRun: async () => {},
    checkEndpointUrl: async () => undefined,
    callbacks: async () => undefined,
    publicUrl: () => 'https://exitgate.example',
    newWebhookSecret: () => 'whsec_x',
    clock: () => new Date(0),
    testClock: {
      view: () => Promise.reject(new Error('nothing is behind this')),
      move: () => Promise.reject(new Error('nothing is behind this')),
    },
    uploads: {
      adapters: [],
      close: () => Promise.reject(new Error('nothing is behind this')),
      receiptsPer: () => Promise.reject(new Error('nothing is behind this')),
      read: () => Promise.reject(new Error('nothing is behind this')),
    },
    log: pino({ level: 'silent' }),
    limits: { bodyBytes: 1000, requestsPerMinute: 10 },
    readiness: async () => ({}),
    metrics: async () => ({ contentType: 'text/plain', body: '' }),
  };
  return { app: createHttp(parts), endpoints: listEndpoints(parts) };
}
