/**
 * What all tests of a run share: one PostgreSQL, one Redis, one build of the command, each started or made when first
 * asked for and stopped or removed at the end. Asked over a plain socket and not over HTTP, which tests intercept.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { buildForTests } from './build.ts';
import { startTestPostgres } from './postgres-server.ts';
import { startTestRedis } from './redis-server.ts';

export interface SharedServer {
  /** What a test is told. */
  readonly answer: Readonly<Record<string, unknown>>;
  /** @param kept what failed tests left in it, by name. */
  stop(kept: readonly string[]): Promise<void>;
}

export interface SharedServers {
  readonly port: number;
  stop(): Promise<void>;
}

const STARTS = { postgres: startTestPostgres, redis: startTestRedis, build: buildForTests } as const;
type Name = keyof typeof STARTS;

/** A word for each question; `keep` says that something must outlive the run. */
type Question =
  | { readonly ask: Name }
  | { readonly ask: 'number' }
  | { readonly ask: 'keep'; readonly name: string };

export async function startSharedServers(): Promise<SharedServers> {
  const running = new Map<Name, Promise<SharedServer>>();
  const kept: string[] = [];
  let last = 0;

  async function answer(question: Question): Promise<Readonly<Record<string, unknown>>> {
    if (question.ask === 'number') return { number: ++last };
    if (question.ask === 'keep') return { kept: kept.push(question.name) };
    const server = running.get(question.ask) ?? STARTS[question.ask]();
    running.set(question.ask, server);
    return (await server).answer;
  }

  const server = createServer({ allowHalfOpen: true }, (socket: Socket) => {
    said(socket)
      .then((question) => answer(question as Question))
      .catch((error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }))
      .then((told) => socket.end(JSON.stringify(told)))
      .catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async stop() {
      server.close();
      for (const each of running.values()) {
        const started = await each.catch(() => undefined);
        await started?.stop(kept);
      }
    },
  };
}

/** Asks the run's own process. @throws Error with the reason when a server did not start. */
export async function askShared<Answer>(question: Question): Promise<Answer> {
  const port = process.env.EXITGATE_TEST_SHARED;
  if (port === undefined)
    throw new Error(
      'start tests with mocha from the project folder: .mocharc.json prepares the shared servers',
    );
  const socket = connect(Number(port), '127.0.0.1');
  socket.end(JSON.stringify(question));
  const told = (await said(socket)) as { error?: string };
  if (told.error !== undefined) throw new Error(told.error);
  return told as Answer;
}

/** All that the other side says until it stops. By events: stream consumers close the socket, and with it our answer's way. */
async function said(socket: Socket): Promise<unknown> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(socket, 'end');
  return JSON.parse(text);
}
