/** The demo's HR core: takes webhooks, checks each signature with the `standardwebhooks` package, and keeps them in order of arrival. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  /** Null for what is about an employee and no exit. */
  readonly exit_id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface HrCore {
  readonly url: string;
  readonly received: readonly ReceivedEvent[];
  /** Deliveries refused because the signature did not verify. */
  readonly refused: () => number;
  /** The secret that the gateway gave when the endpoint was registered. */
  trust(secret: string): void;
  /** Called with each event, once. */
  onEvent(listener: (event: ReceivedEvent) => void): void;
  close(): Promise<void>;
}

export async function startHrCore(): Promise<HrCore> {
  let webhook: Webhook | undefined;
  let refused = 0;
  const received: ReceivedEvent[] = [];
  const listeners: ((event: ReceivedEvent) => void)[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let event: ReceivedEvent;
    try {
      if (webhook === undefined) throw new Error('no secret yet');
      event = webhook.verify(
        Buffer.concat(chunks),
        request.headers as Record<string, string>,
      ) as ReceivedEvent;
    } catch {
      refused++;
      response.writeHead(401).end();
      return;
    }
    response.writeHead(204).end();
    // At least once is what webhooks promise: a second copy is known by its id.
    if (received.some((each) => each.id === event.id)) return;
    received.push(event);
    for (const listener of listeners) listener(event);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/exitgate`,
    received,
    refused: () => refused,
    trust: (secret) => {
      webhook = new Webhook(secret);
    },
    onEvent: (listener) => listeners.push(listener),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
