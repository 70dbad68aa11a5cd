// What a client has met in one sandbox: operations, how they came out, which faults struck, and what was survived.
import type { AgencyName } from './agency.ts';
import type { Exchange } from './journal.ts';

export interface Met {
  readonly agency: AgencyName;
  readonly operation: string;
  /** `ok`, the code of a refusal, or what the wire showed: `hang`, `reset` … */
  readonly outcome: string;
  /** Kind of the fault that struck; absent: none. */
  readonly fault?: string;
  readonly scenario?: string;
  readonly count: number;
  /** After it the same operation came through. */
  readonly survived: boolean;
}

export interface Coverage {
  record(entry: Exchange): void;
  list(): Met[];
  count(filter: { operation: string; agency?: AgencyName; outcome?: string; fault?: string }): number;
  clear(): void;
}

/** More kinds of rows than a client can meet; a guard against made-up operations. */
const MOST = 5000;

export function createCoverage(): Coverage {
  const rows = new Map<string, Met>();

  return {
    record({ agency, operation = 'unknown', outcome: wire, code, struck, scenario }) {
      const outcome = wire === 'answered' ? (code ?? (struck.length > 0 ? 'spoiled' : 'ok')) : wire;
      if (outcome === 'ok')
        for (const [key, row] of rows)
          if (row.agency === agency && row.operation === operation && !row.survived)
            rows.set(key, { ...row, survived: true });
      for (const fault of struck.length > 0 ? struck : [undefined]) {
        const key = [agency, operation, outcome, fault, scenario].join('|');
        const before = rows.get(key);
        if (!before && rows.size >= MOST) return;
        rows.set(key, {
          agency,
          operation,
          outcome,
          ...(fault === undefined ? {} : { fault }),
          ...(scenario === undefined ? {} : { scenario }),
          count: (before?.count ?? 0) + 1,
          survived: outcome === 'ok' || (before?.survived ?? false),
        });
      }
    },
    list: () => [...rows.values()],
    count: ({ operation, agency, outcome, fault }) =>
      [...rows.values()]
        .filter(
          (row) =>
            row.operation === operation &&
            (agency === undefined || row.agency === agency) &&
            (outcome === undefined || row.outcome === outcome) &&
            (fault === undefined || row.fault === fault),
        )
        .reduce((sum, row) => sum + row.count, 0),
    clear: () => rows.clear(),
  };
}
