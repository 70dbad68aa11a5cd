/** Exits that are opened, filed and amended in memory, and what an amendment told. */
import assert from 'node:assert/strict';
import { type Amendment, amend } from '../../src/domain/amend.ts';
import type { Change, Exit } from '../../src/domain/exit.ts';
import type { ExitSecret } from '../../src/domain/exit-secret.ts';
import type { ExitFacts, OpenItems, Person } from '../../src/domain/facts.ts';
import type { Filing } from '../../src/domain/filing.ts';
import { AMENDING, type DraftParts, makeDraft, NOW } from './builders.ts';
import { secretAfter } from './clear.ts';

/** An exit with its encrypted part. */
export interface At {
  readonly exit: Exit;
  readonly secret: ExitSecret;
}
export const opened = (parts: DraftParts = {}): At => {
  const { change, secret } = makeDraft(parts);
  return { exit: change.exit, secret };
};
/** What is laid over the exit as it stands. */
export interface Parts extends Partial<ExitFacts> {
  readonly person?: Partial<Person>;
  readonly items?: Partial<OpenItems>;
  readonly actor?: string;
}
function amendmentOf({ exit, secret }: At, { person, items, actor, ...facts }: Parts): Amendment {
  return {
    facts: { ...exit.facts, ...facts },
    person: { ...secret.person, ...person },
    items: { disputes: [], handover: [], finance: [], ...items },
    ...(actor === undefined ? {} : { actor }),
  };
}
export const attempt = (at: At, parts: Parts, context = AMENDING) =>
  amend(at.exit, at.secret, amendmentOf(at, parts), context);
export function mustAmend(at: At, parts: Parts, context = AMENDING): At & Pick<Change, 'events'> {
  const change = attempt(at, parts, context);
  assert.ok(typeof change !== 'string' && 'exit' in change, JSON.stringify(change));
  return { exit: change.exit, events: change.events, secret: secretAfter(at.secret, change) };
}
export const types = ({ events }: Pick<Change, 'events'>) => events.map(({ type }) => type);
/** The data of `exit.amended`. */
export function told({ events }: Pick<Change, 'events'>) {
  const event = events.find(({ type }) => type === 'exit.amended');
  assert.ok(event);
  return event.data;
}
export const actions = (change: Pick<Change, 'events'>) =>
  (told(change).filings as { kind: string; action: string }[]).map(({ kind, action }) => `${kind} ${action}`);
export const revisions = ({ exit }: At) => exit.filings.map(({ factsRevision }) => factsRevision);
/** The exit with each filing in that state, as if it had been filed. */
export const filed = (at: At, state: Filing['state'], status: Exit['status'] = 'filing'): At => ({
  ...at,
  exit: {
    ...at.exit,
    status,
    filings: at.exit.filings.map(({ nextAt: _next, ...filing }) => ({
      ...filing,
      state,
      preparedAt: NOW,
      receipt: `R-${filing.kind}`,
    })),
  },
});
