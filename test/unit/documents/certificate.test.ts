import assert from 'node:assert/strict';
import { certificateData, certificateSheet } from '../../../src/documents/certificate.ts';
import { renderHtml } from '../../../src/documents/html.ts';
import { LEGAL_GROUNDS } from '../../../src/documents/reasons.ts';
import type { ExitFacts, Person } from '../../../src/domain/facts.ts';
import { EXIT_REASONS } from '../../../src/domain/words.ts';
import { makeFacts, makePerson } from '../../support/builders.ts';

const HAN = /\p{Script=Han}/u;
const OPTIONS = { number: 'doc_1', issuedOn: '2026-11-25' };

function page(
  facts: Partial<ExitFacts> = {},
  person: Partial<Person> = {},
  options: Partial<Parameters<typeof certificateData>[2]> = {},
) {
  const data = certificateData(makeFacts(facts), makePerson(person), { ...OPTIONS, ...options });
  return renderHtml(certificateSheet(data));
}

describe('the termination certificate', () => {
  it('says what §24 of the Implementing Regulations wants, and who and when', () => {
    const html = page({}, { name: '测试甲', id_number: '11010519491231002X' });
    for (const said of [
      '解除或终止劳动合同证明',
      '固定期限：2022年3月1日至2027年2月28日',
      '2026年11月25日',
      '投资顾问',
      '4年8个月25天（2022年3月1日至2026年11月25日）',
      '测试证券有限公司',
      '91110105MA001234X4',
      '测试甲',
      '居民身份证 11010519491231002X',
      '用人单位（盖章）',
      '出具日期',
      'doc_1',
    ])
      assert.ok(html.includes(said), said);
  });

  it('labels everything in both languages', () => {
    const { title, fields, statements, places } = certificateSheet(
      certificateData(makeFacts(), makePerson(), OPTIONS),
    );
    for (const { zh, en } of [title, ...statements, ...places, ...fields.map(({ label }) => label)])
      assert.ok(HAN.test(zh) && en.length > 0 && !HAN.test(en), zh);
  });

  it('knows contracts without an end, and other papers', () => {
    const open = page({ contract: { type: 'open_ended', start: '2020-01-06' } }, { id_type: 'passport' });
    assert.ok(open.includes('无固定期限：自2020年1月6日起') && open.includes('Open-ended: from 2020-01-06'));
    assert.ok(open.includes('护照 '));
    assert.ok(page({ contract: { type: 'task', start: '2020-01-06' } }).includes('以完成一定工作任务为期限'));
  });

  it('counts service from before the contract where it is told to', () => {
    const html = page({}, {}, { serviceStart: '2019-07-01' });
    assert.ok(html.includes('7年4个月25天（2019年7月1日至2026年11月25日）'));
    assert.ok(html.includes('2022年3月1日至2027年2月28日'));
  });

  it('gives the reason by its article and no more, and leaves it out when the employee asks', () => {
    const html = page({ reason: 'dismissal_for_cause' });
    assert.ok(html.includes('依据《中华人民共和国劳动合同法》第三十九条，解除劳动合同'));
    const omitted = page({ reason: 'dismissal_for_cause' }, {}, { omitReason: true });
    assert.ok(
      !omitted.includes('第三十九条') && !omitted.includes('Article 39') && !omitted.includes('依据《'),
    );
  });

  for (const reason of EXIT_REASONS)
    it(`has neutral words for ${reason}, with the article that domain facts give it`, () => {
      const { zh, en } = LEGAL_GROUNDS[reason];
      assert.match(zh, /^依据《中华人民共和国劳动合同法》第(三十[六七八九]|四十[一四]?)条.*(解除|终止)/);
      assert.match(en, /^Labour Contract Law, Article (3[6-9]|4[014])\b.*(dissolved|terminated)/);
      assert.ok(!HAN.test(en));
      // Articles 36 to 41 dissolve a contract, article 44 ends one; and nobody is accused.
      assert.equal(zh.includes('终止'), zh.includes('第四十四条'));
      assert.doesNotMatch(zh, /违|过错|过失|严重|不能胜任|裁|死亡|破产/);
    });

  it('escapes what came from outside', () => {
    const html = page(
      { post: `<script>alert("1")</script>&'` },
      { name: '</title><img src=x onerror=alert(1)>' },
    );
    assert.ok(!/<script|<img/.test(html));
    assert.ok(html.includes('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;'));
  });

  it('is a page that loads nothing', () => {
    assert.doesNotMatch(page(), /\b(src|href)=|url\(|@import|<script/);
  });
});
