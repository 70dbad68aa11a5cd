/** Opens a connection's adapter, and keeps it while the connection's settings stay the same. */
import type { Adapter, AdapterEntry, Manifest } from '../adapters/adapter.ts';
import type { ConnectionStore } from '../src/store/connections.ts';

/** How long changed settings may go unnoticed by who does not know their version. */
const KEPT_MS = 5_000;

export interface OpenAgency {
  readonly adapter: Adapter;
  readonly manifest: Manifest;
}

export interface Agencies {
  /**
   * @param version of the connection, as it was just read: what was opened by other settings is not used any more.
   * @throws Error when the connection or its adapter is gone: a matter for an operator.
   */
  open(connectionId: string, version?: number): Promise<OpenAgency>;
}

export function createAgencies(connections: ConnectionStore, entries: readonly AdapterEntry[]): Agencies {
  const known = new Map<
    string,
    { readonly version: number; readonly agency: OpenAgency; readonly until: number }
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
    async open(connectionId, version) {
      const kept = known.get(connectionId);
      // A newer one than was asked for will do as well: it is what the connection is by now.
      const current =
        version === undefined ? kept && kept.until > Date.now() : kept && kept.version >= version;
      if (kept !== undefined && current) return kept.agency;
      // Who is reading for somebody else may have begun before the change.
      const key = `${connectionId} ${version ?? ''}`;
      const pending = reading.get(key) ?? read(connectionId).finally(() => reading.delete(key));
      reading.set(key, pending);
      return pending;
    },
  };
}
