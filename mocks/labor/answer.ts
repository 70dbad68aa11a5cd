// Answers on the wire: response elements, SOAP Faults, the envelope around both, and its signature.
import type { Identity, Refusal, Reply } from '../kernel/agency.ts';
import { validate } from './contract.ts';
import { securityFor } from './signature.ts';
import { escapeXml, NS, type Part, withXml, write } from './xml.ts';

export interface Draft {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What the Body holds. */
  readonly content: string;
}

/** What the state machine says: `result` and the rest of the response in the schema's order. */
export interface Answer {
  readonly code: string;
  readonly message: string;
  readonly parts: readonly Part[];
}

const BODY_ID = 'body';
const TYPE = { 'content-type': 'text/xml; charset=utf-8' };

export const result = (code: string, message: string): readonly Part[] => [
  ['code', code],
  ['message', message],
];

export function response(operation: string, { code, message, parts }: Answer): Draft {
  const inner = write([['result', result(code, message)], ...parts]);
  return {
    status: 200,
    headers: TYPE,
    content: `<${operation}Response xmlns="${NS.labor}">${inner}</${operation}Response>`,
  };
}

/** SOAP 1.1 wants 500 for a Fault; statuses that tell a proxy or a client when to come back are kept. */
const KEPT = new Set([409, 413, 429, 501, 503]);

export function fault(refusal: Refusal): Draft {
  const { code, message, status, retryAfterSeconds, extra } = refusal;
  const side = status >= 500 ? 'Server' : 'Client';
  const line = typeof extra.line === 'number' && extra.line > 0 ? String(extra.line) : undefined;
  const detail = write([
    ['code', code],
    ['message', message],
    ['line', line],
  ]);
  return {
    status: KEPT.has(status) ? status : 500,
    headers: retryAfterSeconds === undefined ? TYPE : { ...TYPE, 'retry-after': String(retryAfterSeconds) },
    content: `<soap:Fault><faultcode>soap:${side}</faultcode><faultstring>${escapeXml(message)}</faultstring><detail><FaultDetail xmlns="${NS.labor}">${detail}</FaultDetail></detail></soap:Fault>`,
  };
}

const envelope = (content: string, header = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="${NS.soap}">${header}` +
  `<soap:Body xmlns:wsu="${NS.wsu}" wsu:Id="${BODY_ID}">${content}</soap:Body></soap:Envelope>`;

export const check = ({ content }: Draft): void => withXml(Buffer.from(envelope(content)), validate);

export function seal({ status, headers, content }: Draft, signer: Identity): Reply {
  const security = withXml(Buffer.from(envelope(content)), (doc) => securityFor(doc, BODY_ID, signer));
  return { status, headers, body: envelope(content, `<soap:Header>${security}</soap:Header>`) };
}
