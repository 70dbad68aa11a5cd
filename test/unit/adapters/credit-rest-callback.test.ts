// What the credit agency sends of its own accord: what is believed, and what it names.
import assert from 'node:assert/strict';
import { creditRest } from '../../../adapters/credit-rest/index.ts';
import { readIdentity } from '../../../src/crypto/certificates.ts';
import { signDetached } from '../../../src/crypto/jws.ts';
import { makeCall } from '../../support/call.ts';
import { UNIT } from '../../support/filing-order.ts';
import { makeCa } from '../../support/pki.ts';

const ca = makeCa();
const agency = ca.issue('credit.agency.mock');
const employer = ca.issue(UNIT.name, { serialNumber: UNIT.uscc });
const { parseCallback } = creditRest.create({
  url: 'http://127.0.0.1:9/',
  certificate: employer.certificatePem,
  key: employer.keyPem,
  ca: ca.certificatePem,
  client_id: 'client',
  client_secret: 'secret',
});
assert.ok(parseCallback);
const parse = parseCallback;

const IAT = 1795570200;
const BODY = '{"serial":"EG-0001-1","revision":"EG-0001-2","receipt":"CRD-1","state":"in_review"}';
type Header = Record<string, string | number>;
const sign = (header: Header, signer = agency, body = BODY) =>
  signDetached(Buffer.from(body), readIdentity(signer.certificatePem, signer.keyPem), header);
const received = (signature?: string, body = BODY) => {
  const headers = {
    'content-type': 'application/json',
    ...(signature === undefined ? {} : { 'x-jws-signature': signature }),
  };
  const call = makeCall();
  return parse({ method: 'POST', headers, body: Buffer.from(body) }, call).then((callback) => ({
    callback,
    call,
  }));
};
const refusal = async (signature?: string, body?: string) => {
  const { callback } = await received(signature, body);
  assert.equal(callback.kind, 'refused');
  return callback.kind === 'refused' && callback.reason;
};
const header = { status: 200, iat: IAT };

describe('adapters/credit-rest: callbacks', () => {
  it('name the case by every serial, and say when they were sent', async () => {
    const signature = sign(header);
    const { callback, call } = await received(signature);
    assert.ok(callback.kind === 'news');
    const { id, ...rest } = callback;
    assert.match(id, /^[\w-]{43}$/);
    assert.deepEqual(rest, {
      kind: 'news',
      sentAt: new Date(IAT * 1000),
      about: [
        { serial: 'EG-0001-1', receipt: 'CRD-1' },
        { serial: 'EG-0001-2', receipt: 'CRD-1' },
      ],
      answer: { status: 200, contentType: 'application/json', body: '{"code":"RECEIVED"}' },
    });
    assert.deepEqual(
      call.kept.map(({ operation, body }) => [operation, Buffer.from(body).toString()]),
      [['callback signature', signature]],
    );
  });

  it('are the same however their signature is written, and others at another second', async () => {
    const idOf = async (signature: string) => {
      const { callback } = await received(signature);
      return callback.kind === 'news' && callback.id;
    };
    const signature = sign(header);
    // Of the last character four bits are left over.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(signature.at(-1) ?? '');
    const spelt = signature.slice(0, -1) + alphabet[last ^ 1];
    assert.notEqual(spelt, signature);
    assert.ok(await idOf(signature));
    assert.equal(await idOf(spelt), await idOf(signature));
    assert.notEqual(await idOf(sign({ ...header, iat: IAT + 1 })), await idOf(signature));
  });

  it('are believed of nobody else, and of nothing else that the agency signs', async () => {
    assert.equal(await refusal(), 'no signature');
    assert.equal(await refusal(sign(header), `${BODY} `), 'the signature does not match');
    assert.match(String(await refusal(sign(header, employer))), /certificate/);
    assert.match(String(await refusal(sign(header, makeCa().issue('credit.agency.mock')))), /certificate/);
    assert.equal(await refusal(sign({ ...header, rid: 'x' })), 'an answer, and no callback');
    assert.equal(await refusal(sign({ ...header, status: 202 })), 'an answer, and no callback');
    assert.match(String(await refusal(sign({ status: 200 }))), /when it was made/);
  });

  it('that are signed and not as published are refused', async () => {
    for (const body of ['{"receipt":"CRD-1"}', '[]'])
      assert.equal(await refusal(sign(header, agency, body), body), 'not as published');
    assert.equal(await refusal(sign(header, agency, 'no JSON'), 'no JSON'), 'unreadable');
  });
});
