// Every scenario by every channel: the same state, by the agency's own state machine, in answers that keep the contract.
import assert from 'node:assert/strict';
import { isResidentId, isUscc, residentId } from '../../../mocks/kernel/identifiers.ts';
import { alike, nearest } from '../../../mocks/kernel/nearest.ts';
import { CHANNELS, magicOf } from '../../../mocks/kernel/scenario.ts';
import { OTHER_UNIT } from '../../../mocks/scenarios/guards.ts';
import { EXAM, SCENARIOS } from '../../../mocks/scenarios/index.ts';
import { magicNumber } from '../../../mocks/scenarios/magic.ts';
import { PLAYERS } from './scenario-players.ts';
import { TRAILS } from './scenario-trails.ts';

const ORDINARY = residentId('990000', '19900101', 10);

describe('the registry of scenarios', () => {
  it('has forty and more, over all agencies, each with a code, a number and both languages', () => {
    assert.ok(SCENARIOS.length >= 40);
    assert.equal(new Set(SCENARIOS.map(({ code }) => code)).size, SCENARIOS.length);
    assert.equal(new Set(SCENARIOS.map(({ magic }) => magic)).size, SCENARIOS.length);
    for (const { code, agency, magic, proves, operations, clerk, arrange, example } of SCENARIOS) {
      const forms = new Map<string, RegExp>([
        ['labor', /^LAB\.[A-Z_]+$/],
        ['insurance', /^SOC\.[A-Z_]+$/],
        ['credit', /^CRD\.[A-Z_]+$/],
        ['insurance-sm2', /^SM2\.[A-Z_]+$/],
      ]);
      assert.match(code, forms.get(agency) ?? /no form/);
      assert.ok(magic > 0 && magic < 100, code);
      assert.match(proves.en, /^[A-Z].*\.$/, code);
      assert.match(proves.zh, /\p{Script=Han}.*。$/u, code);
      assert.ok(operations.length > 0 && example.en !== '', code);
      assert.notEqual(
        clerk === undefined,
        arrange === undefined,
        `${code} is told by the clerk or by the state`,
      );
    }
  });

  it('gives each a magic number that is nobody\u2019s, and valid', () => {
    for (const scenario of SCENARIOS) {
      const number = magicNumber(scenario);
      assert.ok(isResidentId(number), number);
      assert.equal(magicOf(number), scenario.magic);
    }
    assert.equal(magicOf(ORDINARY), undefined);
    assert.ok(isUscc(OTHER_UNIT.uscc, { inner: true }));
  });

  it('names the nearest codes of a mistyped one', () => {
    const codes = SCENARIOS.map(({ code }) => code);
    assert.equal(nearest('LAB.CORECTION_REQUESTED', codes)[0], 'LAB.CORRECTION_REQUESTED');
    assert.equal(nearest('soc.window', codes)[0], 'SOC.WINDOW_CLOSED');
    assert.equal(nearest('CRD.CONSENT_EXPIRD', codes)[0], 'CRD.CONSENT_EXPIRED');
  });

  it('names those that share its words, not those that share its letters', () => {
    const codes = SCENARIOS.map(({ code }) => code);
    for (const code of nearest('LAB.CORECTION', codes)) assert.match(code, /^LAB\.CORRECTION_/);
    const [one, ...others] = nearest('SOC.ACEPTED', codes, 3, 'LAB');
    assert.equal(one, 'SOC.ACCEPTED', 'the agency that was typed is the one that was meant');
    assert.ok(others.every((code) => code.startsWith('SOC.')));
  });

  it('names one of each agency where none was typed, and at an agency its own', () => {
    const codes = SCENARIOS.map(({ code }) => code);
    const prefixes = (found: readonly string[]) => found.map((code) => code.slice(0, 3)).sort();
    assert.deepEqual(prefixes(nearest('CORRECTION', codes, 4)), ['CRD', 'LAB', 'SM2', 'SOC']);
    for (const home of ['LAB', 'CRD'])
      assert.deepEqual(prefixes(nearest('CORRECTION', codes, 3, home)), [home, home, home]);
  });

  it('says nothing of a name that is like none', () => {
    assert.equal(alike('labour', ['labor', 'insurance', 'credit']), 'labor');
    assert.equal(alike('oparation', ['agency', 'operation']), 'operation');
    assert.equal(alike('onyl', ['host', 'only']), 'only', 'two letters that changed places');
    assert.equal(alike('x', ['fault', 'nth', 'id']), undefined);
    assert.equal(alike('x'.repeat(100_000), ['fault']), undefined);
  });

  it('is what the exam\u2019s list is made of', () => {
    for (const [operation, codes] of Object.entries(EXAM))
      for (const code of codes)
        assert.ok(SCENARIOS.find((each) => each.code === code)?.operations.includes(operation), code);
  });
});

describe('scenarios', () => {
  for (const scenario of SCENARIOS)
    for (const channel of CHANNELS)
      it(`${scenario.code} by ${channel}`, async () => {
        const { code } = scenario;
        const play = PLAYERS[scenario.agency];
        assert.ok(play, scenario.agency);
        const seen = await play({
          scenario,
          idNumber: channel === 'magic' ? magicNumber(scenario) : ORDINARY,
          ...(channel === 'header' ? { header: code } : {}),
          prepare({ director }) {
            if (channel === 'armed') director.arm(code, {}, 1);
            if (channel === 'rule') director.rule(code, {});
            if (channel === 'profile') director.setProfile('custom', [code]);
          },
        });
        assert.deepEqual(seen.trail.join(' | '), TRAILS[code]);
        const rules = [...seen.rules].map((rule) => rule.replace(/^case /, '').split(' ')[0]);
        assert.deepEqual([...new Set(rules)], [channel]);
      });
});
