// Every fault of the wire as two HTTP clients see it: axios (node:http) and fetch (undici).
import assert from 'node:assert/strict';
import axios from 'axios';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { agenciesOf, KINDS, type Kind, type Phase } from '../../../mocks/kernel/fault-kinds.ts';
import { PRESETS } from '../../../mocks/kernel/presets.ts';
import { element, envelope, signXml, UNIT } from './labor-client.ts';

/** For what stays silent, and for what is only slow to come on a busy machine. */
const SHORT = 400;
const LONG = 10_000;
const SILENT: readonly Kind[] = ['hang', 'late', 'slow'];

type Client = (url: string, xml: string, patience: number) => Promise<string>;

const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:agency:labor:1#Ping"' };

/** What a text says, in a word or two. */
function told(status: number, text: string): string {
  if (text === '') return `${status} nothing`;
  if (text.includes('FORGED') || text.includes('wsu:Id="forged"')) return `${status} wrapped`;
  const code = /<(?:\w+:)?code>([^<]*)</.exec(text)?.[1];
  if (text.startsWith('<?xml') && text.endsWith('</soap:Envelope>')) return `${status} ${code}`;
  return text.startsWith('<!DOCTYPE html>') ? `${status} html` : `${status} garbage`;
}

const CLIENTS: Readonly<Record<string, Client>> = {
  async axios(url, xml, patience) {
    try {
      const { status, data } = await axios.post(url, xml, {
        headers,
        timeout: patience,
        proxy: false,
        responseType: 'text',
        transformResponse: (body: unknown) => body,
        validateStatus: () => true,
      });
      return told(status, String(data));
    } catch (cause) {
      assert.ok(axios.isAxiosError(cause));
      return cause.code ?? 'error';
    }
  },
  async fetch(url, xml, patience) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body: xml,
        signal: AbortSignal.timeout(patience),
      });
      return told(response.status, await response.text());
    } catch (cause) {
      assert.ok(cause instanceof Error);
      if (cause.name === 'TimeoutError') return 'TimeoutError';
      const inner: unknown = cause.cause;
      return inner instanceof Error && 'code' in inner ? String(inner.code) : cause.message;
    }
  },
};

/** Fault → what axios sees, what fetch sees. */
const SEEN: readonly (readonly [Kind, Phase, string, string])[] = [
  ['refuse', 'connect', 'ECONNREFUSED', 'ECONNREFUSED'],
  ['reset', 'connect', 'ECONNRESET', 'ECONNRESET'],
  ['reset', 'before-commit', 'ECONNRESET', 'ECONNRESET'],
  ['reset', 'after-commit', 'ECONNRESET', 'ECONNRESET'],
  ['reset', 'response', 'ECONNRESET', 'ECONNRESET'],
  ['close', 'connect', 'ECONNRESET', 'UND_ERR_SOCKET'],
  ['close', 'response', 'ECONNRESET', 'UND_ERR_SOCKET'],
  ['hang', 'connect', 'ECONNABORTED', 'TimeoutError'],
  ['hang', 'after-commit', 'ECONNABORTED', 'TimeoutError'],
  ['late', 'before-commit', 'ECONNABORTED', 'TimeoutError'],
  ['status', 'connect', '503 MAINTENANCE', '503 MAINTENANCE'],
  ['status', 'after-commit', '503 MAINTENANCE', '503 MAINTENANCE'],
  ['empty', 'before-commit', '200 nothing', '200 nothing'],
  ['empty', 'response', '200 nothing', '200 nothing'],
  ['html', 'connect', '200 html', '200 html'],
  ['html', 'response', '200 html', '200 html'],
  ['garbage', 'before-commit', '200 garbage', '200 garbage'],
  ['garbage', 'response', '200 garbage', '200 garbage'],
  ['slow', 'response', 'ECONNABORTED', 'TimeoutError'],
  ['truncate', 'response', 'ERR_BAD_RESPONSE', 'UND_ERR_SOCKET'],
  ['bad-chunk', 'response', 'HPE_INVALID_CHUNK_SIZE', 'HPE_INVALID_CHUNK_SIZE'],
  // Who is patient gets it all.
  ['dribble', 'response', '200 0', '200 0'],
  ['soap-fault', 'before-commit', '500 REMOTE_FAULT', '500 REMOTE_FAULT'],
  // An HTTP client alone cannot tell these three: it must check what is signed.
  ['broken-signature', 'response', '200 0', '200 0'],
  ['foreign-signature', 'response', '200 0', '200 0'],
  ['wrapped-signature', 'response', '200 wrapped', '200 wrapped'],
  ['duplicate', 'after-commit', '200 0', '200 0'],
];

describe('faults of the wire, seen by two clients', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let xml: string;

  before(async () => {
    agencies = await startAgencies({ only: ['labor'] });
    box = agencies.sandbox('default');
    xml = signXml(envelope(element('Ping', {})), await box.identity(UNIT.uscc, UNIT.name));
  });
  after(() => agencies.close());

  for (const [kind, phase, ...expected] of SEEN)
    it(`${kind} in phase ${phase}`, async () => {
      const seen: string[] = [];
      for (const client of Object.values(CLIENTS)) {
        const fault = { fault: { phase, kind, delay_ms: 2 * SHORT }, agency: 'labor' } as const;
        const started = performance.now();
        const patience = SILENT.includes(kind) ? SHORT : LONG;
        seen.push(await box.withFault(fault, () => client(`${box.urls.labor}/`, xml, patience)));
        if (kind === 'dribble') assert.ok(performance.now() - started > SHORT, 'it took its time');
        assert.equal(await client(`${box.urls.labor}/`, xml, LONG), '200 0', 'all is well afterwards');
      }
      assert.deepEqual(seen, expected);
    });

  it('are all in this table, and so are the presets', () => {
    const wire = Object.entries(KINDS).filter(
      ([kind, { layer }]) => layer !== 'business' && agenciesOf(kind as Kind).includes('labor'),
    );
    const met = new Set(SEEN.map(([kind]) => kind));
    assert.deepEqual(
      wire.map(([kind]) => kind).filter((kind) => !met.has(kind as Kind)),
      [],
    );
    for (const { kind } of Object.values(PRESETS))
      assert.ok(met.has(kind) || KINDS[kind].layer === 'business', kind);
  });
});
