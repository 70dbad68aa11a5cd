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

/**
 * A port that refuses every connection for as long as this process lives: the near end of a connection, which nobody else
 * can come to listen at. (A port that was free a moment ago is the next server's, where other tests run beside this one.)
 */
export async function refusedPort(): Promise<number> {
  const server = net.createServer((far) => void far.unref());
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const line = net.connect((server.address() as AddressInfo).port, '127.0.0.1').unref();
  await once(line, 'connect');
  return line.localPort as number;
}

/** A port that was free a moment ago: whoever wants to listen there must be ready to lose it, and try again. */
export async function freePort(): Promise<number> {
  const listener = await listen(() => {});
  await listener.close();
  return listener.port;
}

export interface Relay {
  readonly port: number;
  /** Where connections lead from now on; those of before are cut. Undefined: nobody is there. */
  lead(port: number | undefined): void;
  close(): Promise<void>;
}

/** The address of a server that goes and comes back, which nobody else can take meanwhile. */
export async function openRelay(port: number): Promise<Relay> {
  let target: number | undefined = port;
  const lines = new Set<net.Socket>();
  const cut = () => {
    for (const line of lines) line.destroy();
  };
  const relay = net.createServer((near) => {
    if (target === undefined) return near.destroy();
    const far = net.connect(target, '127.0.0.1');
    for (const [line, other] of [
      [near, far],
      [far, near],
    ] as const) {
      lines.add(line);
      line
        .on('error', () => {})
        .on('close', () => {
          lines.delete(line);
          other.destroy();
        });
      line.pipe(other);
    }
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return {
    port: (relay.address() as AddressInfo).port,
    lead(to) {
      target = to;
      cut();
    },
    async close() {
      relay.close();
      cut();
      await once(relay, 'close');
    },
  };
}

/** An answer with the headers given; Content-Length is added unless it is named. */
export function answer(socket: net.Socket, status: number, headers: Record<string, string>, body = ''): void {
  const all = { 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} X\r\n${lines.join('')}\r\n${body}`);
}
