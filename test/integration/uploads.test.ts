// A month at an agency without an API, over a whole gateway: exits wait for the spreadsheet, its file is made, and the
// agency's results come back. Answers are held against the OpenAPI document.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import excel from 'exceljs';
import { createKeyring } from '../../src/crypto/keyring.ts';
import { SCOPES } from '../../src/store/organisations.ts';
import { nextNumber } from '../support/builders.ts';
import { freshDatabase, sql, type TestDatabase } from '../support/database.ts';
import { conform } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { exitDraft, type Gateway, startGateway, testEnvironment } from '../support/gateway.ts';
import { offlineService } from '../support/offline.ts';
import { useRealNetwork } from '../support/real-network.ts';

const { endpoints } = offlineService();
const BY = { actor: '测试赵某' };

// biome-ignore lint/suspicious/noExplicitAny: what came over the wire; the document has been held against it
type Json = any;

interface Hr {
  readonly orgId: string;
  readonly connectionId: string;
  ask(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Json; headers: Headers }>;
  /** The answer's body, of a request that must be taken. */
  done(method: string, path: string, body?: unknown): Promise<Json>;
  /** Opens an exit and waits until its filing of the kind is in a person's hands. @returns the filing's id and the exit's. */
  open(parts?: Record<string, unknown>): Promise<{ exitId: string; filingId: string; number: string }>;
  manual(exitId: string, kind: string): Promise<string>;
  state(filingId: string): Promise<string>;
  /** The open uploads of a kind. */
  uploads(kind?: string): Promise<Json[]>;
  close(uploadId: string): Promise<Json>;
}

async function makeHr({ store, url }: Gateway, settings: Record<string, unknown> = {}): Promise<Hr> {
  const { id: orgId } = await store.organisations.ensure(`测试机构 ${nextNumber()}`);
  const { secret } = await store.organisations.createKey(orgId, {
    name: 'test',
    live: false,
    scopes: SCOPES,
    addresses: [],
  });
  const ask: Hr['ask'] = async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const json = /json/.test(response.headers.get('content-type') ?? '');
    const reply = {
      status: response.status,
      headers: response.headers,
      body: json ? JSON.parse(Buffer.from(bytes).toString()) : bytes,
    };
    conform(endpoints, method, path, json ? reply : { ...reply, body: '' });
    return reply;
  };
  const done: Hr['done'] = async (method, path, body) => {
    const { status, body: answer } = await ask(method, path, body);
    assert.ok(status < 300, `${method} ${path} → ${status} ${JSON.stringify(answer)}`);
    return answer;
  };
  const { id: connectionId } = await done('POST', '/v1/connections', {
    name: '某市',
    adapter: 'batch-upload',
    settings,
  });
  const manual: Hr['manual'] = (exitId, kind) =>
    eventually(
      async () => {
        const { filings } = await done('GET', `/v1/exits/${exitId}`);
        return filings.find((each: Json) => each.kind === kind && each.state === 'manual')?.id as
          | string
          | undefined;
      },
      { what: `${kind} in a person's hands`, every: 50 },
    );
  return {
    orgId,
    connectionId,
    ask,
    done,
    manual,
    open: async (parts) => {
      const draft = exitDraft(parts);
      const { id: exitId } = await done('POST', '/v1/exits', draft);
      const { id_number: number } = draft.employee as { id_number: string };
      return { exitId, number, filingId: await manual(exitId, 'labor_filing') };
    },
    state: async (filingId) => (await done('GET', `/v1/filings/${filingId}`)).state,
    uploads: async (kind = 'labor_filing') => (await done('GET', `/v1/uploads?state=open&kind=${kind}`)).data,
    close: (uploadId) => done('POST', `/v1/uploads/${uploadId}/close`, BY),
  };
}

/** The file as a table of texts. */
async function table(bytes: Uint8Array): Promise<string[][]> {
  const book = new excel.Workbook();
  await book.xlsx.load(Buffer.from(bytes) as never);
  const lines: string[][] = [];
  book.worksheets[0]?.eachRow((row) => {
    lines.push((row.values as unknown[]).slice(1).map(String));
  });
  return lines;
}
async function sheet(lines: readonly (readonly string[])[]): Promise<string> {
  const book = new excel.Workbook();
  book.addWorksheet('结果').addRows(lines.map((line) => [...line]));
  return Buffer.from(await book.xlsx.writeBuffer()).toString('base64');
}

describe('uploads', function () {
  this.timeout(60_000);
  useRealNetwork();
  let database: TestDatabase;
  let environment: Record<string, string>;
  let gateway: Gateway;
  let hr: Hr;
  before(async () => {
    database = await freshDatabase();
    environment = testEnvironment(database.url);
    gateway = await startGateway(environment);
  });
  after(async () => {
    await gateway.app.close();
    await database.drop();
  });

  const events = async (exitId: string): Promise<Json[]> =>
    (await hr.done('GET', `/v1/exits/${exitId}/events`)).data;

  it('carry an exit from its filing to verified: collected, made, uploaded, brought back as the agency’s sheet', async () => {
    hr = await makeHr(gateway);
    const one = await hr.open();
    const two = await hr.open();
    const [open, ...others] = await hr.uploads();
    assert.deepEqual([others, open.month, open.counts.rows, open.file], [[], '2026-11', 2, null]);
    const before = await hr.done('GET', `/v1/uploads/${open.id}`);
    assert.deepEqual(
      new Set(before.rows.map((row: Json) => row.filing_id)),
      new Set([one.filingId, two.filingId]),
    );

    const closed = await hr.close(open.id);
    assert.deepEqual([closed.state, closed.closed_by, closed.two_person], ['closed', BY.actor, false]);
    const first = await hr.ask('GET', `/v1/uploads/${open.id}/file`);
    const again = await hr.ask('GET', `/v1/uploads/${open.id}/file`);
    assert.deepEqual(first.body, again.body);
    assert.equal(createHash('sha256').update(first.body).digest('hex'), closed.file.sha256);
    assert.match(first.headers.get('content-type') ?? '', /spreadsheetml\.sheet/);
    assert.match(
      first.headers.get('content-disposition') ?? '',
      /filename="?labor-filing-2026-11-upl_\w+\.xlsx"?/,
    );
    const [titles, ...lines] = await table(first.body);
    assert.deepEqual(titles?.slice(0, 4), ['序号', '姓名', '证件类型', '证件号码']);
    assert.deepEqual(new Set(lines.map((line) => line[3])), new Set([one.number, two.number]));
    assert.deepEqual(await hr.uploads(), [], 'nothing more waits');

    // The agency numbers its rows anew, and has decided on one.
    const results = [
      ['序号', '证件号码', '处理结果', '受理编号'],
      ['1', two.number, '成功', 'BA-2'],
      ['2', one.number, '审核中', ''],
    ];
    const brought = await hr.done('POST', `/v1/uploads/${open.id}/results`, {
      ...BY,
      sheet: await sheet(results),
    });
    assert.deepEqual(
      brought.results.map((each: Json) => [each.filing_id, each.outcome]),
      [[two.filingId, 'accepted']],
    );
    assert.deepEqual([brought.upload.state, brought.upload.counts.waiting], ['closed', 1]);
    await eventually(async () => (await hr.state(two.filingId)) === 'verified');
    assert.equal(await hr.state(one.filingId), 'manual');
    const accepted = (await events(two.exitId)).find(({ type }) => type === 'filing.accepted');
    assert.deepEqual(
      [accepted.data.receipt, accepted.data.entered_by_hand, accepted.data.upload_id, accepted.data.actor],
      ['BA-2', true, open.id, BY.actor],
    );

    // The next of the exit's filings follows, into an upload of its own.
    await hr.manual(two.exitId, 'insurance_stop');
    const [stop] = await hr.uploads('insurance_stop');
    assert.deepEqual([stop.month, stop.counts.rows], ['2026-11', 1]);

    // The whole sheet once more, by now decided: what is known does nothing.
    results[2] = ['2', one.number, '成功', 'BA-1'];
    const whole = await hr.done('POST', `/v1/uploads/${open.id}/results`, {
      ...BY,
      sheet: await sheet(results),
    });
    assert.deepEqual(whole.results.map((each: Json) => each.outcome).toSorted(), ['accepted', 'unchanged']);
    assert.equal(whole.upload.state, 'settled');
    assert.equal((await events(two.exitId)).filter(({ type }) => type === 'filing.accepted').length, 1);
  });

  it('tell a rejection with its code and the agency’s words, and collect what is filed anew', async () => {
    hr = await makeHr(gateway);
    const { exitId, filingId } = await hr.open();
    const [open] = await hr.uploads();
    await hr.close(open.id);
    const rows = [{ row: 1, rejected: { code: 'E1024', message: '合同起始日期与原备案不一致' } }];
    const { upload, results } = await hr.done('POST', `/v1/uploads/${open.id}/results`, { ...BY, rows });
    assert.deepEqual([upload.state, upload.counts.rejected, results[0].outcome], ['settled', 1, 'rejected']);
    const told = (await events(exitId)).find(({ type }) => type === 'filing.rejected');
    assert.deepEqual([told.data.code, told.data.message], ['E1024', rows[0]?.rejected.message]);
    assert.equal((await hr.done('GET', `/v1/exits/${exitId}`)).status, 'attention');
    // Nothing is collected until somebody has corrected it.
    assert.deepEqual(await hr.uploads(), []);
    await hr.done('PATCH', `/v1/exits/${exitId}`, { employee: { post: '测试岗位二' } });
    await eventually(async () => (await hr.state(filingId)) === 'manual');
    const [next] = await hr.uploads();
    await hr.close(next.id);
    const [, line] = await table((await hr.ask('GET', `/v1/uploads/${next.id}/file`)).body);
    assert.ok(line?.includes('测试岗位二'));
    const [row] = (await hr.done('GET', `/v1/uploads/${open.id}`)).rows;
    assert.deepEqual([row.state, row.code], ['rejected', 'E1024'], 'the old file keeps what was said of it');
  });

  it('wait for a second person where the connection asks for one', async () => {
    hr = await makeHr(gateway, { two_person: true, format: 'csv' });
    const { filingId } = await hr.open();
    const [open] = await hr.uploads();
    const { two_person } = await hr.close(open.id);
    assert.equal(two_person, true);
    const unseen = await hr.ask('POST', `/v1/uploads/${open.id}/confirmations`, { actor: '测试钱某' });
    assert.equal(unseen.body.code, 'upload_not_downloaded');
    const file = await hr.ask('GET', `/v1/uploads/${open.id}/file`);
    assert.match(file.headers.get('content-type') ?? '', /^text\/csv; charset=gb18030/i);
    assert.match(new TextDecoder('gb18030').decode(file.body), /^序号,姓名/);
    const bring = () =>
      hr.ask('POST', `/v1/uploads/${open.id}/results`, { ...BY, rows: [{ row: 1, receipt: 'BA-1' }] });
    assert.equal((await bring()).body.code, 'upload_not_confirmed');
    const confirm = (actor: string) => hr.ask('POST', `/v1/uploads/${open.id}/confirmations`, { actor });
    assert.equal((await confirm(' 测试 赵某 ')).body.code, 'upload_same_person');
    assert.equal(await hr.state(filingId), 'manual');
    const { body } = await confirm('测试钱某');
    assert.deepEqual([body.state, body.closed_by, body.confirmed_by], ['confirmed', BY.actor, '测试钱某']);
    assert.equal((await confirm('测试孙某')).body.code, 'upload_not_to_confirm');
    assert.equal((await bring()).status, 201);
    await eventually(async () => (await hr.state(filingId)) === 'verified');
    const late = await hr.ask('POST', `/v1/uploads/${open.id}/discard`, BY);
    assert.deepEqual([late.status, late.body.code], [409, 'upload_settled']);
  });

  it('go by month and by rows per file, nearest deadline first', async () => {
    hr = await makeHr(gateway, { max_rows: 2 });
    const late = await hr.open({ exit_date: '2026-11-29' });
    const early = await hr.open({ exit_date: '2026-11-25' });
    const middle = await hr.open({ exit_date: '2026-11-27' });
    const december = await hr.open({ exit_date: '2026-12-04' });
    const byMonth = new Map((await hr.uploads()).map((each) => [each.month, each]));
    assert.deepEqual([...byMonth.keys()].toSorted(), ['2026-11', '2026-12']);
    const november = byMonth.get('2026-11');
    await hr.close(november.id);
    const filings = async (id: string) =>
      (await hr.done('GET', `/v1/uploads/${id}`)).rows.map((row: Json) => row.filing_id);
    assert.deepEqual(await filings(november.id), [early.filingId, middle.filingId]);
    const rest = (await hr.uploads()).find(({ month }) => month === '2026-11');
    assert.deepEqual(await filings(rest.id), [late.filingId]);
    assert.deepEqual(await filings(byMonth.get('2026-12').id), [december.filingId]);
  });

  it('say where a result is at fault, and take nothing then', async () => {
    hr = await makeHr(gateway);
    const { filingId, number } = await hr.open();
    await hr.open();
    const [open] = await hr.uploads();
    const post = (body: object) => hr.ask('POST', `/v1/uploads/${open.id}/results`, { ...BY, ...body });
    assert.equal((await post({ rows: [{ row: 1, receipt: 'X' }] })).body.code, 'upload_file_absent');
    await hr.close(open.id);
    const { rows } = await hr.done('GET', `/v1/uploads/${open.id}`);
    const { row: mine } = rows.find((each: Json) => each.filing_id === filingId);
    const faults = async (body: object) => {
      const reply = await post(body);
      assert.deepEqual([reply.status, reply.body.code], [422, 'body_invalid']);
      return reply.body.errors.map(({ pointer, code }: Json) => `${pointer} ${code}`);
    };
    assert.deepEqual(await faults({}), [' results_or_sheet']);
    assert.deepEqual(
      await faults({
        rows: [
          { row: mine, receipt: 'BA-1' },
          { row: 99, receipt: 'BA-2' },
          { id_number: number },
          { serial: 'EG-NOWHERE', rejected: { code: 'E1', message: '不存在' } },
          { row: mine, receipt: 'BA-9' },
        ],
      }),
      [
        '/rows/1 result_row_unknown',
        '/rows/2 result_receipt_missing',
        '/rows/3 result_row_unknown',
        '/rows/4 result_said_twice',
      ],
    );
    assert.deepEqual(await faults({ sheet: Buffer.from('姓名\r\n张某\r\n').toString('base64') }), [
      '/sheet sheet_no_header',
    ]);
    assert.equal(await hr.state(filingId), 'manual', 'nothing was taken');

    // One number for the whole file; and what was taken stands.
    const whole = { receipt: 'BA-ALL', rows: [{ id_number: number.toLowerCase() }] };
    assert.equal((await post(whole)).body.results[0].outcome, 'accepted');
    assert.equal((await post(whole)).body.results[0].outcome, 'unchanged');
    assert.deepEqual(await faults({ rows: [{ row: mine, receipt: 'BA-OTHER' }] }), [
      '/rows/0 result_conflicts',
    ]);
  });

  it('lose who is cancelled before the file is made, and show who is changed after it', async () => {
    hr = await makeHr(gateway);
    const [gone, cancelled, amended] = [await hr.open(), await hr.open(), await hr.open()];
    const cancel = (exitId: string) =>
      hr.done('POST', `/v1/exits/${exitId}/cancel`, { actor: '测试人事', reason: '撤回离职' });
    await cancel(gone.exitId);
    const [open] = await hr.uploads();
    assert.equal(open.counts.rows, 2);
    await hr.close(open.id);
    await cancel(cancelled.exitId);
    await hr.done('PATCH', `/v1/exits/${amended.exitId}`, { employee: { post: '测试岗位三' } });
    const { rows } = await hr.done('GET', `/v1/uploads/${open.id}`);
    const changed = new Map(rows.map((row: Json) => [row.filing_id, row.changed]));
    assert.deepEqual(
      [changed.get(gone.filingId), changed.get(cancelled.filingId), changed.get(amended.filingId)],
      [undefined, 'cancelled', 'amended'],
    );

    // The agency has both as the file said: what it has is known, and somebody must see to it there.
    const accept = [cancelled, amended].map(({ number }, index) => ({
      id_number: number,
      receipt: `BA-${index}`,
    }));
    await hr.done('POST', `/v1/uploads/${open.id}/results`, { ...BY, rows: accept });
    for (const [{ filingId }, receipt, reason] of [
      [cancelled, 'BA-0', 'CANCELLED_AFTER_CONCLUSION'],
      [amended, 'BA-1', 'AMENDED_AFTER_CONCLUSION'],
    ] as const) {
      const filing = await hr.done('GET', `/v1/filings/${filingId}`);
      assert.deepEqual([filing.state, filing.receipt, filing.last_error], ['manual', receipt, reason]);
    }
    assert.deepEqual(await hr.uploads(), [], 'none of them is uploaded once more');
  });

  it('leave alone what somebody else has in hand: settled at the counter, and amended afterwards', async () => {
    hr = await makeHr(gateway);
    const { exitId, filingId } = await hr.open();
    await hr.done('POST', `/v1/filings/${filingId}/receipt`, { ...BY, receipt: 'HAND-1' });
    await eventually(async () => (await hr.state(filingId)) === 'verified');
    await hr.done('PATCH', `/v1/exits/${exitId}`, { employee: { post: '测试岗位四' } });
    const { state, last_error } = await hr.done('GET', `/v1/filings/${filingId}`);
    assert.deepEqual([state, last_error], ['manual', 'AMENDED_AFTER_CONCLUSION']);
    assert.deepEqual(await hr.uploads(), [], 'it stands at the agency: uploaded, it would be there twice');
  });

  it('cannot be opened any more without the key of each of its persons', async () => {
    hr = await makeHr(gateway);
    const [{ exitId }] = [await hr.open(), await hr.open()];
    const [open] = await hr.uploads();
    await hr.close(open.id);
    const upload = await gateway.store.uploads.load(hr.orgId, true, open.id);
    assert.ok(upload);
    const file = await gateway.store.uploads.file(upload, new Date());
    assert.equal(file.length, upload.file?.size);
    const [person] = await sql<{ id: string }>(
      database.url,
      'SELECT p.id FROM persons p JOIN exits e ON e.person_id = p.id WHERE e.id = $1',
      [exitId],
    );
    const { wrapped } = createKeyring(
      Buffer.from(environment.EXITGATE_MASTER_KEY ?? '', 'base64'),
    ).newPersonKey(person?.id ?? '');
    await sql(database.url, 'UPDATE persons SET wrapped_key = $2 WHERE id = $1', [
      person?.id,
      Buffer.from(wrapped),
    ]);
    await assert.rejects(gateway.store.uploads.file(upload, new Date()));
  });

  it('collect anew what was in a file that the agency did not take', async () => {
    hr = await makeHr(gateway);
    const { filingId } = await hr.open();
    const [open] = await hr.uploads();
    assert.equal(
      (await hr.ask('POST', `/v1/uploads/${open.id}/discard`, BY)).body.code,
      'upload_file_absent',
    );
    await hr.close(open.id);
    assert.equal((await hr.done('POST', `/v1/uploads/${open.id}/discard`, BY)).state, 'discarded');
    assert.equal((await hr.ask('POST', `/v1/uploads/${open.id}/discard`, BY)).body.code, 'upload_discarded');
    const [next] = await hr.uploads();
    assert.notEqual(next.id, open.id);
    await hr.close(next.id);
    const late = await hr.ask('POST', `/v1/uploads/${open.id}/results`, {
      ...BY,
      rows: [{ row: 1, receipt: 'X' }],
    });
    assert.equal(late.body.code, 'upload_discarded');
    // Settled at the counter meanwhile: the sheet that follows changes nothing.
    await hr.done('POST', `/v1/filings/${filingId}/receipt`, { ...BY, receipt: 'HAND-1' });
    const { rows } = await hr.done('GET', `/v1/uploads/${next.id}`);
    assert.equal(rows[0].state, 'moved_on');
    const brought = await hr.done('POST', `/v1/uploads/${next.id}/results`, {
      ...BY,
      rows: [{ row: 1, receipt: 'BA-1' }],
    });
    assert.deepEqual([brought.results[0].outcome, brought.upload.state], ['moved_on', 'settled']);
    assert.equal((await hr.done('GET', `/v1/filings/${filingId}`)).receipt, 'HAND-1');
  });

  it('make one file when two close at once, none of nothing, and are nobody else’s', async () => {
    hr = await makeHr(gateway);
    await hr.open();
    const [open] = await hr.uploads();
    const both = await Promise.all([1, 2].map(() => hr.ask('POST', `/v1/uploads/${open.id}/close`, BY)));
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [201, 409]);
    const { exitId } = await hr.open();
    const [next] = await hr.uploads();
    await hr.done('POST', `/v1/exits/${exitId}/cancel`, { actor: '测试人事', reason: '撤回离职' });
    assert.equal((await hr.ask('POST', `/v1/uploads/${next.id}/close`, BY)).body.code, 'upload_empty');
    const other = await makeHr(gateway);
    for (const path of ['', '/file'])
      assert.equal((await other.ask('GET', `/v1/uploads/${open.id}${path}`)).status, 404);
    assert.equal(
      (await other.ask('POST', `/v1/uploads/${open.id}/results`, { ...BY, rows: [{ row: 1 }] })).status,
      404,
    );
  });

  it('say nobody’s name and number in the log, nor at rest', async () => {
    hr = await makeHr(gateway);
    const { number } = await hr.open({ employee: { name: '欧阳测试娜' } });
    const [open] = await hr.uploads();
    await hr.done('POST', `/v1/uploads/${open.id}/close`, { actor: '司徒测试官' });
    await hr.ask('GET', `/v1/uploads/${open.id}/file`);
    const lines = [
      ['证件号码', '姓名', '处理结果', '失败原因'],
      [number, '欧阳测试娜', '失败', '夏侯测试欠费'],
    ];
    await hr.done('POST', `/v1/uploads/${open.id}/results`, {
      actor: '司徒测试官',
      sheet: await sheet(lines),
    });
    const kept = await sql(
      database.url,
      'SELECT to_jsonb(u)::text AS u FROM uploads u UNION ALL SELECT to_jsonb(r)::text FROM upload_rows r',
    );
    const words = ['欧阳测试娜', number, '司徒测试官', '夏侯测试欠费'];
    for (const word of words) {
      assert.ok(!gateway.log.some((line) => line.includes(word)), `${word} in the log`);
      assert.ok(!JSON.stringify(kept).includes(word), `${word} at rest`);
    }
    const row = kept.find(({ u }: Json) => u.includes(open.id)) as { u: string };
    for (const word of words)
      assert.ok(!row.u.includes(Buffer.from(word).toString('hex')), `${word} at rest, in bytes`);
  });
});
