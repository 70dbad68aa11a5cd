// Every answer of the desk's control API keeps its OpenAPI: every route with what it takes, what it does not, and nonsense.
import assert from 'node:assert/strict';
import { ROUTES } from '../../../mocks/desk/routes.ts';
import { type Agencies, startAgencies } from '../../../mocks/index.ts';
import { type Published, published } from './contracts.ts';
import { laborClient, PERSON, UNIT } from './labor-client.ts';

const BODIES = [undefined, '', '{', '[]', 'null', '{}', '{"unknown":1}', '{"name":1,"uscc":true,"to":[]}'];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
const STREAMS = new Set(ROUTES.filter((route) => 'stream' in route).map(({ path }) => path));
const PARAMETERS = ['nope', 'labor', '%00', 'x'.repeat(300)];

describe('every answer of the desk keeps the published contract', () => {
  let agencies: Agencies;
  let api: Published;
  let statuses: Map<number, number>;

  before(async () => {
    agencies = await startAgencies();
    api = published(await (await fetch(`${agencies.urls.desk}/openapi.json`)).json());
    statuses = new Map();
  });
  after(() => agencies.close());

  async function failure(method: string, path: string, body?: string): Promise<string | undefined> {
    const { urls } = agencies.sandbox('sweep', { frozen: true });
    const type = { 'content-type': 'application/json' };
    const answer = await fetch(urls.desk + path, {
      method,
      ...(body === undefined || method === 'GET' ? {} : { body, headers: type }),
    });
    const said = answer.headers.get('content-type') ?? '';
    if (said.startsWith('text/event-stream')) {
      await answer.body?.cancel(); // it has no end; what it tells is looked at elsewhere
      return STREAMS.has(path) ? undefined : `${method} ${path}: a stream that is not published`;
    }
    const text = await answer.text();
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    if (answer.status >= 500) return `${method} ${path} ${body}: ${answer.status} ${text}`;
    const bare = path.split('?')[0] ?? '';
    const why = api.refuses(method, bare, answer.status, said, JSON.parse(text));
    return why === undefined ? undefined : `${method} ${path} ${body}: ${why} in ${text.slice(0, 200)}`;
  }

  it('for every route, with bodies and names that it may not take', async () => {
    const failures: (string | undefined)[] = [];
    agencies.sandbox('sweep').unit(UNIT);
    for (const path of new Set(ROUTES.map((route) => route.path)))
      for (const method of METHODS) {
        // With a page beside it: what a browser gets there is no JSON.
        if (method === 'GET' && !ROUTES.some((route) => route.method === 'GET' && route.path === path))
          continue;
        for (const value of path.includes('{') ? PARAMETERS : [''])
          for (const body of method === 'GET' ? [undefined] : BODIES)
            failures.push(await failure(method, path.replace(/\{\w+\}/, value), body));
      }
    assert.deepEqual(failures.filter(Boolean), []);
    for (const status of [200, 400, 404, 405])
      assert.ok((statuses.get(status) ?? 0) > 10, `${status} was met: ${JSON.stringify([...statuses])}`);
  });

  /** Lists that a story of one case leaves empty. */
  const EMPTY = new Map([
    ['/clock/participants', 'nobody is stepped along'],
    ['/callbacks/deliveries', 'the labour agency calls nobody'],
  ]);

  it('for every question about a sandbox in which something has happened', async () => {
    const box = agencies.sandbox('lived', { frozen: true });
    box.clerk('labor', { policy: 'manual' });
    box.callTo('credit', 'http://127.0.0.1:1/');
    const client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
    await client.submit('S-1');
    const [first] = box.cases('labor');
    assert.ok(first);
    box.decide('labor', first.id, { decision: 'correction', field: 'post' });
    box.dispute({ id_number: PERSON.idNumber });
    box.advance('P15D');
    box.arm('LAB.HELD');
    box.rule('CRD.HELD');
    const { id: fault } = box.fault({ fault: 'hang', agency: 'credit' });
    await fetch(`${box.urls.desk}/snapshots/kept`, { method: 'PUT' }).then((answer) => answer.text());
    const ids = { cases: first.id, exchanges: box.exchanges('labor').at(-1)?.id ?? '', faults: fault };
    const told = (path: string) =>
      path
        .replace('{agency}', 'labor')
        .replace('{id}', ids[path.split('/')[1] as keyof typeof ids] ?? '')
        .replace('/persons', `/persons?id_number=${PERSON.idNumber}`);
    const failures: string[] = [];
    for (const { method, path } of ROUTES) {
      if (method !== 'GET' || STREAMS.has(path)) continue;
      const answer = await fetch(box.urls.desk + told(path));
      const body: unknown = await answer.json();
      const type = answer.headers.get('content-type') ?? '';
      const why = answer.ok ? api.refuses('GET', path, answer.status, type, body) : `${answer.status}`;
      if (why !== undefined) failures.push(`${path}: ${why}`);
      if (Array.isArray(body) && body.length === 0 && !EMPTY.has(path))
        failures.push(`${path}: nothing in it`);
    }
    assert.deepEqual(failures, []);
  });
});
