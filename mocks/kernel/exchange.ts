// The way of one request through the stages; no sockets here. README.md beside this file has the table.
import {
  type Agency,
  type Call,
  type Identity,
  type Message,
  type Plan,
  Refusal,
  type Reply,
} from './agency.ts';
import { pause } from './clock.ts';
import type { Choice } from './director.ts';
import type { Fault, Phase } from './faults.ts';
import { blank, type Exchange, kept, timed } from './journal.ts';
import { languageOf } from './language.ts';
import { BODY_LIMIT, isSynthetic } from './limits.ts';
import { namesRealNumber, realData, showsRealNumber } from './real-people.ts';
import type { Sandbox } from './sandbox.ts';
import { effect, type Outcome, outage, shape } from './strike.ts';

export type { Outcome } from './strike.ts';

export async function exchange(agency: Agency, sandbox: Sandbox, call: Call): Promise<Outcome> {
  sandbox.clock.catchUp();
  const room = sandbox.room(agency.name);
  const page = agency.page(call, room);
  if (page) return { kind: 'reply', reply: page };
  const entry = sandbox.journal.open(agency.name, call, sandbox.clock.now());
  entry.operation = agency.operation(call);
  sandbox.changes.tell();
  const bare = await staged(agency, sandbox, call, entry).catch((cause: unknown): Outcome => {
    // A bug of the mock must be loud and must not look like an agency's answer.
    entry.error = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    const body = `mock agency ${agency.name} is broken: ${cause instanceof Error ? cause.message : String(cause)}\n`;
    return {
      kind: 'reply',
      reply: { status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' }, body },
    };
  });
  const outcome = labelled(bare, entry);
  entry.outcome = outcome.kind === 'reply' ? 'answered' : outcome.kind;
  if ('reply' in outcome) {
    entry.response = kept(outcome.reply);
  }
  // Also what was refused for something else, or never read.
  if (sandbox.syntheticOnly && (entry.code === 'REAL_DATA' || showsRealNumber(call))) blank(entry);
  const ofClerk = entry.scenario === undefined ? /\barmed (\S+)$/.exec(entry.rule)?.[1] : undefined;
  entry.armed = sandbox.faults.asArmed([...entry.faults, ...(ofClerk === undefined ? [] : [ofClerk])]);
  sandbox.coverage.record(entry);
  sandbox.memory.record(entry);
  sandbox.changes.tell();
  return outcome;
}

async function staged(agency: Agency, sandbox: Sandbox, call: Call, entry: Exchange): Promise<Outcome> {
  const room = sandbox.room(agency.name);
  const own = sandbox.signer(agency.name);
  let message: Message | undefined;

  async function answer(draft: unknown, signer: Identity = own): Promise<Reply> {
    await timed(entry, 'check', () => agency.check(draft, call));
    return timed(entry, 'sign', () => agency.seal(draft, call, message, signer, room));
  }

  async function strike(phase: Phase): Promise<{ fault: Fault; outcome: Outcome | undefined } | undefined> {
    const fault = sandbox.faults.take(phase, agency.name, entry.operation);
    if (!fault) return undefined;
    entry.faults.push(fault.id);
    entry.struck.push(fault.kind);
    entry.stages.push({ stage: `fault(${phase})`, ms: 0, note: fault.preset ?? fault.kind });
    if (fault.kind === 'slow') await pause(fault.delayMs ?? 1000);
    const refusal = () => answer(agency.refuse(outage(fault, agency.name), call, message, room));
    return { fault, outcome: await effect(fault, refusal) };
  }

  try {
    await timed(entry, 'limits', () => requireWithin(sandbox, call));
    const atConnect = await strike('connect');
    if (atConnect?.outcome) return atConnect.outcome;
    const read = await timed(entry, 'authenticate', () => agency.authenticate(call, room));
    message = read;
    entry.operation = read.operation;
    await timed(entry, 'validate', () => {
      if (asksForNobody(sandbox) && (showsRealNumber(call) || namesRealNumber(read))) throw realData();
      return agency.validate(call, read, room);
    });
    const choice = await timed(entry, 'scenario', () => choose(agency, sandbox, call, read, entry));
    const before = await strike('before-commit');
    if (before?.outcome) return before.outcome;
    sandbox.clock.catchUp();
    const told = ({ scenario, rule }: Plan) => name(entry, scenario, rule);
    const commit = () => sandbox.steered(choice, told, () => agency.handle(read, room));
    if (before?.fault.kind === 'late') {
      // Taken when nobody waits any more.
      sandbox.later(entry.id, before.fault.delayMs ?? 1000, commit);
      return { kind: 'hang' };
    }
    const past = before?.fault.past;
    let result = await timed(entry, 'commit', () =>
      past ? sandbox.inPast(past, () => agency.handle(read, room)) : commit(),
    );
    if (sandbox.callbacks.takeEarly()) await sandbox.callbacks.flush();
    const after = await strike('after-commit');
    if (after?.outcome) return after.outcome;
    if (after?.fault.kind === 'duplicate') result = await timed(entry, 'commit', commit);
    const draft = await timed(entry, 'encode', () => agency.encode(result, read, call, room));
    return await respond(draft);
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    entry.code = cause.code;
    return respond(agency.refuse(inTheirs(cause, call), call, message, room));
  }

  /** Faults of phase `response` need the answer, so they strike when it is ready; business refusals included. */
  async function respond(draft: unknown): Promise<Outcome> {
    const struck = await strike('response');
    if (struck?.outcome) return struck.outcome;
    const kind = struck?.fault.kind;
    const foreign = kind?.endsWith('-signature') ? await sandbox.ca.foreign(own.cn) : own;
    const signers = {
      'foreign-signature': foreign,
      'broken-signature': { ...own, privateKey: foreign.privateKey, keyPem: foreign.keyPem },
    };
    const signer = kind === 'foreign-signature' || kind === 'broken-signature' ? signers[kind] : own;
    const sealed = await answer(draft, signer);
    return shape(struck?.fault, kind === 'wrapped-signature' ? (agency.wrap?.(sealed) ?? sealed) : sealed);
  }
}

function requireWithin(sandbox: Sandbox, call: Call): void {
  const tooMany = sandbox.gate(call);
  if (tooMany) throw tooMany;
  if (call.tooLarge)
    throw new Refusal('TOO_LARGE', `the body is over the limit (body_bytes: ${BODY_LIMIT})`, { status: 413 });
}

const asksForNobody = ({ rules, syntheticOnly }: Sandbox) =>
  syntheticOnly && rules.keeps('kernel.synthetic-people');

/** What the mock itself says, no agency: in the language of whoever asked for it, also where an agency's answer carries it. */
function inTheirs(refusal: Refusal, { headers }: Call): Refusal {
  const { code, zh, status, retryAfterSeconds, extra } = refusal;
  if (zh === undefined || languageOf(headers['accept-language']) === 'en') return refusal;
  const more = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new Refusal(code, zh, { status, extra, ...more, cause: refusal, zh });
}

/** A known case keeps what was chosen for it; the choice for a new one may arrange the state before the machine looks. */
function choose(
  agency: Agency,
  sandbox: Sandbox,
  call: Call,
  message: Message,
  entry: Exchange,
): Choice | undefined {
  const room = sandbox.room(agency.name);
  const concern = agency.concerns?.(message, room);
  if (!concern) return undefined;
  entry.persons = concern.persons.map(({ idNumber }) => idNumber);
  if (asksForNobody(sandbox) && concern.persons.some(({ idNumber }) => !isSynthetic(idNumber)))
    throw realData();
  const header = call.headers['x-sandbox-scenario'];
  const choice = sandbox.transaction(() =>
    sandbox.director.begin(agency.name, { ...concern, message }, header, room),
  );
  const { scenario, rule } = concern.plan ?? {};
  if (choice) name(entry, choice.scenario.code, choice.rule);
  else if (rule !== undefined) name(entry, scenario, `case ${rule}`);
  return choice;
}

function name(entry: Exchange, scenario: string | undefined, rule: string | undefined): void {
  if (rule === undefined) return;
  entry.rule = rule;
  entry.scenario = scenario;
}

/** Which rule won, on every answer; outside of what is signed. */
function labelled(outcome: Outcome, { rule, scenario, faults }: Exchange): Outcome {
  if (!('reply' in outcome)) return outcome;
  const headers = {
    ...outcome.reply.headers,
    'x-sandbox-rule': rule,
    ...(faults.length > 0 ? { 'x-sandbox-fault': faults.join(' ') } : {}),
    ...(scenario === undefined ? {} : { 'x-sandbox-scenario': scenario }),
  };
  return { ...outcome, reply: { ...outcome.reply, headers } };
}
