/** Runs of reconciliation: asked for or of a night, claimed under a lease, concluded together with what they found. */
import type { Keyring } from '../crypto/keyring.ts';
import { followFindings } from '../domain/finding-course.ts';
import type { OurFiling } from '../domain/findings.ts';
import type { BusinessDate } from '../domain/words.ts';
import { newId } from '../ids.ts';
import { type Database, hex, rows, unlessDeadlocked } from './database.ts';
import { type FindingRow, lockExits, READ_FINDINGS, type Told, writeFindings } from './finding-rows.ts';
import { fingerprintOf, keptBy, knownRow } from './finding-steps.ts';
import { lockSiblings, twinsAt } from './finding-twins.ts';
import { readOurFilings, type Wanted } from './our-filings.ts';
import { CLAIM, DUE, LIST, NIGHTS } from './reconciliation-statements.ts';
import {
  type Conclusion,
  keptReason,
  type Period,
  type RunClaim,
  type RunRow,
  type StoredRun,
  storedRun,
} from './runs.ts';

export interface ReconciliationStore {
  /**
   * @param held for whoever performs it at once: no worker takes it meanwhile.
   * @returns undefined when the organisation has no such connection.
   */
  request(
    orgId: string,
    sandbox: boolean,
    connectionId: string,
    period: Period,
    now: Date,
    held?: { readonly token: string; readonly until: Date },
  ): Promise<StoredRun | undefined>;
  /**
   * Plans the latest night's runs, one for each connection of these adapters that was there when the night came, however
   * late it is by now: a run compares what stands, so that an earlier night that was missed is made up for by it. @param periodOf by the organisation's business date. @returns the new runs.
   */
  planNight(
    adapters: readonly string[],
    real: Date,
    periodOf: (night: BusinessDate) => Period,
  ): Promise<readonly string[]>;
  /** Waiting, or left behind by a worker that is gone. */
  due(real: Date, limit: number): Promise<readonly string[]>;
  /** @returns undefined when it has ended, or another worker has it. */
  claim(
    id: string,
    lease: { readonly token: string; readonly now: Date; readonly until: Date },
  ): Promise<RunClaim | undefined>;
  renew(id: string, token: string, until: Date): Promise<boolean>;
  ours(wanted: Wanted): Promise<readonly OurFiling[]>;
  /** Ends a run and keeps what it found, in one transaction. @returns undefined when the claim is somebody else's by now. */
  conclude(claim: RunClaim, token: string, conclusion: Conclusion, now: Date): Promise<Told | undefined>;
  load(orgId: string, sandbox: boolean, id: string): Promise<StoredRun | undefined>;
  /** Newest first. */
  list(
    orgId: string,
    sandbox: boolean,
    filter: { readonly state?: string; readonly connectionId?: string },
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly StoredRun[]>;
}

/** Runs of one connection conclude one after the other; each takes a moment. */
const PATIENCE = { maxWait: 10_000, timeout: 60_000 };

export function createReconciliationStore(database: Database, keyring: Keyring): ReconciliationStore {
  return {
    async request(orgId, sandbox, connectionId, period, now, held) {
      const found = await rows<RunRow>(
        database,
        `INSERT INTO reconciliations (id, org_id, sandbox, connection_id, period_from, period_to, state, requested_at, lease_token, lease_until)
         SELECT $1, c.org_id, c.sandbox, c.id, $5, $6, 'waiting', $7::timestamptz, $8, $9::timestamptz FROM connections c
         WHERE c.org_id = $2 AND c.sandbox = $3 AND c.id = $4 AND c.deleted_at IS NULL RETURNING *`,
        newId('reconciliation', now),
        orgId,
        sandbox,
        connectionId,
        period.from,
        period.to,
        now.toISOString(),
        held?.token ?? null,
        held?.until.toISOString() ?? null,
      );
      return found[0] === undefined ? undefined : storedRun(found[0]);
    },

    async planNight(adapters, real, periodOf) {
      const found = await rows<{ id: string; org_id: string; sandbox: boolean; now: Date; night: string }>(
        database,
        NIGHTS,
        real.toISOString(),
        JSON.stringify(adapters),
      );
      if (found.length === 0) return [];
      const planned = found.map(({ id, org_id, sandbox, now, night }) => ({
        id: newId('reconciliation', now),
        org_id,
        sandbox,
        connection_id: id,
        period_from: periodOf(night).from,
        period_to: periodOf(night).to,
        night,
        state: 'waiting',
        hashes: [],
        requested_at: now.toISOString(),
      }));
      // Of several processes that plan at once, one is first.
      const made = await rows<{ id: string }>(
        database,
        `INSERT INTO reconciliations SELECT * FROM jsonb_populate_recordset(NULL::reconciliations, $1::jsonb)
         ON CONFLICT (connection_id, night) DO NOTHING RETURNING id`,
        planned,
      );
      return made.map(({ id }) => id);
    },

    async due(real, limit) {
      return (await rows<{ id: string }>(database, DUE, real.toISOString(), limit)).map(({ id }) => id);
    },

    async claim(id, { token, now, until }) {
      const [row] = await rows<RunRow & { org_id: string; sandbox: boolean; now: Date }>(
        database,
        CLAIM,
        id,
        token,
        now.toISOString(),
        until.toISOString(),
      );
      if (row === undefined) return undefined;
      return {
        id,
        orgId: row.org_id,
        sandbox: row.sandbox,
        connectionId: row.connection_id,
        period: { from: row.period_from, to: row.period_to },
        now: row.now,
      };
    },

    async renew(id, token, until) {
      const { count } = await database.reconciliations.updateMany({
        where: { id, lease_token: token },
        data: { lease_until: until },
      });
      return count === 1;
    },

    ours: (wanted) => readOurFilings(database, keyring, wanted),

    conclude: (claim, token, concluded, now) =>
      unlessDeadlocked(() =>
        database.$transaction(async (transaction) => {
          const siblings = await lockSiblings(transaction, claim.connectionId);
          const deleted = siblings.some(
            ({ id, deleted_at }) => id === claim.connectionId && deleted_at !== null,
          );
          const [held] = await rows(
            transaction,
            'SELECT id FROM reconciliations WHERE id = $1 AND lease_token = $2 FOR UPDATE',
            claim.id,
            token,
          );
          if (held === undefined) return undefined;
          // Deleted while it was asked: its findings have ended with it, and nobody would resolve another.
          const { complete, reason, findings, counts, hashes, settledBefore }: Conclusion = deleted
            ? { ...concluded, complete: false, findings: [], reason: { code: 'connection_deleted' } }
            : concluded;
          const source = { ...claim, runId: claim.id };
          const all = new Map(findings.map((each) => [fingerprintOf(keyring, source, each), each]));
          const known = await rows<FindingRow>(
            transaction,
            `${READ_FINDINGS} WHERE f.connection_id = $1 AND (f.state = 'open'
               OR f.fingerprint IN (SELECT k::bytea FROM jsonb_array_elements_text($2::jsonb) k))`,
            claim.connectionId,
            JSON.stringify([...all.keys()]),
          );
          const exits = [
            ...findings.flatMap(({ exitId }) => exitId ?? []),
            ...known.flatMap(({ exit_id }) => exit_id ?? []),
          ];
          const places = await lockExits(transaction, exits);
          const others = siblings.filter(
            ({ id, deleted_at }) => id !== claim.connectionId && deleted_at === null,
          );
          const isTwin = await twinsAt(
            transaction,
            keyring,
            claim.orgId,
            others.map(({ id }) => id),
          );
          const own = new Set(known.flatMap((row) => (row.state === 'resolved' ? [] : hex(row.fingerprint))));
          const found = new Map([...all].filter(([key, each]) => own.has(key) || !isTwin(each)));
          const steps = followFindings(known.map(knownRow), found, {
            complete,
            period: claim.period,
            ...(settledBefore === undefined ? {} : { settledBefore }),
          });
          const told = await writeFindings(
            transaction,
            keyring,
            places,
            steps.map((step) => keptBy(step, { source, places, now }, keyring)),
            { orgId: claim.orgId, now },
          );
          const count = (...kinds: string[]) => steps.filter(({ kind }) => kinds.includes(kind)).length;
          await transaction.reconciliations.update({
            where: { id: claim.id },
            data: {
              state: complete ? 'complete' : 'incomplete',
              reason: reason === undefined ? null : keptReason(reason),
              ...counts,
              found: all.size,
              opened: count('opened', 'reopened'),
              resolved: count('resolved'),
              hashes: [...hashes],
              ended_at: now,
              lease_token: null,
              lease_until: null,
            },
          });
          return told;
        }, PATIENCE),
      ),

    async load(orgId, sandbox, id) {
      const [row] = await rows<RunRow>(
        database,
        'SELECT * FROM reconciliations WHERE org_id = $1 AND sandbox = $2 AND id = $3',
        orgId,
        sandbox,
        id,
      );
      return row === undefined ? undefined : storedRun(row);
    },

    async list(orgId, sandbox, { state, connectionId }, { before, limit }) {
      const found = await rows<RunRow>(
        database,
        LIST,
        orgId,
        sandbox,
        state ?? null,
        connectionId ?? null,
        before ?? null,
        limit,
      );
      return found.map(storedRun);
    },
  };
}
