/** Test time in SQL: whoever asks what is due asks by the organisation's own time where the row is of its sandbox. */
import type { TestTime } from '../domain/test-time.ts';
import { type Database, grouped, rows } from './database.ts';

/** The organisation's time for its sandbox; `o` is its row, `real` a parameter. `testNow` of the domain says the same. */
export const testNowOf = (real: string) =>
  `CASE WHEN o.test_frozen OR ${real} < o.test_moving_until THEN o.test_stands_at ELSE ${real} + o.test_ahead_ms * interval '1 millisecond' END`;

/** Now for a row of an exit; `e` is the exit's row. */
export const nowOf = (real: string) => `(CASE WHEN e.sandbox THEN ${testNowOf(real)} ELSE ${real} END)`;

/** Its time is not real time: rows may be due that are not by real time, and the other way round. */
export const MOVED = '(o.test_ahead_ms <> 0 OR o.test_stands_at IS NOT NULL)';

interface TimeRow {
  id: string;
  ahead: number;
  stands_at: Date | null;
  frozen: boolean;
  moving_until: Date | null;
}

export type ReadTestTime = (orgId: string) => Promise<TestTime>;

export function createTestTimes(database: Database): ReadTestTime {
  const read = grouped(async (ids: readonly string[]) => {
    const found = await rows<TimeRow>(
      database,
      `SELECT id, test_ahead_ms::float8 AS ahead, test_stands_at AS stands_at, test_frozen AS frozen, test_moving_until AS moving_until
       FROM organisations WHERE id = ANY ($1)`,
      ids,
    );
    const byId = new Map(found.map((row) => [row.id, timeOf(row)]));
    return ids.map((id) => byId.get(id));
  });
  return async (orgId) => {
    const time = await read(orgId);
    if (time === undefined) throw new Error(`there is no organisation ${orgId}`);
    return time;
  };
}

const timeOf = (row: TimeRow): TestTime => ({
  aheadMs: row.ahead,
  frozen: row.frozen,
  ...(row.stands_at === null ? {} : { standsAt: row.stands_at }),
  ...(row.moving_until === null ? {} : { movingUntil: row.moving_until }),
});
