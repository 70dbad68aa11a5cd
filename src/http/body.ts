/** Reads a JSON body: type, size, encoding and syntax, each with its own refusal. The bytes are kept for the fingerprint. */
import express, { type Request, type RequestHandler, type Response } from 'express';
import { Problem, problem } from '../problem.ts';
import { jsonFault } from './json.ts';

export interface Body {
  readonly bytes: Uint8Array;
  readonly value: unknown;
}

/** The bytes as they came: a signature covers these. */
export type ByteReader = (request: Request, response: Response) => Promise<Uint8Array>;
export type BodyReader = (request: Request, response: Response) => Promise<Body>;

export function createByteReader(limit: number): ByteReader {
  const read = express.raw({ type: () => true, limit, inflate: false });
  return (request, response) => bytesOf(read, request, response, limit);
}

async function bytesOf(
  read: RequestHandler,
  request: Request,
  response: Response,
  limit: number,
): Promise<Uint8Array> {
  await new Promise<void>((resolve, reject) => {
    void read(request, response, (error?: unknown) =>
      error === undefined ? resolve() : reject(bodyProblem(error, limit)),
    );
  });
  const bytes: unknown = request.body;
  return bytes instanceof Uint8Array ? bytes : new Uint8Array();
}

/** @param limit bytes, after decompression. */
export function createBodyReader(limit: number): BodyReader {
  const read = express.raw({ type: () => true, limit });
  return async (request, response) => {
    const type = request.headers['content-type'];
    const declared = request.is('application/json');
    const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type ?? '')?.[1] ?? 'utf-8';
    if (type !== undefined && (declared === false || charset.toLowerCase() !== 'utf-8'))
      throw problem('content_type_unsupported', {});
    const bytes = await bytesOf(read, request, response, limit);
    if (bytes.length === 0) throw problem('body_missing', {});
    if (type === undefined) throw problem('content_type_unsupported', {});
    return { bytes, value: parse(bytes) };
  };
}

function parse(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const readable = new TextDecoder().decode(bytes);
    const before = readable.slice(0, Math.max(readable.indexOf('\ufffd'), 0));
    throw problem('json_malformed', {
      line: before.split('\n').length,
      column: before.length - before.lastIndexOf('\n'),
    });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw problem('json_malformed', jsonFault(text));
  }
}

function bodyProblem(error: unknown, limit: number): unknown {
  const { type, status } = error as { type?: unknown; status?: unknown };
  if (error instanceof Problem) return error;
  if (type === 'entity.too.large') return problem('body_too_large', { limit });
  if (status === 415) return problem('content_type_unsupported', {});
  if (typeof status === 'number' && status < 500) return problem('body_unreadable', {});
  return error;
}
