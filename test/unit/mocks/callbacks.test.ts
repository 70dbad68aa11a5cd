// Callbacks of the credit agency, and what can happen to them.
import assert from 'node:assert/strict';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requireFit } from '../../../mocks/credit/contract.ts';
import type { Kind } from '../../../mocks/kernel/fault-kinds.ts';
import { CHANGES, change, openBox, UNIT } from './credit-client.ts';

interface Got {
  readonly state: string;
  readonly signed: boolean;
}

describe('credit agency: callbacks', () => {
  let box: Awaited<ReturnType<typeof openBox>>;
  let server: Server;
  let got: Got[];

  beforeEach(async () => {
    box = await openBox();
    got = [];
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts);
        const state: unknown = JSON.parse(body.toString());
        requireFit('RegistrationChangeState', state);
        const [head = '', , tail = ''] = String(request.headers['x-jws-signature']).split('.');
        const { x5c } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { x5c: string[] };
        const certificate = new X509Certificate(Buffer.from(x5c[0] ?? '', 'base64'));
        const key = createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' }));
        const input = Buffer.from(`${head}.${body.toString('base64url')}`);
        const signed = verify('sha256', input, key, Buffer.from(tail, 'base64url'));
        got.push({ state: (state as { state: string }).state, signed });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // listens on TCP
    box.sandbox.callbacks.subscribe({ agency: 'credit', unit: UNIT, url: `http://127.0.0.1:${port}/` });
  });
  afterEach(async () => {
    box.sandbox.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const run = async (kind?: Kind) => {
    if (kind) box.sandbox.faults.arm({ phase: 'callback', kind, agency: 'credit' });
    await box.client.submit('S-1');
    box.sandbox.clock.advance(new Date(box.sandbox.clock.now().getTime() + 3000));
    await box.sandbox.callbacks.flush();
    return got.map(({ state }) => state);
  };

  it('tell each change in order, signed, once', async () => {
    assert.deepEqual(await run(), ['received', 'in_review', 'concluded']);
    assert.ok(got.every(({ signed }) => signed));
    const outcomes = box.sandbox.callbacks.deliveries().map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, ['200', '200', '200']);
  });

  it('are not sent for a refused request, nor to a unit that has left no address', async () => {
    await box.client.send('POST', CHANGES, change('S-1', { reason: 'no such reason' }));
    box.sandbox.callbacks.unsubscribe('credit', UNIT);
    assert.deepEqual(await run(), []);
  });

  for (const [kind, expected] of [
    ['callback-dropped', ['in_review', 'concluded']],
    ['callback-doubled', ['received', 'received', 'in_review', 'concluded']],
    ['callback-reordered', ['in_review', 'received', 'concluded']],
    ['callback-badly-signed', ['received', 'in_review', 'concluded']],
  ] as const)
    it(`can be ${kind.replace('callback-', '').replace('-', ' ')}`, async () => {
      assert.deepEqual(await run(kind), expected);
      assert.equal(got.filter(({ signed }) => !signed).length, kind === 'callback-badly-signed' ? 1 : 0);
      assert.equal(
        box.sandbox.callbacks.deliveries().filter(({ fault }) => fault === kind).length,
        kind === 'callback-doubled' ? 2 : 1,
      );
    });

  it('can be early: there before the answer', async () => {
    box.sandbox.faults.arm({ phase: 'callback', kind: 'callback-early', agency: 'credit' });
    await box.client.submit('S-1');
    assert.deepEqual(
      got.map(({ state }) => state),
      ['received'],
    );
  });
});
