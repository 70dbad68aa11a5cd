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
import { compactDay } from '../kernel/time.ts';
import type { Answer, Request } from './message.ts';
import { apply, judge, type Row, type RowResult, stateOf } from './rows.ts';
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
  readonly submittedAt: string;
  readonly updatedAt: string;
  readonly results?: readonly RowResult[];
}

const batches = (room: Room) => room.store.table<Batch>('insurance.batches');
const serials = (room: Room) => room.store.table<{ receipt: string }>('insurance.serials');

/** By the client's MessageId or the receipt; another unit's is not found. */
export function findBatch(
  unit: string,
  messageId: string | undefined,
  receipt: string | undefined,
  room: Room,
): Batch | undefined {
  const key = receipt ?? serials(room).get(`${unit} ${messageId}`)?.receipt;
  const batch = key === undefined ? undefined : batches(room).get(key);
  return batch?.unit === unit ? batch : undefined;
}

export function submit(content: Element, request: Request, room: Room): Answer {
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const known = findBatch(request.unit, request.messageId, undefined, room);
  if (known?.content === hash) return receiptOf(known, 'DUPLICATE', 'Already received');
  if (known) throw new Refusal('SERIAL_REUSED', 'This MessageId was used with other content');
  requireOpen(room, request.unit);
  const operation = request.transCode === '2001' ? 'stop' : 'transfer';
  const rows = content.children.map(readRow);
  if (operation === 'transfer') requireStopped(rows, request.unit, room);
  const now = room.now();
  const plan = room.plan(operation);
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
    submittedAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
  batches(room).put(batch.receipt, batch);
  serials(room).put(`${batch.unit} ${batch.messageId}`, { receipt: batch.receipt });
  if (plan.decision) {
    room.schedule(new Date(now.getTime() + Math.floor(plan.delayMs / 2)), 'batch.process', batch.receipt);
    room.schedule(new Date(now.getTime() + plan.delayMs), 'batch.settle', batch.receipt);
  }
  return receiptOf(batch, '0', 'Received');
}

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
export function fire(event: string, receipt: string, room: Room): string {
  const batch = batches(room).get(receipt);
  if (!batch || batch.state === 'finished') return `${receipt}: nothing left to do`;
  if (event === 'batch.process') {
    batches(room).put(receipt, { ...batch, state: 'processing', updatedAt: room.now().toISOString() });
    return `${receipt}: processing`;
  }
  const settled = settle(batch, batch.plan.decision ?? { decision: 'accept' }, room);
  const passed = settled.results?.filter(({ code }) => code === '0').length ?? 0;
  return `${receipt}: finished, ${passed} of ${batch.rows.length} rows passed`;
}

function settle(batch: Batch, decision: Decision, room: Room): Batch {
  const results = batch.rows.map((row) => settleRow(batch, row, decision, room));
  const settled: Batch = { ...batch, state: 'finished', results, updatedAt: room.now().toISOString() };
  batches(room).put(batch.receipt, settled);
  return settled;
}

function settleRow(batch: Batch, row: Row, decision: Decision, room: Room): RowResult {
  const { membership, code, message } = judge(batch.operation, row, batch.unit, room);
  const result = (rest: { code: string; message: string; field?: string; due?: string }): RowResult => {
    const state = stateOf(row, membership, room);
    return { no: row.no, ...rest, ...(state && { state }) };
  };
  if (code !== '0' || !membership) return result({ code, message });
  switch (decision.decision) {
    case 'accept':
      apply(batch.operation, row, membership, room);
      return result({ code, message });
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

/** A person's decision at the desk. Throws Refusal naming the guard. */
export function decide(receipt: string, decision: Decision, room: Room): CaseView {
  const batch = batches(room).get(receipt);
  if (!batch) throw new Refusal('NOT_FOUND', `No batch ${receipt}`, { status: 404 });
  if (batch.state === 'finished')
    throw new Refusal('NOT_ALLOWED', `Batch ${receipt} is finished; nothing can be decided`, { status: 409 });
  return view(settle(batch, decision, room));
}

export const cases = (room: Room): CaseView[] => batches(room).all().map(view);

const view = (batch: Batch): CaseView => ({
  agency: 'insurance',
  id: batch.receipt,
  serial: batch.messageId,
  receipt: batch.receipt,
  operation: batch.operation,
  unit: batch.unit,
  person: [...new Set(batch.rows.map((row) => row.AAC002))].join(', '),
  state: batch.state,
  submittedAt: batch.submittedAt,
  updatedAt: batch.updatedAt,
  allowed: batch.state === 'finished' ? [] : ['accept', 'reject', 'correction'],
  detail: { rows: batch.rows, ...(batch.results && { results: batch.results }) },
});
