/** Verified lists → filings and practitioners in the gateway's words. Pure. */
import { z } from 'zod';
import type { ListedFiling, Page, RosterEntry } from '../adapter.ts';
import { readDate } from '../format.ts';
import { type Answer, questionSetback, UNREADABLE } from './reply.ts';

const day = z.string().transform(readDate).pipe(z.iso.date());
const next = z.string().optional();
const changes = z.object({
  changes: z.array(
    z.object({
      revision: z.string(),
      receipt: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
      state: z.enum(['received', 'in_review', 'correction_requested', 'concluded', 'rejected', 'withdrawn']),
      practitioner: z.object({ id_number: z.string().min(1), name: z.string().min(1) }),
      effective_date: day,
    }),
  ),
  next,
});
const practitioners = z.object({
  practitioners: z.array(z.object({ id_number: z.string().min(1), name: z.string().min(1), since: day })),
  next,
});

export function changesPage(answer: Answer): Page<ListedFiling> {
  if (answer.status !== 200) return questionSetback(answer);
  const read = changes.safeParse(answer.body).data;
  if (read === undefined) return UNREADABLE;
  const entries = read.changes.map(
    (each): ListedFiling => ({
      serial: each.revision,
      receipt: each.receipt,
      kind: 'credit_update',
      state: stateOf(each.state),
      person: { name: each.practitioner.name, id_number: each.practitioner.id_number },
      exitDate: each.effective_date,
    }),
  );
  return page(entries, read.next);
}

export function practitionersPage(answer: Answer): Page<RosterEntry> {
  if (answer.status !== 200) return questionSetback(answer);
  const read = practitioners.safeParse(answer.body).data;
  if (read === undefined) return UNREADABLE;
  const entries = read.practitioners.map(
    ({ name, id_number, since }): RosterEntry => ({
      kind: 'credit_update',
      person: { name, id_number },
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

type Change = z.infer<typeof changes>['changes'][number];

function stateOf(state: Change['state']): ListedFiling['state'] {
  if (state === 'received') return 'in_review';
  return state === 'concluded' ? 'accepted' : state;
}
