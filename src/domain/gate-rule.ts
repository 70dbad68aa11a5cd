/**
 * A gate as a rule: what raises it, who settles it, with which documents, and until when it may hold. Profiles and a
 * firm's own gates share it, so that it is checked once. Messages `fault:<code>` name sentences of src/faults.ts.
 */
import { z } from 'zod';
import { DISPUTE_KINDS, FINANCE_KINDS, HANDOVER_KINDS } from './fact-kinds.ts';
import { SIGNAL_KINDS } from './signals.ts';

/** The faults that a rule can have of its own. */
export const GATE_FAULTS = [
  'code_invalid',
  'words_not_english',
  'words_not_chinese',
  'value_unknown',
  'value_repeated',
  'gate_items_needed',
  'gate_items_not_taken',
  'gate_kinds_not_taken',
  'gate_within_days_not_taken',
] as const;
type GateFault = (typeof GATE_FAULTS)[number];
const fault = (name: GateFault) => `fault:${name}`;

export const ENGLISH = /^[^\p{Script=Han}]+$/u;
export const CHINESE = /\p{Script=Han}/u;

/** A text in both languages. */
export const Words = z.strictObject({
  en: z.string().min(1).regex(ENGLISH, fault('words_not_english')),
  zh: z.string().min(1).regex(CHINESE, fault('words_not_chinese')),
});
export const code = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9_]*$/, fault('code_invalid'));

/** What raises a gate: each open item of that fact in the exit, each earlier signal, or the exit itself. */
export const GATE_SOURCES = ['dispute', 'handover', 'finance', 'signal', 'always'] as const;
export type GateSource = (typeof GATE_SOURCES)[number];

/** The kinds that a fact may have; what is raised by `always` has none. */
export const KINDS: Readonly<Record<GateSource, readonly string[]>> = {
  dispute: DISPUTE_KINDS,
  handover: HANDOVER_KINDS,
  finance: FINANCE_KINDS,
  signal: SIGNAL_KINDS,
  always: [],
};

/**
 * Until when a gate may hold the filing: never at all, to the end of the employee's notice (Labour Contract Law §37; the
 * exit date where no notice ends the relation), to the exit date, or to the nearest limit of a filing.
 */
export const HOLDS = ['nothing', 'notice_end', 'exit_date', 'filing_deadline'] as const;
export type Holds = (typeof HOLDS)[number];

/** @param words how a text in both languages is checked: strictly in data, trimmed and cleaned over HTTP. */
export const gateFields = <Text extends z.ZodType<z.infer<typeof Words>>>(words: Text) => ({
  code,
  /** The department that settles it, by its code in profiles/words/terms.yaml. */
  owner: code,
  raised_by: z.enum(GATE_SOURCES),
  /** Of that fact only these kinds; absent: every kind. */
  kinds: z.array(code).min(1).max(20).optional(),
  /** A signal counts for so many days after it happened; absent: for ever. */
  within_days: z.int().positive().max(36_500).optional(),
  /** What it consists of where the exit names nothing of the kind: with them, the gate is raised for everybody. */
  items: z
    .array(z.strictObject({ code, title: words }))
    .min(1)
    .max(50)
    .optional(),
  title: words,
  /** What clears it. */
  clears: words,
  /** Kinds of document that a clearance must name, any of them or all; absent: none is needed. */
  documents: z.strictObject({ need: z.enum(['any', 'all']), kinds: z.array(code).min(1).max(20) }).optional(),
  holds: z.enum(HOLDS),
});

type GateShape = Pick<GateRule, 'raised_by' | 'kinds' | 'within_days' | 'items' | 'documents'>;

/** What the fields say together. For `superRefine`. */
export function checkGate(gate: GateShape, context: z.core.$RefinementCtx): void {
  const { raised_by, kinds = [], within_days, items, documents } = gate;
  const issue = (path: PropertyKey[], name: GateFault, params: Record<string, string> = {}) =>
    context.addIssue({ code: 'custom', path, message: fault(name), params });
  if (raised_by === 'always') {
    if (items === undefined) issue(['items'], 'gate_items_needed');
    if (gate.kinds !== undefined) issue(['kinds'], 'gate_kinds_not_taken');
  } else {
    const known = KINDS[raised_by];
    for (const [index, kind] of kinds.entries())
      if (!known.includes(kind)) issue(['kinds', index], 'value_unknown', { values: known.join(', ') });
    if (items !== undefined && raised_by !== 'handover')
      issue(['items'], 'gate_items_not_taken', { raised_by });
  }
  if (within_days !== undefined && raised_by !== 'signal')
    issue(['within_days'], 'gate_within_days_not_taken');
  const lists: readonly [PropertyKey[], readonly string[]][] = [
    [['kinds'], kinds],
    [['items'], (items ?? []).map((each) => each.code)],
    [['documents', 'kinds'], documents?.kinds ?? []],
  ];
  for (const [path, values] of lists)
    for (const [index, value] of values.entries())
      if (values.indexOf(value) < index) issue([...path, index], 'value_repeated', { value });
}

/** The same for editors, which know only the JSON schema. */
const shapes = GATE_SOURCES.map((source) => ({
  properties: {
    raised_by: { const: source },
    ...(source === 'always' ? {} : { kinds: { items: { enum: [...KINDS[source]] } } }),
  },
  ...(source === 'always' ? { required: ['items'] } : {}),
  not: {
    anyOf: [
      ...(source === 'always' ? [{ required: ['kinds'] }] : []),
      ...(source === 'always' || source === 'handover' ? [] : [{ required: ['items'] }]),
      ...(source === 'signal' ? [] : [{ required: ['within_days'] }]),
    ],
  },
}));

export const GateRule = z.strictObject(gateFields(Words)).superRefine(checkGate).meta({ anyOf: shapes });
export type GateRule = z.infer<z.ZodObject<ReturnType<typeof gateFields<typeof Words>>>>;
