/** A firm's own gates: rules beside those of a profile, raised for the exits that are opened while they stand. */
import type { GateRule } from '../domain/gate-rule.ts';
import { newId } from '../ids.ts';
import type { Database } from './database.ts';

export interface OwnGateDraft {
  readonly rule: GateRule;
  /** Names of profiles; empty: all. */
  readonly profiles: readonly string[];
}

export interface OwnGate extends OwnGateDraft {
  readonly id: string;
  readonly createdAt: Date;
}

export interface OwnGateStore {
  /** @returns undefined when the organisation has a gate of that code. */
  create(orgId: string, sandbox: boolean, draft: OwnGateDraft): Promise<OwnGate | undefined>;
  /** In the order they were made. */
  list(orgId: string, sandbox: boolean): Promise<readonly OwnGate[]>;
  /** The rules that an exit under a profile is opened with, in the order they were made. */
  rulesFor(orgId: string, sandbox: boolean, profile: string): Promise<readonly GateRule[]>;
  /** Exits that are opened later do not know it; open ones keep it. @returns false when there is none. */
  remove(orgId: string, sandbox: boolean, id: string): Promise<boolean>;
}

export function createOwnGateStore(database: Database): OwnGateStore {
  const list: OwnGateStore['list'] = async (orgId, sandbox) => {
    const found = await database.own_gates.findMany({
      where: { org_id: orgId, sandbox, deleted_at: null },
      orderBy: { id: 'asc' },
    });
    return found.map(ownGate);
  };
  return {
    async create(orgId, sandbox, { rule, profiles }) {
      const id = newId('rule');
      // Of two that name the same code at once, the index lets one in.
      const [row] = await database.own_gates.createManyAndReturn({
        data: [{ id, org_id: orgId, sandbox, code: rule.code, profiles: [...profiles], rule }],
        skipDuplicates: true,
      });
      return row === undefined ? undefined : ownGate(row);
    },

    list,

    async rulesFor(orgId, sandbox, profile) {
      const all = await list(orgId, sandbox);
      return all
        .filter(({ profiles }) => profiles.length === 0 || profiles.includes(profile))
        .map(({ rule }) => rule);
    },

    async remove(orgId, sandbox, id) {
      const { count } = await database.own_gates.updateMany({
        where: { id, org_id: orgId, sandbox, deleted_at: null },
        data: { deleted_at: new Date() },
      });
      return count === 1;
    },
  };
}

function ownGate(row: { id: string; profiles: string[]; rule: unknown; created_at: Date }): OwnGate {
  return { id: row.id, profiles: row.profiles, rule: row.rule as GateRule, createdAt: row.created_at };
}
