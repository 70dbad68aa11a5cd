/**
 * The adapter contract: what the gateway asks of the code that speaks one agency's protocol.
 * An adapter is a function of its settings that returns a plain object; outcomes are returned, never thrown.
 */
import type { z } from 'zod';
import type { FilingState } from '../src/domain/filing.ts';
import type { Absent, Outcome, ReadBack } from '../src/domain/outcome.ts';
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
}

export interface ForeignMessage {
  readonly direction: 'sent' | 'received';
  /** The agency's name of the operation: `SubmitTermination`, `2001`, `POST /v1/registration-changes`. */
  readonly operation: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

export type { Absent, Outcome, ReadBack } from '../src/domain/outcome.ts';

export type Ping =
  | { readonly kind: 'up'; readonly message: string }
  | { readonly kind: 'down'; readonly reason: string };

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
  /** Calls at a time per worker process. */
  readonly concurrency: number;
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
  /** Is the agency there, and does it know us? Files nothing. */
  ping?(call: Call): Promise<Ping>;
}

/** An entry of the written list in `adapters/index.ts`. `create` may assume settings that passed the manifest's schema. */
export interface AdapterEntry {
  readonly manifest: Manifest;
  readonly create: (settings: unknown) => Adapter;
}
