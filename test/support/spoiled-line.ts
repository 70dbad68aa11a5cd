/** A line between an adapter and its agency that changes what the adapter sends: for what no adapter of ours would send. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Sent {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type Spoil = (sent: Sent) => Sent;

export interface SpoiledLine {
  readonly url: string;
  /** From now on requests go there, changed. */
  lead(target: string, spoil: Spoil): void;
  close(): Promise<void>;
}

export async function openLine(): Promise<SpoiledLine> {
  let target = '';
  let spoil: Spoil = (sent) => sent;

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer); // no encoding was set on it
    const { host: _host, connection: _connection, 'content-length': _length, ...rest } = incoming.headers;
    const sent = spoil({
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)])),
      body: Buffer.concat(parts),
    });
    const headers = { ...sent.headers, 'content-length': String(sent.body.length) };
    const onward = request(`${target}${sent.path}`, { method: sent.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(sent.body);
  }

  const server = createServer((incoming, response) => {
    pass(incoming, response).catch((cause: unknown) => response.destroy(cause as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a listening TCP server has no other kind
  return {
    url: `http://127.0.0.1:${port}/`,
    lead(to, how) {
      target = to;
      spoil = how;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
