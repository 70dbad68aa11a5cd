/**
 * What an agency sends of its own accord. Its adapter says whether to believe it; the filings that it names are then due to
 * be asked about, and no more is taken from it. Whatever is lost here, polling finds.
 */
import type { Logger } from 'pino';
import type {
  Adapter,
  Call,
  Callback,
  CallbackAnswer,
  CallbackRequest,
  ForeignMessage,
} from '../adapters/adapter.ts';
import { isTimely, withNews } from '../src/domain/news.ts';
import type { NamedFiling } from '../src/store/callbacks.ts';
import type { ConnectionPlace } from '../src/store/connections.ts';
import type { Store } from '../src/store/index.ts';
import type { Agencies } from './agencies.ts';
import { keptMessages, sha256 } from './kept-messages.ts';
import type { Wake } from './wake.ts';

/** `refused`: not believed, with the adapter's answer where it has one; `stale`: believed, and too old or too early. */
export type Received =
  | { readonly kind: 'taken' | 'repeated'; readonly answer: CallbackAnswer }
  | { readonly kind: 'stale' }
  | { readonly kind: 'refused'; readonly answer?: CallbackAnswer };

/** Takes what was sent to a connection's address. */
export type CallbackDoor = (request: CallbackRequest) => Promise<Received>;

export interface CallbackOptions {
  readonly store: Store;
  readonly agencies: Agencies;
  readonly wake: Wake;
  readonly clock: () => Date;
  readonly log: Logger;
  readonly count: (agency: string, outcome: Received['kind']) => void;
}

const MOST_CONFLICTS = 20;
/** More than an agency has to tell at a time. */
const MOST_NAMED = 1000;
/** An adapter reads and checks here, and asks nobody. */
const PATIENCE_MS = 10_000;

/** @returns undefined when there is no such connection, or its agency sends nothing. */
export function createCallbacks(options: CallbackOptions) {
  const { store, agencies, log, count } = options;
  return async (connectionId: string): Promise<CallbackDoor | undefined> => {
    const place = await store.connections.place(connectionId);
    if (place === undefined) return undefined;
    const agency = await agencies.open(connectionId, place.version).catch((error: unknown) => {
      log.error({ connection: connectionId, error: String(error) }, 'connection cannot be opened');
    });
    const parseCallback = agency?.adapter.parseCallback;
    if (parseCallback === undefined) return undefined;
    return async (request) => {
      const outcome = await receive(options, place, parseCallback, request);
      count(place.adapter, outcome.kind);
      return outcome;
    };
  };
}

async function receive(
  options: CallbackOptions,
  place: ConnectionPlace,
  parse: NonNullable<Adapter['parseCallback']>,
  request: CallbackRequest,
): Promise<Received> {
  const { store, clock } = options;
  const log = options.log.child({ connection: place.id, adapter: place.adapter });
  const real = clock();
  const now = await store.organisations.now(place, real);
  const messages = [messageOf(request)];
  const call: Call = {
    serial: '',
    attempt: 1,
    signal: AbortSignal.timeout(PATIENCE_MS),
    now,
    log: (message) => log.info(message),
    keep: (message) => messages.push(message),
    codes: [],
  };
  let callback: Callback;
  try {
    callback = await parse(request, call);
  } catch (error) {
    // A bug of the adapter's. The message may quote what was sent.
    log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'adapter threw in parseCallback');
    return { kind: 'refused' };
  }
  const { answer } = callback;
  if (callback.kind === 'refused') {
    log.warn({ reason: callback.reason }, 'a callback was refused');
    return { kind: 'refused', answer };
  }
  const { id, sentAt, about } = callback;
  if (!isTimely(sentAt, [real, now])) {
    log.warn({ sent_at: sentAt.toISOString() }, 'a callback was refused for its age');
    return { kind: 'stale' };
  }
  const { orgId } = place;
  const taken = { orgId, connectionId: place.id, foreignId: id, sentAt, sha256: sha256(request.body) };
  if (!(await store.callbacks.begin(taken, real))) return { kind: 'repeated', answer };
  const first = about.slice(0, MOST_NAMED);
  const named = await store.callbacks.named(
    place,
    first.flatMap(({ serial }) => serial ?? []),
    first.flatMap(({ receipt }) => receipt ?? []),
  );
  for (const filing of named) await tell(options, place, filing, messages, log);
  await store.callbacks.done(taken, clock());
  log.info({ named: about.length, filings: named.map((filing) => filing.id) }, 'a callback was taken');
  return { kind: 'taken', answer };
}

/** Keeps the message with the filing, and has it asked about. One whose exit keeps changing is in good hands: polling finds it. */
async function tell(
  { store, wake, clock }: CallbackOptions,
  place: ConnectionPlace,
  { id, exitId }: NamedFiling,
  messages: readonly ForeignMessage[],
  log: Logger,
): Promise<void> {
  for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
    const stored = await store.exits.loadAny(exitId);
    if (stored === undefined) return;
    const now = await store.organisations.now(place, clock());
    const change = { exit: withNews(stored.exit, id, now), events: [] };
    const committed = await store.exits.save(stored, change, {
      now,
      attempt: {
        filingId: id,
        step: 'callback',
        outcome: 'news',
        startedAt: now,
        endedAt: now,
        ...keptMessages(messages),
      },
    });
    if (committed === undefined) continue;
    const filing = change.exit.filings.find((each) => each.id === id);
    if (filing?.nextAt !== now) return; // nobody to ask now: in somebody's hands already, or settled
    await wake.filing(filing).catch((error: unknown) => {
      log.warn({ filing: id, error: String(error) }, 'wake lost; sweep will repair it');
    });
    return;
  }
  log.warn({ filing: id }, 'news not kept: the exit kept changing; the filing is asked about in its turn');
}

const messageOf = ({ headers, body }: CallbackRequest): ForeignMessage => ({
  direction: 'received',
  operation: 'callback',
  contentType: headers['content-type'] ?? 'application/octet-stream',
  body,
});
