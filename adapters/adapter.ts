/**
 * The adapter contract: what the gateway asks of the code that speaks one agency's protocol.
 * An adapter is a function of its settings that returns a plain object; outcomes are returned, never thrown.
 */
import type { z } from 'zod';
import type { FilingState } from '../src/domain/filing.ts';
import type { Absent, Outcome, ReadBack, Setback, Symptom } from '../src/domain/outcome.ts';
import type { ReceiptsPer } from '../src/domain/upload-receipts.ts';
import type { PersonsBy, SheetRead, UploadFile } from '../src/domain/uploads.ts';
import type { BusinessDate, ExitReason, FilingKind, PersonField } from '../src/domain/words.ts';

/** What an adapter is handed to file: business facts, and of the person only what its manifest names. */
export interface FilingOrder {
  readonly kind: FilingKind;
  /** 1 for the first submission; each answer to a correction is the next revision, under its own serial. */
  readonly revision: number;
  /** Fixed when the revision is first claimed. Every date or time in the message derives from it, so that a resend has the same bytes. */
  readonly preparedAt: Date;
  readonly employer: { readonly name: string; readonly uscc: string; readonly region: string };
  readonly person: Readonly<Partial<Record<PersonField, string>>>;
  readonly post: string;
  readonly contract: { readonly type: string; readonly start: BusinessDate; readonly end?: BusinessDate };
  readonly reason: ExitReason;
  readonly noticeDate: BusinessDate;
  readonly lastAttendanceDate: BusinessDate;
  readonly exitDate: BusinessDate;
  /** Last month of insurance, `YYYY-MM`: the exit's own, or the later one in which a filing that missed its window counts. */
  readonly insuranceEndMonth: string;
  /** What goes with the filing for the reviewer: settlements, reserved claims. */
  readonly supplements: readonly { readonly kind: string; readonly title: string; readonly text: string }[];
  /** The agency's number, once it is known. */
  readonly receipt?: string;
  /** Of an amendment: the serial under which the agency has what is amended. */
  readonly previousSerial?: string;
}

/** One call to an agency. */
export interface Call {
  /** Stable over every resend of the same revision: the agency's idempotency key. `[A-Za-z0-9_-]`, at most 40 characters. */
  readonly serial: string;
  /** Counts from 1 since the filing last got anywhere. */
  readonly attempt: number;
  /** Aborted at shutdown, when the manifest's time is up, and when the claim is lost; an adapter passes it on to every request. */
  readonly signal: AbortSignal;
  readonly now: Date;
  /** For people; never personal data, secrets or foreign text. */
  readonly log: (message: string) => void;
  /** Every foreign message passes through here: it is kept, encrypted, with its hash. */
  readonly keep: (message: ForeignMessage) => void;
  /** The agency's code tables as they were last fetched (`Adapter.codes`); empty where there are none yet. */
  readonly codes: readonly CodeTable[];
}

export interface ForeignMessage {
  readonly direction: 'sent' | 'received';
  /** The agency's name of the operation: `SubmitTermination`, `2001`, `POST /v1/registration-changes`. */
  readonly operation: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

export type { Absent, Outcome, ReadBack, Setback, Symptom } from '../src/domain/outcome.ts';
export type { SheetFault, SheetRead, SheetResult, UploadFile } from '../src/domain/uploads.ts';

/** Whether the agency is there and knows us, and each thing that was looked at on the way. */
export type Ping = { readonly checks: readonly PingCheck[] } & (
  | { readonly kind: 'up'; readonly message: string }
  | {
      readonly kind: 'down';
      readonly reason: string;
      readonly symptom?: Symptom;
      /** When to come back, as the agency said: a point in time, or so many seconds. */
      readonly until?: Date;
      readonly after?: number;
    }
);

export interface PingCheck {
  /**
   * `address`: somebody answers there; `certificate`: days until ours ends; `session`: sign-in or token; `clock`: theirs
   * against ours; `unit`: the employer's local number is known there.
   */
  readonly subject: 'address' | 'certificate' | 'session' | 'clock' | 'unit';
  readonly ok: boolean;
  /** What is wrong and what to do, or what was seen: nothing personal, nothing secret. */
  readonly message: string;
}

/** One page of a list; `next` is what to hand in for the following page. */
export type Page<Entry> =
  | { readonly kind: 'page'; readonly entries: readonly Entry[]; readonly next?: string }
  | Setback;

/** A filing as the agency lists it: also one that was made elsewhere, which has no serial of ours. */
export interface ListedFiling {
  readonly serial?: string;
  readonly receipt: string;
  readonly kind: FilingKind;
  readonly state: 'in_review' | 'correction_requested' | 'accepted' | 'rejected' | 'withdrawn';
  readonly person: { readonly name?: string; readonly id_number: string };
  readonly exitDate?: BusinessDate;
}

/** A person whom the agency counts as the employer's: insured, registered, employed. */
export interface RosterEntry {
  readonly kind: FilingKind;
  readonly person: { readonly name?: string; readonly id_number: string };
  readonly since?: BusinessDate;
}

/** A question about a person that files nothing. Its legal ground is checked, and kept as evidence, before an adapter is asked. */
export interface Inquiry {
  /** `credit`: the person's record; `enrolment`: does another employer still insure the person? */
  readonly kind: 'credit' | 'enrolment';
  readonly employer: { readonly name: string; readonly uscc: string };
  readonly person: Readonly<Partial<Record<PersonField, string>>>;
  /** What the person has authorised; a credit inquiry needs it. */
  readonly consent?: {
    readonly purpose: string;
    /** The kinds of inquiry that it covers. */
    readonly scope: readonly string[];
    readonly grantedOn: BusinessDate;
    readonly expiresOn: BusinessDate;
    readonly reference: string;
  };
}

export type Inquired =
  /** `facts` are codes and dates of the agency's, as data: personal. */
  | {
      readonly kind: 'answered';
      readonly receipt?: string;
      readonly clear: boolean;
      readonly facts: readonly {
        readonly code: string;
        readonly text: string;
        readonly date?: BusinessDate;
      }[];
    }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | Setback;

/** What an agency sends of its own accord. */
export interface CallbackRequest {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * News says which filings to look up, and no more: callbacks come twice, late and out of order, so what they claim is not
 * taken over. `id` is the agency's number of the callback: the same one again is acknowledged and does nothing.
 */
export type Callback =
  | {
      readonly kind: 'news';
      readonly id: string;
      readonly sentAt: Date;
      readonly about: readonly { readonly serial?: string; readonly receipt?: string }[];
      /** What the agency expects to hear once we have it. */
      readonly answer: CallbackAnswer;
    }
  /** Not signed by the agency, not readable, or for somebody else. */
  | { readonly kind: 'refused'; readonly reason: string; readonly answer: CallbackAnswer };

export interface CallbackAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** A code table of the agency's, under its own name: code → text. */
export interface CodeTable {
  readonly name: string;
  readonly version: string;
  readonly entries: Readonly<Record<string, string>>;
}

/** One filing of an upload, still as business. */
export interface UploadOrder {
  /** Counts the file's rows from 1: by it a result is told apart. */
  readonly row: number;
  readonly serial: string;
  readonly order: FilingOrder;
}

/** For an agency without an API: the file that a person uploads there, and the result sheet that comes back. */
export interface Upload {
  /** Rows per file at most. */
  readonly maxRows: number;
  /** A second person must confirm a file before its results are taken. */
  readonly twoPerson: boolean;
  /** How the two are told apart: each by an API key of their own, or by names that the caller vouches for. */
  readonly personsBy: PersonsBy;
  /** Whether the agency numbers rows or files: a number that stands for more is refused. */
  readonly receiptsPer: ReceiptsPer;
  /** Titles of the columns that the agency insists on and the order leaves empty. */
  lacks(order: FilingOrder): readonly string[];
  /** @param now for the file's own properties; its rows derive from the orders alone. */
  make(kind: FilingKind, orders: readonly UploadOrder[], now: Date): Promise<UploadFile>;
  read(sheet: Uint8Array): Promise<SheetRead>;
}

/** What an adapter can do beyond filing: it has the members of these names, and no others. */
export type Capability = Exclude<keyof Adapter, 'submit'>;

export interface Manifest {
  /** Folder, registry key, queue and metric label: the same word. */
  readonly name: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly protocol: string;
  readonly kinds: readonly FilingKind[];
  /** GB/T 2260 codes served, or `*`. */
  readonly regions: readonly string[];
  /** Of the person, only these are handed over. */
  readonly personFields: readonly PersonField[];
  /** Checked when a connection is saved; a field whose schema has `.meta({ secret: true })` is never shown again. */
  readonly settings: z.ZodObject;
  /** The states of a filing in which the agency lets us withdraw it, and those in which it takes an amendment. */
  readonly withdraws: readonly FilingState[];
  readonly amends: readonly FilingState[];
  readonly capabilities: readonly Capability[];
  /** Seconds until what was filed shows in `list` and `roster`; a day where nothing is said. */
  readonly listDelay?: number;
  /** Calls at a time per worker process. */
  readonly concurrency: number;
  /** Calls (of this adapter, however many requests each makes) that the agency allows a connection, over all worker processes. */
  readonly rate?: { readonly calls: number; readonly seconds: number };
  /** Seconds that one call may take altogether, at most. */
  readonly timeout: number;
}

export interface Adapter {
  submit(filing: FilingOrder, call: Call): Promise<Outcome>;
  /** What became of the serial (and, once there is one, the receipt)? Follows a pending filing, and decides a doubtful one. */
  lookup?(filing: FilingOrder, call: Call): Promise<Outcome | Absent>;
  readBack?(filing: FilingOrder, call: Call): Promise<ReadBack>;
  /** Files the whole content anew under the receipt and a new serial. */
  amend?(filing: FilingOrder, call: Call): Promise<Outcome>;
  /** `accepted` means that it is withdrawn; asked again it says the same, and `lookup` then says `refused`, code `WITHDRAWN`. */
  withdraw?(filing: FilingOrder, call: Call): Promise<Outcome>;
  /**
   * Is the agency there, and does it know us? Files nothing. The first answer after an outage closes the circuit: `down`
   * with a symptom means that it is not there. Without `ping` nobody can tell, and every filing finds out for itself.
   */
  ping?(call: Call): Promise<Ping>;
  /** The unit's filings with an exit date in the period, for reconciliation. */
  list?(
    period: { readonly from: BusinessDate; readonly to: BusinessDate },
    call: Call,
    page?: string,
  ): Promise<Page<ListedFiling>>;
  /** Whom the agency counts as the unit's at this moment. */
  roster?(call: Call, page?: string): Promise<Page<RosterEntry>>;
  inquire?(inquiry: Inquiry, call: Call): Promise<Inquired>;
  parseCallback?(request: CallbackRequest, call: Call): Promise<Callback>;
  /** The agency's code tables as they stand. */
  codes?(call: Call): Promise<{ readonly kind: 'codes'; readonly tables: readonly CodeTable[] } | Setback>;
  /** What it says is `manual` is collected for the agency's spreadsheet. Nothing of it is a call: it works on what it is handed. */
  readonly upload?: Upload;
}

/** An entry of the written list in `adapters/index.ts`. `create` may assume settings that passed the manifest's schema. */
export interface AdapterEntry {
  readonly manifest: Manifest;
  readonly create: (settings: unknown) => Adapter;
}
