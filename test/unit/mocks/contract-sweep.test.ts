// Every answer keeps the published contract: all operations, all scenarios, all faults that answer, what is refused, the desk.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { decrypt } from '../../../mocks/insurance/session.ts';
import { clientOf } from '../../../mocks/insurance-sm2/keys.ts';
import type { AgencyName, Call } from '../../../mocks/kernel/agency.ts';
import { exchange } from '../../../mocks/kernel/exchange.ts';
import { agenciesOf, KINDS, type Kind, type Phase } from '../../../mocks/kernel/fault-kinds.ts';
import { residentId } from '../../../mocks/kernel/identifiers.ts';
import type { Exchange } from '../../../mocks/kernel/journal.ts';
import type { Sandbox } from '../../../mocks/kernel/sandbox.ts';
import { SCENARIOS } from '../../../mocks/scenarios/index.ts';
import { PLACES, SPOILT } from './contract-places.ts';
import { againstXsd, CREDIT, SM2 } from './contracts.ts';
import * as sm2 from './insurance-sm2-client.ts';
import { PLAYERS } from './scenario-players.ts';

/** Faults whose business it is to break the contract; no answer of theirs is held to it. */
const BREAKS: Readonly<Partial<Record<Kind, string>>> = {
  empty: 'a body with nothing in it',
  html: 'a page of a portal',
  garbage: 'bytes without meaning',
};
/** Faults that the wire shows instead of an answer, or that no exchange is struck by. */
const SILENT: Readonly<Partial<Record<Kind, string>>> = {
  refuse: 'no connection',
  reset: 'no answer',
  close: 'no answer',
  hang: 'no answer',
  late: 'no answer',
};

interface Entry {
  readonly entry: Exchange;
  readonly seed: string;
  readonly name: string;
}
const entries: Entry[] = [];
const keep = (sandbox: Sandbox) => {
  for (const entry of sandbox.journal.list())
    entries.push({
      entry,
      seed: `${sandbox.seed}|${sandbox.origin}`,
      name: `${entry.agency}-${sandbox.name}-${entry.id}`,
    });
  sandbox.journal.clear();
};

/** Inside a session: what the envelope holds, opened with the key that the agency derives for that session. */
function opened({ entry: { response }, seed }: Entry): Buffer {
  const xml = response?.body.toString() ?? '';
  const [, algorithm, , iv = '', data = ''] =
    /<Body encoding="([^"]+)"( iv="([^"]+)")?>([^<]*)</.exec(xml) ?? [];
  const bytes = Buffer.from(data, 'base64');
  if (algorithm !== 'sm4-cbc' && algorithm !== 'aes-256-cbc') return bytes;
  const id = /<Session>(S(\d{6})\w+)</.exec(xml);
  const keyHex = createHmac('sha256', seed)
    .update(`insurance key ${Number(id?.[2])}`)
    .digest('hex');
  const key = keyHex.slice(0, algorithm === 'sm4-cbc' ? 32 : 64);
  const session = { id: id?.[1] ?? '', unit: '', algorithm, keyHex: key, expiresAt: 0 } as const;
  return decrypt(bytes, Buffer.from(iv, 'base64'), session);
}

/** What the second city has sealed, as it was before. */
function unsealed({ entry: { response }, seed }: Entry): unknown {
  return sm2.unseal(response?.body ?? Buffer.alloc(0), clientOf(sm2.UNIT, { secret: seed }));
}

/** The answer as its reader has it. */
function readable(each: Entry): string {
  const { agency, response, outcome } = each.entry;
  if (response === undefined || outcome !== 'answered' || response.status !== 200) return '';
  if (each.entry.struck.some((kind) => kind in BREAKS)) return '';
  if (agency === 'insurance') return opened(each).toString();
  return agency === 'insurance-sm2' ? JSON.stringify(unsealed(each)) : response.body.toString();
}

const answersOf = (agency: AgencyName) =>
  entries.filter(
    ({ entry }) => entry.agency === agency && entry.response && !entry.struck.some((kind) => kind in BREAKS),
  );

async function xmlFailures(agency: 'labor' | 'insurance'): Promise<string[]> {
  const documents = new Map<string, Buffer>();
  for (const each of answersOf(agency)) {
    documents.set(`${each.name}.xml`, each.entry.response?.body ?? Buffer.alloc(0));
    if (agency === 'insurance') documents.set(`${each.name}-payload.xml`, opened(each));
  }
  return [...(await againstXsd(agency, documents))].map(([name, why]) => `${name}: ${why}`);
}

describe('every answer keeps the published contract', () => {
  /** Clients of the scenarios that found an answer wrong themselves; which it was, is told for each agency below. */
  const stumbled: string[] = [];
  const met = new Map<string, number>();
  const count = (what: string) => met.set(what, (met.get(what) ?? 0) + 1);

  /** All operations and all faults, at all agencies. */
  async function playPlaces() {
    for (const open of Object.values(PLACES)) {
      const { agency, sandbox, operations, call } = await open();
      const send = async (made: Call) => exchange(agency, sandbox, made);
      for (const operation of operations) {
        const good = await call(operation);
        await send(good);
        for (const spoil of SPOILT) await send(spoil(good));
        for (const [name, { phases }] of Object.entries(KINDS)) {
          const kind = name as Kind;
          if (kind in SILENT || !agenciesOf(kind).includes(agency.name)) continue;
          for (const phase of phases as readonly Phase[]) {
            if (phase === 'callback') continue;
            if (kind === 'status-flap' && !agency.reads.includes(operation)) continue;
            // To make a request takes longer than to answer it.
            const ready = agency.reads.includes(operation) ? good : await call(operation);
            for (const status of kind === 'status' ? [429, 500, 503] : [undefined]) {
              const effect = status === undefined ? {} : { status, retryAfterSeconds: 1 };
              sandbox.faults.arm({ kind, phase, agency: agency.name, delayMs: 1, ...effect });
              await send(ready);
              sandbox.faults.disarm();
              sandbox.clock.advance(new Date(sandbox.clock.now().getTime() + 1000));
              count(kind);
            }
          }
        }
        keep(sandbox);
      }
      sandbox.close();
    }
  }

  async function playScenarios() {
    for (const scenario of SCENARIOS) {
      let sandbox: Sandbox | undefined;
      const played = PLAYERS[scenario.agency]?.({
        scenario,
        idNumber: residentId('990000', '19900101', 10),
        header: scenario.code,
        prepare(box) {
          sandbox = box;
        },
      });
      await played?.catch((cause: unknown) => stumbled.push(`${scenario.code}: ${cause}`));
      assert.ok(sandbox);
      assert.ok(sandbox.journal.list().some((entry) => entry.scenario === scenario.code));
      keep(sandbox);
    }
  }

  before(async function () {
    this.timeout(120_000); // more than a thousand exchanges, most of them signed twice
    await playPlaces();
    await playScenarios();
  });

  it('has met every kind of fault that can answer, and no bug of the agencies', () => {
    const callbacks = (kind: string) => kind.startsWith('callback-');
    const wanted = Object.keys(KINDS).filter((kind) => !(kind in SILENT) && !callbacks(kind));
    assert.deepEqual(
      wanted.filter((kind) => !met.has(kind)),
      [],
    );
    assert.deepEqual(entries.map(({ entry }) => entry.error).filter(Boolean), []);
    assert.deepEqual(stumbled, []);
    assert.equal(new Set(entries.map(({ name }) => name)).size, entries.length);
    assert.ok(
      entries.every(({ entry }) => (entry.response?.body.length ?? 0) < 64 * 1024),
      'kept whole',
    );
    assert.ok(entries.length > 1000, `${entries.length} exchanges`);
  });

  /** Of each operation that lists: what a row of it begins with. */
  const ROWS: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
    labor: { ListFilings: /<filing>/, ListEmployees: /<employee>/ },
    insurance: { 'batch-list': /<Batch>/, 'unit-roster': /<Insured>/ },
    credit: { listRegistrationChanges: /"changes":\[\{/, listPractitioners: /"practitioners":\[\{/ },
    'insurance-sm2': { listChanges: /"changes":\[\{/, roster: /"persons":\[\{/ },
  };
  it('has met every list with a row in it', () => {
    const bare = Object.entries(ROWS).flatMap(([agency, lists]) =>
      Object.entries(lists).filter(
        ([operation, row]) =>
          !entries.some(
            (each) =>
              each.entry.agency === agency && each.entry.operation === operation && row.test(readable(each)),
          ),
      ),
    );
    assert.deepEqual(bare, []);
  });

  it('of the labour agency, by xmllint', async () => assert.deepEqual(await xmlFailures('labor'), []));

  it('of the insurance agency, envelope and what is in it, by xmllint', async () =>
    assert.deepEqual(await xmlFailures('insurance'), []));

  it('of the credit agency, by zod', () => {
    const failures = answersOf('credit').flatMap(({ name, entry }) => {
      const { request, response } = entry;
      assert.ok(response);
      const path = request.path.split('?')[0] ?? '';
      const type = response.headers['content-type'] ?? '';
      const body: unknown = JSON.parse(response.body.toString());
      const why = CREDIT.refuses(request.method, path, response.status, type, body);
      return why === undefined ? [] : [`${name} ${request.method} ${path} ${response.status}: ${why}`];
    });
    assert.deepEqual(failures, []);
  });

  it('of the second city, sealed and opened, by zod', () => {
    const answers = answersOf('insurance-sm2');
    assert.ok(answers.length > 100);
    const failures = answers.flatMap((each) => {
      const { name, entry } = each;
      const { request, response } = entry;
      assert.ok(response);
      const path = request.path.split('?')[0] ?? '';
      const type = response.headers['content-type'] ?? '';
      const body: unknown = JSON.parse(response.body.toString());
      const content = unsealed(each);
      const why =
        SM2.outer.refuses('POST', '/any', response.status, type, body) ??
        SM2.inner.refuses(request.method, path, response.status, type, content);
      return why === undefined ? [] : [`${name} ${request.method} ${path} ${response.status}: ${why}`];
    });
    assert.deepEqual(failures, []);
    const empty = SM2.inner.refuses('POST', '/api/v2/ping', 200, 'application/json', { code: 'OK' });
    assert.ok(empty, 'the schema of what is sealed is asked');
  });

  it('but for the faults that are there to break it, and these do', async () => {
    const broken = entries.filter(
      ({ entry }) => entry.agency === 'labor' && entry.struck.some((kind) => kind in BREAKS),
    );
    assert.ok(broken.length > 0);
    const documents = new Map(
      broken.map(({ name, entry }) => [`${name}.xml`, entry.response?.body ?? Buffer.alloc(0)]),
    );
    assert.equal((await againstXsd('labor', documents)).size, documents.size);
  });
});
