/** One try of one delivery: signed, sent once, judged by the schedule. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import axios, { AxiosError } from 'axios';
import type { ClaimedDelivery } from '../store/deliveries.ts';
import type { Guard } from './guard.ts';
import type { Answer } from './schedule.ts';
import { signedHeaders } from './signing.ts';

const TIMEOUT_MS = 15_000;
/** What an endpoint says beyond its status is of no use here; a little is read so that the connection can be used again. */
const MOST_ANSWER_BYTES = 64 * 1024;
const LONGEST_ANSWER_MS = 1_000;

export interface Sender {
  /** @param at real time, whatever the gateway's clock says: receivers hold the time stamp against theirs. */
  send(delivery: ClaimedDelivery, at?: Date): Promise<Answer>;
  close(): void;
}

/** The body of a webhook, and of an event in `GET /v1/events`: the same words. */
export function eventBody(event: ClaimedDelivery['event']): Record<string, unknown> {
  return {
    id: event.id,
    type: event.type,
    sequence: event.sequence,
    exit_id: event.exitId,
    external_id: event.externalId,
    occurred_at: event.occurredAt.toISOString(),
    data: event.data,
  };
}

export function createSender(guard: Guard): Sender {
  const httpAgent = new HttpAgent({ keepAlive: true, maxFreeSockets: 64 });
  const httpsAgent = new HttpsAgent({ keepAlive: true, maxFreeSockets: 64 });
  const client = axios.create({
    httpAgent,
    httpsAgent,
    proxy: false,
    maxRedirects: 0,
    responseType: 'stream',
    validateStatus: () => true,
  });
  return {
    async send(delivery, at = new Date()) {
      const body = JSON.stringify(eventBody(delivery.event));
      const host = new URL(delivery.url).hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0) {
        // A literal address is connected to without a lookup, so the guard's lookup would never see it.
        const refused = await guard.check(delivery.url);
        if (refused !== undefined) return { kind: 'failed', error: refused };
      }
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
      try {
        const { status, headers, data } = await client.post<Readable>(delivery.url, body, {
          signal: stop.signal,
          lookup: guard.lookup as never,
          headers: {
            'content-type': 'application/json',
            'user-agent': 'Exitgate-Webhooks/1',
            ...signedHeaders(delivery.event.id, body, delivery.secrets, at),
          },
        });
        discard(data);
        const retryAfterSeconds = retryAfter(headers['retry-after'], at);
        return {
          kind: 'answered',
          status,
          ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
        };
      } catch (error) {
        return { kind: 'failed', error: reason(error) };
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** The status was the answer. */
function discard(body: Readable): void {
  let bytes = 0;
  const timer = setTimeout(() => body.destroy(), LONGEST_ANSWER_MS);
  body.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) body.destroy();
  });
  body.on('error', () => undefined);
  body.on('close', () => clearTimeout(timer));
}

/** RFC 9110 §10.2.3: seconds or a date. */
function retryAfter(value: unknown, now: Date): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}

function reason(error: unknown): string {
  if (!(error instanceof AxiosError)) return 'the request failed';
  if (error.code === 'ERR_CANCELED' || error.code === 'ECONNABORTED')
    return `no answer within ${TIMEOUT_MS / 1000} s`;
  if (error.code === 'ECONNREFUSED') return 'nobody listens at the address';
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return 'the name cannot be resolved';
  return error.cause instanceof Error ? error.cause.message : (error.code ?? error.message);
}
