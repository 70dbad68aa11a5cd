// Server-sent events of the desk, as a client reads them: one by one, by hand.
import assert from 'node:assert/strict';

interface News {
  readonly id: string;
  readonly changed: string[];
  readonly overview: Record<string, unknown> & { readonly mark: string; readonly faults: unknown[] };
}

export async function openStream(url: string, headers: Record<string, string> = {}) {
  const ended = new AbortController();
  const answer = await fetch(`${url}/stream`, { headers, signal: ended.signal });
  assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.ok(reader);
  let text = '';
  /** The next block of lines; undefined: the stream has ended. */
  async function block(): Promise<string | undefined> {
    for (;;) {
      const at = text.indexOf('\n\n');
      if (at >= 0) {
        const found = text.slice(0, at);
        text = text.slice(at + 2);
        return found;
      }
      const { done, value = '' } = await (reader as ReadableStreamDefaultReader<string>).read();
      if (done) return undefined;
      text += value;
    }
  }
  return {
    block,
    async next(): Promise<News> {
      for (;;) {
        const found = await block();
        assert.ok(found !== undefined, 'the stream has ended');
        const data = /^data: (.*)$/m.exec(found)?.[1];
        const id = /^id: (.*)$/m.exec(found)?.[1] ?? '';
        if (data !== undefined) return { id, ...(JSON.parse(data) as Omit<News, 'id'>) };
      }
    },
    close: () => ended.abort(),
  };
}
