/** Signed lists → filings and employees in the gateway's words. Pure. */
import { z } from 'zod';
import type { ListedFiling, Page, RosterEntry } from '../adapter.ts';
import { readDate } from '../format.ts';
import { type Reply, UNREADABLE } from './reply.ts';

const day = z.string().transform(readDate).pipe(z.iso.date());
const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
const next = z.string().optional();
/** One element is a value, several are an array, none is absent. */
const several = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(
    (given) => (given === undefined ? [] : Array.isArray(given) ? given : [given]),
    z.array(schema),
  );

const filing = z.object({
  SAA036: z.string().regex(/^[A-Z0-9]{8,32}$/),
  BAE941: z.string(),
  SAA043: z.enum(['1', '2', '3', '4', '5', '6']),
  TAA103: z.enum(['0', '1', '2']),
  withdrawn: flag,
  correcting: flag,
  AAC002: z.string().min(1),
  AAC003: z.string().min(1),
  abc916: day,
});
const filings = z.object({ filing: several(filing), next });
const employees = z.object({
  employee: several(z.object({ AAC002: z.string().min(1), AAC003: z.string().min(1), since: day })),
  next,
});

export function readFilings({ content }: Reply): Page<ListedFiling> {
  const read = filings.safeParse(content).data;
  if (read === undefined) return UNREADABLE;
  const entries = read.filing.map(
    (each): ListedFiling => ({
      serial: each.BAE941,
      receipt: each.SAA036,
      kind: 'labor_filing',
      state: stateOf(each),
      person: { name: each.AAC003, id_number: each.AAC002 },
      exitDate: each.abc916,
    }),
  );
  return page(entries, read.next);
}

export function readEmployees({ content }: Reply): Page<RosterEntry> {
  const read = employees.safeParse(content).data;
  if (read === undefined) return UNREADABLE;
  const entries = read.employee.map(
    ({ AAC002, AAC003, since }): RosterEntry => ({
      kind: 'labor_filing',
      person: { name: AAC003, id_number: AAC002 },
      since,
    }),
  );
  return page(entries, read.next);
}

const page = <Entry>(entries: readonly Entry[], next: string | undefined): Page<Entry> => ({
  kind: 'page',
  entries,
  ...(next === undefined ? {} : { next }),
});

function stateOf({ withdrawn, correcting, SAA043, TAA103 }: z.infer<typeof filing>): ListedFiling['state'] {
  if (withdrawn) return 'withdrawn';
  if (correcting) return 'correction_requested';
  if (SAA043 !== '6') return 'in_review';
  return TAA103 === '1' ? 'accepted' : 'rejected';
}
