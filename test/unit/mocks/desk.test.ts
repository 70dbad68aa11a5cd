// The control API over HTTP: what it says about itself must be what it does.
import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import forge from 'node-forge';
import { ROUTES } from '../../../mocks/desk/routes.ts';
import { type Agencies, startAgencies } from '../../../mocks/index.ts';
import { laborClient, PERSON, UNIT } from './labor-client.ts';
import { openStream } from './stream-reader.ts';

/** A request of a key that was thrown away, for the unit of the examples. */
const CSR = makeCsr();

function makeCsr(): string {
  const keys = forge.pki.rsa.generateKeyPair(2048);
  const request = forge.pki.createCertificationRequest();
  request.publicKey = keys.publicKey;
  request.setSubject([
    { name: 'commonName', value: 'Example Securities' },
    { type: '2.5.4.5', value: UNIT.uscc },
  ]);
  request.sign(keys.privateKey, forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request);
}

interface Document {
  openapi: string;
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content: Record<string, { schema: object }> }> }>
  >;
  components: { schemas: { Problem: object } };
}

describe('desk', () => {
  let agencies: Agencies;
  let api: Document;
  const met = new Set<string>();
  const ajv = new Ajv2020({ strict: true, strictTypes: false });
  ajv.addVocabulary(['x-zh']); // an extension, as OpenAPI allows them

  before(async () => {
    agencies = await startAgencies();
    api = (await (await fetch(`${agencies.urls.desk}/openapi.json`)).json()) as Document;
  });
  after(() => agencies.close());

  /** Calls an operation of the document and checks the answer against the document. */
  async function call(
    method: string,
    path: string,
    options: { base?: string; body?: unknown; at?: string } = {},
  ) {
    const operation = api.paths[path]?.[method.toLowerCase()];
    assert.ok(operation, `${method} ${path} is not in the document`);
    const response = await fetch(`${options.base ?? agencies.urls.desk}${options.at ?? path}`, {
      method,
      ...(options.body === undefined
        ? {}
        : { body: JSON.stringify(options.body), headers: { 'content-type': 'application/json' } }),
    });
    const type = response.headers.get('content-type') ?? '';
    const body: unknown = await response.json();
    const documented = operation.responses[response.status]?.content[type]?.schema;
    const schema = documented ?? api.components.schemas.Problem;
    if (documented) met.add(`${method} ${path}`);
    else assert.equal(type, 'application/problem+json');
    const validate = ajv.compile(schema);
    assert.ok(
      validate(body),
      `${method} ${path}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`,
    );
    return { status: response.status, body: body as Record<string, never> & { [key: string]: unknown } };
  }

  /** The first event of the stream, whose data is what the document says. */
  async function streamed(base: string) {
    const stream = await openStream(base);
    const { id, ...data } = await stream.next();
    stream.close();
    const schema = api.paths['/stream']?.get?.responses[200]?.content['text/event-stream']?.schema;
    assert.ok(schema && id);
    assert.ok(ajv.compile(schema)(data));
    met.add('GET /stream');
  }

  it('publishes every route, and each answers as published', async () => {
    assert.equal(api.openapi, '3.1.0');
    const made = await call('POST', '/sandboxes', {
      body: { name: 'mine', start: '2027-01-04T02:00:00Z', seed: 'x' },
    });
    assert.equal(made.status, 201);
    const base = `${agencies.urls.desk}/s/mine`;
    assert.deepEqual(made.body.urls, {
      desk: base,
      labor: `${base}/labor`,
      insurance: `${base}/insurance`,
      'insurance-sm2': `${base}/insurance-sm2`,
      credit: `${base}/credit`,
    });
    const issued = await call('POST', '/identities', { base, body: UNIT });
    assert.match(String(issued.body.certificate), /BEGIN CERTIFICATE/);
    await call('POST', '/identities/p12', { base, body: UNIT });
    const bad = await call('POST', '/certificates', { base, body: { csr: 'none' } });
    assert.equal(bad.body.code, 'CSR_INVALID');
    await call('POST', '/certificates', { base, body: { csr: CSR } });
    await call('PUT', '/units', { base, body: UNIT });
    await call('GET', '/units', { base });
    const seeded = await call('PUT', '/persons', {
      base,
      body: {
        uscc: UNIT.uscc,
        id_number: PERSON.idNumber,
        name: PERSON.name,
        employment: { state: 'active', since: '2022-03-01' },
        enrolments: { 510: { state: 'none', since: '2022-03-01' } },
        registration: { status: 'none' },
      },
    });
    assert.match(JSON.stringify(seeded.body), /"510":\{"state":"none"/);
    await call('GET', '/persons', { base, at: `/persons?id_number=${PERSON.idNumber}` });
    const dispute = { id_number: '990000199001010017', uscc: UNIT.uscc };
    assert.deepEqual((await call('PUT', '/disputes', { base, body: dispute })).body, [dispute]);
    assert.deepEqual((await call('GET', '/disputes', { base })).body, [dispute]);
    await call('PUT', '/clerk/{agency}', {
      base,
      at: '/clerk/labor',
      body: { policy: 'manual', delay: 'PT1M' },
    });
    assert.deepEqual((await call('GET', '/clerk', { base })).body.labor, {
      policy: 'manual',
      delay_ms: 60_000,
    });

    const box = agencies.sandbox('mine');
    const client = laborClient(`${base}/labor`, await box.identity(UNIT.uscc, UNIT.name));
    const receipt = (await client.submit('S-1')).field('SAA036') ?? '';
    const at = `/cases/labor/${receipt}`;
    await call('GET', '/cases', { base, at: '/cases?agency=labor' });
    assert.equal((await call('GET', '/cases/{agency}/{id}', { base, at })).body.state, 'submitted');
    const decide = (decision: string, more = {}) =>
      call('POST', '/cases/{agency}/{id}/decide', { base, at: `${at}/decide`, body: { decision, ...more } });
    for (const due of ['2026-13-45', '2026-02-31', '2020-01-01']) {
      const never = await decide('correction', { field: 'post', due });
      assert.deepEqual([never.status, never.body.code], [422, 'DUE_INVALID'], due);
    }
    assert.equal((await call('GET', '/clock', { base })).status, 200);
    assert.equal((await decide('accept')).body.state, 'concluded');
    const guarded = await decide('reject');
    assert.deepEqual([guarded.status, guarded.body.code], [409, 'DECISION_NOT_ALLOWED']);
    const wire = await call('GET', '/cases/{agency}/{id}/exchanges', { base, at: `${at}/exchanges` });
    const [filed] = wire.body as unknown as { id: string; operation: string }[];
    assert.equal(filed?.operation, 'SubmitTermination');
    const beside = { base, at: `/exchanges/${filed?.id}/inspection` };
    assert.deepEqual((await call('GET', '/exchanges/{id}/inspection', beside)).body.schema, {
      valid: true,
      errors: [],
    });
    const again = { base, at: `/exchanges/${filed?.id}/replay` };
    assert.equal((await call('POST', '/exchanges/{id}/replay', again)).body.status, 200);
    const seen = await call('GET', '/overview', { base });
    assert.deepEqual([seen.body.sandbox, seen.body.cases, seen.body.waiting], ['mine', 1, 0]);
    assert.match(JSON.stringify((await call('GET', '/people', { base })).body), /990000199001010017|李|张/);

    await call('POST', '/clock/freeze', { base });
    await call('GET', '/clock', { base });
    await call('PUT', '/clerk/{agency}', {
      base,
      at: '/clerk/labor',
      body: { policy: 'accept', delay: 'PT4S' },
    });
    const scripted = await call('PUT', '/clerk/{agency}', {
      base,
      at: '/clerk/credit',
      body: {
        script: [
          { decision: 'correction', after: 'P1D' },
          { decision: 'reject', code: 'NO_RECORD' },
        ],
      },
    });
    assert.deepEqual(
      [scripted.body.policy, (scripted.body.script as unknown as unknown[]).length],
      ['scripted', 2],
    );
    const unread = await call('PUT', '/clerk/{agency}', {
      base,
      at: '/clerk/credit',
      body: { policy: 'manual', script: [] },
    });
    assert.deepEqual([unread.status, unread.body.code], [400, 'SCRIPT_UNREAD']);
    await client.submit('S-2', { AAC002: '440305199202290036', AAC003: '李某' });
    const jump = await call('POST', '/clock/advance', { base, body: { by: 'P15D' } });
    assert.deepEqual(
      (jump.body.events as unknown as { note: string }[]).map(({ note }) => note.split(': ')[1]),
      ['pre-check', 'accepted for review', 'in review', 'concluded, passed'],
    );
    for (const by of ['P99999D', 'P99999999D']) {
      const far = await call('POST', '/clock/advance', { base, body: { by } });
      assert.deepEqual([far.status, far.body.code], [422, 'TIME_TOO_FAR']);
    }
    const back = await call('POST', '/clock/advance', { base, body: { to: '2020-01-01T00:00:00Z' } });
    assert.deepEqual([back.status, back.body.code], [409, 'CLOCK_BACKWARDS']);
    await call('POST', '/clock/run', { base });
    await call('PUT', '/window', { base, body: { opens: 5, closes: 25 } });
    assert.deepEqual((await call('GET', '/window', { base })).body.opens, 5);
    const dry = await call('POST', '/clock/advance', {
      base,
      body: { to: 'window-close', margin: 'PT1S', dry_run: true },
    });
    assert.equal(dry.status, 200);
    const participant = '/clock/participants/{name}';
    const url = 'http://127.0.0.1:9/';
    await call('PUT', participant, { base, at: '/clock/participants/gateway', body: { url } });
    assert.deepEqual((await call('GET', '/clock/participants', { base })).body, [{ name: 'gateway' }]);
    await call('DELETE', participant, { base, at: '/clock/participants/gateway' });

    const story = { scenario: 'LAB.REJECTED', id_number: '990000199001010017' };
    await call('GET', '/scenarios', { base });
    for (const path of ['/scenarios/armed', '/scenarios/rules']) {
      const made = await call('POST', path, { base, body: story });
      assert.equal(made.status, 201);
      await call('GET', path, { base });
      await call('DELETE', `${path}/{id}`, { base, at: `${path}/${made.body.id}` });
      assert.equal((await call('DELETE', path, { base })).body.count, 0);
    }
    const question = { agency: 'labor', operation: 'SubmitTermination', header: 'LAB.REJECTED' };
    assert.deepEqual((await call('POST', '/scenarios/resolve', { base, body: question })).body, {
      rule: 'header',
      scenario: 'LAB.REJECTED',
    });
    await call('PUT', '/profile', { base, body: { name: 'happy' } });
    assert.equal((await call('GET', '/profile', { base })).body.name, 'happy');

    const left = { agency: 'credit', url: 'http://127.0.0.1:9/' };
    assert.deepEqual((await call('PUT', '/callbacks', { base, body: left })).body, [left]);
    assert.equal((await call('PUT', '/callbacks', { base, body: { ...left, agency: 'labor' } })).status, 409);
    await call('GET', '/callbacks', { base });
    await call('GET', '/callbacks/deliveries', { base });
    await call('DELETE', '/callbacks/{agency}', { base, at: '/callbacks/credit' });

    await call('PUT', '/snapshots/{name}', { base, at: '/snapshots/a' });
    await call('GET', '/snapshots', { base });
    await call('POST', '/snapshots/{name}/restore', { base, at: '/snapshots/a/restore' });
    const forked = await call('POST', '/fork', { base, body: { name: 'mine-too', snapshot: 'a' } });
    assert.deepEqual([forked.body.name, forked.body.origin], ['mine-too', 'mine']);
    await call('DELETE', '/snapshots/{name}', { base, at: '/snapshots/a' });

    const armed = await call('POST', '/faults', {
      base,
      body: { fault: 'hang', agency: 'labor', ttl: 'PT1M', id: 'f' },
    });
    assert.deepEqual([armed.body.id, armed.body.remaining], ['f', 1]);
    await call('GET', '/faults', { base });
    await call('GET', '/faults/kinds', { base });
    await streamed(base);
    await call('DELETE', '/faults/{id}', { base, at: '/faults/f' });
    assert.equal((await call('DELETE', '/faults', { base })).body.count, 0);

    const list = (await call('GET', '/exchanges', { base, at: '/exchanges?agency=labor&limit=1' })).body;
    const id = (list as unknown as { id: string }[])[0]?.id ?? '';
    const exchange = await call('GET', '/exchanges/{id}', { base, at: `/exchanges/${id}` });
    assert.match(JSON.stringify(exchange.body.request), /SubmitTermination/);
    await call('GET', '/coverage', { base });
    await call('GET', '/limits', { base });
    await call('GET', '/fidelity', { base });
    assert.equal((await call('GET', '/exam', { base })).body.profile, 'happy');
    await call('POST', '/reset', { base });
    assert.deepEqual((await call('GET', '/cases', { base })).body, []);
    await call('GET', '/sandboxes');
    await call('DELETE', '/sandboxes/{name}', { at: '/sandboxes/mine' });
    assert.equal((await fetch(`${base}/clock`)).status, 404);

    assert.deepEqual(
      ROUTES.map(({ method, path }) => `${method} ${path}`).filter((route) => !met.has(route)),
      [],
    );
  });

  it('refuses bad input with a code and a sentence', async () => {
    const codes = async (...calls: [string, string, unknown, string?][]) => {
      const found: unknown[] = [];
      for (const [method, path, body, at] of calls) {
        found.push((await call(method, path, { body, ...(at ? { at } : {}) })).body.code);
      }
      return found;
    };
    const found = await codes(
      ['POST', '/sandboxes', { name: 'NOT OK' }],
      ['POST', '/sandboxes', { name: 'default' }],
      ['DELETE', '/sandboxes/{name}', undefined, '/sandboxes/default'],
      ['POST', '/clock/advance', { by: 'P1X' }],
      ['POST', '/clock/advance', { by: 'P1D', to: '2030-01-01T00:00:00Z' }],
      ['POST', '/faults', { fault: 'no such preset' }],
      ['POST', '/identities', { uscc: '91110105MA001234X5', name: 'x' }],
      ['PUT', '/clerk/{agency}', {}, '/clerk/nobody'],
      ['GET', '/persons', undefined, '/persons?id_number=1'],
      ['GET', '/exchanges', undefined, '/exchanges?limit=-1'],
    );
    assert.deepEqual(found, [
      'INPUT_INVALID',
      'SANDBOX_EXISTS',
      'SANDBOX_DEFAULT',
      'DURATION_INVALID',
      'INPUT_INVALID',
      'INPUT_INVALID',
      'USCC_INVALID',
      'AGENCY_UNKNOWN',
      'PERSON_UNKNOWN',
      'LIMIT_INVALID',
    ]);
    const wrong = await fetch(`${agencies.urls.desk}/clock`, { method: 'PUT' });
    assert.equal(wrong.status, 405);
    const broken = await fetch(`${agencies.urls.desk}/faults`, { method: 'POST', body: '{' });
    assert.match(await broken.text(), /JSON_INVALID/);
  });

  it('tells where the agencies listen, and gives the CA', async () => {
    const { urls } = (await (await fetch(`${agencies.urls.desk}/overview`)).json()) as { urls: unknown };
    assert.deepEqual(urls, { ...agencies.urls, desk: `${agencies.urls.desk}/s/default` });
    assert.match(await (await fetch(`${agencies.urls.desk}/ca.pem`)).text(), /BEGIN CERTIFICATE/);
  });

  it('keeps sandboxes apart', async () => {
    const [one, two] = [agencies.sandbox('one'), agencies.sandbox('two')];
    one.advance('P365D');
    one.fault({ fault: 'hang' });
    one.unit(UNIT);
    assert.ok(two.now().getTime() < one.now().getTime() - 300 * 86_400_000);
    assert.deepEqual(two.faults(), []);
    assert.equal(await (await fetch(`${two.urls.desk}/units`)).text(), '[]');
    assert.notEqual(one.caPem, two.caPem);
  });

  it('starts and stops quickly, and leaves the default sandbox on the agencies\u2019 own ports', async () => {
    const box = agencies.sandbox();
    const client = laborClient(agencies.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
    assert.equal((await client.send('Ping')).code, '0');
    const same = laborClient(`${agencies.urls.desk}/s/default/labor`, client.identity);
    assert.equal((await same.send('Ping')).code, '0');
    const wsdl = await (await fetch(`${agencies.urls.desk}/s/default/labor/?wsdl`)).text();
    assert.ok(wsdl.includes(`location="${agencies.urls.desk}/s/default/labor/"`));
    const twin = await startAgencies();
    await twin.close();
  });
});
