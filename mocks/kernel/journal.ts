// What went over the wire in one sandbox, newest last: exact bytes, stages with timings, faults that struck.
import type { AgencyName, Call, Reply } from './agency.ts';
import { stopwatch } from './clock.ts';
import type { Fault } from './faults.ts';
import { REAL_DATA } from './real-people.ts';
import { KEPT_BACK, redactBody, redactHeaders, redactPath } from './redaction.ts';

export interface Exchange {
  readonly id: string;
  readonly agency: AgencyName;
  /** Sandbox time, ISO. */
  readonly at: string;
  operation: string | undefined;
  /** `answered`, or what happened instead: `reset`, `hang`, `close`, `truncate`. */
  outcome: string;
  readonly stages: { stage: string; ms: number; note?: string }[];
  readonly faults: string[];
  /** What was armed, for the test that repeats it: these faults, and the one that the clerk obeyed. */
  armed: readonly Fault[];
  /** Kinds of these faults. */
  readonly struck: string[];
  /** Of a refusal. */
  code: string | undefined;
  /** Which rule chose: `header`, `armed arm-1`, `rule rule-1`, `magic`, `profile …`, `case …`, or `default`. */
  rule: string;
  scenario: string | undefined;
  /** ID numbers of those it was about, once it was read. */
  persons: readonly string[];
  readonly request: {
    readonly method: string;
    path: string;
    readonly headers: Readonly<Record<string, string>>;
    body: Buffer;
    kept: Kept;
  };
  response: { status: number; headers: Readonly<Record<string, string>>; body: Buffer } | undefined;
  /** A bug of the mock itself, with its stack. */
  error: string | undefined;
}

/** How much of a request there is to see: without its passwords, its first bytes, or none of what it said. */
export type Kept = 'all' | 'redacted' | 'cut' | 'nothing';

export interface Journal {
  open(agency: AgencyName, call: Call, at: Date): Exchange;
  list(filter?: { agency?: AgencyName; limit?: number }): Exchange[];
  get(id: string): Exchange | undefined;
  clear(): void;
}

const KEPT = 500;
/** Bytes kept of one body: the journal must not become the largest thing in the process. */
const BODY_KEPT = 64 * 1024;

export function createJournal(): Journal {
  let entries: Exchange[] = [];
  let count = 0;
  return {
    open(agency, call, at) {
      count += 1;
      const path = redactPath(call.path, call.query);
      const headers = redactHeaders(call.headers);
      const body = redactBody(call.body);
      const entry: Exchange = {
        id: `x${count}`,
        agency,
        at: at.toISOString(),
        operation: undefined,
        outcome: 'open',
        stages: [],
        faults: [],
        armed: [],
        struck: [],
        code: undefined,
        rule: 'default',
        scenario: undefined,
        persons: [],
        request: {
          method: call.method,
          path: path.kept,
          headers: headers.kept,
          body: cut(body.kept),
          kept:
            call.tooLarge || call.body.length > BODY_KEPT
              ? 'cut'
              : path.redacted || headers.redacted || body.redacted
                ? 'redacted'
                : 'all',
        },
        response: undefined,
        error: undefined,
      };
      entries.push(entry);
      if (entries.length > KEPT * 2) entries = entries.slice(-KEPT);
      return entry;
    },
    list({ agency, limit } = {}) {
      const found = agency ? entries.filter((entry) => entry.agency === agency) : entries;
      return found.slice(-Math.min(limit ?? KEPT, KEPT));
    },
    get: (id) => entries.find((entry) => entry.id === id),
    clear: () => {
      entries = [];
    },
  };
}

/** Runs one stage and notes how long it took, also when it throws. */
export async function timed<T>(entry: Exchange, stage: string, work: () => T | Promise<T>): Promise<T> {
  const start = stopwatch();
  const done = (note?: string) =>
    entry.stages.push({
      stage,
      ms: Math.round((stopwatch() - start) * 1000) / 1000,
      ...(note ? { note } : {}),
    });
  try {
    const result = await work();
    done();
    return result;
  } catch (cause) {
    done(cause instanceof Error ? cause.message : String(cause));
    throw cause;
  }
}

/** A real person's data came in: neither it nor what was answered to it stays. */
export function blank(entry: Exchange): void {
  entry.persons = [];
  entry.request.path = `/${KEPT_BACK}`;
  entry.request.body = Buffer.alloc(0);
  entry.request.kept = 'nothing';
  if (entry.response) entry.response = { ...entry.response, body: Buffer.alloc(0) };
  for (const stage of entry.stages) if (stage.note !== REAL_DATA) delete stage.note;
  entry.error = undefined;
}

const cut = (body: Buffer): Buffer =>
  body.length > BODY_KEPT ? Buffer.from(body.subarray(0, BODY_KEPT)) : body;

/** What is kept of an answer. */
export const kept = ({ status, headers, ...reply }: Reply): NonNullable<Exchange['response']> => ({
  status,
  headers: redactHeaders(headers).kept,
  body: cut(redactBody(replyBytes({ status, headers, ...reply })).kept),
});

export const replyBytes = (reply: Reply): Buffer =>
  typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
