// The nouns of the mock agencies, defined once: what the kernel hands to an agency, and what an agency
// must provide. README.md beside this file tells the order in which the kernel calls.
import type { KeyObject } from 'node:crypto';
import type { Decision, Plan } from './decision.ts';
import type { Keeps, RuleBook } from './rules.ts';
import type { Concern, Sentence } from './scenario.ts';

export { DECISIONS, type Decision, type Plan } from './decision.ts';

export type OwnAgency = 'labor' | 'insurance' | 'credit' | 'insurance-sm2';
/** Those that come along, and those that others write: two words at least, `harbour-json`. */
export type AgencyName = OwnAgency | `${string}-${string}`;

/** One HTTP request, addressed below the agency's root: `/s/acme/credit/v1/ping?x=1` arrives as path `/v1/ping`. */
export interface Call {
  readonly method: string;
  /** Starts with `/`, has neither the sandbox prefix nor the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; a repeated header is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The agency's own address as the client called it, without a trailing slash: render links and WSDL addresses from it. */
  readonly base: string;
  /** `body` is only the beginning of one that is over the limit: the kernel lets no agency read it. */
  readonly tooLarge?: boolean;
  /** The caller's network address; only limits look at it. */
  readonly address?: string;
}

/** Exact bytes that go out. Header names in lower case; the kernel adds content-length and date. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** What an agency reads out of an authentic request. `operation` is the name that fault rules match. */
export interface Message {
  readonly operation: string;
}

/** A key with the certificate that the sandbox's mock CA issued for it. */
export interface Identity {
  readonly cn: string;
  /** The unit's USCC; absent for the agencies themselves. */
  readonly uscc?: string;
  readonly privateKey: KeyObject;
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly certificateDer: Buffer;
}

/** Who signed, once the CA has vouched for the certificate. */
export interface Signer {
  readonly cn: string;
  /** '' when the certificate carries no unit (an agency's own). */
  readonly uscc: string;
  readonly publicKey: KeyObject;
}

export interface Authority {
  readonly certificatePem: string;
  readonly certificateDer: Buffer;
  /** The employer's identity; the same one every time it is asked for. Key generation makes it asynchronous. */
  identity(uscc: string, name: string): Promise<Identity>;
  /** Checks issuer, signature and validity on the sandbox clock. Throws Refusal AUTH_CERTIFICATE. */
  verify(certificateDer: Uint8Array): Signer;
  /** Secret of the unit's OAuth client; client_id is `client-<uscc>`. Deterministic, so nothing is kept. */
  clientSecret(uscc: string): string;
}

/**
 * A keyed table of the sandbox's store. Rows are plain JSON-like data, frozen when put: change one by putting a new
 * object. Everything put during `handle`, `fire` or `decide` is undone when that call throws.
 */
export interface Table<T extends object> {
  get(key: string): T | undefined;
  put(key: string, row: T): void;
  delete(key: string): void;
  /** In order of first insertion. */
  all(): T[];
}

export interface Store {
  /** Prefix the name with the agency: `credit.cases`. */
  table<T extends object>(name: string): Table<T>;
  /** Next number of a named series, starting at 1. Deterministic, undone with the rest. */
  next(series: string): number;
}

/** Five insurances by AAE140 code. */
export type Insurance = '110' | '210' | '310' | '410' | '510';

export interface Unit {
  readonly uscc: string;
  readonly name: string;
}

export interface Person {
  /** A word: `resident_id`, `residence_permit`, `foreign_permanent`, `passport`. Agencies translate their own codes. */
  readonly idType: string;
  readonly idNumber: string;
  readonly name: string;
}

/** One person at one unit: the roll that the agencies share. Days are `yyyy-MM-dd` in China Standard Time. */
export interface Membership {
  readonly uscc: string;
  readonly idNumber: string;
  readonly employment: {
    readonly state: 'active' | 'ended';
    readonly since: string;
    readonly endedOn?: string;
    readonly reason?: string;
  };
  readonly enrolments: Readonly<
    Record<Insurance, { readonly state: 'paying' | 'paused' | 'ended' | 'none'; readonly since: string }>
  >;
  readonly registration: {
    readonly number: string;
    readonly status: 'registered' | 'cancelled' | 'none';
    readonly since: string;
  };
}

/** In population `auto` the first question about a valid unit or person puts it on the rolls; in `seeded` nothing does. */
export interface Rolls {
  /** `nameHint` (e.g. the certificate's CN) names a unit that is new. undefined: not on the roll. */
  unit(uscc: string, nameHint?: string): Unit | undefined;
  /** The agency's own number for a unit (AAB001) or a person (AAC001): deterministic from the seed. */
  unitNumber(agency: AgencyName, uscc: string): string;
  personNumber(agency: AgencyName, idNumber: string): string;
  /** Only numbers that were given out before resolve. */
  unitByNumber(agency: AgencyName, number: string): Unit | undefined;
  personByNumber(agency: AgencyName, number: string): Person | undefined;
  person(idNumber: string): Person | undefined;
  /** The person at the unit. Throws Refusal IDENTITY_MISMATCH (name, or an invalid number) or NOT_IN_UNIT. */
  member(uscc: string, person: Person): Membership;
  /** No enrolment, no refusal: what the roll says now. */
  membership(uscc: string, idNumber: string): Membership | undefined;
  /** The person at every unit that has them on its roll. */
  membershipsOf(idNumber: string): Membership[];
  /** Everybody on the unit's roll, whatever their state, in the order in which they came. */
  members(uscc: string): Membership[];
  /** Replaces the parts named, e.g. `change(uscc, id, { employment: {…} })`. Throws when there is no membership. */
  change(uscc: string, idNumber: string, parts: Partial<Omit<Membership, 'uscc' | 'idNumber'>>): Membership;
}

/** A case as the desk shows it. `detail` is the agency's own business, JSON only. */
export interface CaseView {
  readonly agency: AgencyName;
  readonly id: string;
  readonly serial: string;
  readonly receipt: string;
  readonly operation: string;
  readonly unit: string;
  /** Of each `name number`, joined by `, `; see `personLine`. */
  readonly person: string;
  readonly state: string;
  /** ISO 8601, sandbox time. */
  readonly submittedAt: string;
  readonly updatedAt: string;
  /** What `decide` would take now. */
  readonly allowed: readonly Decision['decision'][];
  /** What it keeps of how it was chosen. */
  readonly scenario?: string;
  readonly rule?: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What an agency sees of the sandbox it is called in. Never keep it between calls. */
export interface Room {
  /** Its name; a fork's is that of the sandbox it comes from. */
  readonly sandbox: string;
  readonly seed: string;
  /** Keys and passwords are made with it, nothing else is; never send it. */
  readonly secret: string;
  /** Sandbox time: business dates, windows, sessions, certificate validity. */
  now(): Date;
  /** Real time. Only for token iat/exp and rate limits. */
  wallNow(): Date;
  readonly store: Store;
  readonly rolls: Rolls;
  readonly ca: Authority;
  /** Whether the rule of that id (rules.ts) is kept: always, unless a test has let it off. */
  readonly keeps: Keeps;
  /**
   * Takes (and uses up) the scenario chosen for this request, an armed business fault, or the policy: ask once per new
   * case, and once per revision with the plan it had, whose scenario goes on.
   */
  plan(operation: string, before?: Plan): Plan;
  /** A case of this unit has changed: told by callback once the writes are safe, where the agency has them. */
  notify(unit: string, subject: string): void;
  /** Calls this agency's `fire(event, subject)` at that sandbox time. Data, not a closure, so that sandboxes can be copied. */
  schedule(at: Date, event: string, subject: string): void;
}

/** "No", as an agency says it. Thrown anywhere in the staged path; the agency's `refuse` gives it its form. */
export class Refusal extends Error {
  readonly code: string;
  /** HTTP status that the agency may use. Agencies whose business failures travel with 200 ignore it for those. */
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
  /** Machine-readable extras: line, field, receipt … */
  readonly extra: Readonly<Record<string, unknown>>;
  /** The message in Chinese, where the mock itself speaks and no agency; agencies speak by their codes. */
  readonly zh: string | undefined;
  constructor(
    code: string,
    message: string,
    options: {
      status?: number;
      retryAfterSeconds?: number;
      extra?: Record<string, unknown>;
      cause?: unknown;
      zh?: string;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Refusal';
    this.code = code;
    this.status = options.status ?? 422;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.extra = options.extra ?? {};
    this.zh = options.zh;
  }
}

/**
 * An agency: a plain object without state of its own. M is its request as read, A the answer of its state machine,
 * D the answer encoded but not yet signed. All state lives in `room`.
 */
export interface Agency<M extends Message = Message, A = unknown, D = unknown> {
  readonly name: AgencyName;
  /** Subject CN of the certificate that signs the answers: `labor.agency.mock`. */
  readonly commonName: string;
  /** Default clerk delay in sandbox time, ISO 8601: `PT3S`. */
  readonly clerkDelay: string;
  /** All that it answers, for the desk to refuse faults that could never strike. */
  readonly operations?: readonly string[];
  /** Operations that only ask: of these alone an outdated answer loses nothing. */
  readonly reads: readonly string[];
  /** What it demands of a request, each rule asked for by `room.keeps` where it is checked. */
  readonly rules?: RuleBook;

  /** Contract pages (GET ?wsdl, /openapi.json): outside the staged path, without fault or journal. undefined: not one. */
  page(call: Call, room: Room): Reply | undefined;
  /** The operation as the request claims it, read cheaply and without trust: only fault(connect) uses it. Never throws. */
  operation(call: Call): string | undefined;
  /** Stage `authenticate`: certificate, signature, token, decryption. Reads state, never writes. Throws Refusal. */
  authenticate(call: Call, room: Room): M | Promise<M>;
  /** Stage `validate`: the bytes against the published schema. Throws Refusal SCHEMA_INVALID. */
  validate(call: Call, message: M, room: Room): void;
  /** Whom the request is about, and the plan of the case it names: a scenario is chosen by it. Reads only. */
  concerns?(message: M, room: Room): Omit<Concern, 'message'> | undefined;
  /** Stage `commit`: the state machine. Synchronous, hence the single writer; all or nothing. May throw Refusal. */
  handle(message: M, room: Room): A;
  /** Stage `encode`. */
  encode(answer: A, message: M, call: Call, room: Room): D;
  /** A refusal in the agency's own form; `message` is undefined when authentication failed. Must satisfy `check`. */
  refuse(refusal: Refusal, call: Call, message: M | undefined, room: Room): D;
  /** Stage `check`: the answer against the published schema. Throws any Error; the kernel turns it into a loud 500. */
  check(draft: D, call: Call): void;
  /** Stage `sign`: signature and encryption; `signer` is the agency's own identity, or a foreign one by fault. */
  seal(draft: D, call: Call, message: M | undefined, signer: Identity, room: Room): Reply | Promise<Reply>;

  /** What it POSTs to a unit that has left an address, of a case that has changed; absent: it calls nobody. */
  callback?(subject: string, signer: Identity, room: Room): Pick<Reply, 'headers' | 'body'> | undefined;
  /** The reply with its signed part moved away and something else in its place; absent: the protocol cannot be wrapped. */
  wrap?(reply: Reply): Reply;

  /** A timer that this agency scheduled has come. Returns one sentence for the event list. */
  fire(event: string, subject: string, room: Room): Sentence;
  cases(room: Room): CaseView[];
  /** When its monthly window next opens and closes, after now; absent: it has none, or it never closes. */
  window?(room: Room): { readonly opens: Date; readonly closes: Date } | undefined;
  /** The clerk's decision. Throws Refusal, whose message names the guard, where the state machine does not allow it. */
  decide(id: string, decision: Decision, room: Room): CaseView;
}
