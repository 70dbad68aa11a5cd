import { creditRest } from '../../adapters/credit-rest/index.ts';
import type { Actor } from '../conformance/against-mock.ts';
import { UNIT } from '../support/filing-order.ts';
import { CREDIT } from './credit.ts';
import { LISTS } from './kernel.ts';
import { describeProofs } from './proof.ts';

const actor: Actor = {
  agency: 'credit',
  entry: creditRest,
  kind: 'credit_update',
  submits: 'submitRegistrationChange',
  asks: 'getRegistrationChange',
  filing: 'POST /v1/registration-changes',
  settings: (box) => {
    const { clientId, clientSecret } = box.oauthClient(UNIT.uscc);
    return { client_id: clientId, client_secret: clientSecret };
  },
};

describeProofs(actor, [...CREDIT, ...LISTS]);
