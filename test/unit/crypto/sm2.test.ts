import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  DEFAULT_USER_ID,
  readSm2PrivateKey,
  readSm2PublicKey,
  SM2_ENCODINGS,
  SM2_TEXTS,
  type Sm2Form,
  signSm2,
  sm2PublicKeyPem,
  verifySm2,
} from '../../../src/crypto/sm2.ts';
import { requireTool } from '../../support/tools.ts';

const run = promisify(execFile);

/** GM/T 0003.5, example of a signature. */
const STANDARD = {
  privateKey: '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8',
  publicKey:
    '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
    'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  message: Buffer.from('message digest'),
  r: 'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3',
  s: 'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
};
const FORM: Sm2Form = { userId: DEFAULT_USER_ID, encoding: 'rs', text: 'hex' };
const key = readSm2PrivateKey(STANDARD.privateKey);
const message = Buffer.from('POST\n/api/v2/changes\n张某\n');

describe('crypto/sm2', () => {
  it('knows the example of the standard', () => {
    assert.equal(key.publicKey, STANDARD.publicKey);
    const { r, s } = STANDARD;
    assert.ok(verifySm2(STANDARD.message, r + s, key.publicKey, FORM));
    const base64 = Buffer.from(r + s, 'hex').toString('base64');
    assert.ok(verifySm2(STANDARD.message, base64, key.publicKey, { ...FORM, text: 'base64' }));
    const der = `3046022100${r}022100${s}`;
    assert.ok(verifySm2(STANDARD.message, der, key.publicKey, { ...FORM, encoding: 'der' }));
  });

  for (const encoding of SM2_ENCODINGS)
    for (const text of SM2_TEXTS)
      it(`takes what it signed as ${encoding} in ${text}, and that alone`, () => {
        const form: Sm2Form = { userId: DEFAULT_USER_ID, encoding, text };
        const signature = signSm2(message, key, form);
        const takes = (over: Uint8Array, given: string, asked = form, publicKey = key.publicKey) =>
          verifySm2(over, given, publicKey, asked);
        assert.ok(takes(message, signature));
        assert.ok(!takes(Buffer.concat([message, Buffer.from(' ')]), signature), 'other bytes');
        assert.ok(!takes(message, signature, { ...form, userId: 'another' }), 'another user');
        assert.ok(!takes(message, signature, { ...form, encoding: encoding === 'rs' ? 'der' : 'rs' }));
        assert.ok(!takes(message, signature, { ...form, text: text === 'hex' ? 'base64' : 'hex' }));
        const other = readSm2PrivateKey('1'.repeat(64)).publicKey;
        assert.ok(!takes(message, signature, form, other), 'another key');
      });

  it('takes one spelling of a signature', () => {
    const hex = signSm2(message, key, FORM);
    for (const spelled of [hex.toUpperCase(), `${hex}00`, ` ${hex}`, hex.slice(0, -2), `${hex}zz`, ''])
      assert.ok(!verifySm2(message, spelled, key.publicKey, FORM), spelled);
    const base64 = Buffer.from(hex, 'hex').toString('base64');
    const form: Sm2Form = { ...FORM, text: 'base64' };
    for (const spelled of [base64.replaceAll('=', ''), `${base64}\n`, base64.replaceAll('+', '-')])
      assert.ok(spelled === base64 || !verifySm2(message, spelled, key.publicKey, form), spelled);
    const n = 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123';
    for (const extreme of ['0'.repeat(128), 'f'.repeat(128), n + n])
      assert.ok(!verifySm2(message, extreme, key.publicKey, FORM), 'out of range');
  });

  it('reads keys, and refuses what is none', () => {
    assert.equal(readSm2PublicKey(STANDARD.publicKey.slice(2).toUpperCase()), STANDARD.publicKey);
    assert.equal(readSm2PublicKey(sm2PublicKeyPem(STANDARD.publicKey)), STANDARD.publicKey);
    const n = 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123';
    for (const bad of ['', '0'.repeat(64), 'f'.repeat(64), n, 'x'.repeat(64), `${STANDARD.privateKey}00`])
      assert.throws(() => readSm2PrivateKey(bad), /no SM2 private key/, bad);
    const off = `${STANDARD.publicKey.slice(0, -1)}4`;
    for (const bad of ['', STANDARD.publicKey.slice(2, 66), off])
      assert.throws(() => readSm2PublicKey(bad), bad);
  });

  describe('beside openssl', () => {
    let folder: string;
    before(function () {
      requireTool('openssl', this);
      folder = mkdtempSync(join(tmpdir(), 'exitgate-sm2-'));
    });
    after(() => {
      if (folder) rmSync(folder, { recursive: true, force: true });
    });
    const file = (name: string) => join(folder, name);
    const options = (userId: string) => ['-rawin', '-digest', 'sm3', '-pkeyopt', `distid:${userId}`];

    for (const userId of [DEFAULT_USER_ID, 'ALICE123@YAHOO.COM'])
      it(`signs for ${userId} what openssl accepts, and accepts what it signs`, async () => {
        await run('openssl', ['genpkey', '-algorithm', 'SM2', '-out', file('key.pem')]);
        const own = readSm2PrivateKey(readFileSync(file('key.pem'), 'utf8'));
        const form: Sm2Form = { userId, encoding: 'der', text: 'base64' };
        writeFileSync(file('message'), message);
        writeFileSync(file('public.pem'), sm2PublicKeyPem(own.publicKey));
        const check = async () => {
          const verify = ['pkeyutl', '-verify', '-pubin', '-inkey', file('public.pem')];
          const files = ['-in', file('message'), '-sigfile', file('signature')];
          return (await run('openssl', [...verify, ...files, ...options(userId)])).stdout;
        };
        writeFileSync(file('signature'), Buffer.from(signSm2(message, own, form), 'base64'));
        assert.match(await check(), /Verified Successfully/);
        writeFileSync(file('message'), 'something else');
        await assert.rejects(check());

        writeFileSync(file('message'), message);
        const sign = ['pkeyutl', '-sign', '-inkey', file('key.pem'), '-in', file('message')];
        await run('openssl', [...sign, '-out', file('theirs'), ...options(userId)]);
        const theirs = readFileSync(file('theirs')).toString('base64');
        assert.ok(verifySm2(message, theirs, own.publicKey, form));
      });

    it('reads the keys that openssl writes', async () => {
      await run('openssl', ['genpkey', '-algorithm', 'SM2', '-out', file('p8.pem')]);
      await run('openssl', ['ec', '-in', file('p8.pem'), '-out', file('sec1.pem')]);
      await run('openssl', ['pkey', '-in', file('p8.pem'), '-pubout', '-out', file('public.pem')]);
      const [p8, sec1] = ['p8.pem', 'sec1.pem'].map((name) =>
        readSm2PrivateKey(readFileSync(file(name), 'utf8')),
      );
      assert.deepEqual(sec1, p8);
      assert.equal(readSm2PublicKey(readFileSync(file('public.pem'), 'utf8')), p8?.publicKey);
    });
  });
});
