/** The adapters that this gateway files with: the written list, and those that `ADAPTERS` names. */
import type { AdapterEntry } from '../../adapters/adapter.ts';
import { ADAPTERS } from '../../adapters/index.ts';
import { loadEntry } from './adapter-module.ts';

/** @throws Error with a sentence that names the module that cannot be used. */
export async function registeredAdapters({
  adapters = [],
}: {
  readonly adapters?: readonly string[];
}): Promise<readonly AdapterEntry[]> {
  const registered = [...ADAPTERS];
  for (const path of adapters) {
    const entry = await loadEntry(path).catch((cause: unknown) => {
      throw new Error(`ADAPTERS: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    });
    const { name } = entry.manifest;
    // Connections, queues and metrics go by the name: a second one would answer for the first.
    if (registered.some(({ manifest }) => manifest.name === name))
      throw new Error(`ADAPTERS: ${path} calls itself ${name}, and there is an adapter of that name already`);
    registered.push(entry);
  }
  return registered;
}
