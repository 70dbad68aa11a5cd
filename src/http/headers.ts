import type { IncomingMessage } from 'node:http';

/** True when a header came more than once: Node joins some such headers, and drops all but the first of others. */
export function isRepeated({ rawHeaders }: IncomingMessage, name: string): boolean {
  const names = rawHeaders.filter((each, index) => index % 2 === 0 && each.toLowerCase() === name);
  return names.length > 1;
}
