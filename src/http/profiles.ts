/** GET /v1/profiles · GET /v1/profiles/{name}: what an exit under a profile has to pass, in the language asked for. */
import { z } from 'zod';
import { businessDate } from '../domain/dates.ts';
import { GATE_SOURCES, HOLDS } from '../domain/gate-rule.ts';
import { CREDIT_SYSTEMS, type Profile, type Profiles } from '../domain/profile.ts';
import { RISK_CODES } from '../domain/risk-rules.ts';
import { factTitle } from '../domain/vocabulary.ts';
import { type BusinessDate, EXIT_REASONS, FILING_KINDS } from '../domain/words.ts';
import type { Language } from '../language.ts';
import { problem } from '../problem.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { date } from './fields.ts';
import type { HttpParts } from './parts.ts';
import { profileExample, profileSummaryExample } from './profile-examples.ts';
import { timeOf } from './time.ts';

const day = z.string().meta({ format: 'date' });
const called = z.object({ code: z.string(), title: z.string() });

const summary = {
  name: z.string(),
  title: z.string(),
  in_force: day
    .nullable()
    .meta({ description: 'The version that an exit opened today gets; null: none yet' }),
  versions: z.array(day).meta({ description: 'Each by the day from which it holds for new exits' }),
};
const ProfileSummary = z.object(summary).meta({ id: 'ProfileSummary' });

const ProfileView = z
  .object({
    ...summary,
    version: day.meta({ description: 'The version shown' }),
    credit_system: z.enum(CREDIT_SYSTEMS),
    gates: z.array(
      z.object({
        code: z.string(),
        title: z.string(),
        clears: z.string().meta({ description: 'What settles it' }),
        owner: called.meta({ description: 'The department that settles it' }),
        raised_by: z.enum(GATE_SOURCES),
        kinds: z.array(called).nullable().meta({ description: 'Null: every kind' }),
        within_days: z.int().nullable().meta({ description: 'How long a signal counts; null: for ever' }),
        items: z.array(called),
        documents: z
          .object({ need: z.enum(['any', 'all']), kinds: z.array(called) })
          .nullable()
          .meta({ description: 'What a clearance must name' }),
        holds: z.enum(HOLDS).meta({ description: 'Until when it may hold the filing' }),
      }),
    ),
    filings: z.array(
      z.object({
        kind: z.enum(FILING_KINDS),
        after: z.array(z.enum(FILING_KINDS)).meta({ description: 'What must be verified first' }),
        clocks: z.array(
          z.object({
            clock: z.string(),
            title: z.string(),
            basis: z.string(),
            length: z.int(),
            unit: z.enum(['calendar', 'working', 'months']),
            region: z.string().meta({ description: 'GB/T 2260 prefix; empty: the whole country' }),
          }),
        ),
      }),
    ),
    reasons: z.array(
      z.object({
        code: z.enum(EXIT_REASONS),
        title: z.string(),
        law: z.string(),
        involuntary: z.enum(['yes', 'no', 'unknown']),
        severance: z.enum(['yes', 'no', 'depends', 'unknown']),
        codes: z.array(z.object({ kind: z.enum(FILING_KINDS), version: z.string(), code: z.string() })),
      }),
    ),
    risk: z.object({
      weights: z.array(
        z.object({
          code: z.enum(RISK_CODES),
          points: z.int(),
          most: z.int(),
          yuan_per_point: z.int().nullable(),
        }),
      ),
      decay: z.array(z.object({ days: z.int(), percent: z.int() })),
      thresholds: z.object({ elevated: z.int(), high: z.int() }),
    }),
  })
  .meta({ id: 'Profile' });

type Said = Readonly<Record<Language, string>>;
const titled = (code: string, words: Said | undefined, language: Language) => ({
  code,
  title: words?.[language] ?? code,
});

function presentSummary(profiles: Profiles, name: string, today: BusinessDate, language: Language) {
  const versions = profiles.all.filter((each) => each.name === name);
  const current = profiles.inForce(name, today);
  const [first] = versions;
  return {
    name,
    title: (current ?? first)?.title[language] ?? name,
    in_force: current?.effective_from ?? null,
    versions: versions.map((each) => each.effective_from).toSorted(),
  };
}

function presentGate(gate: Profile['gates'][number], { terms }: Profiles['vocabulary'], language: Language) {
  const { raised_by, kinds, items = [], documents } = gate;
  return {
    code: gate.code,
    title: gate.title[language],
    clears: gate.clears[language],
    owner: titled(gate.owner, terms.departments[gate.owner], language),
    raised_by,
    kinds: kinds?.map((kind) => titled(kind, factTitle(terms, raised_by, kind), language)) ?? null,
    within_days: gate.within_days ?? null,
    items: items.map(({ code, title }) => titled(code, title, language)),
    documents:
      documents === undefined
        ? null
        : {
            need: documents.need,
            kinds: documents.kinds.map((kind) => titled(kind, terms.documents[kind], language)),
          },
    holds: gate.holds,
  };
}

/** The clocks of a filing as the law stands: of each rule and region the text in force. */
function presentClocks(
  ids: readonly string[],
  all: Profiles['vocabulary']['clocks'],
  on: BusinessDate,
  language: Language,
) {
  const standing = all.filter(
    ({ id, region, effective_from: from }) =>
      from <= on &&
      !all.some(
        (each) =>
          each.id === id && each.region === region && each.effective_from > from && each.effective_from <= on,
      ),
  );
  return ids.flatMap((id) =>
    standing
      .filter((clock) => clock.id === id)
      .map(({ title, basis, length, unit, region }) => ({
        clock: id,
        title: title[language],
        basis: basis[language],
        length,
        unit,
        region,
      })),
  );
}

function presentReasons(
  { reasons, reason_codes }: Profile,
  table: Profiles['vocabulary']['reasons'],
  language: Language,
) {
  return (reasons ?? EXIT_REASONS).map((code) => {
    const { title, law, involuntary, severance, codes } = table.reasons[code];
    return {
      code,
      title: title[language],
      law: law[language],
      involuntary,
      severance,
      codes: FILING_KINDS.flatMap((kind) => {
        const version = reason_codes[kind];
        const given = version === undefined ? undefined : codes[kind]?.[version];
        return version === undefined || given === undefined ? [] : [{ kind, version, code: given }];
      }),
    };
  });
}

function present(
  profiles: Profiles,
  profile: Profile,
  today: BusinessDate,
  language: Language,
): z.output<typeof ProfileView> {
  const { vocabulary } = profiles;
  const { weights, decay, thresholds } = profile.risk;
  return {
    ...presentSummary(profiles, profile.name, today, language),
    title: profile.title[language],
    version: profile.effective_from,
    credit_system: profile.credit_system,
    gates: profile.gates.map((gate) => presentGate(gate, vocabulary, language)),
    filings: profile.filings.map(({ kind, after, clocks }) => ({
      kind,
      after,
      clocks: presentClocks(clocks, vocabulary.clocks, today, language),
    })),
    reasons: presentReasons(profile, vocabulary.reasons, language),
    risk: {
      weights: RISK_CODES.map((code) => {
        const { points, most, yuan_per_point } = weights[code];
        return { code, points, most, yuan_per_point: yuan_per_point ?? null };
      }),
      decay: decay.map(({ days, percent }) => ({ days, percent })),
      thresholds: { elevated: thresholds.elevated, high: thresholds.high },
    },
  };
}

const path = '/v1/profiles';
const common = { tag: 'Profiles', scope: 'exits:read', method: 'get', status: 200 } as const;
const one = { schema: z.string().regex(/^[a-z][a-z0-9_]*$/), absent: 'profile_not_found' } as const;

export function profileEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { profiles } = parts;
  return [
    endpoint({
      ...common,
      path,
      name: 'listProfiles',
      summary: 'List the profiles: the industries, each in its versions',
      answer: z.object({ data: z.array(ProfileSummary) }),
      answerExample: { data: [profileSummaryExample] },
      problems: [],
      handler: async ({ caller, language }) => {
        const today = businessDate(await timeOf(parts, caller));
        return { data: profiles.names.map((name) => presentSummary(profiles, name, today, language)) };
      },
    }),
    endpoint({
      ...common,
      path: `${path}/{id}`,
      name: 'getProfile',
      summary:
        'Read a profile by its name: gates, filings with their clocks, reasons with their codes, weights',
      description: 'The version in force today, or the one asked for by its day.',
      id: one,
      query: { version: date.optional().meta({ description: 'One of `versions`', format: 'date' }) },
      answer: ProfileView,
      answerExample: profileExample,
      problems: [one.absent, 'profile_version_not_found'],
      handler: async ({ id: name, query: { version }, caller, language }) => {
        const today = businessDate(await timeOf(parts, caller));
        if (!profiles.names.includes(name)) throw problem(one.absent, {});
        const found = version === undefined ? profiles.inForce(name, today) : profiles.version(name, version);
        if (found === undefined)
          throw problem('profile_version_not_found', {
            profile: name,
            versions: presentSummary(profiles, name, today, language).versions.join(', '),
          });
        return present(profiles, found, today, language);
      },
    }),
  ];
}
