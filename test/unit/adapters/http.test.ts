import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import {
  answerOrSetback,
  type HttpRequest,
  nothingFiled,
  retryAfter,
  type Sent,
  send,
} from '../../../adapters/http.ts';
import { makeCall } from '../../support/call.ts';
import { makeCa } from '../../support/pki.ts';
import { useRealNetwork } from '../../support/real-network.ts';
import { answer, type Listener, listen, refusedPort } from '../../support/sockets.ts';

const now = new Date('2026-11-25T01:30:00Z');
/** Long enough to connect and send on a machine that has much else to do: a call that times out before is another case. */
const SHORT_MS = 1000;
const post = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  operation: 'Submit',
  method: 'POST',
  url,
  headers: { 'content-type': 'text/xml' },
  body: '<a>张某</a>',
  timeoutMs: 30_000,
  ...more,
});

describe('adapters/http: send once', () => {
  useRealNetwork();
  const open: Listener[] = [];
  const ca = makeCa();
  const server = ca.issue('tls', { ip: '127.0.0.1' });
  const tls = { key: server.keyPem, cert: server.certificatePem };
  const serve = async (onRequest: (socket: net.Socket) => void, secure?: typeof tls) => {
    const listener = await listen(onRequest, secure);
    open.push(listener);
    return listener;
  };
  afterEach(async () => {
    for (const listener of open.splice(0)) await listener.close();
  });

  it('answers with status, headers and exact bytes, and keeps both messages', async () => {
    const server = await serve((socket) =>
      answer(socket, 418, { 'Content-Type': 'text/xml', 'X-A': 'b' }, '<ok/>'),
    );
    const call = makeCall();
    const sent = await send(call, post(server.url));
    assert.equal(sent.kind, 'answered');
    if (sent.kind !== 'answered') return;
    assert.equal(sent.status, 418);
    assert.equal(sent.headers['x-a'], 'b');
    assert.equal(sent.body.toString(), '<ok/>');
    assert.deepEqual(
      call.kept.map((kept) => [
        kept.direction,
        kept.operation,
        kept.contentType,
        Buffer.from(kept.body).toString(),
      ]),
      [
        ['sent', 'Submit', 'text/xml', '<a>张某</a>'],
        ['received', 'Submit', 'text/xml', '<ok/>'],
      ],
    );
    assert.match(server.received(), /\r\ncontent-type: text\/xml\r\n/i);
  });

  it('keeps nothing of a request that carries bare credentials', async () => {
    const server = await serve((socket) => answer(socket, 200, {}, '{}'));
    const call = makeCall();
    await send(call, post(server.url, { keep: false }));
    assert.deepEqual(call.kept, []);
  });

  it('not_sent: nobody listens', async () => {
    const call = makeCall();
    const sent = await send(
      call,
      post(`http://127.0.0.1:${await refusedPort()}/secret?id=11010519491231002X`),
    );
    assert.equal(sent.kind, 'not_sent');
    assert.match(reason(sent), /nobody listens/);
    assert.doesNotMatch(reason(sent) + call.lines.join(), /secret|1949/);
    assert.deepEqual(call.kept, [], 'what never left is not kept as sent');
  });

  it('not_sent: the name cannot be resolved', async () => {
    const sent = await send(makeCall(), post('http://no-such-agency.invalid/'));
    assert.equal(sent.kind, 'not_sent');
  });

  it('not_sent: an address that is not http', async () => {
    for (const url of ['data:text/plain,hello', 'file:///etc/hostname', 'nonsense']) {
      assert.equal((await send(makeCall(), post(url))).kind, 'not_sent');
    }
  });

  it('not_sent: aborted before it began', async () => {
    const server = await serve((socket) => answer(socket, 200, {}));
    const sent = await send(makeCall({ signal: AbortSignal.abort() }), post(server.url));
    assert.equal(sent.kind, 'not_sent');
    assert.equal(server.connections(), 0);
  });

  it('not_sent: TLS with a foreign certificate, with a plain server, with a silent one', async () => {
    const secure = await serve((socket) => answer(socket, 200, {}, 'ok'), tls);
    const plain = http.createServer().listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const { port } = plain.address() as net.AddressInfo;
    const silent = await serve(() => {});
    const foreign = await send(
      makeCall(),
      post(`https://127.0.0.1:${secure.port}/`, { tls: { ca: makeCa('Other CA').certificatePem } }),
    );
    assert.equal(foreign.kind, 'not_sent', reason(foreign));
    assert.equal(secure.received(), '');
    assert.equal((await send(makeCall(), post(`https://127.0.0.1:${port}/`))).kind, 'not_sent');
    plain.close();
    const late = await send(makeCall(), post(`https://127.0.0.1:${silent.port}/`, { timeoutMs: 200 }));
    assert.equal(late.kind, 'not_sent');
    assert.match(reason(late), /time-out/);
  });

  it('answers over TLS when the certificate is of the configured CA', async () => {
    const secure = await serve((socket) => answer(socket, 200, {}, 'ok'), tls);
    const sent = await send(
      makeCall(),
      post(`https://127.0.0.1:${secure.port}/`, { tls: { ca: ca.certificatePem } }),
    );
    assert.equal(sent.kind, 'answered', reason(sent));
  });

  it('no_answer: reset, or closed, after the request', async () => {
    for (const end of ['resetAndDestroy', 'destroy'] as const) {
      const server = await serve((socket) => void socket[end]());
      const call = makeCall();
      const sent = await send(call, post(server.url));
      assert.equal(sent.kind, 'no_answer', reason(sent));
      assert.equal(server.connections(), 1, 'sent once');
      assert.equal(call.kept.length, 1);
      assert.equal(call.kept[0]?.direction, 'sent');
    }
  });

  it('no_answer: silence until the time-out of the whole call', async () => {
    const server = await serve(() => {});
    const sent = await send(makeCall(), post(server.url, { timeoutMs: SHORT_MS }));
    assert.equal(sent.kind, 'no_answer');
    assert.match(reason(sent), /time-out/);
  });

  it('no_answer: an answer that dribbles past the time-out', async () => {
    const server = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      const drip = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    assert.equal((await send(makeCall(), post(server.url, { timeoutMs: SHORT_MS }))).kind, 'no_answer');
  });

  it('no_answer: aborted while waiting', async () => {
    const stop = new AbortController();
    const server = await serve(() => stop.abort());
    const sent = await send(makeCall({ signal: stop.signal }), post(server.url));
    assert.equal(sent.kind, 'no_answer');
    assert.match(reason(sent), /aborted/);
  });

  it('no_answer: cut short, by length and by chunk', async () => {
    const cut = ['content-length: 100\r\n\r\n<half', 'transfer-encoding: chunked\r\n\r\n64\r\n<half'];
    for (const rest of cut) {
      const server = await serve((socket) => void socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
      const sent = await send(makeCall(), post(server.url));
      assert.equal(sent.kind, 'no_answer', reason(sent));
    }
  });

  it('no_answer: not HTTP, too large, or compressed without being asked', async () => {
    const garbage = await serve((socket) => void socket.end('\u0000\u0001 garbage\r\n\r\n'));
    assert.equal((await send(makeCall(), post(garbage.url))).kind, 'no_answer');
    const large = await serve((socket) => answer(socket, 200, {}, 'x'.repeat(2000)));
    assert.equal((await send(makeCall(), post(large.url, { maxBytes: 1000 }))).kind, 'no_answer');
    const packed = await serve((socket) => answer(socket, 200, { 'content-encoding': 'gzip' }, 'x'));
    assert.equal((await send(makeCall(), post(packed.url))).kind, 'no_answer');
  });

  it('follows no redirect', async () => {
    const target = await serve((socket) => answer(socket, 200, {}, 'there'));
    const server = await serve((socket) => answer(socket, 307, { location: target.url }));
    const sent = await send(makeCall(), post(server.url));
    assert.equal(sent.kind === 'answered' && sent.status, 307);
    assert.equal(target.connections(), 0);
    assert.equal(answerOrSetback(sent, now).kind, 'unsure');
  });

  it('takes no proxy from the environment', async () => {
    const proxy = await serve((socket) => answer(socket, 200, {}, 'proxy'));
    const server = await serve((socket) => answer(socket, 200, {}, 'agency'));
    const before = { http_proxy: process.env.http_proxy, no_proxy: process.env.no_proxy };
    Object.assign(process.env, { http_proxy: proxy.url, no_proxy: '' });
    try {
      const sent = await send(makeCall(), post(server.url));
      assert.equal(sent.kind === 'answered' && sent.body.toString(), 'agency');
      assert.match(server.received(), /^POST \/ HTTP/, 'the request line is not a proxy’s');
    } finally {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
});

describe('adapters/http: what an answer means before it is read', () => {
  const answered = (status: number, headers: Record<string, string> = {}, body = ''): Sent => ({
    kind: 'answered',
    status,
    headers,
    body: Buffer.from(body),
  });

  it('tells retry, hold, unsure and readable apart', () => {
    const date = 'Wed, 25 Nov 2026 01:35:00 GMT';
    assert.equal(answerOrSetback({ kind: 'not_sent', reason: 'r' }, now).kind, 'retry');
    assert.equal(answerOrSetback({ kind: 'no_answer', reason: 'r' }, now).kind, 'unsure');
    assert.deepEqual(pick(answerOrSetback(answered(429, { 'retry-after': '7' }), now)), ['retry', 7]);
    assert.deepEqual(pick(answerOrSetback(answered(429), now)), ['retry', undefined]);
    assert.deepEqual(pick(answerOrSetback(answered(503, { 'retry-after': date }, '<html>'), now)), [
      'hold',
      new Date('2026-11-25T01:35:00Z'),
    ]);
    for (const status of [500, 502, 504]) assert.equal(answerOrSetback(answered(status), now).kind, 'unsure');
    assert.equal(answerOrSetback(answered(500), now, [500]).kind, 'answered');
    assert.equal(
      answerOrSetback(answered(200, { 'content-type': 'text/html; charset=utf-8' }), now).kind,
      'unsure',
    );
    assert.equal(answerOrSetback(answered(200, {}, '\n<!DOCTYPE html>'), now).kind, 'unsure');
    const symptomOf = (status: number) => {
      const told = answerOrSetback(answered(status, { 'content-type': 'text/html' }), now);
      return 'symptom' in told ? told.symptom : undefined;
    };
    assert.deepEqual([200, 404, 403, 502].map(symptomOf), [
      'maintenance',
      'address',
      'address',
      'maintenance',
    ]);
    for (const status of [200, 400, 404, 422])
      assert.equal(answerOrSetback(answered(status), now).kind, 'answered');
  });

  it('reads Retry-After against the agency’s own clock, within bounds', () => {
    const date = 'Mon, 01 Jan 2035 00:00:00 GMT';
    assert.equal(retryAfter({ 'retry-after': 'Mon, 01 Jan 2035 00:01:00 GMT', date }, now), 60);
    assert.equal(retryAfter({ 'retry-after': date, date: 'Mon, 01 Jan 2035 00:01:00 GMT' }, now), 0);
    assert.equal(retryAfter({ 'retry-after': '9999999999' }, now), 31 * 86_400);
    for (const text of ['', '-5', 'soon', '1e9e'])
      assert.equal(retryAfter({ 'retry-after': text }, now), undefined);
  });

  it('a question asked before filing leaves nothing unsure', () => {
    assert.deepEqual(nothingFiled({ kind: 'unsure', reason: 'x' }), { kind: 'retry', reason: 'x' });
    assert.equal(nothingFiled({ kind: 'hold', reason: 'x' }).kind, 'hold');
  });
});

function reason(sent: Sent): string {
  return sent.kind === 'answered' ? `HTTP ${sent.status}` : sent.reason;
}

function pick(result: ReturnType<typeof answerOrSetback>): unknown[] {
  return [
    result.kind,
    result.kind === 'retry' ? result.after : result.kind === 'hold' ? result.until : undefined,
  ];
}
