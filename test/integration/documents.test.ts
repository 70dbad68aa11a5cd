import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { draft, useApi } from '../support/api.ts';
import { sql } from '../support/postgres-server.ts';

const SCAN = Buffer.from('%PDF-1.7\n% 和解协议的扫描件\n%%EOF\n');
const upload = {
  kind: 'uploaded',
  title: '和解协议 C-88',
  media_type: 'application/pdf',
  purpose: 'settlement',
  content: SCAN.toString('base64'),
};
const certificate = { kind: 'termination_certificate' };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('documents of an exit', () => {
  const api = useApi();
  let exit: string;
  before(async () => {
    exit = (await api.post('/v1/exits', draft('documents'))).body.id;
  });
  const open = async (name: string) => (await api.post('/v1/exits', draft(name))).body.id as string;
  const create = (body: unknown, id = exit) => api.post(`/v1/exits/${id}/documents`, body);
  const bytes = async (path: string, key = api.key) => {
    const response = await fetch(api.url + path, { headers: { authorization: `Bearer ${key}` } });
    return {
      status: response.status,
      headers: response.headers,
      body: Buffer.from(await response.arrayBuffer()),
    };
  };

  it('generates the certificate, and gives its PDF and its page as they were made', async () => {
    const made = await create({ ...certificate, service_start: '2019-07-01' });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.deepEqual(
      [made.body.exit_id, made.body.kind, made.body.media_type, made.body.deliveries],
      [exit, 'termination_certificate', 'application/pdf', []],
    );
    const path = `/v1/documents/${made.body.id}/content`;
    const pdf = await bytes(path);
    assert.equal(pdf.headers.get('content-type'), 'application/pdf');
    assert.equal(
      pdf.headers.get('content-disposition'),
      `attachment; filename=termination-certificate-${made.body.id}.pdf`,
    );
    assert.equal(sha256(pdf.body), made.body.sha256);
    assert.equal(pdf.body.length, made.body.size);
    const digest = Buffer.from(made.body.sha256, 'hex').toString('base64');
    assert.equal(pdf.headers.get('repr-digest'), `sha-256=:${digest}:`);
    assert.equal(pdf.headers.get('cache-control'), 'no-store');
    assert.deepEqual((await bytes(`${path}?format=pdf`)).body, pdf.body);

    const html = await bytes(`${path}?format=html`);
    assert.equal(html.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.match(html.headers.get('content-disposition') ?? '', /^attachment; .*\.html$/);
    assert.equal(sha256(html.body), made.body.html_sha256);
    const page = html.body.toString();
    // Masked everywhere else: here stand the name and the number. Dated the exit date, which is ahead.
    for (const said of ['张某', '11010519491231002X', '7年4个月25天', '第三十七条', '2026年11月25日'])
      assert.ok(page.includes(said), said);
    const again = await create({ ...certificate, service_start: '2019-07-01' });
    assert.notEqual(again.body.sha256, made.body.sha256, 'another document has another number');
  });

  it('leaves the reason out, and dates the certificate as it is told', async () => {
    const made = await create({ ...certificate, omit_reason: true, issued_on: '2026-12-01' });
    const page = (await bytes(`/v1/documents/${made.body.id}/content?format=html`)).body.toString();
    assert.ok(!page.includes('第三十七条') && page.includes('2026年12月1日'));
  });

  it('generates a handover list', async () => {
    const items = [
      { item: '客户资料', owner: '张某', receiver: '李某', acknowledged_at: '2026-10-25T02:00:00Z' },
      { item: '门禁卡', owner: '行政部', receiver: '王某' },
    ];
    const made = await create({ kind: 'handover_list', items });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const page = (await bytes(`/v1/documents/${made.body.id}/content?format=html`)).body.toString();
    assert.ok(page.includes('共2项，已确认1项，未确认1项') && page.includes('2026-10-25 10:00'));
  });

  it('keeps what is uploaded, byte by byte and under its name', async () => {
    const made = await create(upload);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.deepEqual(
      [made.body.title, made.body.purpose, made.body.sha256, made.body.html_sha256],
      ['和解协议 C-88', 'settlement', sha256(SCAN), null],
    );
    const path = `/v1/documents/${made.body.id}/content`;
    const back = await bytes(path);
    assert.deepEqual(back.body, SCAN);
    const name = encodeURIComponent('和解协议 C-88.pdf');
    assert.ok(back.headers.get('content-disposition')?.endsWith(`filename*=UTF-8''${name}`));
    const page = await api.get(`${path}?format=html`);
    assert.deepEqual([page.status, page.body.code], [404, 'document_format_absent']);
    const zh = await api.get(`${path}?format=html`, { headers: { 'accept-language': 'zh' } });
    assert.match(zh.body.detail, /没有 html 格式/);
  });

  it('lists them newest first, a page at a time', async () => {
    const id = await open('listed');
    const made = [];
    for (let index = 0; index < 3; index++)
      made.push((await create({ ...upload, title: `第${index}份` }, id)).body.id);
    const first = await api.get(`/v1/exits/${id}/documents?limit=2`);
    const second = await api.get(`/v1/exits/${id}/documents?limit=2&cursor=${first.body.next_cursor}`);
    const seen = [...first.body.data, ...second.body.data].map((each: { id: string }) => each.id);
    assert.deepEqual(seen, made.reverse());
    assert.deepEqual([first.body.has_more, second.body.has_more], [true, false]);
  });

  it('records deliveries, none lost to another that is recorded at once', async () => {
    const { body: made } = await create(certificate);
    const path = `/v1/documents/${made.id}/deliveries`;
    const delivered_at = '2026-10-26T01:30:00.000Z';
    const replies = await Promise.all(
      ['EMS 1', 'EMS 2', 'EMS 3', 'EMS 4'].map((note) =>
        api.post(path, { method: 'post', recipient: '张某', delivered_at, note }),
      ),
    );
    for (const { status, body } of replies) assert.equal(status, 201, JSON.stringify(body));
    const listed = (await api.get(`/v1/exits/${exit}/documents`)).body.data;
    const { deliveries } = listed.find(({ id }: { id: string }) => id === made.id);
    assert.deepEqual(deliveries.map(({ note }: { note: string }) => note).toSorted(), [
      'EMS 1',
      'EMS 2',
      'EMS 3',
      'EMS 4',
    ]);
    assert.deepEqual(
      [deliveries[0].method, deliveries[0].recipient, deliveries[0].delivered_at],
      ['post', '张某', delivered_at],
    );
    const early = await api.post(path, { method: 'post', delivered_at: '2027-01-01T00:00:00Z' });
    assert.deepEqual(
      [early.status, early.body.errors[0].code, early.body.errors[0].pointer],
      [422, 'delivered_in_future', '/delivered_at'],
    );
  });

  for (const [what, body, expected] of [
    ['another kind', { kind: 'certificate' }, 'value_unknown /kind'],
    ['no kind', {}, 'required /kind'],
    ['a field of another kind', { ...certificate, title: 'x' }, 'field_unknown_known /title'],
    ['a field that is mistyped', { ...certificate, omitreason: true }, 'field_unknown /omitreason'],
    ['no items', { kind: 'handover_list', items: [] }, 'list_too_short /items'],
    ['what is no base64', { ...upload, content: '和解' }, 'base64_invalid /content'],
    ['bytes of another type', { ...upload, media_type: 'image/png' }, 'content_not_of_type /content'],
    ['a type that is not kept', { ...upload, media_type: 'text/html' }, 'value_unknown /media_type'],
    ['an unknown purpose', { ...upload, purpose: 'x' }, 'value_unknown /purpose'],
    [
      'service from after the contract',
      { ...certificate, service_start: '2022-03-02' },
      'service_start_late /service_start',
    ],
    [
      'an acknowledgement ahead',
      {
        kind: 'handover_list',
        items: [{ item: 'a', owner: 'b', receiver: 'c', acknowledged_at: '2027-01-01T00:00:00Z' }],
      },
      'acknowledged_in_future /items/0/acknowledged_at',
    ],
  ] as const)
    it(`refuses ${what}, in both languages`, async () => {
      for (const language of ['en', 'zh']) {
        const reply = await api.post(`/v1/exits/${exit}/documents`, body, {
          headers: { 'accept-language': language },
        });
        assert.equal(reply.status, 422, JSON.stringify(reply.body));
        const [first] = reply.body.errors;
        assert.equal(`${first.code} ${first.pointer}`, expected);
        assert.doesNotMatch(first.detail, /\{\w+\}/);
        assert.equal(/\p{Script=Han}/u.test(first.detail), language === 'zh');
      }
    });

  it('refuses to print a name that the font cannot show, and says which character', async () => {
    const base = draft('unprintable') as { employee: object };
    const { body } = await api.post('/v1/exits', {
      ...base,
      employee: { ...base.employee, name: '张\u{31350}' },
    });
    const reply = await create(certificate, body.id);
    assert.deepEqual([reply.status, reply.body.code], [422, 'document_unprintable']);
    assert.ok(reply.body.detail.includes('\u{31350}'));
  });

  it('shows another organisation, and the other world, nothing', async () => {
    const { body: made } = await create(upload);
    const stranger = await api.keyOf('Strangers');
    const live = await api.keyOf('Test Securities', { live: true });
    const delivery = { method: 'post', delivered_at: '2026-10-26T01:00:00Z' };
    for (const key of [stranger, live]) {
      for (const reply of [
        await api.get(`/v1/documents/${made.id}/content`, { key }),
        await api.post(`/v1/documents/${made.id}/deliveries`, delivery, { key }),
      ])
        assert.deepEqual([reply.status, reply.body.code], [404, 'document_not_found']);
      for (const reply of [
        await api.get(`/v1/exits/${exit}/documents`, { key }),
        await api.post(`/v1/exits/${exit}/documents`, upload, { key }),
      ])
        assert.deepEqual([reply.status, reply.body.code], [404, 'exit_not_found']);
    }
    assert.equal((await api.get('/v1/documents/doc_x/content')).body.code, 'document_not_found');
  });

  it('gives the bytes only to a key of that scope, since nothing in them is masked', async () => {
    const { body: made } = await create(upload);
    const key = await api.keyOf('Test Securities', { scopes: ['exits:read', 'exits:write'] });
    const reply = await api.get(`/v1/documents/${made.id}/content`, { key });
    assert.deepEqual([reply.status, reply.body.code], [403, 'scope_missing']);
    assert.equal((await api.get(`/v1/exits/${exit}/documents`, { key })).status, 200);
  });

  it('keeps nothing personal readable at rest', async () => {
    const { body: made } = await create({ ...upload, title: '张某的和解协议' });
    await api.post(`/v1/documents/${made.id}/deliveries`, {
      method: 'post',
      recipient: '张某的父亲',
      delivered_at: '2026-10-26T01:00:00Z',
    });
    await create(certificate);
    const rows = await sql(api.databaseUrl, 'SELECT d.*, d::text AS whole FROM documents d');
    assert.ok(rows.length >= 2);
    for (const row of rows) {
      for (const value of Object.values(row)) {
        const raw = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value) ?? '');
        for (const secret of ['张某', '11010519491231002X', '%PDF', '<html'])
          assert.ok(!raw.includes(secret), `${secret} in ${row.id}`);
      }
    }
    assert.ok(!api.log.join().includes('张某'));
  });

  it('hands a worker the newest of a kind', async () => {
    const id = await open('newest');
    const { documents } = api.store;
    assert.equal(await documents.newest(id, 'termination_certificate'), undefined);
    await create(certificate, id);
    const { body: last } = await create(certificate, id);
    await create(upload, id);
    const { body: claim } = await create({ ...upload, purpose: 'claim' }, id);
    await create(upload, id);
    const found = await documents.newest(id, 'termination_certificate');
    assert.equal(found?.id, last.id);
    assert.equal(sha256(found?.content() ?? Buffer.of()), last.sha256);
    assert.equal((await documents.newest(id, 'uploaded', 'claim'))?.id, claim.id);
    assert.equal(await documents.newest(id, 'uploaded', 'agreement'), undefined);
  });
});
