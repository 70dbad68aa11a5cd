/** Versions by day, extension, a firm's own gates, and what one version changes against another. */
import assert from 'node:assert/strict';
import { type Profile, profilesOf, riskRulesOf, withOwnGates } from '../../../src/domain/profile.ts';
import { compareProfiles, differences } from '../../../src/domain/profile-diff.ts';
import type { ProfileDraft } from '../../../src/domain/profile-draft.ts';
import { resolveDrafts } from '../../../src/domain/profile-draft.ts';
import { makeProfile } from '../../support/builders.ts';
import { VOCABULARY } from '../../support/profiles.ts';

type Gate = Profile['gates'][number];
const gate = (code: string, parts: Partial<Gate> = {}): Gate => ({
  code,
  raised_by: 'dispute',
  owner: 'compliance',
  title: { en: 'A gate', zh: '关口' },
  clears: { en: 'Something', zh: '材料' },
  holds: 'notice_end',
  ...parts,
});
const base = (from: string, parts: Partial<Profile> = {}) =>
  makeProfile({ name: 'base', effective_from: from, gates: [gate('a'), gate('b')], ...parts });
const extended = (from: string, parts: Partial<ProfileDraft> = {}): ProfileDraft => ({
  name: 'own',
  title: { en: 'Own', zh: '自有' },
  effective_from: from,
  extends: 'base',
  ...parts,
});
const only = (drafts: readonly ProfileDraft[], name = 'own') =>
  resolveDrafts(drafts)
    .resolved.map(({ profile }) => profile)
    .filter((each) => each.name === name);
const codes = (profile: Profile | undefined) => profile?.gates.map(({ code }) => code);

describe('a profile that extends another', () => {
  it('has the base’s gates first, and its own in place of those of the same code', () => {
    const [own] = only([
      base('2026-01-01'),
      extended('2026-01-01', { gates: [gate('c'), gate('b', { owner: 'legal' })] }),
    ]);
    assert.deepEqual(codes(own), ['a', 'b', 'c']);
    assert.equal(own?.gates[1]?.owner, 'legal');
  });

  it('keeps what it does not say, and replaces as a whole what it says', () => {
    const { filings } = makeProfile();
    const [own] = only([
      base('2026-01-01', { reasons: ['resignation', 'death'] }),
      extended('2026-01-01', { filings: filings.slice(0, 1), reason_codes: { labor_filing: '1-broad' } }),
    ]);
    assert.equal(own?.filings.length, 1);
    assert.deepEqual(own?.reason_codes, { labor_filing: '1-broad' });
    assert.deepEqual(own?.risk, makeProfile().risk);
    assert.deepEqual(own?.reasons, ['resignation', 'death']);
    assert.ok(!('extends' in (own ?? {})));
  });

  it('stands on the version of the base that held on its own first day, and stays there', () => {
    const drafts = [
      base('2026-01-01'),
      base('2026-07-01', { gates: [gate('z')] }),
      extended('2026-06-30'),
      extended('2026-07-01'),
    ];
    for (const order of [drafts, drafts.toReversed()]) {
      const byDay = new Map(only(order).map((each) => [each.effective_from, codes(each)]));
      assert.deepEqual(byDay.get('2026-06-30'), ['a', 'b']);
      assert.deepEqual(byDay.get('2026-07-01'), ['z']);
    }
  });

  it('may extend one that extends', () => {
    const middle = extended('2026-01-01', { name: 'middle', gates: [gate('m')] });
    const [own] = only([
      base('2026-01-01'),
      middle,
      extended('2026-01-01', { extends: 'middle', gates: [gate('o')] }),
    ]);
    assert.deepEqual(codes(own), ['a', 'b', 'm', 'o']);
  });
});

describe('the versions of a profile', () => {
  const profiles = profilesOf(
    ['2026-07-01', '2026-01-01', '2027-01-01']
      .map((from) => base(from))
      .concat(makeProfile({ name: 'general' })),
    VOCABULARY,
  );

  for (const [day, version] of [
    ['2025-12-31', undefined],
    ['2026-01-01', '2026-01-01'],
    ['2026-06-30', '2026-01-01'],
    ['2026-07-01', '2026-07-01'],
    ['2030-01-01', '2027-01-01'],
  ] as const)
    it(`${version ?? 'none'} is in force on ${day}`, () =>
      assert.equal(profiles.inForce('base', day)?.effective_from, version));

  it('weigh by their own rules; where the profile is no more, by those of general', () => {
    const risk = { ...makeProfile().risk, thresholds: { elevated: 1, high: 2 } };
    const own = profilesOf([base('2026-01-01', { risk }), makeProfile({ name: 'general' })], VOCABULARY);
    assert.deepEqual(riskRulesOf(own, 'base', '2026-02-01').thresholds, { elevated: 1, high: 2 });
    assert.deepEqual(riskRulesOf(own, 'gone', '2026-02-01'), makeProfile().risk);
    assert.throws(() => riskRulesOf(own, 'base', '2025-02-01'), /no version of profile base is in force yet/);
  });

  it('have a firm’s own gates behind theirs, and keep theirs where the codes meet', () => {
    const whole = withOwnGates(base('2026-01-01'), [gate('x'), gate('a', { owner: 'legal' })]);
    assert.deepEqual(codes(whole), ['a', 'b', 'x']);
    assert.equal(whole.gates[0]?.owner, 'compliance');
  });
});

describe('a changed profile', () => {
  const was = base('2026-01-01');

  it('is told field by field', () => {
    const is = base('2026-01-01', {
      gates: [gate('c'), gate('b', { holds: 'exit_date', documents: { need: 'any', kinds: ['x'] } })],
      filings: was.filings.map((filing) =>
        filing.kind === 'credit_update' ? { ...filing, clocks: ['labor_filing'] } : filing,
      ),
      credit_system: 'none',
      risk: { ...was.risk, weights: { ...was.risk.weights, violation: { points: 20, most: 60 } } },
    });
    assert.deepEqual(differences(was, is), [
      '- gate a',
      '+ gate c: raised_by dispute, owner compliance, holds notice_end',
      '+ gate b, documents: { need: any, kinds: [x] }',
      '~ gate b, holds: notice_end → exit_date',
      '~ filing credit_update, clocks: [securities_registration] → [labor_filing]',
      '~ credit_system: practitioner_registration → none',
      '~ risk.weights.violation.points: 15 → 20',
      '- risk.weights.violation.yuan_per_point: 10000',
    ]);
  });

  it('says that gates or filings stand in another order, and nothing when nothing changed', () => {
    assert.deepEqual(differences(was, { ...was, gates: was.gates.toReversed() }), [
      '~ order of gates: [a, b] → [b, a]',
    ]);
    // The order in which fields were written says nothing.
    const rewritten = Object.fromEntries(Object.entries(structuredClone(was)).toReversed()) as Profile;
    assert.deepEqual(differences(was, rewritten), []);
  });

  it('is compared version by version, with those that extend it', () => {
    const now = { ...was, gates: [gate('a')] };
    const [before, after] = [
      [was, base('2026-02-01'), makeProfile({ name: 'own' }), makeProfile({ name: 'other' })],
      [now, base('2027-01-01'), makeProfile({ name: 'own', gates: [] }), makeProfile({ name: 'other' })],
    ];
    assert.deepEqual(
      compareProfiles(before, after, 'base').map(({ name, version, what, against, until }) => [
        name,
        version,
        what,
        against,
        until,
      ]),
      [
        ['base', '2026-01-01', 'altered', '2026-01-01', '2027-01-01'],
        ['base', '2026-02-01', 'removed', undefined, '2027-01-01'],
        ['base', '2027-01-01', 'added', '2026-01-01', undefined],
        ['own', '2026-01-01', 'altered', '2026-01-01', undefined],
      ],
    );
  });
});
