/**
 * One exit between a model agency for each of its filings, workers that may die or lose answers, and people who amend,
 * cancel, clear and answer while a call is under way. Every rule is that of the domain; here is only what surrounds it:
 * the claim, the call, the record. Each change is checked as it is made.
 */
import assert from 'node:assert/strict';
import { amend } from '../../src/domain/amend.ts';
import { answerCorrection, enterReceipt } from '../../src/domain/by-hand.ts';
import { cancel } from '../../src/domain/cancel.ts';
import { clear } from '../../src/domain/clearance.ts';
import { askedUnder } from '../../src/domain/correction.ts';
import type { EventDraft } from '../../src/domain/events.ts';
import { type Change, type Exit, factsAt } from '../../src/domain/exit.ts';
import type { ExitSecret } from '../../src/domain/exit-secret.ts';
import type { ExitFacts } from '../../src/domain/facts.ts';
import type { Filing, Step, StepResult } from '../../src/domain/filing.ts';
import { nextStep } from '../../src/domain/filing.ts';
import { withNews } from '../../src/domain/news.ts';
import type { Reach } from '../../src/domain/pursue.ts';
import { record, refresh } from '../../src/domain/record.ts';
import { release } from '../../src/domain/release.ts';
import { supplementsOf } from '../../src/domain/supplements.ts';
import type { FilingKind } from '../../src/domain/words.ts';
import { type ClerkAct, createModelAgency, type ModelAgency } from './agency-model.ts';
import { AMENDING, makeDispute, makeDraft, makeProfile, NOW, nextNumber } from './builders.ts';
import { makeClearance } from './clear.ts';

export const KINDS = ['labor_filing', 'insurance_stop'] as const;
export type Kind = (typeof KINDS)[number];

const CARRIED: Readonly<Record<Kind, readonly (keyof ExitFacts)[]>> = {
  labor_filing: ['reason', 'exitDate', 'post'],
  insurance_stop: ['reason', 'exitDate', 'insuranceEndMonth'],
};
const OPEN = ['submitted', 'in_review', 'correction_requested'] as const;
const REACH: Readonly<Record<string, Reach>> = {
  'labor-soap': { withdraw: OPEN, amend: ['correction_requested'] },
  'insurance-xml': { withdraw: [], amend: ['correction_requested'] },
};

export type Act =
  | {
      readonly act: 'claim' | 'commit' | 'lose' | 'busy' | 'answer' | 'die' | 'correct' | 'news';
      readonly kind: Kind;
    }
  | { readonly act: 'clerk'; readonly kind: Kind; readonly how: ClerkAct }
  | { readonly act: 'counter'; readonly kind: Kind; readonly outcome: 'filed' | 'withdrawn' }
  | {
      readonly act: 'amend';
      readonly field: 'exitDate' | 'post' | 'insuranceEndMonth';
      readonly value: number;
    }
  | { readonly act: 'cancel' | 'clear' | 'release' };

/** A call under way: what was asked, and what the agency has said of it, once it has. */
interface Flight {
  readonly step: Step;
  readonly serial: string;
  readonly asked: string;
  readonly receipt: string | undefined;
  readonly content: string;
  readonly heard: number;
  result?: StepResult;
}

export interface World {
  readonly exit: () => Exit;
  readonly agencies: Readonly<Record<Kind, ModelAgency>>;
  readonly told: readonly EventDraft[];
  do(act: Act): void;
  /** What the newest facts would make of a filing of that kind. */
  newest(kind: Kind): string;
  /** Is a call under way? */
  busy(kind: Kind): boolean;
}

export function createWorld({ gated }: { readonly gated: boolean }): World {
  const [labor, stop] = makeProfile().filings;
  assert.ok(labor && stop);
  const disputes = gated ? [makeDispute({ external_id: 'C-1' })] : [];
  const draft = makeDraft({ disputes, profile: makeProfile({ filings: [labor, stop] }) });
  let { exit } = draft.change;
  let secret: ExitSecret = draft.secret;
  let now = NOW;
  const told: EventDraft[] = [...draft.change.events];
  const agencies = { labor_filing: createModelAgency(), insurance_stop: createModelAgency() };
  const flights = new Map<Kind, Flight>();
  /** Of workers that died: their claims have not been ended in order. */
  const lost = new Set<Kind>();
  const newSerial = () => `EG-${nextNumber()}`;
  const context = () => ({
    ...AMENDING,
    now,
    newSerial,
    reachOf: (adapter: string) => REACH[adapter] ?? { withdraw: [], amend: [] },
    random: 0.5,
    canLookUp: true,
    canReadBack: true,
  });

  function take(change: Change): void {
    for (const after of change.exit.filings) check(exit, after, change.events);
    exit = change.exit;
    secret = change.secret?.(secret) ?? secret;
    told.push(...change.events);
  }
  const taken = (change: Change | string | { readonly fault: string }) => {
    if (typeof change !== 'string' && 'exit' in change) take(change);
  };
  function find(kind: FilingKind): Filing {
    const filing = exit.filings.find((each) => each.kind === kind);
    assert.ok(filing);
    return filing;
  }
  const carriedBy = (kind: Kind, facts: ExitFacts) =>
    Object.fromEntries(CARRIED[kind].map((field) => [field, facts[field]]));
  const contentOf = (kind: Kind, filing: Filing) =>
    JSON.stringify([
      carriedBy(kind, factsAt(exit, filing.factsRevision)),
      supplementsOf(filing, secret, exit.gates),
    ]);

  function claim(kind: Kind): void {
    const filing = find(kind);
    if (flights.has(kind) || filing.nextAt === undefined) return;
    if (filing.nextAt > now) now = filing.nextAt;
    const inDoubt = lost.delete(kind) && filing.state === 'due';
    if (filing.preparedAt === undefined)
      exit = {
        ...exit,
        filings: exit.filings.map((each) => (each === filing ? { ...each, preparedAt: now } : each)),
      };
    const claimed = find(kind);
    const step = nextStep(claimed);
    assert.ok(step, `${claimed.state} can be claimed, and nothing can be done about it`);
    const sends = (step === 'submit' || step === 'amend') && !inDoubt;
    const change = sends ? refresh(exit, claimed, context()) : undefined;
    if (change !== undefined) {
      take(change);
      return;
    }
    const { serial, receipt, news: heard } = claimed;
    const flight: Flight = {
      step,
      serial,
      asked: askedUnder(claimed),
      receipt,
      content: contentOf(kind, claimed),
      heard,
    };
    if (inDoubt) flight.result = { kind: 'unsure', reason: 'a worker died' };
    flights.set(kind, flight);
  }

  function call(kind: Kind, { step, serial, asked, receipt, content }: Flight): StepResult {
    const agency = agencies[kind];
    switch (step) {
      case 'submit':
        return agency.submit(serial, content);
      case 'amend':
        return agency.amend(serial, receipt, content);
      case 'withdraw':
        return agency.withdraw(receipt);
      case 'lookup':
        return agency.lookup(asked);
      case 'readBack':
        return agency.readBack(content);
    }
  }

  function fly(kind: Kind, act: 'commit' | 'lose' | 'busy' | 'answer' | 'die'): void {
    const flight = flights.get(kind);
    if (flight === undefined) return;
    switch (act) {
      case 'commit':
        flight.result ??= call(kind, flight);
        return;
      case 'lose':
        flight.result = { kind: 'unsure', reason: 'the line dropped' };
        return;
      case 'busy':
        flight.result ??= { kind: 'retry', reason: 'busy' };
        return;
      case 'die':
        lost.add(kind);
        flights.delete(kind);
        return;
      case 'answer':
        if (flight.result === undefined) return;
        flights.delete(kind);
        take(record(exit, find(kind).id, flight.step, flight.result, { ...context(), heard: flight.heard }));
    }
  }

  function run(act: Act): void {
    switch (act.act) {
      case 'claim':
        claim(act.kind);
        return;
      case 'clerk':
        agencies[act.kind].clerk(act.how);
        return;
      case 'news':
        take({ exit: withNews(exit, find(act.kind).id, now), events: [] });
        return;
      case 'correct': {
        const supplements = [{ kind: 'claim', title: `主张 ${nextNumber()}`, text: '…' }];
        taken(answerCorrection(exit, find(act.kind).id, { actor: '测试', supplements }, context()));
        return;
      }
      case 'counter': {
        const { id, state } = find(act.kind);
        if (state !== 'manual' || flights.has(act.kind)) return;
        const receipt = agencies[act.kind].atCounter(act.outcome, newest(act.kind));
        taken(enterReceipt(exit, id, { outcome: act.outcome, receipt, actor: '测试' }, context()));
        return;
      }
      case 'amend': {
        const { person, disputes, handover, finance } = secret;
        const day = String(act.value + 1).padStart(2, '0');
        const value = { exitDate: `2026-12-${day}`, post: `测试岗${day}`, insuranceEndMonth: `2027-${day}` };
        const facts = { ...exit.facts, [act.field]: value[act.field] };
        taken(amend(exit, secret, { facts, person, items: { disputes, handover, finance } }, context()));
        return;
      }
      case 'cancel':
        taken(cancel(exit, { actor: '测试', reason: '…' }, context()));
        return;
      case 'clear':
        taken(clear(exit, makeClearance({ note: `${nextNumber()}` }), context()));
        return;
      case 'release': {
        if (exit.decisionDueAt !== undefined && exit.decisionDueAt > now) now = exit.decisionDueAt;
        const claims = secret.disputes.map(({ external_id }) => ({
          title: '主张',
          summary: '…',
          dispute: external_id,
        }));
        const disputes = secret.disputes.map(({ external_id }) => external_id);
        taken(release(exit, { actor: '测试', reason: '…', claims }, { now, disputes }));
        return;
      }
      default:
        fly(act.kind, act.act);
        return;
    }
  }

  const newest = (kind: Kind) => {
    const filing = find(kind);
    return JSON.stringify([carriedBy(kind, exit.facts), supplementsOf(filing, secret, exit.gates)]);
  };
  return {
    exit: () => exit,
    agencies,
    told,
    do: run,
    newest,
    busy: (kind) => flights.has(kind),
  };
}

/** What happens to a filing is told in the same change, but for its becoming due, and for what nobody has heard of. */
function check(before: Exit, after: Filing, events: readonly EventDraft[]): void {
  const was = before.filings.find(({ id }) => id === after.id);
  assert.ok(was);
  assert.equal(
    after.nextAt !== undefined,
    nextStep(after) !== undefined,
    `${was.state} → ${after.state}: a time exactly when a call can move it`,
  );
  if (was.serial !== after.serial)
    assert.ok(after.revision > was.revision, 'another serial is another revision');
  if (was.state === after.state || after.state === 'due') return;
  const unheard = after.state === 'withdrawn' && was.preparedAt === undefined;
  const doubtful = was.withdrawing?.stage === 'asked' || after.withdrawing?.stage === 'asked';
  const own = events.some(({ data }) => data.filing_id === after.id);
  assert.ok(own || unheard || doubtful, `${was.state} → ${after.state} is told`);
}
