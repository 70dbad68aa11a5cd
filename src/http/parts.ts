/** What the API is handed: the shapes that it needs, not the vendors' types. */
import type { Router } from 'express';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Exit } from '../domain/exit.ts';
import type { ClockWork } from '../domain/filing-clocks.ts';
import type { Health } from '../domain/health.ts';
import type { Symptom } from '../domain/outcome.ts';
import type { Profiles } from '../domain/profile.ts';
import type { Reach } from '../domain/pursue.ts';
import type { ClockView, Moved, MoveRefused, MoveWish } from '../domain/test-clock.ts';
import type { ReceiptsPer } from '../domain/upload-receipts.ts';
import type { Actor, Closed, SheetRead } from '../domain/uploads.ts';
import type { FilingKind, PersonField } from '../domain/words.ts';
import type { Words } from '../language.ts';
import type { Committed } from '../store/exits.ts';
import type { Store } from '../store/index.ts';
import type { StoredUpload } from '../store/uploads.ts';

/** Of an adapter's manifest, what a connection is checked against, and what is shown. */
export interface AdapterManifest {
  readonly name: string;
  readonly title: Words;
  readonly kinds: readonly FilingKind[];
  /** GB/T 2260 codes served, or `*`. */
  readonly regions: readonly string[];
  /** Of the person, only these are handed over. */
  readonly personFields: readonly PersonField[];
  readonly settings: z.ZodObject;
  readonly protocol: string;
  /** Beyond filing. */
  readonly capabilities: readonly string[];
  readonly rate?: { readonly calls: number; readonly seconds: number };
}

/** What an agency said when it was asked how it is. */
export interface ConnectionTested {
  /** undefined: the adapter cannot ask. */
  readonly ping:
    | ({
        readonly checks: readonly {
          readonly subject: 'address' | 'certificate' | 'session' | 'clock' | 'unit';
          readonly ok: boolean;
          readonly message: string;
        }[];
      } & (
        | { readonly kind: 'up'; readonly message: string }
        | { readonly kind: 'down'; readonly reason: string; readonly symptom?: Symptom }
      ))
    | undefined;
  readonly milliseconds: number;
  readonly health: Health;
}

/** `answer` is in the words of the agency's protocol. */
export type CallbackDoor = (request: {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}) => Promise<{
  readonly kind: 'taken' | 'repeated' | 'refused' | 'stale';
  readonly answer?: { readonly status: number; readonly contentType: string; readonly body: string };
}>;

export interface HttpParts {
  readonly store: Store;
  readonly profiles: Profiles;
  readonly manifests: ReadonlyMap<string, AdapterManifest>;
  /** Asks a connection's agency how it is. @throws Error when the connection cannot be opened. */
  readonly testConnection: (connectionId: string) => Promise<ConnectionTested>;
  /** A connection has other settings, or was deleted: its agency is asked anew, and filings that waited for it go on. */
  readonly connectionChanged: (connectionId: string) => Promise<void>;
  /** What an adapter can still do about a filing. */
  readonly reachOf: (adapter: string) => Reach;
  /** Statutes and calendar, and how long before a deadline it is told. */
  readonly clockWork: ClockWork;
  readonly distances: readonly string[];
  /** Wakes whoever has work after a commit. May fail: sweep finds what nobody was woken for. */
  readonly wake: { after(subject: Pick<Exit, 'id' | 'filings'>, committed: Committed): Promise<void> };
  /** The same, for a reconciliation that was asked for. */
  readonly wakeRun: (id: string) => Promise<void>;
  /** @returns why webhooks may not be sent there; undefined when they may. */
  readonly checkEndpointUrl: (url: string) => Promise<string | undefined>;
  readonly newWebhookSecret: () => string;
  /** Takes what agencies send to a connection's address. @returns undefined when nobody takes anything there. */
  readonly callbacks: (connectionId: string) => Promise<CallbackDoor | undefined>;
  /** Where this service is reached from outside, without a slash at the end. */
  readonly publicUrl: () => string;
  /** Real time. What is business goes by `timeOf`. */
  readonly clock: () => Date;
  /** Moves an organisation's test time. Both throw DeskFailed. */
  readonly testClock: {
    view(orgId: string): Promise<ClockView>;
    move(orgId: string, wish: MoveWish): Promise<Moved | MoveRefused>;
  };
  /** Makes the files for agencies without an API, and reads their result sheets. */
  readonly uploads: {
    /** The adapters whose filings are collected. */
    readonly adapters: readonly string[];
    close(upload: StoredUpload, closedBy: Actor, now: Date): Promise<Closed>;
    receiptsPer(connectionId: string): Promise<ReceiptsPer>;
    read(connectionId: string, sheet: Uint8Array): Promise<SheetRead>;
  };
  readonly log: Logger;
  readonly limits: { readonly bodyBytes: number; readonly requestsPerMinute: number };
  /** Name of a part → `ok`, or the sentence that says what is wrong. */
  readonly readiness: () => Promise<Record<string, string>>;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  /** The operators' pages under /console, which bring their own content policy; absent: closed. */
  readonly operator?: { readonly key: string; readonly mount: (router: Pick<Router, 'use'>) => void };
}
