/** Where an agency's callbacks arrive while they are checked. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallbackRequest } from '../adapter.ts';
import { soon } from './soon.ts';

export interface Receiver {
  readonly url: string;
  /** The first that came, or comes. */
  first(): Promise<CallbackRequest>;
  close(): Promise<void>;
}

export async function receiveCallbacks(): Promise<Receiver> {
  let arrived: (request: CallbackRequest) => void = () => undefined;
  const first = new Promise<CallbackRequest>((resolve) => {
    arrived = resolve;
  });
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      arrived({ method: request.method ?? '', headers, body: Buffer.concat(parts) });
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a listening TCP server has no other kind
  return {
    url: `http://127.0.0.1:${port}/callbacks/conformance`,
    first: () => soon(first, 'the agency has called nobody'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
