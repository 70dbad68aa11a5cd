// A request looked at again at the desk: who signed, what exactly, and what the schema says; and sent again.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
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
    box.person({ uscc: UNIT.uscc, idNumber: '990000199001010018', name: '测试甲' });
    assert.notEqual(await mark(), after);
  });
});
