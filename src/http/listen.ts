/** The service's door: opened at an address, and closed without waiting for those who stand in it. */
import type { Server } from 'node:http';
import type { Express } from 'express';

export interface Listening {
  /** Where it answers, with the port that the system gave where none was asked for. */
  readonly url: string;
  close(): Promise<void>;
}

/** @throws Error with a sentence for the operator when the address cannot be had. */
export async function listen(
  service: Pick<Express, 'listen'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  const server = await opened(service, host, port);
  return { url: addressOf(server, host), close: () => closed(server) };
}

function opened(service: Pick<Express, 'listen'>, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = service.listen(port, host);
    server.once('listening', () => resolve(server));
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'it is in use: stop what listens there, or choose another with PORT'
          : error.message;
      reject(new Error(`cannot listen on ${host}:${port}: ${why}`, { cause: error }));
    });
  });
}

function addressOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Streams and idle keep-alive connections would hold the door open for ever.
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
}
