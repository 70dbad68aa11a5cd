/** Verified lists → filings and insured persons in the gateway's words. Pure. */
import type { ListedFiling, Page, RosterEntry, Setback } from '../adapter.ts';
import { readDate } from '../format.ts';
import { type Answer, setbackOf, unasked } from './reply.ts';
import { TRANS } from './request.ts';
import { DONE } from './rows.ts';
import { type Element, field } from './xml.ts';

const UNREADABLE: Setback = { kind: 'unsure', reason: 'the list does not say what the contract promises' };

/** Answer to 3003. A batch is a filing for each person in it. */
export const batchesPage = (answer: Answer, now: Date): Page<ListedFiling> =>
  pageOf(answer, now, 'Batch', batchFilings);

/** Answer to 3004: a person is insured while any insurance is paid, and has been since the oldest of them. */
export const rosterPage = (answer: Answer, now: Date): Page<RosterEntry> =>
  pageOf(answer, now, 'Insured', (insured) => {
    const [id_number, name] = [field(insured, 'AAC002'), field(insured, 'AAC003')];
    const days = childrenOf(insured, 'Insurance').map((each) => readDate(field(each, 'AAE035') ?? ''));
    const since = days.every((each) => each !== undefined) ? days.toSorted()[0] : undefined;
    if (!id_number || !name || !since) return undefined;
    return [{ kind: 'insurance_stop', person: { name, id_number }, since }];
  });

const childrenOf = (element: Element, name: string) => element.children.filter((each) => each.name === name);

function pageOf<Entry>(
  answer: Answer,
  now: Date,
  name: string,
  entriesOf: (element: Element) => readonly Entry[] | undefined,
): Page<Entry> {
  if (answer.code !== '0') return setbackOf(answer, now) ?? unasked(answer);
  const read = childrenOf(answer.content, name).map(entriesOf);
  const entries = read.flatMap((each) => each ?? []);
  if (read.includes(undefined)) return UNREADABLE;
  const next = field(answer.content, 'Next');
  return { kind: 'page', entries, ...(next === undefined ? {} : { next }) };
}

function batchFilings(batch: Element): readonly ListedFiling[] | undefined {
  const [serial, receipt, state] = ['MessageId', 'AAZ308', 'State'].map((name) => field(batch, name));
  const kind = kindOf(field(batch, 'TransCode'));
  const rows = childrenOf(batch, 'Row').map((row) => ({
    id_number: field(row, 'AAC002'),
    name: field(row, 'AAC003'),
    exitDate: readDate(field(row, 'AAE035') ?? ''),
    code: field(row, 'Code'),
  }));
  if (!serial || !receipt || !state || kind === undefined || rows.length === 0) return undefined;
  const persons = [...new Set(rows.map(({ id_number }) => id_number))];
  const filings = persons.map((id_number): ListedFiling | undefined => {
    const own = rows.filter((row) => row.id_number === id_number);
    const [{ name, exitDate } = {}] = own;
    const codes = own.map(({ code }) => code);
    if (!id_number || !name || !exitDate || (state === 'finished' && codes.includes(undefined)))
      return undefined;
    const person = { name, id_number };
    return { serial, receipt, kind, state: stateOf(state, codes), person, exitDate };
  });
  return filings.every((each) => each !== undefined) ? filings : undefined;
}

function kindOf(code: string | undefined): ListedFiling['kind'] | undefined {
  if (code === TRANS.stop) return 'insurance_stop';
  return code === TRANS.transfer ? 'insurance_transfer' : undefined;
}

/** As a filing's own outcome is judged: see rows.ts. */
function stateOf(state: string, codes: readonly (string | undefined)[]): ListedFiling['state'] {
  if (state !== 'finished') return 'in_review';
  if (codes.every((code) => code !== undefined && DONE.includes(code))) return 'accepted';
  return codes.includes('CORRECTION') ? 'correction_requested' : 'rejected';
}
