/** The access token (OAuth 2.0 client credentials, RFC 6749 §4.4), kept until shortly before it runs out in real time. */
import { z } from 'zod';
import type { Call } from '../adapter.ts';
import { type Held, type Holder, holder } from '../held.ts';
import { answerOrSetback, nothingFiled, send } from '../http.ts';

export interface Token {
  readonly value: string;
}

const answerSchema = z.object({
  // It travels in a header: only what RFC 6750 allows there.
  access_token: z.string().regex(/^[A-Za-z0-9._~+/-]+=*$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive(),
});
const MARGIN_MS = 60_000;

export function tokenHolder(url: string, clientId: string, clientSecret: string): Holder<Token> {
  return holder((call) => fetchToken(call, url, clientId, clientSecret));
}

async function fetchToken(call: Call, url: string, id: string, secret: string): Promise<Held<Token>> {
  const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
  const sent = await send(call, {
    operation: 'POST /oauth/token',
    method: 'POST',
    url: `${url}/oauth/token`,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: `Basic ${basic}` },
    body: 'grant_type=client_credentials',
    maxBytes: 65_536,
    // Bare credentials, and nothing that would prove anything.
    keep: false,
  });
  const answer = answerOrSetback(sent, call.now);
  if (answer.kind !== 'answered') return nothingFiled(answer);
  if (answer.status === 400 || answer.status === 401)
    return { kind: 'hold', reason: `the agency does not accept our client (HTTP ${answer.status})` };
  const read = answerSchema.safeParse(answer.status === 200 ? parse(answer.body) : undefined);
  if (!read.success) {
    const reason = `the agency gives no token (HTTP ${answer.status})`;
    // A token that is none, or a path that is not there: whoever answers so is another server.
    const stranger = [200, 404, 405, 410].includes(answer.status);
    return { kind: 'retry', reason, ...(stranger ? { symptom: 'address' } : {}) };
  }
  const until = Date.now() + read.data.expires_in * 1000 - MARGIN_MS;
  return { kind: 'held', value: { value: read.data.access_token }, until };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
