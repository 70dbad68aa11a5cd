// HTTP for the mocks: reads a request within limits, and does to the socket what an outcome says.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Call, Reply } from './agency.ts';
import { pause } from './clock.ts';
import { replyBytes } from './journal.ts';
import { BODY_LIMIT } from './limits.ts';
import { type OriginOf, trusting } from './proxies.ts';
import type { Outcome, Stream } from './strike.ts';

/** So much more is read of a body that is too large, and thrown away: most clients read no answer before they have sent all. */
const DISCARDED = 16 * BODY_LIMIT;

export type Handler = (call: Call) => Promise<Outcome>;

export interface Listening {
  readonly url: string;
  /** Closes the door: whoever comes is refused, until it opens again. Those that are inside stay. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** Port 0 takes a free one. close() also ends what hangs. */
export async function listen(
  handler: Handler,
  host: string,
  port: number,
  originOf: OriginOf = trusting([]),
): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    void serve(handler, originOf, request, response).catch((cause: unknown) => {
      response.destroy(cause instanceof Error ? cause : undefined);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'it is in use: stop what listens there, or choose other ports with MOCKS_PORT'
          : error.message;
      reject(new Error(`the mock agencies cannot listen on ${host}:${port}: ${why}`, { cause: error }));
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
  const { port: taken } = server.address() as AddressInfo; // a listening TCP server has no other kind of address
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    shut() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections(); // one that was kept alive would still get through
    },
    open() {
      if (!server.listening) server.listen(taken, host);
    },
    close: () => shut(server),
  };
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) resolve();
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  handler: Handler,
  originOf: OriginOf,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { body, tooLarge } = await readBody(request);
  // There may be more of the body, so the connection cannot be used again.
  if (tooLarge) response.setHeader('connection', 'close');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const { base, address } = originOf(request.socket.remoteAddress, headers);
  const called = `${base}${request.url ?? '/'}`;
  if (!URL.canParse(called)) {
    response.writeHead(400, { connection: 'close' }).end();
    return;
  }
  const url = new URL(called);
  const outcome = await handler({
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body,
    base: url.origin,
    ...(tooLarge ? { tooLarge } : {}),
    ...(address === undefined ? {} : { address }),
  });
  perform(outcome, request, response);
}

function perform(outcome: Outcome, request: IncomingMessage, response: ServerResponse): void {
  switch (outcome.kind) {
    case 'hang':
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'close':
      request.socket.destroy();
      return;
    case 'truncate': {
      const bytes = replyBytes(outcome.reply);
      response.writeHead(outcome.reply.status, { ...outcome.reply.headers, 'content-length': bytes.length });
      response.write(bytes.subarray(0, bytes.length >> 1), () => request.socket.destroySoon());
      return;
    }
    case 'bad-chunk':
      // By hand: the server would not write a chunk whose size is no number.
      request.socket.end(
        `HTTP/1.1 ${outcome.reply.status} OK\r\ntransfer-encoding: chunked\r\n\r\nnot-hex\r\n${replyBytes(outcome.reply).subarray(0, 20).toString('latin1')}\r\n`,
      );
      return;
    case 'stream':
      streamTo(outcome.stream, response);
      return;
    case 'dribble':
      void dribble(outcome.reply, outcome.delayMs, response);
      return;
    default: {
      const bytes = replyBytes(outcome.reply);
      response.writeHead(outcome.reply.status, { ...outcome.reply.headers, 'content-length': bytes.length });
      response.end(request.method === 'HEAD' ? undefined : bytes);
    }
  }
}

/** Not chunked: then the end of the line is the end of the body, and no browser takes it for an error. */
function streamTo(stream: Stream, response: ServerResponse): void {
  response.removeHeader('transfer-encoding');
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    connection: 'close',
  });
  const send = (text: string) => {
    if (response.destroyed || response.writableNeedDrain) return false;
    response.write(text);
    return true;
  };
  const gone = stream(send, () => response.end());
  response.once('close', gone);
}

const DROPS = 20;

async function dribble(reply: Reply, delayMs: number, response: ServerResponse): Promise<void> {
  const bytes = replyBytes(reply);
  response.writeHead(reply.status, { ...reply.headers, 'content-length': bytes.length });
  const size = Math.ceil(bytes.length / DROPS);
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    await pause(delayMs / DROPS);
    response.write(bytes.subarray(at, at + size));
  }
  response.end();
}

/** Of a body over the limit what is below it. */
async function readBody(request: IncomingMessage): Promise<{ body: Buffer; tooLarge: boolean }> {
  const parts: Buffer[] = [];
  let size = 0;
  // Not the iterator of the request itself: when it is left early, it takes the connection with it.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    const bytes = part as Buffer; // no encoding was set on the request
    if (size < BODY_LIMIT) parts.push(bytes.subarray(0, BODY_LIMIT - size));
    size += bytes.length;
    if (size > DISCARDED) break;
  }
  return { body: Buffer.concat(parts), tooLarge: size > BODY_LIMIT };
}
