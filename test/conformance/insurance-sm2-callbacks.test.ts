// Callbacks of the second city's agency, as they come over the wire.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallbackRequest } from '../../adapters/adapter.ts';
import { conformance } from '../../adapters/insurance-sm2/conformance.ts';
import { insuranceSm2 } from '../../adapters/insurance-sm2/index.ts';
import { type Stage, theatre } from './against-mock.ts';

const agency = 'insurance-sm2';
const OTHER = { uscc: '91110000600037341L', name: '另一单位' };

describe('insurance-sm2: callbacks', () => {
  const { open } = theatre({ entry: insuranceSm2, ...conformance });
  let server: Server;
  let got: CallbackRequest[];

  beforeEach(async () => {
    got = [];
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        got.push({ method: request.method ?? '', headers, body: Buffer.concat(parts) });
        response.end('{"code":"OK"}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function heard(fault?: string): Promise<Stage> {
    const stage = await open();
    const { port } = server.address() as AddressInfo; // listens on TCP
    stage.box.callTo(agency, `http://127.0.0.1:${port}/callbacks/x`);
    const work = async () => {
      await stage.submit();
      stage.box.advance('P1D');
      await stage.box.deliveries();
    };
    if (fault === undefined) await work();
    else
      await stage.box.withFault(
        { fault: { phase: 'callback', kind: fault as 'callback-doubled' }, agency },
        work,
      );
    return stage;
  }
  const parse = async ({ adapter, call }: Stage, request: CallbackRequest | undefined) => {
    assert.ok(request && adapter.parseCallback);
    return adapter.parseCallback(request, call());
  };

  it('are news about a serial and a receipt, each under its own number, and kept', async () => {
    const stage = await heard();
    const read = await Promise.all(got.map((each) => parse(stage, each)));
    const [row] = stage.box.cases(agency);
    assert.equal(read.length, 3);
    for (const news of read) {
      assert.ok(news.kind === 'news');
      assert.deepEqual(news.about, [{ serial: 'EG-0001-1', receipt: row?.receipt }]);
      assert.deepEqual([news.answer.status, news.answer.body], [200, '{"code":"OK"}']);
    }
    assert.equal(new Set(read.map((news) => news.kind === 'news' && news.id)).size, 3);
    const call = stage.call();
    await stage.adapter.parseCallback?.(got[0] as CallbackRequest, call);
    assert.deepEqual(
      call.kept.map(({ operation }) => operation),
      ['callback', 'callback content'],
    );
  });

  it('sent twice have one number', async () => {
    const stage = await heard('callback-doubled');
    const [first, again] = await Promise.all(got.map((each) => parse(stage, each)));
    assert.ok(first?.kind === 'news' && again?.kind === 'news');
    assert.equal(again.id, first.id);
  });

  it('signed by somebody else are refused', async () => {
    const stage = await heard('callback-badly-signed');
    const read = await Promise.all(got.map((each) => parse(stage, each)));
    assert.deepEqual(
      read.map(({ kind, answer }) => [kind, answer.status]),
      [
        ['refused', 401],
        ['news', 200],
        ['news', 200],
      ],
    );
  });

  it('changed on the way, old, for another client, or unsigned are refused', async () => {
    const stage = await heard();
    const [good] = got;
    assert.ok(good);
    const { headers, body } = good;
    const old = String(Number(headers['x-timestamp']) - 301_000);
    const { 'x-signature': _signature, ...unsigned } = headers;
    for (const [name, bad] of Object.entries({
      body: { ...good, body: Buffer.from(Buffer.from(body).toString().replace('"data"', '"date"')) },
      time: { ...good, headers: { ...headers, 'x-timestamp': old } },
      nonce: { ...good, headers: { ...headers, 'x-nonce': '0'.repeat(32) } },
      client: { ...good, headers: { ...headers, 'x-client-id': `city2-${OTHER.uscc}` } },
      method: { ...good, method: 'GET' },
      unsigned: { ...good, headers: unsigned },
    }))
      assert.equal((await parse(stage, bad)).kind, 'refused', name);
    assert.equal((await parse(stage, good)).kind, 'news');
  });
});
