/** Real listeners on free ports, for what only another end of a socket can show. */
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';

export interface Listener {
  readonly port: number;
  readonly url: string;
  /** How many connections it has had. */
  readonly connections: () => number;
  /** Everything that arrived, all connections together. */
  readonly received: () => string;
  close(): Promise<void>;
}

/** `onRequest` is called once per connection, when the whole request (by Content-Length) has arrived; `secure` listens with TLS. */
export async function listen(
  onRequest: (socket: net.Socket) => void,
  secure?: { readonly key: string; readonly cert: string },
): Promise<Listener> {
  const server = secure ? tls.createServer(secure) : net.createServer();
  const sockets = new Set<net.Socket>();
  let all = '';
  server.on('tlsClientError', () => {});
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on(secure ? 'secureConnection' : 'connection', (socket: net.Socket) => {
    socket.on('error', () => {});
    let text = '';
    let done = false;
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      all += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (done || end < 0 || text.length < end + 4 + length) return;
      done = true;
      onRequest(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    connections: () => sockets.size,
    received: () => all,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A port at which nobody listens: one that was free a moment ago. */
export async function closedPort(): Promise<number> {
  const listener = await listen(() => {});
  await listener.close();
  return listener.port;
}

/** An answer with the headers given; Content-Length is added unless it is named. */
export function answer(socket: net.Socket, status: number, headers: Record<string, string>, body = ''): void {
  const all = { 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} X\r\n${lines.join('')}\r\n${body}`);
}
