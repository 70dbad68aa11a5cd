/** Connects an organisation to the mock agencies: an identity from their CA, and a sandbox connection for each adapter. */
import axios from 'axios';
import { z } from 'zod';
import type { FilingKind } from '../domain/words.ts';
import type { Store } from '../store/index.ts';

export interface AgencyUrls {
  readonly desk: string;
  readonly labor: string;
  readonly insurance: string;
  readonly credit: string;
}

/** The employer of the examples: a synthetic firm with a USCC that passes both checks. */
export const EXAMPLE_EMPLOYER = {
  name: '某证券有限公司',
  uscc: '91110105MA001234X4',
  region: '110000',
} as const;

const Identity = z.object({
  key: z.string(),
  certificate: z.string(),
  ca: z.string(),
  oauth: z.object({ client_id: z.string(), client_secret: z.string() }),
});

/**
 * Makes the three sandbox connections of an employer, or gives those that exist a new identity: the agencies' CA is
 * made anew at each of their starts.
 */
export async function connectToMocks(
  store: Store,
  orgId: string,
  urls: AgencyUrls,
  employer: { readonly name: string; readonly uscc: string },
): Promise<void> {
  const { data } = await axios.post(
    `${urls.desk}/identities`,
    { uscc: employer.uscc, name: employer.name },
    { proxy: false },
  );
  const { oauth, ...identity } = Identity.parse(data);
  const wanted: readonly {
    adapter: string;
    kinds: readonly FilingKind[];
    settings: Record<string, unknown>;
  }[] = [
    { adapter: 'labor-soap', kinds: ['labor_filing'], settings: { ...identity, url: urls.labor } },
    {
      adapter: 'insurance-xml',
      kinds: ['insurance_stop', 'insurance_transfer'],
      settings: { ...identity, url: urls.insurance },
    },
    {
      adapter: 'credit-rest',
      kinds: ['credit_update'],
      settings: { ...identity, ...oauth, url: urls.credit },
    },
  ];
  const existing = await store.connections.list(orgId, true);
  for (const { adapter, kinds, settings } of wanted) {
    const known = existing.find((each) => each.adapter === adapter && each.employerUscc === employer.uscc);
    if (known !== undefined) await store.connections.change(orgId, known, { settings });
    else
      await store.connections.create(orgId, true, {
        name: `mock ${adapter}`,
        adapter,
        kinds,
        region: '',
        employerUscc: employer.uscc,
        settings,
      });
  }
}
