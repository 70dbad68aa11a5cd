/** Monthly windows as somebody confirmed them, and the questions for those that nobody has. */
import type { ConfirmedWindow, Window } from '../domain/windows.ts';
import { newId } from '../ids.ts';
import { type Database, rows } from './database.ts';

export interface StoredWindow extends ConfirmedWindow {
  readonly id: string;
  readonly createdAt: Date;
}

/** A region and month whose window was needed and not known. */
export interface WindowQuestion {
  readonly region: string;
  readonly month: string;
  readonly exitId: string;
  readonly askedAt: Date;
  /** When the exit's event stood; until then the question is still on its way. */
  readonly toldAt?: Date;
}

export interface WindowStore {
  /**
   * Adds a window, or replaces the one of the same region, insurance and month, whose id stays.
   * @returns undefined when that one was confirmed on a later day.
   */
  confirm(
    orgId: string,
    sandbox: boolean,
    window: ConfirmedWindow,
    now: Date,
  ): Promise<StoredWindow | undefined>;
  load(orgId: string, sandbox: boolean, id: string): Promise<StoredWindow | undefined>;
  /** Newest first; of a region, all that cover it or lie in it. */
  list(
    orgId: string,
    sandbox: boolean,
    filter: { readonly region?: string; readonly month?: string },
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly StoredWindow[]>;
  /** @returns what was removed. */
  remove(orgId: string, sandbox: boolean, id: string): Promise<StoredWindow | undefined>;
  /** What is known from a month on, and what has been asked. */
  known(
    orgId: string,
    sandbox: boolean,
    from: string,
  ): Promise<{ readonly windows: readonly Window[]; readonly questions: readonly WindowQuestion[] }>;
  /** @returns true for the one of many that is to tell it; again when that one has not told it since `abandoned`. */
  ask(
    orgId: string,
    sandbox: boolean,
    question: Omit<WindowQuestion, 'toldAt'>,
    abandoned: Date,
  ): Promise<boolean>;
  asked(
    orgId: string,
    sandbox: boolean,
    question: Pick<WindowQuestion, 'region' | 'month'>,
    now: Date,
  ): Promise<void>;
}

const COLUMNS =
  'id, region, insurance, month, opens, closes, source, confirmed_by, confirmed_on::text, created_at';

const CONFIRM = `
  INSERT INTO windows AS w SELECT * FROM jsonb_populate_recordset(NULL::windows, $1::jsonb)
  ON CONFLICT (org_id, sandbox, region, insurance, month) DO UPDATE SET opens = excluded.opens, closes = excluded.closes,
    source = excluded.source, confirmed_by = excluded.confirmed_by, confirmed_on = excluded.confirmed_on, created_at = excluded.created_at
  WHERE w.confirmed_on <= excluded.confirmed_on
  RETURNING ${COLUMNS}`;

const LIST = `
  SELECT ${COLUMNS} FROM windows
  WHERE org_id = $1 AND sandbox = $2 AND ($3::text IS NULL OR starts_with($3, region) OR starts_with(region, $3))
    AND ($4::text IS NULL OR month = $4) AND ($5::text IS NULL OR id < $5) ORDER BY id DESC LIMIT $6`;

const ASK = `
  INSERT INTO window_questions AS q SELECT * FROM jsonb_populate_recordset(NULL::window_questions, $1::jsonb)
  ON CONFLICT (org_id, sandbox, region, month) DO UPDATE SET exit_id = excluded.exit_id, asked_at = excluded.asked_at
  WHERE q.told_at IS NULL AND q.asked_at <= $2::timestamptz
  RETURNING q.month`;

interface WindowRow {
  id: string;
  region: string;
  insurance: string;
  month: string;
  opens: number;
  closes: number;
  source: string;
  confirmed_by: string;
  confirmed_on: string;
  created_at: Date;
}

export function createWindowStore(database: Database): WindowStore {
  return {
    async confirm(orgId, sandbox, window, now) {
      const row = {
        id: newId('window', now),
        org_id: orgId,
        sandbox,
        region: window.region,
        insurance: window.insurance,
        month: window.month,
        opens: window.opens,
        closes: window.closes,
        source: window.source,
        confirmed_by: window.confirmedBy,
        confirmed_on: window.confirmedOn,
        created_at: now.toISOString(),
      };
      const [confirmed] = await rows<WindowRow>(database, CONFIRM, [row]);
      return confirmed === undefined ? undefined : stored(confirmed);
    },

    async load(orgId, sandbox, id) {
      const sql = `SELECT ${COLUMNS} FROM windows WHERE org_id = $1 AND sandbox = $2 AND id = $3`;
      const [row] = await rows<WindowRow>(database, sql, orgId, sandbox, id);
      return row === undefined ? undefined : stored(row);
    },

    async list(orgId, sandbox, { region, month }, { before, limit }) {
      const found = await rows<WindowRow>(
        database,
        LIST,
        orgId,
        sandbox,
        region ?? null,
        month ?? null,
        before ?? null,
        limit,
      );
      return found.map(stored);
    },

    async remove(orgId, sandbox, id) {
      const sql = `DELETE FROM windows WHERE org_id = $1 AND sandbox = $2 AND id = $3 RETURNING ${COLUMNS}`;
      const [row] = await rows<WindowRow>(database, sql, orgId, sandbox, id);
      return row === undefined ? undefined : stored(row);
    },

    async known(orgId, sandbox, from) {
      const where = { org_id: orgId, sandbox, month: { gte: from } };
      const [windows, questions] = await Promise.all([
        database.windows.findMany({ where }),
        database.window_questions.findMany({ where, orderBy: [{ month: 'asc' }, { region: 'asc' }] }),
      ]);
      return {
        windows: windows.map(({ region, insurance, month, opens, closes }) => ({
          region,
          insurance: insurance as Window['insurance'],
          month,
          opens,
          closes,
        })),
        questions: questions.map(({ region, month, exit_id, asked_at, told_at }) => ({
          region,
          month,
          exitId: exit_id,
          askedAt: asked_at,
          ...(told_at === null ? {} : { toldAt: told_at }),
        })),
      };
    },

    async ask(orgId, sandbox, { region, month, exitId, askedAt }, abandoned) {
      const row = {
        org_id: orgId,
        sandbox,
        region,
        month,
        exit_id: exitId,
        asked_at: askedAt.toISOString(),
        told_at: null,
      };
      const taken = await rows(database, ASK, [row], abandoned.toISOString());
      return taken.length === 1;
    },

    async asked(orgId, sandbox, { region, month }, now) {
      await database.window_questions.updateMany({
        where: { org_id: orgId, sandbox, region, month },
        data: { told_at: now },
      });
    },
  };
}

const stored = (row: WindowRow): StoredWindow => ({
  id: row.id,
  region: row.region,
  insurance: row.insurance as Window['insurance'],
  month: row.month,
  opens: row.opens,
  closes: row.closes,
  source: row.source,
  confirmedBy: row.confirmed_by,
  confirmedOn: row.confirmed_on,
  createdAt: row.created_at,
});
