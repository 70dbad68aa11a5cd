import { insuranceSm2 } from '../../adapters/insurance-sm2/index.ts';
import type { Actor } from '../conformance/against-mock.ts';
import { UNIT } from '../support/filing-order.ts';
import { INSURANCE_SM2 } from './insurance-sm2.ts';
import { INSURANCE_SM2_ITEMS } from './insurance-sm2-items.ts';
import { describeProofs } from './proof.ts';

const actor: Actor = {
  agency: 'insurance-sm2',
  entry: insuranceSm2,
  kind: 'insurance_stop',
  submits: 'fileChange',
  asks: 'queryChange',
  filing: 'POST /api/v2/changes',
  settings: (box) => {
    const { clientId, privateKey, bodyKey, agencyPublicKey } = box.sm2Client(UNIT.uscc);
    return {
      uscc: UNIT.uscc,
      client_id: clientId,
      private_key: privateKey,
      agency_public_key: agencyPublicKey,
      body_key: bodyKey,
    };
  },
};

describeProofs(actor, [...INSURANCE_SM2, ...INSURANCE_SM2_ITEMS]);
