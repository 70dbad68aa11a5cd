/** The gateway and the desk as the demo's HR system sees them: over HTTP, nothing else. */
import { randomUUID } from 'node:crypto';
import axios, { AxiosError } from 'axios';

export interface Blocker {
  readonly gate: string;
  readonly subject: string;
  readonly owner: string;
  readonly title: string;
  readonly item: string | null;
  readonly clears: string;
  readonly documents: { readonly kinds: readonly string[] } | null;
}

export interface ExitView {
  readonly id: string;
  readonly status: string;
  readonly notice_date: string;
  readonly blockers: readonly Blocker[];
  readonly decision: { readonly due_at: string; readonly required: boolean } | null;
  readonly filings: readonly { readonly id: string }[];
}

export interface FilingView {
  readonly id: string;
  readonly kind: string;
  readonly agency: string;
  readonly state: string;
  readonly revision: number;
  readonly receipt: string | null;
  /** Every call to the agency. */
  readonly attempt_log: readonly { readonly step: string; readonly outcome: string }[];
}

export interface DeadlineView {
  readonly kind: string;
  readonly clock: string;
  readonly raw: string | null;
  readonly due: string | null;
}

export interface MovedView {
  readonly now: string;
  readonly reached: boolean;
}

export interface Client {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  /** What a POST is refused with. @throws Error when it is not. */
  refused(path: string, body: unknown): Promise<{ readonly code: string; readonly detail: string }>;
}

/** @throws Error with the problem's own sentence. */
export function createClient(baseURL: string, key?: string): Client {
  const client = axios.create({
    baseURL,
    proxy: false,
    // Longer than a move of the clock takes at the most.
    timeout: 30_000,
    headers: key === undefined ? {} : { authorization: `Bearer ${key}`, 'accept-language': 'zh' },
  });
  const told = (error: unknown): never => {
    if (error instanceof AxiosError && error.response !== undefined)
      throw new Error(
        `${error.config?.method?.toUpperCase()} ${error.config?.url} answered ${error.response.status}: ${JSON.stringify(error.response.data)}`,
      );
    throw error;
  };
  const data = ({ data: body }: { data: unknown }) => body as never;
  return {
    get: (path) => client.get(path).then(data, told),
    post: (path, body) =>
      client.post(path, body, { headers: { 'idempotency-key': randomUUID() } }).then(data, told),
    refused: async (path, body) => {
      const headers = { 'idempotency-key': randomUUID() };
      const answer = await client.post(path, body, { headers, validateStatus: () => true });
      if (answer.status < 400) throw new Error(`POST ${path} should have been refused`);
      return answer.data;
    },
    put: (path, body) => client.put(path, body).then(data, told),
  };
}
