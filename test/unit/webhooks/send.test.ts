// One try of one delivery, against a real listener: what is sent, and what each kind of answer is read as.
import assert from 'node:assert/strict';
import { Webhook } from 'standardwebhooks';
import type { ClaimedDelivery } from '../../../src/store/deliveries.ts';
import { createGuard, type Guard } from '../../../src/webhooks/guard.ts';
import { createSender, type Sender } from '../../../src/webhooks/send.ts';
import { newWebhookSecret } from '../../../src/webhooks/signing.ts';
import { answer, type Listener, listen, refusedPort } from '../../support/sockets.ts';

const open = createGuard(['127.0.0.0/8', '::1/128']);
const closed = createGuard([]);

const delivery = (url: string, secrets = [newWebhookSecret()]): ClaimedDelivery => ({
  id: 'del_1',
  token: 'a',
  attempts: 0,
  url,
  secrets,
  event: {
    id: 'evt_1',
    type: 'exit.cleared',
    sequence: 3,
    exitId: 'exit_1',
    externalId: 'HR-1',
    occurredAt: new Date('2026-11-25T02:00:00Z'),
    data: { note: '测试' },
  },
});

describe('sending a webhook', () => {
  const releases: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const release of releases.splice(0).reverse()) await release();
  });

  function makeSender(guard: Guard): Sender {
    const sender = createSender(guard);
    releases.push(() => sender.close());
    return sender;
  }
  async function receiver(...parameters: Parameters<typeof listen>): Promise<Listener> {
    const listener = await listen(...parameters);
    releases.push(() => listener.close());
    return listener;
  }
  const send = async (onRequest: Parameters<typeof listen>[0], guard = open) => {
    const listener = await receiver(onRequest);
    const said = await makeSender(guard).send(delivery(listener.url), new Date());
    return { said, listener };
  };

  it('posts the event, signed so that a foreign receiver takes it', async () => {
    const secret = newWebhookSecret();
    const listener = await receiver((socket) => answer(socket, 204, {}));
    const said = await makeSender(open).send(delivery(`${listener.url}hook?of=hr`, [secret]), new Date());
    assert.deepEqual(said, { kind: 'answered', status: 204 });
    const [head = '', body = ''] = Buffer.from(listener.received(), 'latin1')
      .toString('utf8')
      .split('\r\n\r\n');
    assert.match(head, /^POST \/hook\?of=hr HTTP\/1\.1\r\n/);
    assert.match(head, /\r\ncontent-type: application\/json\r\n/i);
    const headers = Object.fromEntries(
      head
        .split('\r\n')
        .slice(1)
        .map((line) => {
          const [name = '', ...value] = line.split(': ');
          return [name.toLowerCase(), value.join(': ')];
        }),
    );
    assert.deepEqual(new Webhook(secret).verify(body, headers), {
      id: 'evt_1',
      type: 'exit.cleared',
      sequence: 3,
      exit_id: 'exit_1',
      external_id: 'HR-1',
      occurred_at: '2026-11-25T02:00:00.000Z',
      data: { note: '测试' },
    });
    assert.equal(headers['webhook-id'], 'evt_1');
  });

  for (const status of [200, 404, 410, 500, 503])
    it(`reports ${status}`, async () => {
      const { said } = await send((socket) => answer(socket, status, {}));
      assert.deepEqual(said, { kind: 'answered', status });
    });

  it('does not go where a redirect points', async () => {
    const elsewhere = await receiver((socket) => answer(socket, 200, {}));
    const { said } = await send((socket) => answer(socket, 307, { location: elsewhere.url }));
    assert.deepEqual(said, { kind: 'answered', status: 307 });
    assert.equal(elsewhere.connections(), 0);
  });

  it('reads Retry-After, in seconds or as a date', async () => {
    const { said } = await send((socket) => answer(socket, 503, { 'retry-after': '120' }));
    assert.deepEqual(said, { kind: 'answered', status: 503, retryAfterSeconds: 120 });
    const date = new Date(Date.now() + 600_000).toUTCString();
    const dated = (await send((socket) => answer(socket, 503, { 'retry-after': date }))).said;
    assert.ok(dated.kind === 'answered' && Math.abs((dated.retryAfterSeconds ?? 0) - 600) < 10);
    const nonsense = (await send((socket) => answer(socket, 503, { 'retry-after': 'soon' }))).said;
    assert.deepEqual(nonsense, { kind: 'answered', status: 503 });
    const past = (
      await send((socket) => answer(socket, 503, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }))
    ).said;
    assert.deepEqual(past, { kind: 'answered', status: 503, retryAfterSeconds: 0 });
  });

  it('says that nobody listens', async () => {
    const url = `http://127.0.0.1:${await refusedPort()}/`;
    const said = await makeSender(open).send(delivery(url), new Date());
    assert.deepEqual(said, { kind: 'failed', error: 'nobody listens at the address' });
  });

  it('fails on a dropped line and on an answer that is none', async () => {
    assert.equal((await send((socket) => socket.destroy())).said.kind, 'failed');
    assert.equal((await send((socket) => socket.end('hello\r\n\r\n'))).said.kind, 'failed');
  });

  it('takes the status for the answer, however long, slow or cut short what follows it is', async () => {
    const delivered = { kind: 'answered', status: 200 };
    const cut = await send((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ncut'));
    assert.deepEqual(cut.said, delivered);
    const long = await send((socket) => answer(socket, 200, {}, 'x'.repeat(200_000)));
    assert.deepEqual(long.said, delivered);
    const endless = await send((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nx'));
    assert.deepEqual(endless.said, delivered);
  });

  it('refuses an internal address before anything leaves', async () => {
    const { said, listener } = await send((socket) => answer(socket, 200, {}), closed);
    assert.ok(said.kind === 'failed' && /internal or reserved/.test(said.error), JSON.stringify(said));
    assert.equal(listener.connections(), 0);
  });

  it('refuses a name that turns to an internal address after it was saved, as it connects', async () => {
    const listener = await receiver((socket) => answer(socket, 200, {}));
    // At the check the name was harmless; what counts is what it is now.
    const rebound: Guard = { check: async () => undefined, lookup: closed.lookup };
    const said = await makeSender(rebound).send(delivery(`http://localhost:${listener.port}/`), new Date());
    assert.ok(said.kind === 'failed' && /internal or reserved/.test(said.error), JSON.stringify(said));
    assert.equal(listener.connections(), 0);
  });

  it('reaches a name on an allowed network', async () => {
    const listener = await receiver((socket) => answer(socket, 200, {}));
    const said = await makeSender(open).send(delivery(`http://localhost:${listener.port}/`), new Date());
    assert.deepEqual(said, { kind: 'answered', status: 200 });
  });

  it('says that a name is unknown', async () => {
    const said = await makeSender(open).send(delivery('https://nowhere.invalid/'), new Date());
    assert.deepEqual(said, { kind: 'failed', error: 'the name cannot be resolved' });
  });

  it('does not ask a proxy of the environment', async () => {
    const proxy = await receiver((socket) => answer(socket, 200, {}));
    process.env.HTTP_PROXY = proxy.url;
    releases.push(() => {
      delete process.env.HTTP_PROXY;
    });
    const { said } = await send((socket) => answer(socket, 204, {}));
    assert.deepEqual(said, { kind: 'answered', status: 204 });
    assert.equal(proxy.connections(), 0);
  });
});
