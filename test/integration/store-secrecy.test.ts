// Whoever steals the database reads no name, no number, no note and no secret.
import assert from 'node:assert/strict';
import { createKeyring } from '../../src/crypto/keyring.ts';
import { amend } from '../../src/domain/amend.ts';
import { answerCorrection } from '../../src/domain/by-hand.ts';
import { cancel } from '../../src/domain/cancel.ts';
import type { Change } from '../../src/domain/exit.ts';
import { record } from '../../src/domain/record.ts';
import { release } from '../../src/domain/release.ts';
import type { StoredExit } from '../../src/store/exits.ts';
import { createStore, type Store } from '../../src/store/index.ts';
import { AMENDING, makeDispute, NOW, PURSUIT } from '../support/builders.ts';
import { mustClear } from '../support/clear.ts';
import { sql } from '../support/database.ts';
import { makeOrganisation, openTestStore, type TestOrganisation, type TestStore } from '../support/store.ts';

const PERSON = {
  name: '测试无名氏',
  id_type: 'resident_id',
  id_number: '11010519491231002X',
  phone: '13900000000',
  address: '测试路一号院',
} as const;
const LIMIT = new Date('2026-11-25T16:00:00.000Z');
const SECRETS = [
  ...Object.values(PERSON).filter((each) => each !== 'resident_id'),
  '投诉私下受托交易细节',
  '合规测试员',
  '已与客户和解细节',
  '机构退回理由细节',
  'AGENCY-BODY-CONTENT',
  'whsec_c2VjcmV0LXNlY3JldA==',
  'CONNECTION-PASSWORD',
  'KEPT-ANSWER-CONTENT',
  '和解协议细节',
  '放行总监测试员',
  '放行理由细节',
  '权利主张标题细节',
  '权利主张内容细节',
  '修改人测试员',
  '改名后测试员',
  '补正材料细节',
  '撤销原因细节',
];

describe('store: secrecy', () => {
  let at: TestStore;
  before(async () => {
    at = await openTestStore();
  });
  after(() => at.close());

  it('keeps what is personal or secret out of every column of every table', async () => {
    const { store } = at;
    const org = await makeOrganisation(store);
    await store.endpoints.create(
      org.id,
      true,
      { url: 'https://hr.example.com/', description: '', eventTypes: [] },
      'whsec_c2VjcmV0LXNlY3JldA==',
    );
    await store.connections.create(org.id, true, {
      name: 'x',
      adapter: 'labor-soap',
      kinds: ['labor_filing'],
      region: '',
      employerUscc: '',
      settings: { password: 'CONNECTION-PASSWORD' },
    });
    const { secret } = await store.organisations.createKey(org.id, {
      name: 'k',
      live: false,
      scopes: [],
      addresses: [],
    });
    const disputes = [makeDispute({ external_id: 'C-1', summary: '投诉私下受托交易细节' })];
    const gated = await org.storedExit({ person: PERSON, disputes });
    const cleared = mustClear(gated.exit, {
      actor: '合规测试员',
      note: '已与客户和解细节',
      documents: [{ title: '和解协议细节' }],
    });
    assert.ok(await store.exits.save(gated, cleared, { now: NOW }));
    const filing = await store.exits.load(org.id, gated.exit.id);
    const filingId = filing?.exit.filings[0]?.id ?? '';
    assert.ok(filing);
    const refused = { kind: 'refused', code: 'NO', message: '机构退回理由细节 测试无名氏' } as const;
    const context = { ...PURSUIT, random: 0.5, canLookUp: true, canReadBack: true };
    const messages = [{ operation: 'Submit', body: 'AGENCY-BODY-CONTENT 11010519491231002X' }];
    const attempt = {
      filingId,
      step: 'submit',
      outcome: 'refused',
      startedAt: NOW,
      endedAt: NOW,
      hashes: [],
      messages,
    };
    assert.ok(
      await store.exits.save(filing, record(filing.exit, filingId, 'submit', refused, context), {
        now: NOW,
        attempt,
      }),
    );
    await decideOn(store, org);
    await store.idempotency.begin(org.id, 'k', Buffer.alloc(32));
    await store.idempotency.finish(org.id, 'k', 201, { text: 'KEPT-ANSWER-CONTENT', name: PERSON.name });

    const dump = await everything(at.url);
    assert.ok(
      dump.includes('https://hr.example.com/') && dump.includes(gated.exit.id),
      'the scan reads nothing',
    );
    for (const each of [...SECRETS, secret])
      for (const form of [
        each,
        Buffer.from(each).toString('hex'),
        Buffer.from(each).toString('base64').slice(0, -4),
      ])
        assert.ok(!dump.includes(form), `${each} can be read (${form})`);
    // And yet it is all there, for whoever has the key.
    const stored = await store.exits.load(org.id, gated.exit.id);
    assert.deepEqual(stored?.secret().person, PERSON);
    const events = await store.events.ofExit(org.id, gated.exit.id, { after: 0, limit: 100 });
    assert.ok(JSON.stringify(events).includes('机构退回理由细节'));
  });

  it('knows under which master key it was written', async () => {
    await at.store.checkMasterKey();
    await at.another().checkMasterKey();
    const stranger = createStore({
      url: at.url,
      connections: 1,
      keyring: createKeyring(Buffer.alloc(32, 9)),
    });
    try {
      await assert.rejects(stranger.checkMasterKey(), /is not the key that this database was written under/);
    } finally {
      await stranger.close();
    }
  });
});

/** Releases, amends, answers and cancels an exit, each with words that nobody else may read. */
async function decideOn(store: Store, org: TestOrganisation): Promise<void> {
  const disputes = [makeDispute({ external_id: 'C-2', summary: '投诉私下受托交易细节' })];
  const { exit } = await org.storedExit({ person: PERSON, disputes });
  const decide = async (how: (stored: StoredExit) => Change | string | { readonly fault: string }) => {
    const stored = await store.exits.load(org.id, exit.id);
    assert.ok(stored);
    const change = how(stored);
    assert.ok(typeof change !== 'string' && 'exit' in change, JSON.stringify(change));
    assert.ok(await store.exits.save(stored, change, { now: NOW }));
  };
  const labor = exit.filings[0]?.id ?? '';
  const claims = [{ title: '权利主张标题细节', summary: '权利主张内容细节', dispute: 'C-2' }];
  const draft = { actor: '放行总监测试员', reason: '放行理由细节', claims };
  await decide((stored) => release(stored.exit, draft, { now: LIMIT, disputes: ['C-2'] }));
  await decide((stored) => {
    const person = { ...PERSON, name: '改名后测试员' };
    const items = { disputes, handover: [], finance: [] };
    const amendment = { facts: stored.exit.facts, person, items, actor: '修改人测试员' };
    return amend(stored.exit, stored.secret(), amendment, AMENDING);
  });
  const asked = { kind: 'correction', receipt: 'R-1', code: 'MORE', message: '…', fields: [] } as const;
  const context = { ...PURSUIT, random: 0.5, canLookUp: true, canReadBack: true };
  await decide((stored) => record(stored.exit, labor, 'submit', asked, context));
  const supplements = [{ kind: 'claim', title: '补正材料细节', text: '补正材料细节' }];
  await decide((stored) =>
    answerCorrection(stored.exit, labor, { actor: '修改人测试员', supplements }, PURSUIT),
  );
  await decide((stored) => cancel(stored.exit, { actor: '修改人测试员', reason: '撤销原因细节' }, AMENDING));
}

/** Every row of every table as text; `bytea` shows as hex. */
async function everything(url: string): Promise<string> {
  const tables = await sql<{ name: string }>(
    url,
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const texts = await Promise.all(
    tables.map(({ name }) =>
      sql<{ text: string | null }>(url, `SELECT string_agg(t::text, chr(10)) AS text FROM ${name} t`),
    ),
  );
  return texts
    .flat()
    .map((row) => row.text ?? '')
    .join('\n');
}
