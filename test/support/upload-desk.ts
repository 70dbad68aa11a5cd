/** An organisation that files with an agency without an API, over a whole gateway. Answers are held against the OpenAPI document. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import excel from 'exceljs';
import { SCOPES } from '../../src/store/organisations.ts';
import { nextNumber } from './builders.ts';
import { freshDatabase, type TestDatabase } from './database.ts';
import { conform } from './document.ts';
import { eventually } from './eventually.ts';
import { exitDraft, type Gateway, startGateway, testEnvironment } from './gateway.ts';
import { offlineService } from './offline.ts';
import { useRealNetwork } from './real-network.ts';

const { endpoints } = offlineService();
export const BY = { actor: '测试赵某' };

// biome-ignore lint/suspicious/noExplicitAny: what came over the wire; the document has been held against it
export type Json = any;

export type Ask = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ status: number; body: Json; headers: Headers }>;

/** The HR system of an organisation whose agencies have no API. */
export interface Hr {
  readonly orgId: string;
  readonly connectionId: string;
  readonly ask: Ask;
  /** Another person's key. */
  colleague(): Promise<Ask>;
  /** The answer's body, of a request that must be taken. */
  done(method: string, path: string, body?: unknown): Promise<Json>;
  /** Opens an exit and waits until its filing of the kind is in a person's hands. @returns the filing's id and the exit's. */
  open(parts?: Record<string, unknown>): Promise<{ exitId: string; filingId: string; number: string }>;
  manual(exitId: string, kind: string): Promise<string>;
  state(filingId: string): Promise<string>;
  cancel(exitId: string): Promise<void>;
  events(exitId: string): Promise<Json[]>;
  /** The open uploads of a kind. */
  uploads(kind?: string): Promise<Json[]>;
  close(uploadId: string): Promise<Json>;
}

/** @param settings of its connection to the agency. */
export async function makeHr({ store, url }: Gateway, settings: Record<string, unknown> = {}): Promise<Hr> {
  const { id: orgId } = await store.organisations.ensure(`测试机构 ${nextNumber()}`);
  const newKey = async () =>
    (await store.organisations.createKey(orgId, { name: 'test', live: false, scopes: SCOPES, addresses: [] }))
      .secret;
  const secret = await newKey();
  const askWith = async (secret: string, method: string, path: string, body?: unknown) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const json = /json/.test(response.headers.get('content-type') ?? '');
    const reply = {
      status: response.status,
      headers: response.headers,
      body: json ? JSON.parse(Buffer.from(bytes).toString()) : bytes,
    };
    conform(endpoints, method, path, json ? reply : { ...reply, body: '' });
    return reply;
  };
  const ask: Hr['ask'] = (method, path, body) => askWith(secret, method, path, body);
  const done: Hr['done'] = async (method, path, body) => {
    const { status, body: answer } = await ask(method, path, body);
    assert.ok(status < 300, `${method} ${path} → ${status} ${JSON.stringify(answer)}`);
    return answer;
  };
  const { id: connectionId } = await done('POST', '/v1/connections', {
    name: '某市',
    adapter: 'batch-upload',
    settings,
  });
  const manual: Hr['manual'] = (exitId, kind) =>
    eventually(
      async () => {
        const { filings } = await done('GET', `/v1/exits/${exitId}`);
        return filings.find((each: Json) => each.kind === kind && each.state === 'manual')?.id as
          | string
          | undefined;
      },
      { what: `${kind} in a person's hands`, every: 50 },
    );
  return {
    orgId,
    connectionId,
    ask,
    done,
    manual,
    colleague: async () => {
      const other = await newKey();
      return (method, path, body) => askWith(other, method, path, body);
    },
    open: async (parts) => {
      const draft = exitDraft(parts);
      const { id: exitId } = await done('POST', '/v1/exits', draft);
      const { id_number: number } = draft.employee as { id_number: string };
      return { exitId, number, filingId: await manual(exitId, 'labor_filing') };
    },
    state: async (filingId) => (await done('GET', `/v1/filings/${filingId}`)).state,
    cancel: (exitId) => done('POST', `/v1/exits/${exitId}/cancel`, { actor: '测试人事', reason: '撤回离职' }),
    events: async (exitId) => (await done('GET', `/v1/exits/${exitId}/events`)).data,
    uploads: async (kind = 'labor_filing') => (await done('GET', `/v1/uploads?state=open&kind=${kind}`)).data,
    close: (uploadId) => done('POST', `/v1/uploads/${uploadId}/close`, BY),
  };
}

/** The file as a table of texts. */
export async function table(bytes: Uint8Array): Promise<string[][]> {
  const book = new excel.Workbook();
  await book.xlsx.load(Buffer.from(bytes) as never);
  const lines: string[][] = [];
  book.worksheets[0]?.eachRow((row) => {
    lines.push((row.values as unknown[]).slice(1).map(String));
  });
  return lines;
}
/** Lines as the agency's result sheet, in base64. */
export async function sheet(lines: readonly (readonly string[])[]): Promise<string> {
  const book = new excel.Workbook();
  book.addWorksheet('结果').addRows(lines.map((line) => [...line]));
  return Buffer.from(await book.xlsx.writeBuffer()).toString('base64');
}

/** A gateway for the tests of this suite; what it returns is there once they run. */
export function useGateway(): {
  readonly gateway: Gateway;
  readonly database: TestDatabase;
  readonly environment: Record<string, string>;
} {
  useRealNetwork();
  const it = {} as { gateway: Gateway; database: TestDatabase; environment: Record<string, string> };
  before(async () => {
    it.database = await freshDatabase();
    it.environment = testEnvironment(it.database.url);
    it.gateway = await startGateway(it.environment);
  });
  after(async () => {
    await it.gateway.app.close();
    await it.database.drop();
  });
  return it;
}
