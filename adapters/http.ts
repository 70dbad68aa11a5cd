/**
 * Send once, and tell "never sent" from "cannot know": the difference between a retry and a filing made twice.
 * Every call has its own connection: on a kept-alive one, a reset says nothing about whether the request was read.
 */
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import axios from 'axios';
import type { Call, Setback } from './adapter.ts';

export interface HttpRequest {
  /** The agency's name of the operation, for what is kept and logged. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** http or https. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** For the whole call, from the name look-up to the last byte of the answer. */
  readonly timeoutMs?: number;
  /** Largest answer that is read; a larger one is no answer. */
  readonly maxBytes?: number;
  readonly tls?: Pick<tls.ConnectionOptions, 'ca' | 'cert' | 'key' | 'servername'>;
  /** false keeps neither request nor answer: only for those that carry bare credentials (a token request). */
  readonly keep?: boolean;
}

export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  /** Names in lower case, repeated ones joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Reasons name host and cause: no path, no query, no foreign text. */
export type Sent =
  | Answered
  /** No byte of the request can have reached the agency. */
  | { readonly kind: 'not_sent'; readonly reason: string }
  /** The connection stood: the agency may have read, and done, what was asked. */
  | { readonly kind: 'no_answer'; readonly reason: string };

const CONNECT_MS = 10_000;
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 4 * 1024 * 1024;

/** One request, at most once. Never throws for anything the network or the agency does. */
export async function send(call: Call, request: HttpRequest): Promise<Sent> {
  const { operation, method, headers = {}, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = request;
  const url = httpUrl(request.url);
  if (!url) return { kind: 'not_sent', reason: 'the address is not an http or https URL' };
  const body = request.body === undefined ? undefined : Buffer.from(request.body);

  let handedOver = false;
  const handOver = () => {
    if (!handedOver && request.keep !== false) {
      const contentType = header(headers, 'content-type') ?? 'application/octet-stream';
      call.keep({ direction: 'sent', operation, contentType, body: body ?? Buffer.alloc(0) });
    }
    handedOver = true;
  };

  // Not AbortSignal.any(…timeout()): Node 20 may collect such a signal before it fires.
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort('time-out'), timeoutMs);
  const abort = () => stop.abort('aborted');
  if (call.signal.aborted) abort();
  else call.signal.addEventListener('abort', abort, { once: true });

  const agent = freshAgent(url, { ...request.tls }, stop.signal, handOver);
  try {
    const answer = await axios.request<Buffer>({
      adapter: 'http',
      method,
      url: url.href,
      headers: { 'User-Agent': 'exitgate', Accept: '*/*', 'Accept-Encoding': 'identity', ...headers },
      data: body,
      httpAgent: agent,
      httpsAgent: agent,
      proxy: false,
      maxRedirects: 0,
      decompress: false,
      responseType: 'arraybuffer',
      transformRequest: (data) => data,
      transformResponse: (data) => data,
      validateStatus: () => true,
      maxContentLength: maxBytes,
      maxBodyLength: Number.POSITIVE_INFINITY,
      signal: stop.signal,
    });
    handOver();
    const answered = {
      kind: 'answered',
      status: answer.status,
      headers: flatten(answer.headers),
      body: Buffer.from(answer.data ?? []),
    } as const;
    if (request.keep !== false) {
      const contentType = answered.headers['content-type'] ?? 'application/octet-stream';
      call.keep({ direction: 'received', operation, contentType, body: answered.body });
    }
    call.log(`${operation}: HTTP ${answered.status}, ${answered.body.length} bytes`);
    // Identity was asked for: unpacking what nobody asked for would only open the door to compression bombs.
    const encoding = answered.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') return { kind: 'no_answer', reason: `${url.host} answered compressed` };
    return answered;
  } catch (error) {
    const why = typeof stop.signal.reason === 'string' ? stop.signal.reason : causeOf(error);
    const reason = `${url.host}: ${why}`;
    call.log(`${operation}: ${handedOver ? 'sent, no answer' : 'not sent'} (${why})`);
    return { kind: handedOver ? 'no_answer' : 'not_sent', reason };
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener('abort', abort);
    agent.destroy();
  }
}

/**
 * What can be said before the body is read, the same for every protocol; otherwise the answer itself, to be read.
 * `own` are the statuses of 500 and above that this protocol's own answers travel with (SOAP 1.1 faults: 500).
 */
export function answerOrSetback(sent: Sent, now: Date, own: readonly number[] = []): Answered | Setback {
  if (sent.kind === 'not_sent') return { kind: 'retry', reason: sent.reason, symptom: 'unreachable' };
  if (sent.kind === 'no_answer') return { kind: 'unsure', reason: sent.reason, symptom: 'unreachable' };
  const { status, headers } = sent;
  const seconds = retryAfter(headers, now);
  if (status === 429) {
    return {
      kind: 'retry',
      reason: 'HTTP 429: too many requests',
      symptom: 'busy',
      ...(seconds !== undefined && { after: seconds }),
    };
  }
  if (status === 503) {
    const until = seconds === undefined ? {} : { until: new Date(now.getTime() + seconds * 1000) };
    return { kind: 'hold', reason: 'HTTP 503: not in service', symptom: 'maintenance', ...until };
  }
  if (status >= 300 && status < 400)
    return { kind: 'unsure', reason: `HTTP ${status}: a redirect, not followed` };
  if (looksLikeHtml(sent)) {
    const reason = `HTTP ${status} with a web page for an answer`;
    return { kind: 'unsure', reason, symptom: status >= 400 && status < 500 ? 'address' : 'maintenance' };
  }
  if (status >= 500 && !own.includes(status))
    return { kind: 'unsure', reason: `HTTP ${status}`, symptom: 'unreachable' };
  return sent;
}

/** For a question that was asked before anything was filed: what is unsure there is certainly not taken. */
export function nothingFiled(setback: Setback): Exclude<Setback, { kind: 'unsure' }> {
  return setback.kind === 'unsure' ? { ...setback, kind: 'retry' } : setback;
}

/** Retry-After in seconds (RFC 9110 §10.2.3: seconds or a date), at most 31 days. A date is read against the agency's own clock. */
export function retryAfter(headers: Answered['headers'], now: Date): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  const theirs = httpDate(headers.date ?? '');
  const base = Number.isNaN(theirs) ? now.getTime() : theirs;
  const seconds = /^\d{1,10}$/.test(text) ? Number(text) : Math.ceil((httpDate(text) - base) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), 31 * 86_400);
}

/** IMF-fixdate only: `Date.parse` alone reads a year into almost anything. */
function httpDate(text: string): number {
  return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/.test(text) ? Date.parse(text) : Number.NaN;
}

/**
 * An agent for one connection, which tells when a byte of the request can first have left: when the connection stands
 * (TLS: when the handshake is done and the certificate checked). Until then `not_sent` is certain.
 */
function freshAgent(url: URL, options: tls.ConnectionOptions, stop: AbortSignal, handOver: () => void) {
  const secure = url.protocol === 'https:';
  const agent = secure ? new https.Agent({ keepAlive: false }) : new http.Agent({ keepAlive: false });
  const host = url.hostname.replace(/^\[|\]$/g, '');
  agent.createConnection = (_, done) => {
    const to = { host, port: Number(url.port) || (secure ? 443 : 80) };
    const name = net.isIP(host) ? {} : { servername: host };
    const socket = secure ? tls.connect({ ...name, ...options, ...to }) : net.connect(to);
    const settle = (error: Error | null) => {
      clearTimeout(timer);
      stop.removeEventListener('abort', stopped);
      socket.off('error', settle).off('close', closed);
      if (error) socket.on('error', () => {}).destroy(error);
      else handOver();
      if (secure) done?.(error, socket);
    };
    const closed = () => settle(coded('ECONNRESET'));
    const stopped = () => settle(coded('ABORT'));
    const timer = setTimeout(() => settle(coded('ECONNECT_TIMEOUT')), CONNECT_MS);
    stop.addEventListener('abort', stopped);
    socket.on('error', settle).on('close', closed);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      if (!socket.destroyed) settle(null);
    });
    // A plain socket holds back what is written to it until it stands. A TLS socket passes it on to the TLS engine at
    // once, and a certificate that fails is found out beside it: so the request gets a TLS socket only when it stands.
    return secure ? undefined : socket;
  };
  return agent;
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name cannot be resolved',
  EAI_AGAIN: 'the name cannot be resolved now',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was reset',
  ECONNABORTED: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ERR_BAD_RESPONSE: 'the answer was cut short or too large',
  ECONNECT_TIMEOUT: 'no connection in time',
  ETIMEDOUT: 'no connection in time',
  EHOSTUNREACH: 'no way to that host',
  ENETUNREACH: 'no way to that host',
};

/** Error codes are words of Node and OpenSSL, so they may be shown; messages may quote the request. */
function causeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
  return CAUSES[code] ?? (/^\w{1,60}$/.test(code) ? code : 'error');
}

function httpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

function header(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

function flatten(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]: [string, unknown]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : String(value),
    ]),
  );
}

function looksLikeHtml({ headers, body }: Answered): boolean {
  return (
    /^text\/html\b/i.test(headers['content-type'] ?? '') ||
    /^\s*<(!doctype html|html)\b/i.test(body.toString('latin1', 0, 200))
  );
}
