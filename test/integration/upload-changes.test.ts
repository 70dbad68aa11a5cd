// Files of an agency without an API, and what changes beside them: cancelled, amended, discarded, settled at the counter.
import assert from 'node:assert/strict';
import { BY, type Json, makeHr, useGateway } from '../support/upload-desk.ts';

describe('an upload whose exits change', function () {
  this.timeout(60_000);
  const desk = useGateway();

  it('lose who is cancelled before the file is made, and show who is changed after it', async () => {
    const hr = await makeHr(desk.gateway);
    const [gone, cancelled, amended] = [await hr.open(), await hr.open(), await hr.open()];
    await hr.cancel(gone.exitId);
    const [open] = await hr.uploads();
    assert.equal(open.counts.rows, 2);
    await hr.close(open.id);
    await hr.ask('GET', `/v1/uploads/${open.id}/file`);
    await hr.cancel(cancelled.exitId);
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

  it('collect anew what was in a file that the agency did not take', async () => {
    const hr = await makeHr(desk.gateway);
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

  it('withdraws by itself who is cancelled before any file: no agency has seen it', async () => {
    const hr = await makeHr(desk.gateway);
    const { exitId, filingId } = await hr.open();
    await hr.cancel(exitId);
    assert.equal(await hr.state(filingId), 'withdrawn');
    assert.equal((await hr.done('GET', `/v1/exits/${exitId}`)).status, 'cancelled');
    const events = await hr.events(exitId);
    assert.ok(!JSON.stringify(events).includes('CANCELLED_AFTER_CONCLUSION'), 'nobody is asked');
    assert.equal(events.find(({ type }) => type === 'filing.withdrawn').data.filing_id, filingId);
  });

  it('is discarded by a cancellation while nobody has it, and its other rows are collected anew', async () => {
    const hr = await makeHr(desk.gateway);
    const [stays, goes] = [await hr.open(), await hr.open()];
    const [open] = await hr.uploads();
    await hr.close(open.id);
    await hr.cancel(goes.exitId);
    assert.equal(await hr.state(goes.filingId), 'withdrawn');
    const after = await hr.done('GET', `/v1/uploads/${open.id}`);
    assert.deepEqual([after.state, after.discarded_by], ['discarded', '测试人事']);
    // Whoever had not downloaded it by then cannot upload it any more.
    const file = await hr.ask('GET', `/v1/uploads/${open.id}/file`);
    assert.deepEqual([file.status, file.body.code], [409, 'upload_discarded']);
    const [next] = await hr.uploads();
    const { rows } = await hr.done('GET', `/v1/uploads/${next.id}`);
    assert.deepEqual(
      rows.map((row: Json) => row.filing_id),
      [stays.filingId],
    );
  });

  it('stands with its cancelled row once somebody has it, until it is discarded by hand', async () => {
    const hr = await makeHr(desk.gateway);
    const { exitId, filingId } = await hr.open();
    const [open] = await hr.uploads();
    await hr.close(open.id);
    await hr.ask('GET', `/v1/uploads/${open.id}/file`);
    // Also for a cancellation that had looked before the download.
    const upload = await desk.gateway.store.uploads.load(hr.orgId, true, open.id);
    assert.ok(upload);
    const late = desk.gateway.store.uploads.discard(upload, {}, new Date(), { unseen: true });
    assert.equal(await late, false);
    await hr.cancel(exitId);
    const filing = async () => {
      const { state, last_error } = await hr.done('GET', `/v1/filings/${filingId}`);
      return [state, last_error];
    };
    assert.deepEqual(await filing(), ['manual', 'CANCELLED_AFTER_CONCLUSION']);
    await hr.done('POST', `/v1/uploads/${open.id}/discard`, BY);
    assert.deepEqual(await filing(), ['withdrawn', null]);
    assert.equal((await hr.done('GET', `/v1/exits/${exitId}`)).status, 'cancelled');
    assert.deepEqual(await hr.uploads(), []);
    const file = await hr.ask('GET', `/v1/uploads/${open.id}/file`);
    assert.equal(file.status, 200, 'what was uploaded once can still be looked at');
  });

  it('has nobody who is cancelled while it is being made', async () => {
    const hr = await makeHr(desk.gateway);
    const { uploads, exits } = desk.gateway.store;
    const { exitId, filingId } = await hr.open();
    const [open] = await hr.uploads();
    const upload = await uploads.load(hr.orgId, true, open.id);
    const [stored, [waiting]] = [await exits.load(hr.orgId, exitId), await uploads.waiting(open.id, 10)];
    assert.ok(upload && stored && waiting);
    await hr.cancel(exitId);
    const file = { mediaType: 'text/csv', extension: 'csv', bytes: new Uint8Array([1]) };
    const rows = [{ ...waiting, row: 1, stored }];
    const closing = { file, name: 'x.csv', twoPerson: false, people: {}, rows };
    assert.equal(await uploads.close(upload, closing, new Date()), false);
    assert.equal((await hr.done('GET', `/v1/uploads/${open.id}`)).state, 'open');
    assert.equal(await hr.state(filingId), 'withdrawn');

    // The other way round: whoever decided before the file was made decides anew.
    const late = await hr.open();
    const before = await exits.load(hr.orgId, late.exitId);
    assert.ok(before);
    await hr.close((await hr.uploads())[0].id);
    const change = { exit: { ...before.exit, status: 'cancelled' as const }, events: [] };
    assert.equal(await exits.save(before, change, { now: new Date() }), undefined);
  });

  it('is not discarded once the agency has accepted a row: the others would be filed twice', async () => {
    const hr = await makeHr(desk.gateway);
    const [one, two] = [await hr.open(), await hr.open()];
    const [open] = await hr.uploads();
    await hr.close(open.id);
    const { rows } = await hr.done('GET', `/v1/uploads/${open.id}`);
    const { row } = rows.find((each: Json) => each.filing_id === one.filingId);
    const accepted = { ...BY, rows: [{ row, receipt: 'BA-1' }] };
    await hr.done('POST', `/v1/uploads/${open.id}/results`, accepted);
    const refused = await hr.ask('POST', `/v1/uploads/${open.id}/discard`, BY);
    assert.deepEqual([refused.status, refused.body.code], [409, 'upload_partly_accepted']);
    assert.match(refused.body.detail, new RegExp(`Rows ${row} are accepted`));
    assert.equal((await hr.done('GET', `/v1/uploads/${open.id}`)).state, 'closed');
    assert.deepEqual(await hr.uploads(), [], 'nothing is collected twice');
    // The row that the agency left out goes into another file when somebody says so.
    await hr.done('POST', `/v1/filings/${two.filingId}/receipt`, { ...BY, outcome: 'withdrawn' });
    await hr.manual(two.exitId, 'labor_filing');
    const [next] = await hr.uploads();
    assert.equal(next.counts.rows, 1);
  });

  it('is discarded where rows were rejected: they keep what was said of them, the rest is collected', async () => {
    const hr = await makeHr(desk.gateway);
    await hr.open();
    await hr.open();
    const [open] = await hr.uploads();
    await hr.close(open.id);
    const rejected = { ...BY, rows: [{ row: 1, rejected: { code: 'E1', message: '证件号码有误' } }] };
    await hr.done('POST', `/v1/uploads/${open.id}/results`, rejected);
    const { counts } = await hr.done('POST', `/v1/uploads/${open.id}/discard`, BY);
    assert.deepEqual([counts.rejected, counts.waiting], [1, 0]);
    assert.equal((await hr.uploads())[0].counts.rows, 1);
  });
});
