// The written list of views, in the order of the menu; `under` says which entry of the menu a view belongs to.
import * as callbacks from './views/callbacks.js';
import * as caseView from './views/case.js';
import * as certificates from './views/certificates.js';
import * as contracts from './views/contracts.js';
import * as coverage from './views/coverage.js';
import * as exchange from './views/exchange.js';
import * as exchanges from './views/exchanges.js';
import * as faults from './views/faults.js';
import * as fidelity from './views/fidelity.js';
import * as inbox from './views/inbox.js';
import * as nowhere from './views/nowhere.js';
import * as people from './views/people.js';
import * as scenarios from './views/scenarios.js';
import * as timeline from './views/timeline.js';

export const VIEWS = {
  inbox,
  exchanges,
  timeline,
  coverage,
  scenarios,
  faults,
  people,
  certificates,
  contracts,
  fidelity,
  case: { ...caseView, under: 'inbox' },
  exchange: { ...exchange, under: 'exchanges' },
  callbacks: { ...callbacks, under: 'exchanges' },
  nowhere: { ...nowhere, under: 'nowhere' },
};

/** The view of the part of an address after #, and what it is about. What leads nowhere says so: `nowhere`. */
export function placeOf(hash) {
  const typed = hash.replace(/^#\/?/, '');
  try {
    const [name, ...rest] = typed.split('/').map(decodeURIComponent);
    if (name === '') return { name: 'inbox', rest: [] };
    if (name !== 'nowhere' && Object.hasOwn(VIEWS, name)) return { name, rest };
  } catch {
    // a % that stands for nothing
  }
  return { name: 'nowhere', rest: [typed] };
}
