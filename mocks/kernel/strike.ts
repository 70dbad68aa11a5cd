// What a fault makes of an exchange: the outcome that the socket is to show. No sockets here.
import { type AgencyName, Refusal, type Reply } from './agency.ts';
import type { Fault } from './faults.ts';

/** What the socket should see. `hang` leaves it open until the client or the agencies give up. */
export type Outcome =
  | { readonly kind: 'reply'; readonly reply: Reply }
  /** `truncate`: the headers promise all of it, half is sent, the line is cut. `bad-chunk`: chunks that are none. */
  | { readonly kind: 'truncate' | 'bad-chunk'; readonly reply: Reply }
  /** A few bytes at a time. */
  | { readonly kind: 'dribble'; readonly reply: Reply; readonly delayMs: number }
  | { readonly kind: 'reset' | 'hang' | 'close' }
  /** Server-sent events, for as long as both sides like. */
  | { readonly kind: 'stream'; readonly stream: Stream };

/** @param send false: the other side is slow, and it was not taken @returns called when the line is gone */
export type Stream = (send: (text: string) => boolean, end: () => void) => () => void;

/** How each agency says that a sign-in is over. */
const EXPIRED: Readonly<Partial<Record<AgencyName, string>>> = {
  labor: 'AUTH_CERTIFICATE',
  insurance: 'AUTH_SESSION',
  credit: 'INVALID_TOKEN',
  'insurance-sm2': 'AUTH_CLIENT',
};

export function outage(fault: Fault, agency: AgencyName): Refusal {
  if (fault.kind === 'expired-token')
    return new Refusal(
      fault.code ?? EXPIRED[agency] ?? 'AUTH_SESSION',
      fault.reason ?? `fault ${fault.id} is armed`,
      {
        status: 401,
      },
    );
  const status = fault.status ?? (fault.kind === 'soap-fault' ? 500 : 503);
  const code =
    fault.code ?? (status === 429 ? 'RATE_LIMIT' : status === 503 ? 'MAINTENANCE' : 'REMOTE_FAULT');
  return new Refusal(code, fault.reason ?? `fault ${fault.id} is armed`, {
    status,
    ...(fault.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: fault.retryAfterSeconds }),
  });
}

/** undefined: the request goes on (slow, and the kinds that need the commit or the finished answer). */
export async function effect(fault: Fault, refusal: () => Promise<Reply>): Promise<Outcome | undefined> {
  const raw = (status: number, type: string, body: Buffer | string): Outcome => ({
    kind: 'reply',
    reply: { status, headers: { 'content-type': type, ...retryAfter(fault), ...fault.headers }, body },
  });
  switch (fault.kind) {
    case 'refuse':
      // Over a shared port there is no closed door: the nearest to it is a line that drops at once.
      return { kind: 'reset' };
    case 'reset':
    case 'hang':
    case 'close':
      return { kind: fault.kind };
    case 'empty':
      return raw(fault.status ?? 200, 'text/plain; charset=utf-8', '');
    case 'html':
      return raw(
        fault.status ?? 200,
        'text/html; charset=utf-8',
        fault.body ?? '<!DOCTYPE html><html><body>Login</body></html>',
      );
    case 'garbage':
      return raw(
        fault.status ?? 200,
        'application/octet-stream',
        Buffer.from('00ff10fe3c3f789c0b52ffff8001', 'hex'),
      );
    case 'status':
      if (fault.body !== undefined) return raw(fault.status ?? 503, 'text/plain; charset=utf-8', fault.body);
      return { kind: 'reply', reply: await withHeaders(refusal, fault) };
    case 'soap-fault':
    case 'expired-token':
      return { kind: 'reply', reply: await withHeaders(refusal, fault) };
    default:
      return undefined;
  }
}

/** The finished reply as the fault lets it out. */
export function shape(fault: Fault | undefined, reply: Reply): Outcome {
  switch (fault?.kind) {
    case 'truncate':
    case 'bad-chunk':
      return { kind: fault.kind, reply };
    case 'dribble':
      return { kind: 'dribble', reply, delayMs: fault.delayMs ?? 3000 };
    default:
      return { kind: 'reply', reply };
  }
}

async function withHeaders(refusal: () => Promise<Reply>, fault: Fault): Promise<Reply> {
  const reply = await refusal();
  return { ...reply, headers: { ...reply.headers, ...retryAfter(fault), ...fault.headers } };
}

const retryAfter = (fault: Fault): Record<string, string> =>
  fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
