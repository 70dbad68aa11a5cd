// Every kind of fault: the layer it is of, the phases in which it can strike, and the agencies that know it.
import type { AgencyName } from './agency.ts';

export type Layer = 'tcp' | 'http' | 'message' | 'business';
/** `clerk`: taken by the next case, `callback`: by the next callback, not by an exchange. */
export type Phase = 'connect' | 'before-commit' | 'after-commit' | 'response' | 'clerk' | 'callback';

const anywhere = ['connect', 'before-commit', 'after-commit', 'response'] as const;
const untaken = ['connect', 'before-commit'] as const;
const answer = ['response'] as const;
const clerk = ['clerk'] as const;
const callback = ['callback'] as const;

export const KINDS = {
  /** Nobody listens: while it is armed the agency's own port is closed. */
  refuse: { layer: 'tcp', phases: ['connect'] },
  reset: { layer: 'tcp', phases: anywhere },
  close: { layer: 'tcp', phases: anywhere },
  hang: { layer: 'tcp', phases: anywhere },
  /** Silence, and it is taken all the same, `delay_ms` of real time later. */
  late: { layer: 'tcp', phases: ['before-commit'] },
  status: { layer: 'http', phases: anywhere },
  empty: { layer: 'http', phases: anywhere },
  html: { layer: 'http', phases: anywhere },
  garbage: { layer: 'http', phases: anywhere },
  slow: { layer: 'http', phases: anywhere },
  truncate: { layer: 'http', phases: answer },
  'bad-chunk': { layer: 'http', phases: answer },
  /** A few bytes at a time, `delay_ms` for all. */
  dribble: { layer: 'http', phases: answer },
  /** The agency's own word for a breakdown: in SOAP a Fault. */
  'soap-fault': { layer: 'message', phases: untaken },
  'expired-token': { layer: 'message', phases: untaken },
  /** The right certificate, and a signature that is not its. */
  'broken-signature': { layer: 'message', phases: answer },
  'foreign-signature': { layer: 'message', phases: answer },
  /** The signed Body is moved away, another one stands in its place. SOAP only. */
  'wrapped-signature': { layer: 'message', phases: answer },
  /** The line delivers the request twice; the second answer arrives. */
  duplicate: { layer: 'message', phases: ['after-commit'] },
  /** The answer of a replica that lags: what was known when the fault was armed. Strikes operations that only ask. */
  'status-flap': { layer: 'business', phases: ['before-commit'] },
  correction: { layer: 'business', phases: clerk },
  reject: { layer: 'business', phases: clerk },
  stuck: { layer: 'business', phases: clerk },
  /** The clerk passes the first row alone. */
  'partial-batch': { layer: 'business', phases: clerk },
  'callback-dropped': { layer: 'message', phases: callback },
  'callback-doubled': { layer: 'message', phases: callback },
  /** It comes after the next one. */
  'callback-reordered': { layer: 'message', phases: callback },
  /** It is there before the answer to the request that caused it. */
  'callback-early': { layer: 'message', phases: callback },
  'callback-badly-signed': { layer: 'message', phases: callback },
} as const satisfies Record<string, { layer: Layer; phases: readonly Phase[] }>;

export type Kind = keyof typeof KINDS;

/** Kinds that not every agency knows: elsewhere nothing is there for them to strike. */
const KNOWN_TO: Readonly<Partial<Record<Kind, readonly AgencyName[]>>> = {
  /** Who speaks SOAP. */
  'soap-fault': ['labor'],
  'wrapped-signature': ['labor'],
  /** Whose clients sign in: a token, or a session. */
  'expired-token': ['insurance', 'credit'],
  /** Who takes many rows at once. */
  'partial-batch': ['insurance', 'insurance-sm2'],
  /** Who calls back. */
  'callback-dropped': ['credit', 'insurance-sm2'],
  'callback-doubled': ['credit', 'insurance-sm2'],
  'callback-reordered': ['credit', 'insurance-sm2'],
  'callback-early': ['credit', 'insurance-sm2'],
  'callback-badly-signed': ['credit', 'insurance-sm2'],
};

const ALL: readonly AgencyName[] = ['labor', 'insurance', 'credit', 'insurance-sm2'];
export const agenciesOf = (kind: Kind): readonly AgencyName[] => KNOWN_TO[kind] ?? ALL;
/** The agencies of others know what is known to all. */
export const isKnownTo = (kind: Kind, agency: AgencyName): boolean =>
  KNOWN_TO[kind]?.includes(agency) ?? true;
export const PHASES: readonly Phase[] = [...anywhere, 'clerk', 'callback'];
