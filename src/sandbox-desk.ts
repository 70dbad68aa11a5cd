/** The desk of the mock agencies as the gateway's test clock sees it: one sandbox's time, over HTTP. */
import axios, { AxiosError } from 'axios';
import { z } from 'zod';
import { DeskFailed } from './domain/test-clock.ts';
import type { ConnectionStore } from './store/connections.ts';

const instant = z.iso.datetime().transform((text) => new Date(text));
const Fired = z.object({
  at: instant,
  agency: z.string(),
  event: z.string(),
  subject: z.string(),
  note: z.string(),
});
const Upcoming = Fired.omit({ note: true });
const Clock = z.object({
  now: instant,
  running: z.boolean(),
  upcoming: z.array(Upcoming),
  recent: z.array(Fired),
});
const Advanced = z.object({ now: instant, events: z.array(Fired) });

export type DeskClock = z.output<typeof Clock>;
export type DeskEvent = z.output<typeof Fired>;

export interface Desk {
  /** Its sandbox's root, such as `http://127.0.0.1:4100/s/default`. */
  readonly url: string;
  /** Lets happen what is due, and tells its time, what is ahead (the next hundred) and what happened last (two hundred). */
  clock(): Promise<DeskClock>;
  freeze(): Promise<DeskClock>;
  run(): Promise<void>;
  /** @returns what happened on the way, in order; with `dryRun` what would, as things stand. */
  advance(to: Date, options?: { readonly dryRun?: boolean }): Promise<readonly DeskEvent[]>;
}

/** The desk steps its own participants along, each of whom may take half a minute. */
const PATIENCE_MS = 60_000;

export function createDesk(url: string): Desk {
  async function ask<Answer>(
    method: 'get' | 'post',
    path: string,
    schema: z.ZodType<Answer>,
    data?: object,
  ): Promise<Answer> {
    try {
      const answer = await axios.request({
        method,
        url: url + path,
        data,
        proxy: false,
        timeout: PATIENCE_MS,
      });
      return schema.parse(answer.data);
    } catch (error) {
      throw new DeskFailed(url, reasonOf(error), error);
    }
  }
  return Object.freeze({
    url,
    clock: () => ask('get', '/clock', Clock),
    freeze: () => ask('post', '/clock/freeze', Clock, {}),
    run: async () => void (await ask('post', '/clock/run', Clock, {})),
    advance: async (to: Date, { dryRun = false } = {}) =>
      (await ask('post', '/clock/advance', Advanced, { to: to.toISOString(), dry_run: dryRun })).events,
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return 'it does not answer like the desk of the mock agencies';
  if (error instanceof AxiosError && error.response !== undefined) {
    const { detail } = (error.response.data ?? {}) as { detail?: unknown };
    return `it answered ${error.response.status}${typeof detail === 'string' ? `: ${detail}` : ''}`;
  }
  return error instanceof Error ? error.message : String(error);
}

/**
 * The sandbox that a connection's address belongs to: the one in its path, below the desk (`/s/{name}/labor`); without
 * one in the path, on the desk's host, the default sandbox, whose agencies have ports of their own. Elsewhere: none.
 */
export function sandboxOf(address: string, desk: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { hostname, pathname } = new URL(address);
  const root = new URL(desk);
  if (hostname !== root.hostname) return undefined;
  const name = /^\/s\/([^/]+)\//.exec(pathname)?.[1] ?? 'default';
  return `${root.origin}/s/${name}`;
}

/** A sandbox, and the connections that go to it. */
export interface Sandbox {
  readonly desk: Desk;
  readonly connectionIds: readonly string[];
}

/** The sandboxes that an organisation's test connections go to, each once; none without the address of a desk. */
export function findSandboxes(
  connections: Pick<ConnectionStore, 'list' | 'open'>,
  desk: string | undefined,
): (orgId: string) => Promise<readonly Sandbox[]> {
  return async (orgId) => {
    if (desk === undefined) return [];
    const listed = await connections.list(orgId, true);
    const opened = await Promise.all(
      listed.map(async ({ id }) => {
        const { url } = ((await connections.open(id))?.settings ?? {}) as { url?: unknown };
        return { id, root: typeof url === 'string' ? sandboxOf(url, desk) : undefined };
      }),
    );
    const roots = new Set(opened.map(({ root }) => root).filter((root) => root !== undefined));
    return [...roots].map((url) => ({
      desk: createDesk(url),
      connectionIds: opened.filter(({ root }) => root === url).map(({ id }) => id),
    }));
  };
}
