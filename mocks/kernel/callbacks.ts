// What an agency tells of its own accord: one POST per change of a case, in order, to the address that a unit has left.
// Sent once; a client that is in doubt asks. Faults of phase `callback` strike here.
import type { AgencyName, Reply, Store } from './agency.ts';
import type { Fault, Faults } from './faults.ts';

/** A change of a case, as the state machine reports it. */
export interface Notice {
  readonly agency: AgencyName;
  readonly unit: string;
  readonly subject: string;
}

export interface Subscription {
  readonly agency: AgencyName;
  /** Absent: every unit that has left no address of its own. */
  readonly unit?: string;
  readonly url: string;
}

export interface Delivery extends Notice {
  readonly id: string;
  readonly url: string;
  readonly body: string;
  /** Kind of the fault that struck it. */
  readonly fault?: string;
  /** What came back, or why nothing did; absent: dropped. */
  readonly outcome?: string;
}

export interface Callbacks {
  subscribe(subscription: Subscription): void;
  unsubscribe(agency: AgencyName, unit?: string): boolean;
  list(): Subscription[];
  /** After the commit. */
  push(notices: readonly Notice[]): void;
  /** Nothing is sent while `work` runs. */
  muted<T>(work: () => T): T;
  /** An early one was pushed since this was last asked: it must be out before the answer. */
  takeEarly(): boolean;
  /** When all that was pushed is out. */
  flush(): Promise<void>;
  deliveries(): Delivery[];
  clear(): void;
}

const KEPT = 200;
const PATIENCE_MS = 5000;

type Message = Pick<Reply, 'headers' | 'body'>;

export function createCallbacks(options: {
  store: Store;
  faults: Faults;
  /** The message as it is now; `broken`: signed with a key that is not the agency's. */
  render: (notice: Notice, broken: boolean) => Message | undefined;
}): Callbacks {
  const { store, faults, render } = options;
  const subscriptions = store.table<Subscription>('callbacks.subscriptions');
  const keyOf = (agency: AgencyName, unit = '*') => `${agency}|${unit}`;
  let log: Delivery[] = [];
  let chain: Promise<void> = Promise.resolve();
  let held: (() => Promise<void>) | undefined;
  let silent = false;
  let early = false;
  let count = 0;

  function note(notice: Notice, url: string, body: string, rest: Pick<Delivery, 'fault' | 'outcome'>): void {
    count += 1;
    log = [...log, { ...notice, id: `callback-${count}`, url, body, ...rest }].slice(-KEPT);
  }

  async function post(
    notice: Notice,
    url: string,
    message: Message,
    fault: Fault | undefined,
  ): Promise<void> {
    const struck = fault === undefined ? {} : { fault: fault.kind };
    const said = async () => {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: message.headers,
          body: typeof message.body === 'string' ? message.body : new Uint8Array(message.body),
          redirect: 'error',
          signal: AbortSignal.timeout(PATIENCE_MS),
        });
        await response.arrayBuffer();
        return String(response.status);
      } catch (cause) {
        return cause instanceof Error ? cause.message : String(cause);
      }
    };
    note(notice, url, message.body.toString(), { ...struck, outcome: await said() });
  }

  function send(notice: Notice, url: string, message: Message): void {
    const fault = faults.take('callback', notice.agency, undefined);
    const once = () => post(notice, url, message, fault);
    const waiting = held;
    held = undefined;
    switch (fault?.kind) {
      case 'callback-dropped':
        note(notice, url, message.body.toString(), { fault: fault.kind });
        break;
      case 'callback-doubled':
        chain = chain.then(once).then(once);
        break;
      case 'callback-reordered':
        held = once;
        break;
      case 'callback-badly-signed': {
        const bad = render(notice, true) ?? message;
        chain = chain.then(() => post(notice, url, bad, fault));
        break;
      }
      default:
        if (fault?.kind === 'callback-early') early = true;
        chain = chain.then(once);
    }
    if (waiting) chain = chain.then(waiting); // the one before comes after
  }

  return {
    subscribe: (row) => subscriptions.put(keyOf(row.agency, row.unit), row),
    unsubscribe(agency, unit) {
      const known = subscriptions.get(keyOf(agency, unit)) !== undefined;
      subscriptions.delete(keyOf(agency, unit));
      return known;
    },
    list: () => subscriptions.all(),
    push(notices) {
      if (silent) return;
      for (const notice of notices) {
        const row =
          subscriptions.get(keyOf(notice.agency, notice.unit)) ?? subscriptions.get(keyOf(notice.agency));
        const message = row && render(notice, false);
        if (row && message) send(notice, row.url, message);
      }
    },
    muted(work) {
      silent = true;
      try {
        return work();
      } finally {
        silent = false;
      }
    },
    takeEarly() {
      const was = early;
      early = false;
      return was;
    },
    flush: () => chain,
    deliveries: () => log,
    clear() {
      log = [];
      held = undefined;
    },
  };
}
