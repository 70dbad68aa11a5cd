// A body over the limit: refused by each agency in its own form, signed, and journalled.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { BODY_LIMIT } from '../../../mocks/kernel/limits.ts';
import { post } from './labor-client.ts';

const BODY = 'x'.repeat(BODY_LIMIT + 1);

describe('a body over the limit', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  before(async () => {
    agencies = await startAgencies();
    box = agencies.sandbox('large');
  });
  after(() => agencies.close());

  const send = (url: string, type: string) =>
    fetch(url, { method: 'POST', headers: { 'content-type': type }, body: BODY });

  it('is a signed SOAP Fault at labour', async () => {
    const answer = await post(box.urls.labor, BODY);
    assert.deepEqual([answer.status, answer.code], [413, 'TOO_LARGE']);
    assert.match(answer.text, /<soap:Fault>.*body_bytes: 2097152/s);
    assert.match(answer.text, /ds:SignatureValue/);
  });

  it('is a signed problem at credit', async () => {
    const answer = await send(`${box.urls.credit}/v1/registration-changes`, 'application/json');
    assert.equal(answer.status, 413);
    assert.match(answer.headers.get('x-jws-signature') ?? '', /^[\w-]+\.\.[\w-]+$/);
    assert.equal(((await answer.json()) as { code: string }).code, 'TOO_LARGE');
  });

  it('is in the words of the contract at the token endpoint', async () => {
    const answer = await send(`${box.urls.credit}/oauth/token`, 'application/x-www-form-urlencoded');
    assert.equal(answer.status, 413, await answer.text());
  });

  it('is an Envelope at insurance, and JSON with a signature in the second city', async () => {
    const first = await send(box.urls.insurance, 'application/xml');
    assert.equal(first.status, 413);
    assert.match(await first.text(), /<Code>TOO_LARGE<\/Code>.*<Signature>\S+<\/Signature>/s);
    const second = await send(`${box.urls['insurance-sm2']}/api/v2/ping`, 'application/json');
    assert.equal(second.status, 413);
    assert.ok(second.headers.get('x-signature'));
    assert.equal(((await second.json()) as { code: string }).code, 'TOO_LARGE');
  });

  it('stands in the journal, with its beginning and the limit that it met', async () => {
    await post(box.urls.labor, BODY);
    const entry = box.exchanges('labor').at(-1);
    assert.deepEqual([entry?.code, entry?.request.kept, entry?.response?.status], ['TOO_LARGE', 'cut', 413]);
    assert.match(entry?.stages[0]?.note ?? '', /body_bytes/);
    assert.equal(entry?.stages[0]?.stage, 'limits');
  });

  it('is a problem at the desk, in the language asked for', async () => {
    const answer = await fetch(`${box.urls.desk}/faults`, {
      method: 'POST',
      headers: { 'accept-language': 'zh-CN' },
      body: BODY,
    });
    const { code, detail } = (await answer.json()) as { code: string; detail: string };
    assert.deepEqual([answer.status, code, detail], [413, 'TOO_LARGE', `正文不得超过 ${BODY_LIMIT} 字节`]);
  });
});
