/** What the codes in a profile mean: words in both languages, the statutory clocks, the agencies' tables of reasons. */
import { z } from 'zod';
import type { Clock } from './clock-data.ts';
import { DISPUTE_KINDS, FINANCE_KINDS, HANDOVER_KINDS } from './fact-kinds.ts';
import { code, type GateRule, type GateSource, Words } from './gate-rule.ts';
import type { Profile } from './profile.ts';
import { titleOf } from './risk-text.ts';
import type { SignalKind } from './signals.ts';
import { EXIT_REASONS, FILING_KINDS, type FilingKind } from './words.ts';

/** profiles/words/terms.yaml. The words of a signal's kind stand in risk-text.ts, beside the sentences made of them. */
export const Terms = z.strictObject({
  departments: z.record(code, Words),
  documents: z.record(code, Words),
  facts: z.strictObject({
    dispute: z.record(z.enum(DISPUTE_KINDS), Words),
    handover: z.record(z.enum(HANDOVER_KINDS), Words),
    finance: z.record(z.enum(FINANCE_KINDS), Words),
  }),
});
export type Terms = z.infer<typeof Terms>;

const Reason = z.strictObject({
  title: Words,
  law: Words,
  /** Whether the law sees a job lost against one's will, which opens unemployment benefit. */
  involuntary: z.enum(['yes', 'no', 'unknown']),
  severance: z.enum(['yes', 'no', 'depends', 'unknown']),
  /** What agencies call it: by kind of filing, then by version of the agency's table. */
  codes: z.partialRecord(z.enum(FILING_KINDS), z.record(z.string(), z.string().regex(/^\d+$/))),
});

/** profiles/statutes/reasons.yaml. */
export const ReasonTable = z
  .strictObject({
    tables: z
      .array(
        z.strictObject({
          filing: z.enum(FILING_KINDS),
          version: z.string().min(1),
          title: Words,
          /** L: read in the statute's text. S: read in a public source. M: our own mapping. */
          provenance: z.enum(['L', 'S', 'M']),
        }),
      )
      .min(1),
    reasons: z.record(z.enum(EXIT_REASONS), Reason),
  })
  .superRefine(({ tables, reasons }, context) => {
    const has = (codes: z.infer<typeof Reason>['codes'], kind: FilingKind, version: string) =>
      codes[kind]?.[version] !== undefined;
    for (const [reason, { codes }] of Object.entries(reasons)) {
      const path = ['reasons', reason, 'codes'];
      for (const { filing, version } of tables)
        if (!has(codes, filing, version))
          context.addIssue({ code: 'custom', path, message: `no code for ${filing}, version ${version}` });
      for (const kind of FILING_KINDS)
        for (const version of Object.keys(codes[kind] ?? {}))
          if (!tables.some((each) => each.filing === kind && each.version === version))
            context.addIssue({
              code: 'custom',
              path: [...path, kind, version],
              message: `tables name no version ${version} for ${kind}`,
            });
    }
  });
export type ReasonTable = z.infer<typeof ReasonTable>;

export interface Vocabulary {
  readonly terms: Terms;
  readonly reasons: ReasonTable;
  readonly clocks: readonly Clock[];
}

/** What a kind of fact is called. @throws Error for a kind that the source does not have. */
export function factTitle(terms: Terms, source: GateSource, kind: string): z.infer<typeof Words> {
  const words =
    source === 'signal'
      ? titleOf(kind as SignalKind)
      : source === 'always'
        ? undefined
        : (terms.facts[source] as Readonly<Record<string, z.infer<typeof Words>>>)[kind];
  if (words === undefined) throw new Error(`${source} has no kind ${kind}`);
  return words;
}

export interface PlacedFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const oneOf = (known: readonly string[]) => `known are ${known.join(', ')}`;

/** The codes of a profile, or of the part of one that a draft gives, that stand for nothing. */
export function unknownCodes(
  profile: {
    readonly gates?: readonly GateRule[] | undefined;
    readonly filings?: Profile['filings'] | undefined;
    readonly reason_codes?: Profile['reason_codes'] | undefined;
  },
  { terms, reasons, clocks }: Vocabulary,
): PlacedFault[] {
  const faults: PlacedFault[] = [];
  const departments = Object.keys(terms.departments);
  const documents = Object.keys(terms.documents);
  for (const [index, gate] of (profile.gates ?? []).entries()) {
    if (!departments.includes(gate.owner))
      faults.push({
        path: ['gates', index, 'owner'],
        message: `there is no department ${gate.owner} in words/terms.yaml: ${oneOf(departments)}`,
      });
    for (const [place, kind] of (gate.documents?.kinds ?? []).entries())
      if (!documents.includes(kind))
        faults.push({
          path: ['gates', index, 'documents', 'kinds', place],
          message: `there is no document ${kind} in words/terms.yaml: ${oneOf(documents)}`,
        });
  }
  for (const [index, filing] of (profile.filings ?? []).entries())
    for (const [place, id] of filing.clocks.entries()) {
      const found = clocks.filter((clock) => clock.id === id);
      const path = ['filings', index, 'clocks', place];
      if (found.length === 0)
        faults.push({ path, message: `there is no clock ${id} in statutes/clocks.yaml` });
      else if (!found.some((clock) => clock.applies_to.includes(filing.kind)))
        faults.push({ path, message: `the clock ${id} is not about ${filing.kind}` });
    }
  for (const [kind, version] of Object.entries(profile.reason_codes ?? {})) {
    const known = reasons.tables.filter((table) => table.filing === kind).map((table) => table.version);
    if (!known.includes(version))
      faults.push({
        path: ['reason_codes', kind],
        message:
          known.length === 0
            ? `${kind} carries no reason: leave it out`
            : `there is no version ${version} of the reasons for ${kind} in statutes/reasons.yaml: ${oneOf(known)}`,
      });
  }
  return faults;
}

/** What a whole profile says that does not fit together. */
export function contradictions(profile: Profile, { reasons }: Vocabulary): PlacedFault[] {
  const faults: PlacedFault[] = [];
  const files = (kind: FilingKind) => profile.filings.some((each) => each.kind === kind);
  const credit = profile.credit_system !== 'none';
  if (credit !== files('credit_update'))
    faults.push({
      path: ['credit_system'],
      message: credit
        ? `credit_system is ${profile.credit_system}, but credit_update is not among the filings`
        : 'credit_system is none, but credit_update is among the filings',
    });
  for (const kind of FILING_KINDS) {
    const named = profile.reason_codes[kind] !== undefined;
    const carries = reasons.tables.some((table) => table.filing === kind);
    if (files(kind) && carries && !named)
      faults.push({
        path: ['reason_codes'],
        message: `${kind} carries a reason: name the version of its table`,
      });
    if (!files(kind) && named)
      faults.push({ path: ['reason_codes', kind], message: `${kind} is not among the filings` });
  }
  return faults;
}
