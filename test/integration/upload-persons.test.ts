// Who may do what with a file for an agency without an API, and who can read it.
import assert from 'node:assert/strict';
import { createKeyring } from '../../src/crypto/keyring.ts';
import { sql } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { BY, type Json, makeHr, sheet, useGateway } from '../support/upload-desk.ts';

describe('persons of an upload', function () {
  this.timeout(60_000);
  const desk = useGateway();

  it('wait for a second person where the connection asks for one', async () => {
    const hr = await makeHr(desk.gateway, { two_person: true, format: 'csv' });
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
    const colleague = await hr.colleague();
    const confirm = (actor: string, ask = colleague) =>
      ask('POST', `/v1/uploads/${open.id}/confirmations`, { actor });
    assert.equal((await confirm(' 测试 赵某 ')).body.code, 'upload_same_person');
    const typed = await confirm('测试钱某', hr.ask);
    assert.deepEqual([typed.status, typed.body.code], [409, 'upload_same_key']);
    assert.equal((await bring()).body.code, 'upload_not_confirmed');
    assert.equal(await hr.state(filingId), 'manual');
    const { body } = await confirm('测试钱某');
    assert.deepEqual([body.state, body.closed_by, body.confirmed_by], ['confirmed', BY.actor, '测试钱某']);
    assert.equal((await confirm('测试孙某')).body.code, 'upload_not_to_confirm');
    assert.equal((await bring()).status, 201);
    await eventually(async () => (await hr.state(filingId)) === 'verified');
    const late = await hr.ask('POST', `/v1/uploads/${open.id}/discard`, BY);
    assert.deepEqual([late.status, late.body.code], [409, 'upload_settled']);
  });

  it('are two names at one key where the calling system vouches for them', async () => {
    const hr = await makeHr(desk.gateway, { two_person: true, persons_by: 'name' });
    await hr.open();
    const [open] = await hr.uploads();
    await hr.close(open.id);
    await hr.ask('GET', `/v1/uploads/${open.id}/file`);
    const confirm = (actor: string) => hr.ask('POST', `/v1/uploads/${open.id}/confirmations`, { actor });
    assert.equal((await confirm(BY.actor)).body.code, 'upload_same_person');
    assert.equal((await confirm('测试钱某')).body.state, 'confirmed');
  });

  it('cannot be opened any more without the key of each of its persons', async () => {
    const hr = await makeHr(desk.gateway);
    const [{ exitId }] = [await hr.open(), await hr.open()];
    const [open] = await hr.uploads();
    await hr.close(open.id);
    const upload = await desk.gateway.store.uploads.load(hr.orgId, true, open.id);
    assert.ok(upload);
    const file = await desk.gateway.store.uploads.file(upload, new Date());
    assert.ok(file);
    assert.equal(file.length, upload.file?.size);
    const [person] = await sql<{ id: string }>(
      desk.database.url,
      'SELECT p.id FROM persons p JOIN exits e ON e.person_id = p.id WHERE e.id = $1',
      [exitId],
    );
    const { wrapped } = createKeyring(
      Buffer.from(desk.environment.EXITGATE_MASTER_KEY ?? '', 'base64'),
    ).newPersonKey(person?.id ?? '');
    await sql(desk.database.url, 'UPDATE persons SET wrapped_key = $2 WHERE id = $1', [
      person?.id,
      Buffer.from(wrapped),
    ]);
    await assert.rejects(desk.gateway.store.uploads.file(upload, new Date()));
  });

  it('say nobody’s name and number in the log, nor at rest', async () => {
    const hr = await makeHr(desk.gateway);
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
      desk.database.url,
      'SELECT to_jsonb(u)::text AS u FROM uploads u UNION ALL SELECT to_jsonb(r)::text FROM upload_rows r',
    );
    const words = ['欧阳测试娜', number, '司徒测试官', '夏侯测试欠费'];
    for (const word of words) {
      assert.ok(!desk.gateway.log.some((line) => line.includes(word)), `${word} in the log`);
      assert.ok(!JSON.stringify(kept).includes(word), `${word} at rest`);
    }
    const row = kept.find(({ u }: Json) => u.includes(open.id)) as { u: string };
    for (const word of words)
      assert.ok(!row.u.includes(Buffer.from(word).toString('hex')), `${word} at rest, in bytes`);
  });
});
