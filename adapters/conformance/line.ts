/** A line between an adapter and its agency that changes what the agency answers: for what no agency of ours would send. No part of an adapter. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** An iterable is sent as fast as it is read, and no faster. */
  readonly body: Buffer | Iterable<Buffer>;
}

export type Spoil = (said: Said & { readonly body: Buffer }) => Said;

export interface Line {
  readonly url: string;
  /** From now on requests go there; `spoil` changes the answers to those that are meant. */
  lead(target: string, spoil: Spoil, meant: (asked: Asked) => boolean): void;
  /** From now on requests are read and never answered; `struck` hears of each. */
  hush(struck: () => void): void;
  /** Requests since it was last led or hushed. */
  asked(): number;
  /** Bytes of spoiled answers that were handed to the socket. */
  sent(): number;
  close(): Promise<void>;
}

export async function openLine(): Promise<Line> {
  let target = '';
  let spoil: Spoil = (said) => said;
  let meant: (asked: Asked) => boolean = () => false;
  let hushed: (() => void) | undefined;
  let bytes = 0;
  let requests = 0;

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer); // no encoding was set on it
    requests += 1;
    if (hushed) return hushed();
    const { host: _host, connection: _connection, 'content-length': _length, ...rest } = incoming.headers;
    const headers = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
    const body = Buffer.concat(parts);
    const { method = 'GET', url: path = '/' } = incoming;
    const answer = await fetch(`${target}${path}`, {
      method,
      headers,
      ...(body.length > 0 ? { body } : {}),
    });
    const { connection: _hop, 'content-length': _size, ...kept } = Object.fromEntries(answer.headers);
    const said = { status: answer.status, headers: kept, body: Buffer.from(await answer.arrayBuffer()) };
    const out = meant({ method, path, headers, body: body.toString('latin1') }) ? spoil(said) : said;
    response.writeHead(out.status, out.headers);
    if (Buffer.isBuffer(out.body)) response.end(out.body);
    else await pipeline(Readable.from(counted(out.body)), response).catch(() => undefined); // hung up: as it should
  }

  function* counted(chunks: Iterable<Buffer>) {
    for (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
  }

  const server = createServer((incoming, response) => {
    pass(incoming, response).catch((cause: unknown) => response.destroy(cause as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a listening TCP server has no other kind
  return {
    url: `http://127.0.0.1:${port}`,
    lead(to, how, which) {
      target = to.replace(/\/+$/, '');
      spoil = how;
      meant = which;
      hushed = undefined;
      bytes = 0;
      requests = 0;
    },
    hush(struck) {
      hushed = struck;
      requests = 0;
    },
    asked: () => requests,
    sent: () => bytes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
