import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  certificateData,
  handoverData,
  renderCertificate,
  renderHandover,
} from '../../../src/documents/index.ts';
import { makeFacts, makePerson } from '../../support/builders.ts';
import { requireTool } from '../../support/tools.ts';

const OPTIONS = { number: 'doc_1', issuedOn: '2026-11-25' };
const FACTS = makeFacts({ externalId: 'HR-1', employeeExternalId: 'E-1' });
// 䶮 and 𬭎 occur in names; GB 2312 has neither.
const PERSON = makePerson({ name: '测试䶮𬭎', id_number: '11010519491231002X' });

async function certificate(person = PERSON, options = OPTIONS) {
  const rendered = await renderCertificate(certificateData(FACTS, person, options));
  assert.ok('pdf' in rendered);
  return rendered;
}

async function handover(count: number) {
  const items = Array.from({ length: count }, (_, index) => ({
    item: `客户资料 ${index + 1}：${'开户文件、风险揭示书'.repeat(index % 4)}`,
    owner: '投资顾问部',
    receiver: '测试乙',
    ...(index === 0 ? { acknowledgedAt: new Date('2026-11-24T16:30:00Z') } : {}),
  }));
  const rendered = await renderHandover(handoverData(FACTS, PERSON, { ...OPTIONS, items }));
  assert.ok('pdf' in rendered);
  return rendered;
}

const source = (pdf: Uint8Array) => Buffer.from(pdf).toString('latin1');
const pagesOf = (pdf: Uint8Array) => source(pdf).match(/\/Type \/Page\b/g)?.length ?? 0;
const sha256 = (pdf: Uint8Array) => createHash('sha256').update(pdf).digest('hex');

function textOf(pdf: Uint8Array): string {
  const { status, stdout, stderr } = spawnSync('pdftotext', ['-layout', '-enc', 'UTF-8', '-', '-'], {
    input: pdf,
  });
  assert.equal(status, 0, stderr.toString());
  return stdout.toString();
}

describe('the PDF', () => {
  before(async function () {
    this.timeout(20_000);
    await certificate();
  });

  it('embeds a subset of its one font, and names no other', async () => {
    const { pdf } = await certificate();
    const text = source(pdf);
    const fonts = new Set([...text.matchAll(/\/BaseFont \/([^\s/]+)/g)].map(([, name]) => name));
    assert.deepEqual(
      [...fonts].map((name) => name?.replace(/^[A-Z]{6}\+/, '')),
      ['NotoSansSC-Regular'],
    );
    assert.match([...fonts][0] ?? '', /^[A-Z]{6}\+/);
    assert.ok(text.includes('/FontFile2 ') && text.includes('/ToUnicode '));
    assert.ok(pdf.length < 100_000, `${pdf.length} bytes of a font of ten million`);
    assert.equal(pagesOf(pdf), 1);
  });

  it('has the same bytes for the same data, whenever and wherever it is made', async () => {
    const { pdf } = await certificate();
    const zone = process.env.TZ;
    try {
      process.env.TZ = 'America/New_York';
      assert.equal(sha256((await certificate()).pdf), sha256(pdf));
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
    // The day begins in China.
    assert.ok(source(pdf).includes('(D:20261124160000Z)'));
  });

  it('has other bytes for other data', async () => {
    const { pdf } = await certificate();
    for (const other of [
      await certificate(PERSON, { ...OPTIONS, number: 'doc_2' }),
      await certificate(PERSON, { ...OPTIONS, issuedOn: '2026-11-26' }),
      await certificate({ ...PERSON, name: '测试丙' }),
    ])
      assert.notEqual(sha256(other.pdf), sha256(pdf));
  });

  it('can be read by a machine, rare characters of names included', async function () {
    requireTool('pdftotext', this);
    const text = textOf((await certificate()).pdf);
    for (const said of [
      '解除或终止劳动合同证明',
      '测试䶮𬭎',
      '居民身份证 11010519491231002X',
      '4年8个月25天',
      'Years of service in the unit',
      '1 / 1',
    ])
      assert.ok(text.includes(said), said);
  });

  it('tells which characters it cannot show, and makes nothing', async () => {
    const person = { ...PERSON, name: '测试\u{31350}\u{E000}\u{E000}' };
    const rendered = await renderCertificate(certificateData(FACTS, person, OPTIONS));
    assert.deepEqual(rendered, { unprintable: ['\u{31350}', '\u{E000}'] });
  });

  it('runs over as many pages as a list needs, each numbered and with the heads of the columns', async function () {
    const { pdf, html } = await handover(80);
    const pages = pagesOf(pdf);
    assert.ok(pages >= 3, `${pages} pages`);
    assert.ok(html.includes('共80项，已确认1项，未确认79项'));
    // Midnight has passed in China.
    assert.ok(html.includes('<td>2026-11-25 00:30</td>'));
    requireTool('pdftotext', this);
    const sheets = textOf(pdf).split('\f').slice(0, -1);
    assert.equal(sheets.length, pages);
    for (const [index, sheet] of sheets.entries()) {
      assert.ok(sheet.includes(`${index + 1} / ${pages}`), `page ${index + 1}`);
      if (sheet.includes('客户资料')) assert.ok(sheet.includes('交接事项'), `page ${index + 1}`);
    }
    for (let item = 1; item <= 80; item++)
      assert.ok(sheets.join().includes(`客户资料 ${item}：`), `item ${item}`);
  });
});
