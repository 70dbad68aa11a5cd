// What an operation is: an authentic request in, an answer out.
import type { Room } from '../kernel/agency.ts';

/** An authentic request. `body` follows `route.body` after `validate`. */
export interface Request {
  readonly operation: string;
  readonly route: Route;
  /** The unit of token and certificate. */
  readonly unit: string;
  /** Subject CN of the client's certificate; '' at the token endpoint. */
  readonly unitName: string;
  /** From the path, '' where there is none. */
  readonly serial: string;
  /** Follows `route.query` after `validate`; empty where there is none. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Route {
  /** The name that faults match; the contract's operationId. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** A path of the contract. */
  readonly path: string;
  /** Schema of the JSON body; none: no body. */
  readonly body?: string;
  /** Schema of the query; none: no query. */
  readonly query?: string;
  handle(request: Request, room: Room): Answer;
}
