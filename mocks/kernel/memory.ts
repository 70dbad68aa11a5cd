// What stays of exchanges when the journal has let them go: enough to say how far a client has come. Bounded by what there
// is to meet, not by how often it was met.
import type { Exchange } from './journal.ts';

/** Of the exchanges in which a scenario played. */
export interface Remembered {
  readonly count: number;
  /** By operation. */
  readonly refused: ReadonlyMap<string, { readonly count: number; readonly code: string }>;
  /** Sandbox time, ISO, when a case that has it was last asked about. */
  readonly askedAt: string;
}

export interface Memory {
  record(entry: Exchange): void;
  of(scenario: string): Remembered | undefined;
  /** Sandbox time, ISO, when that was last asked about the person and answered well; of any scenario or none. */
  answered(operation: string, idNumber: string): string | undefined;
  clear(): void;
}

const PERSONS_KEPT = 20_000;

export function createMemory(): Memory {
  const scenarios = new Map<string, Remembered>();
  const well = new Map<string, string>();
  const later = (a: string, b: string) => (a > b ? a : b);

  function remember(scenario: string, { operation = '', code, rule, at }: Exchange) {
    const { count, refused, askedAt } = scenarios.get(scenario) ?? {
      count: 0,
      refused: new Map(),
      askedAt: '',
    };
    scenarios.set(scenario, {
      count: count + 1,
      refused:
        code === undefined
          ? refused
          : new Map(refused).set(operation, { count: (refused.get(operation)?.count ?? 0) + 1, code }),
      askedAt: rule.startsWith('case') ? later(at, askedAt) : askedAt,
    });
  }

  return {
    record(entry) {
      const { scenario, operation, outcome, code, struck, response, at, persons } = entry;
      if (scenario !== undefined) remember(scenario, entry);
      const isWell =
        outcome === 'answered' && code === undefined && struck.length === 0 && response?.status === 200;
      if (!isWell) return;
      for (const idNumber of persons) {
        const key = `${operation} ${idNumber}`;
        const before = well.get(key) ?? '';
        well.delete(key); // back in as the newest
        well.set(key, later(at, before));
        const [oldest] = well.keys();
        if (well.size > PERSONS_KEPT && oldest !== undefined) well.delete(oldest);
      }
    },
    of: (scenario) => scenarios.get(scenario),
    answered: (operation, idNumber) => well.get(`${operation} ${idNumber}`),
    clear() {
      scenarios.clear();
      well.clear();
    },
  };
}
