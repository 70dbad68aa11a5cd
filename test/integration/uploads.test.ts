// A month at an agency without an API: exits wait for the spreadsheet, its file is made, and the agency's results come back.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { freshDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { exitDraft, startGateway, testEnvironment } from '../support/gateway.ts';
import { BY, type Json, makeHr, sheet, table, useGateway } from '../support/upload-desk.ts';

describe('uploads', function () {
  this.timeout(60_000);
  const desk = useGateway();

  it('carry an exit from its filing to verified: collected, made, uploaded, brought back as the agency’s sheet', async () => {
    const hr = await makeHr(desk.gateway);
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
    const accepted = (await hr.events(two.exitId)).find(({ type }) => type === 'filing.accepted');
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
    assert.equal((await hr.events(two.exitId)).filter(({ type }) => type === 'filing.accepted').length, 1);
  });

  it('tell a rejection with its code and the agency’s words, and collect what is filed anew', async () => {
    const hr = await makeHr(desk.gateway);
    const { exitId, filingId } = await hr.open();
    const [open] = await hr.uploads();
    await hr.close(open.id);
    const rows = [{ row: 1, rejected: { code: 'E1024', message: '合同起始日期与原备案不一致' } }];
    const { upload, results } = await hr.done('POST', `/v1/uploads/${open.id}/results`, { ...BY, rows });
    assert.deepEqual([upload.state, upload.counts.rejected, results[0].outcome], ['settled', 1, 'rejected']);
    const told = (await hr.events(exitId)).find(({ type }) => type === 'filing.rejected');
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

  it('go by month and by rows per file, nearest deadline first', async () => {
    const hr = await makeHr(desk.gateway, { max_rows: 2 });
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

  it('leave alone what somebody else has in hand: settled at the counter, and amended afterwards', async () => {
    const hr = await makeHr(desk.gateway);
    const { exitId, filingId } = await hr.open();
    await hr.done('POST', `/v1/filings/${filingId}/receipt`, { ...BY, receipt: 'HAND-1' });
    await eventually(async () => (await hr.state(filingId)) === 'verified');
    await hr.done('PATCH', `/v1/exits/${exitId}`, { employee: { post: '测试岗位四' } });
    const { state, last_error } = await hr.done('GET', `/v1/filings/${filingId}`);
    assert.deepEqual([state, last_error], ['manual', 'AMENDED_AFTER_CONCLUSION']);
    assert.deepEqual(await hr.uploads(), [], 'it stands at the agency: uploaded, it would be there twice');
  });

  it('make one file when two close at once, none of nothing, and are nobody else’s', async () => {
    const hr = await makeHr(desk.gateway);
    await hr.open();
    const [open] = await hr.uploads();
    const both = await Promise.all([1, 2].map(() => hr.ask('POST', `/v1/uploads/${open.id}/close`, BY)));
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [201, 409]);
    const { exitId } = await hr.open();
    const [next] = await hr.uploads();
    await hr.done('POST', `/v1/exits/${exitId}/cancel`, { actor: '测试人事', reason: '撤回离职' });
    assert.equal((await hr.ask('POST', `/v1/uploads/${next.id}/close`, BY)).body.code, 'upload_empty');
    const other = await makeHr(desk.gateway);
    for (const path of ['', '/file'])
      assert.equal((await other.ask('GET', `/v1/uploads/${open.id}${path}`)).status, 404);
    assert.equal(
      (await other.ask('POST', `/v1/uploads/${open.id}/results`, { ...BY, rows: [{ row: 1 }] })).status,
      404,
    );
  });

  it('miss nobody whose worker died: what sends nothing is never in doubt', async () => {
    const database = await freshDatabase();
    const environment = testEnvironment(database.url);
    const api = await startGateway(environment, { roles: { api: true, worker: false } });
    const hr = await makeHr(api);
    const { id: exitId, filings } = await hr.done('POST', '/v1/exits', exitDraft());
    const { id } = filings.find((each: Json) => each.kind === 'labor_filing');
    const now = new Date();
    assert.ok(await api.store.filings.claim(id, { token: 'of the dead', now, until: now }));
    const worker = await startGateway(environment, { roles: { api: false, worker: true } });
    await hr.manual(exitId, 'labor_filing');
    const [open] = await hr.uploads();
    assert.equal(open?.counts.rows, 1);
    await worker.app.close();
    await api.app.close();
    await database.drop();
  });
});
