// What is simulated and what is not, operation by operation: GET /fidelity.
import type { AgencyName } from './kernel/agency.ts';

export interface Fidelity {
  readonly agency: AgencyName;
  readonly operation: string;
  /** What the request must satisfy before anything happens. */
  readonly validated: string;
  /** What it changes or remembers; absent: it only reads. */
  readonly stateful?: string;
  /** What sandbox time does to it; absent: nothing. */
  readonly timed?: string;
  readonly deviates: readonly string[];
}

const labor = (operation: string, rest: Partial<Fidelity> = {}): Fidelity => ({
  agency: 'labor',
  operation,
  validated: 'envelope.xsd and labor.xsd; one XML signature over the Body; certificate of the sandbox’s CA',
  deviates: [],
  ...rest,
});
const insurance = (operation: string, rest: Partial<Fidelity> = {}): Fidelity => ({
  agency: 'insurance',
  operation,
  validated:
    'insurance.xsd for envelope and payload; detached CMS; binding of head and payload; session and encryption',
  deviates: [],
  ...rest,
});
const credit = (operation: string, rest: Partial<Fidelity> = {}): Fidelity => ({
  agency: 'credit',
  operation,
  validated: 'openapi.yaml; OAuth 2 token; detached JWS bound to method, path and unit',
  deviates: [],
  ...rest,
});

const REVIEW = 'the clerk’s delay, seconds by default; corrections end at midnight in China';
const ROLLS = 'people and units that are asked about come into being, unless the population is seeded';

export const FIDELITY: readonly Fidelity[] = [
  labor('Ping', { timed: 'tells sandbox time and business hours', deviates: ['holidays are not known'] }),
  labor('QueryUnit', { stateful: ROLLS, deviates: ['the unit’s name is not compared'] }),
  labor('QueryPerson', { stateful: ROLLS }),
  labor('SubmitTermination', {
    stateful: 'a filing, once per serial; one open filing per employment; known disputes',
    timed: REVIEW,
    deviates: ['filing is open around the clock', 'supplements hold text, no files'],
  }),
  labor('QueryFiling'),
  labor('SupplementFiling', { stateful: 'a revision of a filing that was sent back', timed: REVIEW }),
  labor('ListFilings', { deviates: ['fifty to a page'] }),
  labor('ListEmployees', {
    deviates: ['only those whom somebody has asked about, unless the population is seeded'],
  }),
  labor('WithdrawFiling', { stateful: 'ends a filing that is not in review yet' }),
  insurance('connectivity-test', { timed: 'tells sandbox time' }),
  insurance('sign-in', {
    validated: 'insurance.xsd; detached CMS',
    stateful: 'a session of thirty minutes',
    timed: 'sessions end on the sandbox clock',
    deviates: ['keys are derived from the seed, so they are no secret'],
  }),
  insurance('sign-out', { stateful: 'ends the session' }),
  insurance('query-unit', { stateful: ROLLS }),
  insurance('query-person', { stateful: ROLLS, deviates: ['the protocol has no document type'] }),
  insurance('stop', {
    stateful: 'a batch, once per MessageId; rows pass or fail each by its own rules',
    timed: 'the monthly window; the clerk’s delay',
    deviates: ['arrears and back payments are not computed'],
  }),
  insurance('transfer', {
    stateful: 'a batch of transfers, after the stop',
    timed: 'the monthly window; the clerk’s delay',
    deviates: ['the other region never answers'],
  }),
  insurance('progress'),
  insurance('person-state'),
  insurance('batch-list'),
  insurance('unit-roster', {
    deviates: ['only those whom somebody has asked about, unless the population is seeded'],
  }),
  credit('token', {
    validated: 'openapi.yaml; client and secret',
    deviates: ['token times are real time; nothing is stored, so nothing is revoked'],
  }),
  credit('ping', { timed: 'tells sandbox time' }),
  credit('submitRegistrationChange', {
    stateful: 'a change, once per serial; one open change per person',
    timed: REVIEW,
    deviates: ['only cancellations'],
  }),
  credit('getRegistrationChange'),
  credit('amendRegistrationChange', { stateful: 'a revision of a change that was sent back', timed: REVIEW }),
  credit('withdrawRegistrationChange', { stateful: 'ends a change that is not concluded' }),
  credit('listRegistrationChanges'),
  credit('listPractitioners', {
    deviates: ['only those whom somebody has asked about, unless the population is seeded'],
  }),
  credit('queryPractitioner', { stateful: ROLLS }),
  credit('inquire', {
    stateful: 'an inquiry number; the agency’s register of consents',
    timed: 'consents end with their last day in China',
    deviates: ['the signature on the consent is not looked at', 'records are only what scenarios put there'],
  }),
];

/** What none of the agencies simulates. */
export const NOT_SIMULATED: readonly string[] = [
  'callbacks of the labour and insurance agencies',
  'repeated callbacks: each is sent once',
  'mutual TLS: certificates sign messages, not connections',
  'public holidays',
  'certificate revocation',
];
