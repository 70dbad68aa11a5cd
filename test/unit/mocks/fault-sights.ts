// What a client sees of each fault, in each phase: data. Played by faults-clients.test.ts and faults-stories.test.ts.
import type { AgencyName } from '../../../mocks/index.ts';
import type { Kind, Phase } from '../../../mocks/kernel/fault-kinds.ts';

/** What axios and fetch see of one request that is struck; one word when both say the same. */
export interface Sight {
  readonly kind: Kind;
  readonly phases: readonly Phase[];
  readonly axios: string;
  readonly fetch: string;
  /** Default: labor. */
  readonly agency?: AgencyName;
}

const ANYWHERE = ['connect', 'before-commit', 'after-commit', 'response'] as const;
const UNTAKEN = ['connect', 'before-commit'] as const;
const same = (kind: Kind, phases: readonly Phase[], seen: string, agency: AgencyName = 'labor'): Sight => ({
  kind,
  phases,
  axios: seen,
  fetch: seen,
  agency,
});

export const WIRE: readonly Sight[] = [
  same('refuse', ['connect'], 'ECONNREFUSED'),
  same('reset', ANYWHERE, 'ECONNRESET'),
  { kind: 'close', phases: ANYWHERE, axios: 'ECONNRESET', fetch: 'UND_ERR_SOCKET' },
  { kind: 'hang', phases: ANYWHERE, axios: 'ECONNABORTED', fetch: 'TimeoutError' },
  { kind: 'late', phases: ['before-commit'], axios: 'ECONNABORTED', fetch: 'TimeoutError' },
  same('status', ANYWHERE, '503 MAINTENANCE'),
  same('empty', ANYWHERE, '200 nothing'),
  same('html', ANYWHERE, '200 html'),
  same('garbage', ANYWHERE, '200 garbage'),
  { kind: 'slow', phases: ANYWHERE, axios: 'ECONNABORTED', fetch: 'TimeoutError' },
  { kind: 'truncate', phases: ['response'], axios: 'ERR_BAD_RESPONSE', fetch: 'UND_ERR_SOCKET' },
  same('bad-chunk', ['response'], 'HPE_INVALID_CHUNK_SIZE'),
  // Who is patient gets it all.
  same('dribble', ['response'], '200 0'),
  same('soap-fault', UNTAKEN, '500 REMOTE_FAULT'),
  same('expired-token', UNTAKEN, '401 INVALID_TOKEN', 'credit'),
  // Its business failures travel with 200.
  same('expired-token', UNTAKEN, '200 AUTH_SESSION', 'insurance'),
  // An HTTP client alone cannot tell these three: it must check what is signed.
  same('broken-signature', ['response'], '200 0'),
  same('foreign-signature', ['response'], '200 0'),
  same('wrapped-signature', ['response'], '200 wrapped'),
  same('duplicate', ['after-commit'], '200 0'),
];

/** A filing that is struck, and how it looks whenever it is asked for: state, conclusion, reason, field asked for; or row codes. */
export const STORIES: readonly (Pick<Sight, 'kind' | 'phases'> & {
  readonly agency: AgencyName;
  readonly seen: readonly string[];
})[] = [
  // Asked when it was submitted, three times when it should be decided, and a month later.
  {
    kind: 'correction',
    phases: ['clerk'],
    agency: 'labor',
    seen: ['2 0', '3 0 supplement', '3 0 supplement', '6 2 CORRECTION_OVERDUE'],
  },
  {
    kind: 'reject',
    phases: ['clerk'],
    agency: 'labor',
    seen: ['2 0', '6 2 REJECTED_BY_REVIEW', '6 2 REJECTED_BY_REVIEW', '6 2 REJECTED_BY_REVIEW'],
  },
  { kind: 'stuck', phases: ['clerk'], agency: 'labor', seen: ['2 0', '5 0', '5 0', '5 0'] },
  // The state of when it was armed, once more.
  { kind: 'status-flap', phases: ['before-commit'], agency: 'labor', seen: ['2 0', '2 0', '6 1', '6 1'] },
  { kind: 'partial-batch', phases: ['clerk'], agency: 'insurance', seen: ['0 ROW_ERROR'] },
];

/** What the receiver gets of a change that passes; `!`: the signature does not fit; `answer`: its client was answered then. */
export const CALLBACKS: readonly { readonly kind: Kind; readonly seen: readonly string[] }[] = [
  { kind: 'callback-dropped', seen: ['in_review', 'concluded'] },
  { kind: 'callback-doubled', seen: ['received', 'received', 'in_review', 'concluded'] },
  { kind: 'callback-reordered', seen: ['in_review', 'received', 'concluded'] },
  { kind: 'callback-early', seen: ['received', 'answer', 'in_review', 'concluded'] },
  { kind: 'callback-badly-signed', seen: ['received!', 'in_review', 'concluded'] },
];
