/** A HR core as a test's other end: checks every signature with the `standardwebhooks` package, answers as it is told. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface CoreEvent {
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  readonly exit_id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One request that came, with what it was answered. */
export interface Try {
  readonly event: CoreEvent;
  readonly path: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export type Answer = number | { readonly status: number; readonly headers: Record<string, string> };
/** @param earlier how often this event has come before. */
export type Answering = (event: CoreEvent, earlier: number) => Answer | Promise<Answer>;

export interface HrCore {
  readonly url: string;
  /** In order of arrival. */
  readonly tries: readonly Try[];
  /** Requests whose signature did not verify. */
  readonly refused: () => number;
  trust(secret: string): void;
  /** How it answers from now on; 204 until it is told. */
  answer(how: Answering): void;
  /** An exit's events that it took, in order, each once. */
  taken(exitId: string): readonly CoreEvent[];
  close(): Promise<void>;
}

export async function startHrCore(): Promise<HrCore> {
  const tries: Try[] = [];
  let webhook: Webhook | undefined;
  let refused = 0;
  let how: Answering = () => 204;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    let event: CoreEvent;
    try {
      event = webhook?.verify(body, request.headers as Record<string, string>) as CoreEvent;
      if (event.id !== request.headers['webhook-id']) throw new Error('the id is another');
    } catch {
      refused++;
      return void response.writeHead(401).end();
    }
    const earlier = tries.filter((each) => each.event.id === event.id).length;
    const answer = await how(event, earlier);
    const { status, headers } = typeof answer === 'number' ? { status: answer, headers: {} } : answer;
    tries.push({ event, path: request.url ?? '', status, headers: request.headers });
    response.writeHead(status, headers).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/exitgate`,
    tries,
    refused: () => refused,
    trust: (secret) => {
      webhook = new Webhook(secret);
    },
    answer: (next) => {
      how = next;
    },
    taken(exitId) {
      // At least once is what webhooks promise: a second copy is known by its id.
      const own = tries.filter(({ event, status }) => event.exit_id === exitId && status < 300);
      return [...new Map(own.map(({ event }) => [event.id, event])).values()];
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
