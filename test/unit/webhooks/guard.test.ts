// Webhooks cannot be used to reach into the network that the gateway stands in.
import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { createGuard } from '../../../src/webhooks/guard.ts';

const closed = createGuard([]);
const REFUSED = /internal or reserved address/;

/** One address at least of each special-purpose range, at its edges where they are easily got wrong. */
const SPECIAL = [
  '0.0.0.0',
  '0.255.255.255',
  '10.0.0.0',
  '10.255.255.255',
  '100.64.0.0',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.255',
  '169.254.169.254',
  '172.16.0.0',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.31.196.1',
  '192.52.193.1',
  '192.88.99.1',
  '192.168.0.1',
  '192.168.255.255',
  '192.175.48.1',
  '198.18.0.0',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[::7f00:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:8.8.8.8]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::1]',
  '[100::1]',
  '[100:0:0:1::1]',
  '[2001::1]',
  '[2001:1ff:ffff::1]',
  '[2001:db8::1]',
  '[2002:7f00:1::1]',
  '[2620:4f:8000::1]',
  '[3fff::1]',
  '[5f00::1]',
  '[fc00::1]',
  '[fdff:ffff::1]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[ff02::1]',
];

const PUBLIC = [
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.1',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '[2400:3200::1]',
  '[2606:4700:4700::1111]',
];

describe('the guard', () => {
  for (const host of SPECIAL)
    it(`refuses ${host}`, async () => {
      assert.match((await closed.check(`https://${host}/hook`)) ?? 'taken', REFUSED);
      assert.match((await closed.check(`http://${host}:8080/hook`)) ?? 'taken', REFUSED);
    });

  for (const host of PUBLIC)
    it(`lets ${host} pass, by https alone`, async () => {
      assert.equal(await closed.check(`https://${host}/hook`), undefined);
      assert.match((await closed.check(`http://${host}/hook`)) ?? '', /use https/);
    });

  it('sees through other ways to write an address', async () => {
    for (const host of [
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '127.0.0.1.',
      '１２７.0.0.1',
      '[0:0:0:0:0:ffff:7f00:1]',
    ])
      assert.match((await closed.check(`https://${host}/`)) ?? 'taken', REFUSED, host);
  });

  it('refuses a name by what it resolves to', async () => {
    assert.match((await closed.check('https://localhost/')) ?? 'taken', REFUSED);
    assert.match((await closed.check('https://LOCALHOST:8443/')) ?? 'taken', REFUSED);
  });

  it('says that a name cannot be resolved', async () => {
    assert.match(
      (await closed.check('https://nowhere.invalid/')) ?? '',
      /nowhere\.invalid cannot be resolved/,
    );
  });

  for (const [url, sentence] of [
    ['hr.example.com/hook', /not a URL/],
    ['', /not a URL/],
    ['ftp://1.1.1.1/', /only http and https/],
    ['file:///etc/passwd', /only http and https/],
    ['https://user@1.1.1.1/', /leave user and password out/],
    ['https://:geheim@1.1.1.1/', /leave user and password out/],
  ] as const)
    it(`refuses "${url}"`, async () => assert.match((await closed.check(url)) ?? '', sentence));

  it('lets an operator allow a network, and no more than that', async () => {
    const guard = createGuard(['10.1.0.0/16', 'fd00::/8', '192.168.7.7']);
    for (const host of ['10.1.0.1', '10.1.255.255', '[fd12::1]', '192.168.7.7', '[::ffff:10.1.0.1]']) {
      assert.equal(await guard.check(`https://${host}/`), undefined, host);
      assert.equal(await guard.check(`http://${host}/`), undefined, host);
    }
    for (const host of ['10.2.0.1', '[fc00::1]', '192.168.7.8', '127.0.0.1', '[::ffff:10.2.0.1]'])
      assert.match((await guard.check(`https://${host}/`)) ?? 'taken', REFUSED, host);
    assert.match((await guard.check('http://1.1.1.1/')) ?? '', /use https/);
  });

  it('cannot be told a range that is none', () => {
    for (const range of [
      'intranet',
      '10.0.0.0/33',
      '::/129',
      '10.0.0.0/-1',
      '10.0.0/8',
      '',
      '10.0.0.0/8/8',
      '10.0.0.0/',
    ])
      assert.throws(() => createGuard([range]), range);
  });
});

describe("the guard's lookup", () => {
  type Found = string | LookupAddress[] | undefined;
  const look = (guard = closed, name = 'localhost', options: object = {}) =>
    new Promise<{ error: Error | null; address: Found; family?: number | undefined }>((resolve) => {
      const answer = (error: Error | null, address?: string | LookupAddress[], family?: number) =>
        resolve({ error, address, family });
      guard.lookup(name, options as never, answer as never);
    });

  it('fails for a name that resolves to a refused address', async () => {
    assert.match((await look()).error?.message ?? '', REFUSED);
    assert.match((await look(closed, 'localhost', { all: true })).error?.message ?? '', REFUSED);
  });

  it('answers as dns.lookup does for one that may be called', async () => {
    const guard = createGuard(['127.0.0.0/8', '::1/128']);
    const one = await look(guard);
    assert.equal(one.error, null);
    assert.match(String(one.address), /^(127\.0\.0\.1|::1)$/);
    assert.ok(one.family === 4 || one.family === 6);
    const all = await look(guard, 'localhost', { all: true });
    assert.ok(Array.isArray(all.address) && all.address.length > 0);
    const v4 = await look(guard, 'localhost', { family: 4 });
    assert.equal(v4.address, '127.0.0.1');
  });

  it('passes on that a name is unknown', async () => {
    assert.match((await look(closed, 'nowhere.invalid')).error?.message ?? '', /ENOTFOUND|EAI_AGAIN/);
  });
});
