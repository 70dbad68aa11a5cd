// A request looked at again at the desk: who signed, what exactly, and what the schema says; and sent again.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { inspect } from '../../../mocks/desk/inspection.ts';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { exchange } from '../../../mocks/kernel/exchange.ts';
import * as credit from './credit-client.ts';
import * as insurance from './insurance-client.ts';
import { element, envelope, laborClient, signXml, UNIT } from './labor-client.ts';

interface Seen {
  signature: { verdict: string; signed?: string; sha256?: string; certificate?: { subject: string } };
  schema: { valid: boolean; errors: { field?: string; message: string }[] };
  cut: boolean;
}

describe('an exchange at the desk', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let client: ReturnType<typeof laborClient>;
  let count = 0;

  before(async () => {
    agencies = await startAgencies();
  });
  after(() => agencies.close());
  beforeEach(async () => {
    count += 1;
    box = agencies.sandbox(`look-${count}`);
    client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
  });

  const ask = async (method: string, path: string) => {
    const answer = await fetch(box.urls.desk + path, { method });
    return { status: answer.status, body: await answer.json() };
  };
  const last = () => box.exchanges('labor').at(-1)?.id ?? '';
  const look = async (): Promise<Seen> => (await ask('GET', `/exchanges/${last()}/inspection`)).body as Seen;
  const post = (body: string) =>
    fetch(box.urls.labor, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', soapaction: '""' },
      body,
    });

  it('names the signer and the very bytes of the Body', async () => {
    await client.submit('S-1');
    const { signature, schema, cut } = await look();
    assert.equal(signature.verdict, 'valid');
    assert.match(signature.certificate?.subject ?? '', new RegExp(UNIT.uscc));
    assert.match(signature.signed ?? '', /^<soap:Body[\s\S]*SubmitTermination[\s\S]*<\/soap:Body>$/);
    assert.equal(
      signature.sha256,
      createHash('sha256')
        .update(signature.signed ?? '')
        .digest('hex'),
    );
    assert.deepEqual([schema, cut], [{ valid: true, errors: [] }, false]);
  });

  it('names the fields that the schema refuses, all of them', async () => {
    await post(signXml(envelope(element('QueryUnit', { BAB010: 'short' })), client.identity));
    const { signature, schema } = await look();
    assert.equal(signature.verdict, 'valid');
    assert.equal(schema.valid, false);
    assert.ok(schema.errors.every(({ field }) => field === 'BAB010'));
    assert.ok(schema.errors.length > 0);
  });

  it('says why a signature is none, and keeps quiet about the schema then', async () => {
    const signed = signXml(envelope(element('QueryUnit', { BAB010: UNIT.uscc })), client.identity);
    await post(signed.replace(`>${UNIT.uscc}<`, '>91110105MA001234X5<'));
    assert.equal((await look()).signature.verdict, 'AUTH_SIGNATURE');
    await post('no XML at all');
    const { signature, schema } = await look();
    assert.deepEqual([signature.verdict, schema.valid], ['SCHEMA_INVALID', false]);
  });

  it('is sent again byte for byte, through every stage', async () => {
    await client.submit('S-1');
    const first = last();
    const { status, body } = await ask('POST', `/exchanges/${first}/replay`);
    assert.deepEqual([status, (body as { outcome: string }).outcome], [201, 'answered']);
    const [one, two] = [first, last()].map((id) => box.exchanges().find((each) => each.id === id));
    assert.notEqual(one?.id, two?.id);
    assert.ok(two && one?.request.body.equals(two.request.body));
    assert.match(String(two.response?.body), /<duplicate>true</);
  });

  it('is not sent again where its secret was not kept', async () => {
    await fetch(`${box.urls.credit}/v1/ping`, { headers: { authorization: 'Bearer x' } });
    const id = box.exchanges('credit').at(-1)?.id;
    const { status, body } = await ask('POST', `/exchanges/${id}/replay`);
    assert.deepEqual([status, (body as { code: string }).code], [409, 'EXCHANGE_SECRET']);
  });

  it('changes the mark of the overview, and so does a person on the rolls', async () => {
    box.freeze();
    const mark = async () => ((await ask('GET', '/overview')).body as { mark: string }).mark;
    const before = await mark();
    assert.equal(await mark(), before);
    await client.send('Ping');
    const after = await mark();
    assert.notEqual(after, before);
    box.person({ uscc: UNIT.uscc, idNumber: '990000199001010017', name: '测试甲' });
    assert.notEqual(await mark(), after);
  });
});

describe('a request of the other agencies, looked at again', () => {
  it('insurance: what was signed is shown as it was before it was encrypted', async () => {
    const { sandbox, client, agency } = await insurance.openBox('look-insurance');
    await client.signIn();
    const asked = `<QueryUnit><BAB010>${insurance.UNIT}</BAB010></QueryUnit>`;
    const seen = async (element: string, id: string) => {
      await exchange(agency, sandbox, client.build('1001', element, id, {}));
      const [entry] = sandbox.journal.list({ limit: 1 });
      assert.ok(entry);
      assert.ok(!entry.request.body.includes('BAB010'), 'it travelled encrypted');
      return inspect(entry, sandbox.room('insurance'));
    };
    const good = await seen(asked, 'Q-1');
    assert.deepEqual([good.signature.verdict, good.schema.valid], ['valid', true]);
    assert.ok(good.signature.signed?.includes(asked));
    const bad = await seen('<QueryUnit><BAB010>short</BAB010></QueryUnit>', 'Q-2');
    assert.deepEqual([bad.signature.verdict, bad.schema.valid], ['valid', false]);
    assert.equal(bad.schema.errors[0]?.field, 'BAB010');
    sandbox.close();
  });

  it('credit: the JWS is judged as of when it was signed, without the token', async () => {
    const { sandbox, client, agency } = await credit.openBox('look-credit');
    const seen = async (body: unknown) => {
      const call = await client.build('POST', credit.CHANGES, body);
      await exchange(agency, sandbox, call);
      const [entry] = sandbox.journal.list({ limit: 1 });
      assert.ok(entry);
      const late = { ...sandbox.room('credit'), wallNow: () => new Date(Date.now() + 86_400_000) };
      return { entry, seen: await inspect(entry, late) };
    };
    const good = await seen(credit.change('S-1'));
    assert.equal(good.entry.request.headers.authorization, '(kept back)');
    assert.deepEqual([good.seen.signature.verdict, good.seen.schema.valid], ['valid', true]);
    assert.deepEqual(JSON.parse(good.seen.signature.signed ?? ''), credit.change('S-1'));
    const bad = await seen(credit.change('S-2', { reason: 'whim', practitioner: {} }));
    const fields = bad.seen.schema.errors.map(({ field }) => field).sort();
    assert.deepEqual(
      [bad.seen.schema.valid, ...new Set(fields)],
      [false, 'id_number', 'id_type', 'name', 'reason'],
    );
    sandbox.close();
  });
});
