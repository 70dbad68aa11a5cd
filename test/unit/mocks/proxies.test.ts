// Behind a proxy: who calls, and under which address; and that nobody else is believed.
import assert from 'node:assert/strict';
import { startAgencies } from '../../../mocks/index.ts';
import { trusting } from '../../../mocks/kernel/proxies.ts';

const FORWARDED = {
  host: '10.0.0.9:4100',
  'x-forwarded-for': '6.6.6.6, 203.0.113.7, 10.0.0.1',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'mocks.example.cn',
};

describe('a proxy in front of the mock agencies', () => {
  it('is believed when it is trusted, up to the first address that is not', () => {
    const originOf = trusting(['127.0.0.1/32', '10.0.0.0/8', '::1']);
    const through = { base: 'https://mocks.example.cn', address: '203.0.113.7' };
    for (const near of ['127.0.0.1', '::ffff:10.0.0.2', '::1'])
      assert.deepEqual(originOf(near, FORWARDED), through, near);
    const direct = { base: 'http://10.0.0.9:4100', address: '203.0.113.9' };
    assert.deepEqual(originOf('203.0.113.9', FORWARDED), direct);
    assert.deepEqual(trusting([])('127.0.0.1', FORWARDED), { ...direct, address: '127.0.0.1' });
    const plain = { base: 'http://10.0.0.9:4100', address: '10.0.0.1' };
    assert.deepEqual(originOf('10.0.0.1', { host: FORWARDED.host }), plain);
    assert.equal(originOf('10.0.0.1', { ...FORWARDED, 'x-forwarded-for': 'unknown' }).address, '10.0.0.1');
    assert.throws(() => trusting(['proxy']), RangeError);
  });

  const limits = { requests_per_minute_of_address: 5 };
  const ask = (desk: string, path: string, client: string) =>
    fetch(`${desk}${path}`, {
      headers: {
        'x-forwarded-for': client,
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'mocks.example.cn',
      },
    });

  it('has its clients counted one by one, and contracts rendered for the address they have called', async () => {
    const agencies = await startAgencies({
      hosting: 'public',
      only: ['labor'],
      limits,
      trustProxy: ['127.0.0.1'],
    });
    try {
      const wsdl = await (await ask(agencies.urls.desk, '/s/default/labor?wsdl', '203.0.113.7')).text();
      assert.match(wsdl, /location="https:\/\/mocks\.example\.cn\/s\/default\/labor/);
      const statuses: number[] = [];
      for (let n = 0; n < 6; n += 1)
        statuses.push((await ask(agencies.urls.desk, '/limits', '203.0.113.8')).status);
      assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429]);
      assert.equal((await ask(agencies.urls.desk, '/limits', '203.0.113.9')).status, 200);
    } finally {
      await agencies.close();
    }
  });

  it('is not asked by default: whoever writes the headers stays who they are', async () => {
    const agencies = await startAgencies({ hosting: 'public', only: ['labor'], limits });
    try {
      const wsdl = await (await ask(agencies.urls.desk, '/s/default/labor?wsdl', '203.0.113.7')).text();
      assert.match(wsdl, /location="http:\/\/127\.0\.0\.1:\d+\//);
      const statuses: number[] = [];
      for (let n = 0; n < 6; n += 1)
        statuses.push((await ask(agencies.urls.desk, '/limits', `203.0.113.${n}`)).status);
      assert.equal(statuses.at(-1), 429);
    } finally {
      await agencies.close();
    }
  });
});
