/** Webhook endpoints; their secrets are encrypted under the organisation's key. */
import { type Keyring, sealJson } from '../crypto/keyring.ts';
import { newId } from '../ids.ts';
import type { Database } from './database.ts';

export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  /** Empty: all. */
  readonly eventTypes: readonly string[];
  readonly status: string;
  readonly createdAt: Date;
}

export interface EndpointStore {
  create(
    orgId: string,
    sandbox: boolean,
    endpoint: { readonly url: string; readonly description: string; readonly eventTypes: readonly string[] },
    secret: string,
  ): Promise<Endpoint>;
  list(orgId: string, sandbox: boolean): Promise<readonly Endpoint[]>;
  /** @returns false when there is none; deliveries that wait for it are cancelled. */
  remove(orgId: string, sandbox: boolean, id: string): Promise<boolean>;
}

export function createEndpointStore(database: Database, keyring: Keyring): EndpointStore {
  return {
    async create(orgId, sandbox, { url, description, eventTypes }, secret) {
      const id = newId('endpoint');
      const sealed = sealJson(keyring.organisationKey(orgId), { secrets: [secret] }, id);
      const row = await database.endpoints.create({
        data: {
          id,
          org_id: orgId,
          url,
          description,
          event_types: [...eventTypes],
          sandbox,
          status: 'active',
          sealed,
        },
      });
      return endpoint(row);
    },

    async list(orgId, sandbox) {
      const found = await database.endpoints.findMany({
        where: { org_id: orgId, sandbox, deleted_at: null },
        orderBy: { id: 'desc' },
      });
      return found.map(endpoint);
    },

    async remove(orgId, sandbox, id) {
      return database.$transaction(async (transaction) => {
        const { count } = await transaction.endpoints.updateMany({
          where: { id, org_id: orgId, sandbox, deleted_at: null },
          data: { deleted_at: new Date(), status: 'disabled' },
        });
        await transaction.deliveries.updateMany({
          where: { org_id: orgId, endpoint_id: id, state: 'pending' },
          data: { state: 'cancelled', next_at: null },
        });
        return count === 1;
      });
    },
  };
}

function endpoint(row: {
  id: string;
  url: string;
  description: string;
  event_types: string[];
  status: string;
  created_at: Date;
}): Endpoint {
  const { id, url, description, status } = row;
  return { id, url, description, eventTypes: row.event_types, status, createdAt: row.created_at };
}
