// Every fault of the wire as two HTTP clients see it: axios (node:http) and fetch (undici).
import assert from 'node:assert/strict';
import { type AgencyName, startAgencies } from '../../../mocks/index.ts';
import type { Agency, Call } from '../../../mocks/kernel/agency.ts';
import { exchange } from '../../../mocks/kernel/exchange.ts';
import { KINDS, type Kind, type Phase } from '../../../mocks/kernel/fault-kinds.ts';
import { PRESETS } from '../../../mocks/kernel/presets.ts';
import type { Sandbox } from '../../../mocks/kernel/sandbox.ts';
import { listen } from '../../../mocks/kernel/server.ts';
import * as credit from './credit-client.ts';
import { CALLBACKS, STORIES, WIRE } from './fault-sights.ts';
import { type Asked, CLIENTS, type Heard } from './http-clients.ts';
import * as insurance from './insurance-client.ts';
import * as sm2 from './insurance-sm2-client.ts';
import { element, envelope, signXml, UNIT } from './labor-client.ts';

/** For what stays silent, and for what is only slow to come on a busy machine. */
const SHORT = 400;
const LONG = 10_000;
const SILENT: readonly Kind[] = ['hang', 'late', 'slow'];

/** What an answer says, in a word or two. */
function told(heard: Heard | string): string {
  if (typeof heard === 'string') return heard;
  const { status } = heard;
  const text = heard.body.toString();
  if (text === '') return `${status} nothing`;
  if (text.includes('FORGED') || text.includes('wsu:Id="forged"')) return `${status} wrapped`;
  const code = /<(?:\w+:)?[cC]ode>([^<]*)</.exec(text)?.[1] ?? /"code":"(\w+)"/.exec(text)?.[1];
  if (/^(?:<\?xml[\s\S]*<\/(?:soap:)?Envelope>|\{.*\})$/.test(text)) return `${status} ${code ?? '0'}`;
  return text.startsWith('<!DOCTYPE html>') ? `${status} html` : `${status} garbage`;
}

/** An agency to ask for a sign of life, over and over, and to spoil. */
interface Place {
  readonly ping: () => Promise<Asked>;
  /** Arms it, runs the work, disarms what is left. */
  struck<T>(kind: Kind, phase: Phase, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

async function laborPlace(): Promise<Place> {
  const agencies = await startAgencies({ only: ['labor'] });
  const box = agencies.sandbox('default'); // whose port is its own, and can be closed
  const xml = signXml(envelope(element('Ping', {})), await box.identity(UNIT.uscc, UNIT.name));
  const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:agency:labor:1#Ping"' };
  const ping = { method: 'POST', url: `${box.urls.labor}/`, headers, body: Buffer.from(xml) };
  return {
    ping: async () => ping,
    struck: (kind, phase, work) =>
      box.withFault({ fault: { phase, kind, delay_ms: 2 * SHORT }, agency: 'labor' }, work),
    close: () => agencies.close(),
  };
}

type Box = { readonly agency: Agency; readonly sandbox: Sandbox };

async function placeOf({ agency, sandbox }: Box, build: () => Call | Promise<Call>): Promise<Place> {
  const server = await listen((call) => exchange(agency, sandbox, call), '127.0.0.1', 0);
  return {
    async ping() {
      const { method, path, headers, body } = await build();
      return { method, url: `${server.url}${path}`, headers, body };
    },
    async struck(kind, phase, work) {
      const { id } = sandbox.faults.arm({ kind, phase, agency: agency.name });
      try {
        return await work();
      } finally {
        sandbox.faults.disarm(id);
      }
    },
    async close() {
      sandbox.close();
      await server.close();
    },
  };
}

const PLACES: Readonly<Record<AgencyName, () => Promise<Place>>> = {
  labor: laborPlace,
  async insurance() {
    const box = await insurance.openBox();
    return placeOf(box, () => box.client.build('0001', '<ConnectivityTest/>', 'Q-1', {}, true));
  },
  async credit() {
    const box = await credit.openBox();
    return placeOf(box, () => box.client.build('GET', '/v1/ping'));
  },
  async 'insurance-sm2'() {
    const box = await sm2.openBox();
    return placeOf(box, () => box.client.build('/api/v2/ping', {}));
  },
};

describe('faults of the wire, seen by two clients', () => {
  const places = new Map<AgencyName, Place>();

  before(async () => {
    for (const { agency = 'labor' } of WIRE)
      if (!places.has(agency)) {
        const open = PLACES[agency];
        assert.ok(open, agency);
        places.set(agency, await open());
      }
  });
  after(async () => {
    for (const place of places.values()) await place.close();
  });

  for (const { kind, phases, agency = 'labor', ...expected } of WIRE)
    for (const phase of phases)
      it(`${kind} in phase ${phase} at ${agency}`, async () => {
        const place = places.get(agency);
        assert.ok(place);
        for (const name of ['axios', 'fetch'] as const) {
          const send = async (patience: number): Promise<string> =>
            told(await CLIENTS[name](await place.ping(), patience));
          const started = performance.now();
          const patience = SILENT.includes(kind) ? SHORT : LONG;
          const seen: string = await place.struck(kind, phase, () => send(patience));
          assert.equal(seen, expected[name], name);
          if (kind === 'dribble') assert.ok(performance.now() - started > SHORT, 'it took its time');
          assert.equal(await send(LONG), '200 0', 'all is well afterwards');
        }
      });
});

describe('faults as clients see them', () => {
  it('are all in the tables, in every phase, and so are the presets', () => {
    const seen = new Set([
      ...[...WIRE, ...STORIES].flatMap(({ kind, phases }) => phases.map((phase) => `${kind} ${phase}`)),
      ...CALLBACKS.map(({ kind }) => `${kind} callback`),
    ]);
    const known = Object.entries(KINDS).flatMap(([kind, { phases }]) =>
      phases.map((phase) => `${kind} ${phase}`),
    );
    assert.deepEqual([...seen].sort(), known.sort());
    for (const { kind, phase } of Object.values(PRESETS)) assert.ok(seen.has(`${kind} ${phase}`), kind);
  });
});
