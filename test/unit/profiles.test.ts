/** The profiles that come along: valid, in both languages, in step with adapters and schema; and what is said of broken ones. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parseAllDocuments } from 'yaml';
import { REASONS } from '../../adapters/insurance-xml/map.ts';
import { REASON_TABLES } from '../../adapters/labor-soap/map.ts';
import { GATE_FAULTS, GATE_SOURCES, KINDS } from '../../src/domain/gate-rule.ts';
import { profileSchema } from '../../src/domain/profile-draft.ts';
import { factTitle } from '../../src/domain/vocabulary.ts';
import { EXIT_REASONS } from '../../src/domain/words.ts';
import { FAULTS } from '../../src/faults.ts';
import { profileFiles } from '../../src/profiles.ts';
import { extending, faultsOf, installed, PROFILES, textOf, VOCABULARY } from '../support/profiles.ts';

const { terms, reasons } = VOCABULARY;

describe('the profiles', () => {
  const profiles = installed();

  it('are those of five industries', () => {
    assert.deepEqual(profiles.names, ['general', 'internet', 'manufacturing', 'retail', 'securities']);
  });

  it('have the gates that their industries need, the general ones first', () => {
    const general = profiles.inForce('general', '2026-11-25')?.gates.map((gate) => gate.code) ?? [];
    const own = Object.fromEntries(
      profiles.all.map(({ name, gates }) => {
        const codes = gates.map((gate) => gate.code);
        assert.deepEqual(codes.slice(0, general.length), general, name);
        return [name, codes.slice(general.length)];
      }),
    );
    assert.deepEqual(general.toSorted(), [
      'access_return',
      'customer_handover',
      'finance',
      'open_dispute',
      'property_return',
      'work_handover',
    ]);
    assert.deepEqual(own, {
      general: [],
      securities: ['compliance_pledge', 'violation_review'],
      manufacturing: ['equipment_handover', 'safety_records'],
      internet: ['intellectual_property_handover', 'non_compete_decision'],
      retail: ['cash_and_stock_handover'],
    });
  });

  it('hold nobody under the general one who names nothing', () => {
    for (const { gates } of profiles.all.filter(({ name }) => name === 'general'))
      for (const gate of gates) assert.ok(gate.items === undefined && gate.raised_by !== 'always', gate.code);
  });

  it('raise one gate for each kind of fact, so that nothing is forgotten or settled twice', () => {
    for (const { name, gates } of profiles.all)
      for (const source of ['dispute', 'handover', 'finance'] as const)
        for (const kind of KINDS[source]) {
          const raised = gates.filter(
            (gate) => gate.raised_by === source && (gate.kinds === undefined || gate.kinds.includes(kind)),
          );
          assert.equal(raised.length, 1, `${name}: ${source} ${kind} → ${raised.map(({ code }) => code)}`);
        }
  });

  it('file with the credit system exactly where there is one', () => {
    const credit = profiles.all.filter(({ credit_system }) => credit_system !== 'none');
    assert.deepEqual(
      credit.map(({ name, filings }) => [name, filings.at(-1)]),
      [
        [
          'securities',
          { kind: 'credit_update', after: ['insurance_stop'], clocks: ['securities_registration'] },
        ],
      ],
    );
  });

  it('say the seed’s sentence in the securities profile', () => {
    const gate = profiles
      .inForce('securities', '2026-11-25')
      ?.gates.find(({ raised_by }) => raised_by === 'dispute');
    assert.equal(gate?.title.zh, '存在未处理的客户投诉');
    assert.deepEqual(gate?.documents?.kinds, [
      'settlement_agreement',
      'court_decision',
      'complaint_withdrawal',
    ]);
  });

  it('use only codes that have words in both languages', () => {
    const texts = profiles.all.flatMap(({ title, gates }) => [
      title,
      ...gates.flatMap((gate) => [
        gate.title,
        gate.clears,
        ...(gate.items ?? []).map((item) => item.title),
        terms.departments[gate.owner],
        ...(gate.documents?.kinds ?? []).map((kind) => terms.documents[kind]),
      ]),
    ]);
    const facts = GATE_SOURCES.flatMap((source) =>
      KINDS[source].map((kind) => factTitle(terms, source, kind)),
    );
    assert.ok(texts.length > 100 && facts.length > 20);
    for (const words of [
      ...texts,
      ...facts,
      ...EXIT_REASONS.map((reason) => reasons.reasons[reason].title),
    ]) {
      assert.match(words?.en ?? '', /^[^\p{Script=Han}]+$/u);
      assert.match(words?.zh ?? '', /\p{Script=Han}/u);
    }
  });
});

describe('the table of reasons', () => {
  it('has the codes that the adapters send, in every version', () => {
    const tables = reasons.tables.map(({ filing, version }) => `${filing} ${version}`);
    const sent = new Map<string, Readonly<Record<string, string>>>([
      ...Object.entries(REASON_TABLES).map(([version, table]) => [`labor_filing ${version}`, table] as const),
      ['insurance_stop 1', REASONS],
    ]);
    assert.deepEqual(tables.toSorted(), [...sent.keys()].toSorted());
    for (const { filing, version } of reasons.tables)
      assert.deepEqual(
        Object.fromEntries(
          EXIT_REASONS.map((each) => [each, reasons.reasons[each].codes[filing]?.[version]]),
        ),
        { ...sent.get(`${filing} ${version}`) },
        `${filing} ${version}`,
      );
  });

  it('leaves open what the law leaves open', () => {
    const { death, contract_expired, group_transfer } = reasons.reasons;
    assert.deepEqual([death.involuntary, death.severance], ['unknown', 'unknown']);
    assert.deepEqual([contract_expired.severance, group_transfer.severance], ['depends', 'depends']);
  });
});

describe('the schema of a profile', () => {
  const published: object = JSON.parse(readFileSync(join(PROFILES, 'profile.schema.json'), 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(published);

  it('is up to date (exitgate profile schema > profiles/profile.schema.json)', () => {
    assert.deepEqual(published, JSON.parse(JSON.stringify(profileSchema())));
  });

  for (const { name, text } of profileFiles(PROFILES))
    it(`takes ${name}, which names it for editors`, () => {
      assert.match(text, /^# yaml-language-server: \$schema=profile\.schema\.json\n/);
      for (const document of parseAllDocuments(text))
        assert.ok(validate(document.toJS()), JSON.stringify(validate.errors));
    });

  for (const [what, change] of [
    ['an unknown field', (text: string) => `${text}extra: 1\n`],
    ['a gate without an owner', (text: string) => text.replace(/\n {4}owner: compliance/, '')],
    ['a kind of another fact', (text: string) => text.replace('[customer]', '[loan]')],
    ['one that extends nothing and lacks filings', (text: string) => text.replace('extends: general\n', '')],
  ] as const)
    it(`refuses ${what}, as the check does`, () => {
      const text = change(textOf('manufacturing').replace('gates:\n', `gates:\n${CUSTOMERS}`));
      for (const document of parseAllDocuments(text)) assert.equal(validate(document.toJS()), false);
      assert.notDeepEqual(faultsOf({ general: textOf('general'), manufacturing: text }), []);
    });
});

const CUSTOMERS = [
  '  - code: customer_handover',
  '    raised_by: handover',
  '    kinds: [customer]',
  '    owner: compliance',
  '    title: { en: "Customers", zh: "客户" }',
  '    clears: { en: "Taken over", zh: "已接收" }',
  '    holds: exit_date',
  '',
].join('\n');

describe('a broken profile', () => {
  const general = textOf('general');
  const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

  /** The first fault of `general` after a change, with the line on which the changed text begins. */
  const broken = (from: string, to: string, more: Readonly<Record<string, string>> = {}) => {
    assert.ok(general.includes(from), from);
    const text = general.replace(from, to);
    return { faults: faultsOf({ ...more, general: text }), line: lineOf(general, from), text };
  };

  for (const [from, to, sentence] of [
    [
      'owner: finance',
      'owner: treasury',
      /gates\[2\]\.owner: there is no department treasury .*known are human/,
    ],
    ['kinds: [customer]', 'kinds: [loan]', /gates\[1\]\.kinds\[0\]: Use one of: work, customer/],
    ['kinds: [access]', 'kinds: [access, access]', /gates\[4\]\.kinds\[1\]: “access” is listed twice/],
    ['holds: notice_end', 'holds: for_ever', /gates\[2\]\.holds: /],
    [
      'raised_by: finance',
      'raised_by: always',
      /gates\[2\]\.items: A gate that is raised by “always” needs items/,
    ],
    ['raised_by: finance', 'within_days: 3\n    raised_by: finance', /within_days: Only signals grow old/],
    ['zh: "工作尚未交接"', 'zh: "not Chinese"', /gates\[0\]\.title\.zh: Write this in Chinese/],
    ['en: "Work is not handed over"', 'en: "工作"', /gates\[0\]\.title\.en: Write this in English/],
    ['zh: "工作尚未交接"', 'zh_cn: "工作尚未交接"', /there is no field “zh_cn” here|zh: /],
    ['clocks: [labor_filing]', 'clocks: [labour]', /filings\[0\]\.clocks\[0\]: there is no clock labour/],
    ['clocks: [labor_filing]', 'clocks: [housing_fund]', /the clock housing_fund is not about labor_filing/],
    [
      'labor_filing: "1"',
      'labor_filing: "9"',
      /there is no version 9 of the reasons for labor_filing .*1, 1-broad/,
    ],
    [
      '{ labor_filing: "1", insurance_stop: "1" }',
      '{ labor_filing: "1" }',
      /insurance_stop carries a reason/,
    ],
    ['credit_system: none', 'credit_system: public_platform', /credit_update is not among the filings/],
    ['after: [labor_filing]', 'after: [credit_update]', /credit_update is not listed before insurance_stop/],
    [
      'thresholds: { elevated: 30',
      'thresholds: { elevated: 80',
      /risk\.thresholds\.high: must be above elevated/,
    ],
    ['code: finance', 'code: open_dispute', /gates\[3\]\.code: open_dispute is listed twice/],
    ['name: general', 'name: generic', /a profile has the name of its file, general\.yaml/],
    ['title:\n  en: "Any', 'title: [\n  en: "Any', /./],
  ] as const)
    it(`with ${JSON.stringify(to)} is told by line and reason`, () => {
      const { faults, line } = broken(from, to);
      const [, at, message = ''] = /^general\.yaml:(\d+): (.*)$/s.exec(faults[0] ?? '') ?? [];
      assert.match(faults.join('\n'), sentence);
      // Where the list stands is where a repeated or missing part of it is told.
      if (!/is listed twice|needs items|zh_cn|\[\n/.test(`${message}${to}`))
        assert.ok(Math.abs(Number(at) - line) <= 1, `${faults[0]} is not near ${line}`);
    });

  it('is told all that is wrong with it, in the order of its lines', () => {
    const text = general.replace('owner: finance', 'owner: a').replace('owner: sales', 'owner: b');
    const lines = faultsOf({ general: text }).map((fault) => Number(fault.split(':')[1]));
    assert.deepEqual(lines, [lineOf(text, 'owner: b'), lineOf(text, 'owner: a')]);
  });

  it('that is empty or no YAML is refused', () => {
    assert.match(faultsOf({ general: '' }).join(), /^general\.yaml:1: /);
    assert.match(faultsOf({ general: 'a: [1' }).join(), /^general\.yaml:1: /);
  });

  it('that extends what is not there, not yet there, or itself, is refused', () => {
    assert.deepEqual(faultsOf({ a: extending('a', 'nobody', '2026-01-01') }), [
      'a.yaml:4: extends: there is no profile nobody',
    ]);
    assert.deepEqual(faultsOf({ general, a: extending('a', 'general', '2025-01-01') }), [
      'a.yaml:4: extends: no version of general was in force on 2025-01-01',
    ]);
    const circle = faultsOf({
      a: extending('a', 'b', '2026-01-01'),
      b: extending('b', 'a', '2026-01-01'),
    });
    assert.deepEqual(circle, [
      'b.yaml:4: extends: profiles extend each other in a circle: a 2026-01-01 → b 2026-01-01 → a 2026-01-01',
    ]);
    assert.match(
      faultsOf({ a: extending('a', 'a', '2026-01-01') }).join(),
      /circle: a 2026-01-01 → a 2026-01-01/,
    );
  });

  it('with two versions of one day is refused at the second', () => {
    const one = extending('a', 'general', '2026-02-01');
    assert.deepEqual(faultsOf({ general, a: `${one}---\n${one}` }), [
      'a.yaml:8: effective_from: a has another version of 2026-02-01',
    ]);
  });

  it('that files credit while its base has no credit system is refused where it says so', () => {
    const filings = general.slice(general.indexOf('filings:'), general.indexOf('credit_system:'));
    const more = '  - kind: credit_update\n    after: []\n    clocks: [securities_registration]';
    assert.deepEqual(faultsOf({ general, a: extending('a', 'general', '2026-02-01', filings + more) }), [
      'a.yaml:1: credit_system: credit_system is none, but credit_update is among the filings',
    ]);
  });
});

describe('the faults of a rule', () => {
  it('are in the catalogue', () => {
    for (const code of GATE_FAULTS) assert.ok(Object.hasOwn(FAULTS, code), code);
  });
});
