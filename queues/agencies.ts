/** Opens a connection's adapter, and keeps it while the connection's settings stay the same. */
import type { Adapter, AdapterEntry, Manifest } from '../adapters/adapter.ts';
import type { ConnectionStore } from '../src/store/connections.ts';

/** How long changed settings may go unnoticed. */
const KEPT_MS = 5_000;

export interface OpenAgency {
  readonly adapter: Adapter;
  readonly manifest: Manifest;
}

export interface Agencies {
  /** @throws Error when the connection or its adapter is gone: a matter for an operator. */
  open(connectionId: string): Promise<OpenAgency>;
}

export function createAgencies(connections: ConnectionStore, entries: readonly AdapterEntry[]): Agencies {
  const known = new Map<
    string,
    { readonly version: string; readonly agency: OpenAgency; readonly until: number }
  >();

  async function read(connectionId: string): Promise<OpenAgency> {
    const connection = await connections.open(connectionId);
    if (connection === undefined) throw new Error(`connection ${connectionId} does not exist`);
    const before = known.get(connectionId);
    const until = Date.now() + KEPT_MS;
    if (before?.version === connection.version) {
      known.set(connectionId, { ...before, until });
      return before.agency;
    }
    const entry = entries.find(({ manifest }) => manifest.name === connection.adapter);
    if (entry === undefined)
      throw new Error(
        `adapter ${connection.adapter} of connection ${connectionId} is not in adapters/index.ts`,
      );
    const agency = { adapter: entry.create(connection.settings), manifest: entry.manifest };
    known.set(connectionId, { version: connection.version, agency, until });
    return agency;
  }

  const reading = new Map<string, Promise<OpenAgency>>();
  return {
    async open(connectionId) {
      const kept = known.get(connectionId);
      if (kept !== undefined && kept.until > Date.now()) return kept.agency;
      const pending =
        reading.get(connectionId) ?? read(connectionId).finally(() => reading.delete(connectionId));
      reading.set(connectionId, pending);
      return pending;
    },
  };
}
