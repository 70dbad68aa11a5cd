// Two HTTP clients that share nothing below: axios (node:http) and fetch (undici).
import assert from 'node:assert/strict';
import axios from 'axios';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Resolves with the answer, or with the client's own word for what went wrong. */
export type Client = (asked: Asked, patience: number) => Promise<Heard | string>;

export const CLIENTS: Readonly<Record<'axios' | 'fetch', Client>> = {
  async axios({ method, url, headers, body }, patience) {
    try {
      const answer = await axios.request<Buffer>({
        method,
        url,
        headers,
        ...(body.length > 0 ? { data: body } : {}),
        timeout: patience,
        proxy: false,
        responseType: 'arraybuffer',
        validateStatus: () => true,
      });
      const heard = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
      return { status: answer.status, headers: Object.fromEntries(heard), body: Buffer.from(answer.data) };
    } catch (cause) {
      assert.ok(axios.isAxiosError(cause));
      return cause.code ?? 'error';
    }
  },
  async fetch({ method, url, headers, body }, patience) {
    try {
      const answer = await fetch(url, {
        method,
        headers,
        ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
        signal: AbortSignal.timeout(patience),
      });
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: Buffer.from(await answer.arrayBuffer()),
      };
    } catch (cause) {
      assert.ok(cause instanceof Error);
      if (cause.name === 'TimeoutError') return 'TimeoutError';
      const inner: unknown = cause.cause;
      return inner instanceof Error && 'code' in inner ? String(inner.code) : cause.message;
    }
  },
};
