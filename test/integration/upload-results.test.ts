// What is at fault with the results of an upload takes nothing, and says where and what to do.
import assert from 'node:assert/strict';
import { BY, type Json, makeHr, sheet, useGateway } from '../support/upload-desk.ts';

describe('results of an upload', function () {
  this.timeout(60_000);
  const desk = useGateway();

  it('say where a result is at fault, and take nothing then', async () => {
    const hr = await makeHr(desk.gateway);
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
    const another = '序号,姓名,处理结果,受理编号\r\n1,欧阳测试娜,成功,BA-1\r\n';
    assert.deepEqual(await faults({ sheet: Buffer.from(another).toString('base64') }), [
      '/sheet result_name_differs',
    ]);
    assert.deepEqual(await faults({ sheet: '' }), ['/sheet text_empty']);
    assert.deepEqual(await faults({ sheet: Buffer.from('姓名\r\n张某\r\n').toString('base64') }), [
      '/sheet sheet_no_header',
    ]);
    assert.equal(await hr.state(filingId), 'manual', 'nothing was taken');

    // What was taken stands.
    const taken = { rows: [{ id_number: number.toLowerCase(), receipt: 'BA-1' }] };
    assert.equal((await post(taken)).body.results[0].outcome, 'accepted');
    assert.equal((await post(taken)).body.results[0].outcome, 'unchanged');
    assert.deepEqual(await faults({ rows: [{ row: mine, receipt: 'BA-OTHER' }] }), [
      '/rows/0 result_conflicts',
    ]);
  });

  it('are refused with one receipt for two filings, both named, and nothing is taken', async () => {
    const hr = await makeHr(desk.gateway);
    const [one, two, three] = [await hr.open(), await hr.open(), await hr.open({ exit_date: '2026-12-04' })];
    const [december, november] = (await hr.uploads()).toSorted((a, b) => (a.month < b.month ? 1 : -1));
    const rowsOf = async (id: string): Promise<Json[]> => (await hr.done('GET', `/v1/uploads/${id}`)).rows;
    await hr.close(november.id);
    const rows = await rowsOf(november.id);
    const rowOf = (filingId: string) => rows.find((each) => each.filing_id === filingId)?.row;
    const post = (id: string, body: object) =>
      hr.ask('POST', `/v1/uploads/${id}/results`, { ...BY, ...body });
    const details = async (body: object, id = november.id) => {
      const { status, body: answer } = await post(id, body);
      assert.equal(status, 422, JSON.stringify(answer));
      return answer.errors.map(({ code, detail }: Json) => `${code}: ${detail}`);
    };
    const doubled = [
      ['证件号码', '处理结果', '受理编号'],
      [one.number, '成功', 'BA-7'],
      [two.number, '成功', 'BA-7'],
    ];
    const [fault, ...more] = await details({ sheet: await sheet(doubled) });
    assert.deepEqual(more, []);
    assert.match(fault, new RegExp(`^result_receipt_doubled: Line 3 gives row ${rowOf(two.filingId)} `));
    assert.match(fault, new RegExp(`row ${rowOf(one.filingId)} has.*“receipts” to “file”`));
    const asRows = [one, two].map(({ filingId }) => ({ row: rowOf(filingId), receipt: 'BA-7' }));
    assert.match((await details({ rows: asRows })).join(), /^result_receipt_doubled/);
    const whole = { receipt: 'BA-7', rows: [{ row: 1 }] };
    assert.match((await details(whole)).join(), /^receipt_per_row/);
    for (const { filingId } of [one, two]) assert.equal(await hr.state(filingId), 'manual');

    // Nor one that a filing of another file has, or that somebody entered at the counter.
    await hr.done('POST', `/v1/uploads/${november.id}/results`, { ...BY, rows: asRows.slice(0, 1) });
    await hr.close(december.id);
    const carried = await details({ rows: [{ row: 1, receipt: 'BA-7' }] }, december.id);
    assert.match(carried.join(), new RegExp(`^result_receipt_carried: .*${one.filingId}`));
    await hr.done('POST', `/v1/filings/${two.filingId}/receipt`, { ...BY, receipt: 'HAND-1' });
    assert.match(
      (await details({ rows: [{ row: 1, receipt: 'HAND-1' }] }, december.id)).join(),
      new RegExp(`^result_receipt_carried: .*${two.filingId}`),
    );
    assert.equal(await hr.state(three.filingId), 'manual');
  });

  it('share one receipt where the agency numbers files, and not with another file', async () => {
    const hr = await makeHr(desk.gateway, { receipts: 'file' });
    await hr.open();
    await hr.open();
    const [open] = await hr.uploads();
    await hr.close(open.id);
    const whole = { ...BY, receipt: 'BA-ALL', rows: [{ row: 1 }, { row: 2 }] };
    const outcomes = async (): Promise<string[]> =>
      (await hr.done('POST', `/v1/uploads/${open.id}/results`, whole)).results.map(
        ({ outcome }: Json) => outcome,
      );
    assert.deepEqual(await outcomes(), ['accepted', 'accepted']);
    assert.deepEqual(await outcomes(), ['unchanged', 'unchanged']);
    await hr.open();
    const [next] = await hr.uploads();
    await hr.close(next.id);
    const late = { ...BY, receipt: 'BA-ALL', rows: [{ row: 1 }] };
    const { body } = await hr.ask('POST', `/v1/uploads/${next.id}/results`, late);
    assert.equal(body.errors[0].code, 'result_receipt_carried');
  });
});
