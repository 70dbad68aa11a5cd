// Which faults can be armed together with which agency and operation: the one table behind what the page offers and
// what the API refuses, so that neither knows better than the other.
import type { AgencyName } from '../kernel/agency.ts';
import { agenciesOf, KINDS, type Kind } from '../kernel/fault-kinds.ts';
import { PRESETS } from '../kernel/presets.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import { KNOWN } from './operations.ts';

const KIND_NAMES = Object.keys(KINDS).filter((name): name is Kind => name in KINDS);

/** Operations of each agency that a fault of this kind may be narrowed to; absent agency: unknown to it, or not here. */
export function operationsOf(sandbox: Sandbox, kind: Kind): Partial<Record<AgencyName, readonly string[]>> {
  return Object.fromEntries(
    agenciesOf(kind).flatMap((name) => {
      const agency = sandbox.agency(name);
      if (!agency) return [];
      const phases: readonly string[] = KINDS[kind].phases;
      // Callbacks are of no operation, and a replica that lags answers questions alone.
      const fitting = phases.includes('callback') ? [] : kind === 'status-flap' ? agency.reads : KNOWN[name];
      return [[name, fitting]];
    }),
  );
}

export const faultOffers = (sandbox: Sandbox) => ({
  kinds: KIND_NAMES.map((kind) => ({
    kind,
    layer: KINDS[kind].layer,
    phases: KINDS[kind].phases,
    operations: operationsOf(sandbox, kind),
  })).filter(({ operations }) => Object.keys(operations).length > 0),
  presets: Object.entries(PRESETS)
    .map(([preset, { kind, phase }]) => ({ preset, kind, phase }))
    .filter(({ kind }) => Object.keys(operationsOf(sandbox, kind)).length > 0),
});
