// A batch from its receipt to its row results: submit (commit), the clerk's steps on the sandbox clock, the clerk's decision.
import { createHash } from 'node:crypto';
import {
  type CaseView,
  type Decision,
  type Insurance,
  type Plan,
  Refusal,
  type Room,
} from '../kernel/agency.ts';
import { personLine } from '../kernel/identifiers.ts';
import type { Sentence } from '../kernel/scenario.ts';
import { compactDay } from '../kernel/time.ts';
import { about, afterwardsSays, HELD, stateSays } from '../kernel/words.ts';
import type { Answer, Request } from './message.ts';
import { apply, judge, type Row, type RowResult, stateOf, takeBack } from './rows.ts';
import { requireOpen } from './window.ts';
import { child, type Element, need, tag } from './xml.ts';

export interface Batch {
  /** AAZ308 */
  readonly receipt: string;
  readonly transCode: string;
  readonly operation: 'stop' | 'transfer';
  readonly messageId: string;
  readonly unit: string;
  /** SHA-256 of the transaction element's content: what "the same again" means. */
  readonly content: string;
  readonly rows: readonly Row[];
  readonly state: 'received' | 'processing' | 'finished';
  readonly plan: Plan;
  /** Timers of an older round do nothing. */
  readonly round: number;
  /** The agency no longer knows it. */
  readonly lost?: boolean;
  readonly submittedAt: string;
  readonly updatedAt: string;
  readonly results?: readonly RowResult[];
}

const batches = (room: Room) => room.store.table<Batch>('insurance.batches');
const serials = (room: Room) => room.store.table<{ receipt: string }>('insurance.serials');

/** Rows that were sent back, by person: a batch that files them again answers that one, and keeps its scenario. */
const asked = (room: Room) => room.store.table<{ receipt: string }>('insurance.asked');
const askedKey = (unit: string, operation: string, idNumber: string) => `${unit} ${operation} ${idNumber}`;

export function answered(unit: string, operation: string, persons: readonly string[], room: Room) {
  const found = persons.map((idNumber) => asked(room).get(askedKey(unit, operation, idNumber)));
  return batches(room).get(found.find((row) => row !== undefined)?.receipt ?? '');
}

/** All that the agency knows of a unit's batches, in the order in which they came. */
export const batchesOf = (unit: string, room: Room): readonly Batch[] =>
  batches(room)
    .all()
    .filter((batch) => (batch.unit === unit || !room.keeps('insurance.own-batches')) && !batch.lost);

/** By the client's MessageId or the receipt; another unit's is not found. */
export function findBatch(
  unit: string,
  messageId: string | undefined,
  receipt: string | undefined,
  room: Room,
): Batch | undefined {
  const key = receipt ?? serials(room).get(`${unit} ${messageId}`)?.receipt;
  const batch = key === undefined ? undefined : batches(room).get(key);
  const own = batch?.unit === unit || !room.keeps('insurance.own-batches');
  return own && !batch?.lost ? batch : undefined;
}

export function submit(content: Element, request: Request, room: Room): Answer {
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const once = room.keeps('insurance.serial-once');
  const known = once ? findBatch(request.unit, request.messageId, undefined, room) : undefined;
  const same = known?.content === hash || !room.keeps('insurance.serial-content');
  if (known && same) return receiptOf(known, 'DUPLICATE', 'Already received');
  if (known) throw new Refusal('SERIAL_REUSED', 'This MessageId was used with other content');
  requireOpen(room, request.unit);
  const operation = request.transCode === '2001' ? 'stop' : 'transfer';
  const rows = content.children.map(readRow);
  if (operation === 'transfer' && room.keeps('insurance.stop-first'))
    requireStopped(rows, request.unit, room);
  const now = room.now();
  const persons = rows.map(({ AAC002 }) => AAC002);
  const plan = room.plan(operation, answered(request.unit, operation, persons, room)?.plan);
  for (const idNumber of persons) asked(room).delete(askedKey(request.unit, operation, idNumber));
  const batch: Batch = {
    receipt: `AAZ${compactDay(now)}${String(room.store.next('insurance.batches')).padStart(6, '0')}`,
    transCode: request.transCode,
    operation,
    messageId: request.messageId,
    unit: request.unit,
    content: hash,
    rows,
    state: 'received',
    plan,
    round: 0,
    submittedAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
  batches(room).put(batch.receipt, batch);
  serials(room).put(`${batch.unit} ${batch.messageId}`, { receipt: batch.receipt });
  if (plan.decision) {
    later(batch, 'batch.process', Math.floor(plan.delayMs / 2), room);
    later(batch, 'batch.settle', plan.delayMs, room);
  }
  return receiptOf(batch, '0', 'Received');
}

const later = ({ receipt, round }: Batch, event: string, delayMs: number, room: Room) =>
  room.schedule(new Date(room.now().getTime() + delayMs), event, `${receipt}#${round}`);

const receiptOf = (batch: Batch, code: string, message: string): Answer => ({
  code,
  message,
  element: batch.operation === 'stop' ? 'StopAnswer' : 'TransferAnswer',
  content: tag('AAZ308', batch.receipt) + tag('State', batch.state) + tag('Rows', batch.rows.length),
});

function readRow(element: Element): Row {
  const region = child(element, 'TargetRegion');
  const common = {
    no: Number(element.attributes.no),
    AAC001: need(element, 'AAC001'),
    AAC002: need(element, 'AAC002'),
    AAC003: need(element, 'AAC003'),
    AAE140: need(element, 'AAE140') as Insurance,
    AAE035: need(element, 'AAE035'),
  };
  return region === undefined
    ? { ...common, AAE160: need(element, 'AAE160'), AAE003: need(element, 'AAE003') }
    : { ...common, TargetRegion: region };
}

/** A transfer over a running payment is refused whole, so that its MessageId stays free for later. */
function requireStopped(rows: readonly Row[], unit: string, room: Room): void {
  const early = rows.filter((row) => judge('transfer', row, unit, room).code === 'PRECONDITION_STOP');
  if (early.length > 0)
    throw new Refusal('PRECONDITION_STOP', 'The stop is not settled yet', {
      extra: { detail: [`rows ${early.map(({ no }) => no).join(', ')}`.slice(0, 500)] },
    });
}

/** The clerk's steps. */
export function fire(event: string, subject: string, room: Room): Sentence {
  const [receipt = '', round] = subject.split('#');
  const batch = batches(room).get(receipt);
  const nothing = about(receipt, { en: 'nothing left to do', zh: '无需再处理' });
  if (event === 'case.afterwards') {
    const next = batch?.plan.afterwards?.decision;
    if (!batch || !next || !allowed(batch).includes(next.decision)) return nothing;
    act(batch, next, room);
    return about(receipt, afterwardsSays(next.decision));
  }
  if (!batch || batch.state === 'finished' || batch.lost || String(batch.round) !== round) return nothing;
  if (event === 'batch.process') {
    save({ ...batch, state: 'processing' }, room);
    return about(receipt, stateSays('processing'));
  }
  const settled = act(batch, batch.plan.decision ?? { decision: 'accept' }, room);
  if (settled.state !== 'finished') return about(receipt, settled.lost ? stateSays('lost') : HELD);
  const passed = settled.results?.filter(({ code }) => code === '0').length ?? 0;
  return about(receipt, {
    en: `finished, ${passed} of ${batch.rows.length} rows passed`,
    zh: `已完成，${batch.rows.length} 行中通过 ${passed} 行`,
  });
}

function save(batch: Batch, room: Room): Batch {
  const row = { ...batch, updatedAt: room.now().toISOString() };
  batches(room).put(row.receipt, row);
  return row;
}

/** What a decision makes of a batch that allows it. */
function act(batch: Batch, decision: Decision, room: Room): Batch {
  const round = batch.round + 1;
  switch (decision.decision) {
    case 'hold':
      return save({ ...batch, state: 'processing', round }, room);
    case 'late': {
      const plan: Plan = { ...batch.plan, decision: { decision: 'accept' }, delayMs: decision.delayMs };
      const delayed = save({ ...batch, round, plan }, room);
      later(delayed, 'batch.settle', decision.delayMs, room);
      return delayed;
    }
    case 'lose':
      serials(room).delete(`${batch.unit} ${batch.messageId}`);
      return save({ ...batch, round, lost: true }, room);
    case 'annul': {
      const results = batch.results?.map((result): RowResult => {
        const row = batch.rows.find(({ no }) => no === result.no);
        if (result.code !== '0' || !row || result.before === undefined) return result;
        takeBack(batch.operation, row, batch.unit, result.before, room);
        const state = room.rolls.membership(batch.unit, row.AAC002)?.enrolments[row.AAE140].state;
        return {
          no: result.no,
          code: decision.code,
          message: decision.reason,
          ...(state === undefined || state === 'none' ? {} : { state }),
        };
      });
      return save({ ...batch, round, ...(results ? { results } : {}) }, room);
    }
    default: {
      const results = batch.rows.map((row) => settleRow(batch, row, decision, room));
      for (const { AAC002 } of batch.rows)
        if (decision.decision === 'correction')
          asked(room).put(askedKey(batch.unit, batch.operation, AAC002), { receipt: batch.receipt });
      const { afterwards } = batch.plan;
      if (afterwards) later(batch, 'case.afterwards', afterwards.delayMs, room);
      return save({ ...batch, state: 'finished', results, round }, room);
    }
  }
}

/** Decisions about the rows, as against those about when. */
type Settling = Extract<Decision, { decision: 'accept' | 'reject' | 'correction' }>;

function settleRow(batch: Batch, row: Row, decision: Settling, room: Room): RowResult {
  const { membership, code, message } = judge(batch.operation, row, batch.unit, room);
  const result = (rest: Omit<RowResult, 'no' | 'state'>): RowResult => {
    const state = stateOf(row, membership, room);
    return { no: row.no, ...rest, ...(state && { state }) };
  };
  if (code !== '0' || !membership) return result({ code, message });
  switch (decision.decision) {
    case 'accept':
      if (decision.partial && row !== batch.rows[0])
        return result({ code: 'ROW_ERROR', message: 'Not processed: only the first row was' });
      apply(batch.operation, row, membership, room);
      return result({
        code,
        message: decision.warning ? `${decision.warning.code}: ${decision.warning.reason}` : message,
        before: membership.enrolments[row.AAE140].since,
      });
    case 'reject':
      return result({
        code: /^[A-Z][A-Z0-9_.]{1,39}$/.test(decision.code) ? decision.code : 'ROW_ERROR',
        message: decision.reason,
      });
    case 'correction':
      return result({
        code: 'CORRECTION',
        message: decision.reason,
        field: decision.field,
        due: decision.due,
      });
  }
}

function allowed(batch: Batch): Decision['decision'][] {
  if (batch.lost) return [];
  if (batch.state === 'finished')
    return batch.results?.some(({ before }) => before !== undefined) ? ['annul'] : [];
  return ['accept', 'reject', 'correction', 'hold', 'late', 'lose'];
}

/** A person's decision at the desk. Throws Refusal naming the guard. */
export function decide(receipt: string, decision: Decision, room: Room): CaseView {
  const batch = batches(room).get(receipt);
  if (!batch) throw new Refusal('NOT_FOUND', `No batch ${receipt}`, { status: 404 });
  if (!allowed(batch).includes(decision.decision)) {
    const guard = batch.lost ? 'lost' : batch.state;
    throw new Refusal('NOT_ALLOWED', `Batch ${receipt} is ${guard}: ${decision.decision} is not allowed`, {
      status: 409,
    });
  }
  return view(act(batch, decision, room));
}

export const cases = (room: Room): CaseView[] => batches(room).all().map(view);

const view = (batch: Batch): CaseView => ({
  agency: 'insurance',
  id: batch.receipt,
  serial: batch.messageId,
  receipt: batch.receipt,
  operation: batch.operation,
  unit: batch.unit,
  person: personLine(batch.rows.map((row) => ({ name: row.AAC003, idNumber: row.AAC002 }))),
  state: batch.lost ? 'lost' : batch.state,
  submittedAt: batch.submittedAt,
  updatedAt: batch.updatedAt,
  allowed: allowed(batch),
  ...(batch.plan.scenario === undefined ? {} : { scenario: batch.plan.scenario }),
  ...(batch.plan.rule === undefined ? {} : { rule: batch.plan.rule }),
  detail: { rows: batch.rows, ...(batch.results && { results: batch.results }) },
});
