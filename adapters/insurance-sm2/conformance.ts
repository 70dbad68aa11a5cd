/** How the conformance suite drives this adapter. */
import { z } from 'zod';
import type { Conformance } from '../conformance/description.ts';
import type { Stand } from '../conformance/stand.ts';

const identity = z.object({
  sm2: z.object({
    client_id: z.string(),
    private_key: z.string(),
    public_key: z.string(),
    body_key: z.string(),
    agency_public_key: z.string(),
  }),
});

async function clientOf({ desk, unit }: Stand) {
  return identity.parse(await desk('POST', '/identities', { uscc: unit.uscc, name: unit.name })).sm2;
}

export const conformance = {
  agency: 'insurance-sm2',
  kind: 'insurance_stop',
  submits: 'fileChange',
  asks: 'queryChange',
  filing: 'POST /api/v2/changes',
  amends: { operation: 'amendChange', kept: 'POST /api/v2/changes/amend' },
  withdraws: 'withdrawChange',
  inquiry: {
    asked: { kind: 'enrolment' },
    unclear: ({ desk }) => desk('POST', '/scenarios/armed', { scenario: 'SM2.INSURED_ELSEWHERE' }),
  },
  callbacks: true,
  settings: async (stand) => {
    const { public_key: _, ...client } = await clientOf(stand);
    return { url: stand.url, uscc: stand.unit.uscc, ...client };
  },
  distrusts: async (stand) => ({ agency_public_key: (await clientOf(stand)).public_key }),
  skips: {},
} as const satisfies Conformance;
