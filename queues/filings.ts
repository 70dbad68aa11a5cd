/** Carries filings: claim the row, make the call that its state asks for, settle, record, go on. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Call, ForeignMessage } from '../adapters/adapter.ts';
import { askedUnder } from '../src/domain/correction.ts';
import { type Exit, factsAt } from '../src/domain/exit.ts';
import { type Filing, nextStep, type Step, type StepResult } from '../src/domain/filing.ts';
import type { Reach } from '../src/domain/pursue.ts';
import { record } from '../src/domain/record.ts';
import type { SettleContext } from '../src/domain/settle.ts';
import { hasNewDeadline, retold } from '../src/domain/telling.ts';
import { newSerial } from '../src/ids.ts';
import type { Attempt, StoredExit } from '../src/store/exits.ts';
import type { Store } from '../src/store/index.ts';
import type { Agencies, OpenAgency } from './agencies.ts';
import type { Codes } from './codes.ts';
import { type Away, awayFromDeleted } from './elsewhere.ts';
import { freshen } from './freshen.ts';
import type { AgencyHealth } from './health.ts';
import type { Holds, Leave } from './holds.ts';
import { keptMessages } from './kept-messages.ts';
import { orderOf } from './order.ts';
import type { Ending, JobView } from './queue.ts';
import { notice } from './second-look.ts';
import { underClaim } from './under-claim.ts';
import type { Wake } from './wake.ts';

export interface FilingWorker {
  readonly store: Store;
  readonly agencies: Agencies;
  readonly holds: Holds;
  readonly codes: Pick<Codes, 'of' | 'refresh'>;
  readonly health: Pick<AgencyHealth, 'admit' | 'note'>;
  readonly reachOf: (adapter: string) => Reach;
  readonly wake: Wake;
  readonly clock: () => Date;
  readonly random: () => number;
  readonly log: Logger;
  /** Aborted when the process may not wait any longer. */
  readonly signal: AbortSignal;
  /** A worker that has not renewed its claim for so long counts as dead. */
  readonly leaseMs: number;
  /** ISO 8601 durations before a deadline at which it is told. */
  readonly distances: readonly string[];
  /** Between two tries of a filing. */
  readonly longestRetryMs: number;
}

/** Tries to record an outcome although others change the same exit at the same time. */
const MOST_CONFLICTS = 20;

/** One run of a filing's job: as many steps as are due now. */
export async function runFiling(worker: FilingWorker, filingId: string, job: JobView): Promise<Ending> {
  for (;;) {
    const ending = await runStep(worker, filingId, job);
    if (ending !== undefined) return ending;
  }
}

/** @returns undefined when the next step is due at once. */
async function runStep(worker: FilingWorker, filingId: string, job: JobView): Promise<Ending | undefined> {
  const { store, clock } = worker;
  const token = randomUUID();
  const began = clock();
  const until = new Date(began.getTime() + worker.leaseMs);
  const claim = await store.filings.claim(filingId, { token, now: began, until });
  if (claim === undefined) return whenUnclaimed(worker, filingId);
  const { now } = claim;
  const read = await store.exits.loadAny(claim.exitId);
  if (read === undefined) throw new Error(`exit ${claim.exitId} of filing ${filingId} does not exist`);
  const step = nextStep(find(read, filingId));
  if (step === undefined) return rest(find(read, filingId));
  // What is collected sends nothing: nothing of it can be in doubt, and in a person's hands it would miss its file.
  const lost = claim.lost && !worker.reachOf(find(read, filingId).adapter).collects;
  const sends = (step === 'submit' || step === 'amend') && !lost;
  const fresh = sends ? await freshen(worker, read, { filingId, token }, now) : { stored: read };
  if (fresh === undefined) return whenUnclaimed(worker, filingId);
  if ('became' in fresh) return rest(fresh.became, { now, real: began });
  const { connection } = claim;
  const here: Away | undefined =
    connection?.deleted === true && !lost
      ? await awayFromDeleted(worker, fresh.stored, { filingId, token }, step, now)
      : fresh;
  if (here === undefined) return whenUnclaimed(worker, filingId);
  if ('became' in here)
    return here.moved ? { kind: 'done', state: here.became.state } : rest(here.became, { now, real: began });
  const { stored, hold: orphaned } = here;
  const filing = find(stored, filingId);
  const ahead = { stored, filing, step, now, token };
  const carried = claim.month ?? factsAt(stored.exit, filing.factsRevision).insuranceEndMonth;
  // What a lost claim has sent is in doubt, whatever is closed by now.
  const leave: Leave | undefined =
    orphaned !== undefined
      ? { stored, month: carried, hold: orphaned }
      : lost
        ? { stored, month: carried }
        : await worker.holds.before(ahead, carried);
  if (leave === undefined) return whenUnclaimed(worker, filingId);
  const agency = await openAgency(worker, filing, connection?.version);
  const calls = !lost && leave.hold === undefined && agency !== undefined;
  const turn = calls
    ? await worker.health.admit({ ...ahead, stored: leave.stored }, agency.manifest)
    : undefined;
  if (turn !== undefined) return later(turn, { now, real: began });
  const messages: ForeignMessage[] = [];
  const result: StepResult = lost
    ? { kind: 'unsure', reason: 'a worker died while it was submitting' }
    : leave.hold !== undefined
      ? leave.hold
      : agency === undefined
        ? { kind: 'hold', reason: 'the connection cannot be opened: an operator must see to its settings' }
        : await underClaim(worker, { filingId, token, seconds: agency.manifest.timeout }, (signal) =>
            callAgency(worker, agency, leave, filing, step, { now, messages, signal }),
          );
  if (result.kind === 'retry' && result.codes === 'outdated') await worker.codes.refresh(filing.connectionId);
  const reason = 'reason' in result ? result.reason : 'code' in result ? result.code : undefined;
  const attempt: Attempt = {
    filingId,
    step: leave.hold === undefined ? step : 'wait',
    outcome: result.kind,
    startedAt: now,
    // As long as it took, also where the organisation's time stands still meanwhile.
    endedAt: new Date(now.getTime() + clock().getTime() - began.getTime()),
    ...keptMessages(messages),
    ...(reason === undefined ? {} : { reason }),
  };
  // Waiting on for the same reason is no news: the log would hold a row for each look at the calendar.
  const news = leave.hold === undefined || filing.heldSince === undefined || filing.lastError !== reason;
  if (calls) await notice(worker, leave.stored, filing, result, now);
  const lease = { filingId, token };
  const unsent = leave.hold !== undefined && filing.preparedAt?.getTime() === now.getTime();
  const settled = await settleAndSave(worker, leave.stored, lease, step, result, agency, {
    unsent,
    ...(lost ? {} : { sent: { at: now, hashes: attempt.hashes } }),
    heard: filing.news,
    ...(news ? { attempt } : {}),
  });
  if (news)
    job.log(
      `${attempt.endedAt.toISOString()} ${attempt.step}: ${result.kind}${reason === undefined ? '' : ` (${reason})`}`,
    );
  if (settled === undefined) return whenUnclaimed(worker, filingId);
  if (leave.hold !== undefined && orphaned === undefined) await worker.holds.after(ahead);
  // Who changed the connection during the call did not yet see this filing wait, and has not woken it.
  const { heldSince, attempts } = settled.filing;
  if (connection !== undefined && orphaned === undefined && (heldSince !== undefined || attempts > 0)) {
    const place = await worker.store.connections.place(filing.connectionId);
    if (place !== undefined && place.version !== connection.version)
      await worker.store.filings.releaseHeld(
        { orgId: place.orgId, connectionId: place.id, tried: true },
        settled.now,
      );
  }
  // A process that is told to stop has cut its calls itself.
  if (calls && !worker.signal.aborted) await worker.health.note(filing.connectionId, result);
  return rest(settled.filing, settled);
}

async function openAgency(
  { agencies, log }: FilingWorker,
  filing: Filing,
  version: number | undefined,
): Promise<OpenAgency | undefined> {
  try {
    return await agencies.open(filing.connectionId, version);
  } catch (error) {
    log.error(
      { filing: filing.id, connection: filing.connectionId, error: String(error) },
      'connection cannot be opened',
    );
    return undefined;
  }
}

/** One moment by the organisation's time and by real time, which queues go by. */
interface Times {
  readonly now: Date;
  readonly real: Date;
}

async function timesOf({ store, clock }: FilingWorker, { orgId, sandbox }: StoredExit): Promise<Times> {
  const real = clock();
  return { now: await store.organisations.now({ orgId, sandbox }, real), real };
}

/** A job that comes again at a moment of the organisation's time. */
const later = (at: Date, { now, real }: Times): { readonly kind: 'later'; readonly at: Date } => ({
  kind: 'later',
  at: new Date(real.getTime() + at.getTime() - now.getTime()),
});

/** What a filing's row says about its job: wait, end, or (undefined) go on at once. */
function rest({ state, nextAt, attempts, lastError }: Filing, times?: Times): Ending | undefined {
  // A person is needed meanwhile, and the job says so: sweep wakes it for the look-up on the day after.
  const waits = state === 'correction_requested' && attempts === 0;
  if (nextAt !== undefined && times !== undefined && (nextAt <= times.now || !waits))
    return nextAt <= times.now ? undefined : { ...later(nextAt, times), state };
  if (state === 'verified' || state === 'withdrawn' || state === 'waiting') return { kind: 'done', state };
  return { kind: 'person', reason: `${state}${lastError === undefined ? '' : `: ${lastError}`}`, state };
}

/** The row is not due, or another worker has it: come back when it can be had. */
async function whenUnclaimed({ store, clock }: FilingWorker, filingId: string): Promise<Ending> {
  const ahead = await store.filings.nextAt(filingId, clock());
  if (ahead === undefined) return { kind: 'done' };
  const { at, leasedUntil } = ahead;
  return { kind: 'later', at: leasedUntil !== undefined && leasedUntil > at ? leasedUntil : at };
}

async function callAgency(
  worker: FilingWorker,
  agency: OpenAgency,
  { stored, month }: Leave,
  filing: Filing,
  step: Step,
  {
    now,
    messages,
    signal,
  }: { readonly now: Date; readonly messages: ForeignMessage[]; readonly signal: AbortSignal },
): Promise<StepResult> {
  const { adapter, manifest } = agency;
  const log = worker.log.child({ filing: filing.id, adapter: manifest.name });
  const call: Call = {
    serial: step === 'lookup' ? askedUnder(filing) : filing.serial,
    attempt: filing.attempts + 1,
    signal,
    now,
    log: (message) => log.info(message),
    keep: (message) => messages.push(message),
    codes: await worker.codes.of(agency, filing.connectionId, filing.preparedAt ?? now),
  };
  const order = await orderOf(worker.store, stored, filing, manifest.personFields, month);
  try {
    const ask = adapter[step];
    // Nothing can be read back: what the agency or a person said stands.
    if (ask === undefined && step === 'readBack') return { kind: 'agrees' };
    if (ask === undefined)
      return { kind: 'manual', instructions: `the adapter ${manifest.name} cannot ${step}` };
    return await ask(order, call);
  } catch (error) {
    // An adapter that throws breaks its contract. What it had sent by then nobody knows. The message may quote the person.
    log.error(
      { error: error instanceof Error ? error.name : 'unknown', stack: frames(error) },
      `adapter threw in ${step}`,
    );
    return { kind: 'unsure', reason: `the adapter failed in ${step}` };
  }
}

const frames = (error: unknown) =>
  error instanceof Error ? error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) : undefined;

/** Decides on the newest state of the exit, however often it changes meanwhile. @returns undefined when the claim was lost. */
async function settleAndSave(
  worker: FilingWorker,
  first: StoredExit,
  lease: { readonly filingId: string; readonly token: string },
  step: Step,
  result: StepResult,
  agency: OpenAgency | undefined,
  { attempt, ...known }: Pick<SettleContext, 'unsent' | 'heard' | 'sent'> & { readonly attempt?: Attempt },
): Promise<({ readonly filing: Filing } & Times) | undefined> {
  let stored: StoredExit | undefined = first;
  for (let conflicts = 0; stored !== undefined && conflicts < MOST_CONFLICTS; conflicts++) {
    const times = await timesOf(worker, stored);
    const { now } = times;
    const recorded = record(stored.exit, lease.filingId, step, result, {
      now,
      random: worker.random(),
      longestRetryMs: worker.longestRetryMs,
      canLookUp: agency === undefined || agency.adapter.lookup !== undefined,
      canReadBack: agency === undefined || agency.adapter.readBack !== undefined,
      ...known,
      newSerial: () => newSerial(now),
      reachOf: worker.reachOf,
    });
    const change = hasNewDeadline(stored.exit, recorded.exit)
      ? retold(stored.exit, recorded, worker.distances, now)
      : recorded;
    const committed = await worker.store.exits.save(stored, change, {
      now,
      lease,
      ...(attempt === undefined ? {} : { attempt }),
    });
    if (committed !== undefined) {
      await worker.wake.after(change.exit, committed, { but: lease.filingId });
      return { filing: find(change, lease.filingId), ...times };
    }
    stored = await worker.store.exits.loadAny(first.exit.id);
  }
  worker.log.warn(
    { filing: lease.filingId, step, outcome: result.kind },
    'outcome not recorded: the claim had run out; it will be looked up',
  );
  return undefined;
}

function find({ exit }: { readonly exit: Exit }, filingId: string): Filing {
  const filing = exit.filings.find((each) => each.id === filingId);
  if (filing === undefined) throw new Error(`filing ${filingId} is not of exit ${exit.id}`);
  return filing;
}
