// Pure: server-sent events (WHATWG HTML, 9.2) out of what has arrived so far.

/** @returns whole events, and the text that is none yet */
export function readEvents(text) {
  const blocks = text.replaceAll('\r\n', '\n').split('\n\n');
  const rest = blocks.pop() ?? '';
  const events = blocks.flatMap((block) => {
    const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line) ?? []);
    const of = (name) => fields.filter(([, field]) => field === name).map(([, , value]) => value);
    return of('data').length === 0 ? [] : [{ id: of('id').at(-1), data: of('data').join('\n') }];
  });
  return { events, rest };
}

/** Milliseconds until the n-th try to come back, from 1: soon, then ever more patiently. */
export const patience = (tries) => Math.min(500 * 2 ** (tries - 1), 30_000);
