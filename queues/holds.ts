/**
 * What holds a filing before any call is made: maintenance of its connection, an agency that is not there, and a window that
 * is closed. A window that
 * nobody has confirmed holds nothing, the agency decides itself; but somebody is asked for it, once.
 */
import type { Logger } from 'pino';
import { businessDate } from '../src/domain/dates.ts';
import { factsAt } from '../src/domain/exit.ts';
import type { Filing, Step } from '../src/domain/filing.ts';
import { maintenanceAt } from '../src/domain/maintenance.ts';
import type { Outcome } from '../src/domain/outcome.ts';
import {
  closedReason,
  countingMonth,
  isWindowed,
  judgeWindow,
  monthLacking,
  type WindowVerdict,
} from '../src/domain/windows.ts';
import type { StoredExit } from '../src/store/exits.ts';
import type { Store } from '../src/store/index.ts';
import type { AgencyHealth } from './health.ts';
import { keep } from './kept.ts';
import type { Wake } from './wake.ts';

/** How long a window or a maintenance that was just entered may go unnoticed by what is not held. */
const KEPT_MS = 5_000;
/** Who was to ask and has not within this time is dead. */
const ABANDONED_MS = 60_000;
const MOST_CONFLICTS = 20;
/** Steps that a window is for; questions are answered at any time. */
const FILED: readonly Step[] = ['submit', 'amend'];

export type Hold = Extract<Outcome, { kind: 'hold' }>;

/** A filing under its claim, before its next step. */
export interface Ahead {
  readonly stored: StoredExit;
  readonly filing: Filing;
  readonly step: Step;
  readonly now: Date;
  /** The claim's. */
  readonly token: string;
}

export interface Leave {
  /** The exit as it stands, a question that was asked on its stream included. */
  readonly stored: StoredExit;
  /** The last month of insurance that the order names. */
  readonly month: string;
  /** Why no call is to be made now. */
  readonly hold?: Hold;
}

export interface Holds {
  /**
   * @param carried the month that the filing carries until now.
   * @returns undefined when the claim was lost meanwhile.
   */
  before(ahead: Ahead, carried: string): Promise<Leave | undefined>;
  /** After a hold was saved: who opened the door in the meantime did not yet see this filing held, and has not woken it. */
  after(ahead: Ahead): Promise<void>;
}

export function createHolds({
  store,
  health,
  wake,
  clock,
  log,
  keptMs = KEPT_MS,
}: {
  readonly store: Pick<Store, 'windows' | 'maintenances' | 'exits' | 'filings' | 'organisations'>;
  readonly health: Pick<AgencyHealth, 'hold'>;
  readonly wake: Pick<Wake, 'after'>;
  readonly clock: () => Date;
  readonly log: Logger;
  readonly keptMs?: number;
}): Holds {
  // Of a whole day: the time of organisations differs, and what has ended by now holds nothing.
  const maintenances = keep((key) => {
    const [connectionId = '', day] = key.split(' ');
    return store.maintenances.ahead(connectionId, new Date(`${day}T00:00:00+08:00`));
  }, keptMs);
  const maintenancesOf = ({ filing, now }: Ahead) => `${filing.connectionId} ${businessDate(now)}`;
  const windows = keep((key) => {
    const [orgId = '', sandbox, month = ''] = key.split(' ');
    return store.windows.known(orgId, sandbox === 'sandbox', month);
  }, keptMs);
  const windowsOf = ({ stored: { orgId, sandbox } }: Ahead, month: string) =>
    `${orgId} ${sandbox ? 'sandbox' : 'live'} ${month}`;
  const regionOf = ({ stored, filing }: Ahead) => factsAt(stored.exit, filing.factsRevision).employer.region;

  async function maintenance(ahead: Ahead): Promise<Hold | undefined> {
    const key = maintenancesOf(ahead);
    if (maintenanceAt(await maintenances.get(key), ahead.now) === undefined) return undefined;
    // What was kept may let go, never hold: who entered the end of a maintenance has woken this filing just now.
    const found = maintenanceAt(await maintenances.fresh(key), ahead.now);
    // The end is part of the reason: who extends a maintenance gives another reason, and HR is told.
    return (
      found && {
        kind: 'hold',
        reason: `maintenance until ${found.until.toISOString()}: ${found.reason}`,
        until: found.until,
      }
    );
  }

  const closed = (ahead: Ahead, verdict: Extract<WindowVerdict, { kind: 'closed' }>): Hold => ({
    kind: 'hold',
    reason: closedReason(regionOf(ahead), ahead.filing.kind, verdict),
    until: verdict.until,
  });

  /** @returns undefined: the step needs no window; `lacking` a month that nobody has been asked for yet. */
  async function window(
    ahead: Ahead,
  ): Promise<{ readonly verdict: WindowVerdict; readonly lacking?: string } | undefined> {
    const { filing, step, now } = ahead;
    const { kind } = filing;
    if (!FILED.includes(step) || !isWindowed(kind)) return undefined;
    const region = regionOf(ahead);
    const key = windowsOf(ahead, businessDate(now).slice(0, 7));
    const judge = async (known: ReturnType<typeof windows.get>) => {
      const { windows, questions } = await known;
      const verdict = judgeWindow({ region, kind, now, windows });
      const month = monthLacking(verdict);
      const told = questions.some((each) => each.month === month && each.region === region && each.toldAt);
      return { verdict, ...(month === undefined || told ? {} : { lacking: month }) };
    };
    const kept = await judge(windows.get(key));
    return kept.verdict.kind === 'closed' || kept.lacking !== undefined ? judge(windows.fresh(key)) : kept;
  }

  /** Tells the question on the exit's stream. @returns the exit as it then stands. */
  async function ask({ stored, filing, now }: Ahead, region: string, month: string): Promise<StoredExit> {
    const { orgId, sandbox, exit } = stored;
    const question = { region, month, exitId: exit.id, askedAt: now };
    const abandoned = new Date(now.getTime() - ABANDONED_MS);
    if (!(await store.windows.ask(orgId, sandbox, question, abandoned))) return stored;
    const data = { filing_id: filing.id, kind: filing.kind, region, month };
    let before: StoredExit | undefined = stored;
    for (let conflicts = 0; before !== undefined && conflicts < MOST_CONFLICTS; conflicts++) {
      const change = { exit: before.exit, events: [{ type: 'filing.window_unknown', data }] } as const;
      const committed = await store.exits.save(before, change, { now });
      const after: StoredExit | undefined = await store.exits.loadAny(exit.id);
      if (committed !== undefined) {
        await store.windows.asked(orgId, sandbox, question, now);
        await wake.after(before.exit, committed, { but: filing.id });
        return after ?? before;
      }
      before = after;
    }
    log.warn({ exit: exit.id, region, month }, 'a window was not asked for: the exit kept changing');
    return before ?? stored;
  }

  return {
    async before(ahead, carried) {
      const { stored, filing, token } = ahead;
      const down = (await maintenance(ahead)) ?? (await health.hold(ahead));
      if (down !== undefined) return { stored, month: carried, hold: down };
      const judged = await window(ahead);
      if (judged === undefined) return { stored, month: carried };
      const { verdict, lacking } = judged;
      const standing = lacking === undefined ? stored : await ask(ahead, regionOf(ahead), lacking);
      if (verdict.kind === 'closed')
        return { stored: standing, month: carried, hold: closed(ahead, verdict) };
      const month = countingMonth(verdict, carried);
      // Kept before it is sent: whoever sends it again has the same.
      if (month !== carried && !(await store.filings.carryMonth(filing.id, token, month))) return undefined;
      return { stored: standing, month };
    },

    async after(ahead) {
      const now = await store.organisations.now(ahead.stored, clock());
      const later = { ...ahead, now };
      if (((await maintenance(later)) ?? (await health.hold(later))) !== undefined) return;
      if ((await window(later))?.verdict.kind === 'closed') return;
      await store.filings.retryHeld(ahead.stored.orgId, { id: ahead.filing.id }, now);
    },
  };
}
