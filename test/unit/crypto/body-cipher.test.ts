import assert from 'node:assert/strict';
import { constants, createHash, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { openBody, sealBody, unwrapSessionKey } from '../../../src/crypto/body-cipher.ts';

describe('crypto/body-cipher', () => {
  const sm4Key = Buffer.from('0123456789abcdeffedcba9876543210', 'hex');
  const aesKey = Buffer.concat([sm4Key, sm4Key]);
  const plain = Buffer.from('<Payload>张某</Payload>');

  it('opens the block of the SM4 standard (GB/T 32907, appendix A.1)', () => {
    // One block in CBC with a zero IV is the block cipher itself; behind it a block of padding, made by openssl.
    const sealed = {
      iv: Buffer.alloc(16),
      bytes: Buffer.from('681edf34d206965e86b3e94f536e4246677d307e844d7aa24579d556490dc7aa', 'hex'),
    };
    assert.equal(openBody('sm4-cbc', sm4Key, sealed)?.toString('hex'), sm4Key.toString('hex'));
  });

  for (const [cipher, key] of [
    ['sm4-cbc', sm4Key],
    ['aes-256-cbc', aesKey],
  ] as const) {
    it(`${cipher}: opens what it sealed; the same bytes for the same message, another IV for another`, () => {
      const sealed = sealBody(cipher, key, plain);
      assert.deepEqual(openBody(cipher, key, sealed), plain);
      assert.deepEqual(sealBody(cipher, key, plain), sealed);
      assert.notDeepEqual(sealBody(cipher, key, Buffer.from('other')).iv, sealed.iv);
      assert.equal(sealed.iv.length, 16);
      assert.equal(sealed.bytes.includes('Payload'), false);
    });

    it(`${cipher}: does not open cut or foreign bytes, or with another key`, () => {
      const { iv, bytes } = sealBody(cipher, key, plain);
      assert.equal(openBody(cipher, key, { iv, bytes: bytes.subarray(0, -1) }), undefined);
      assert.equal(openBody(cipher, key, { iv: iv.subarray(1), bytes }), undefined);
      const other = createHash('sha256').update(key).digest().subarray(0, key.length);
      assert.notDeepEqual(openBody(cipher, other, { iv, bytes }), plain);
    });
  }

  it('unwraps a session key of the right length, and nothing else', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const wrap = (key: Uint8Array, oaepHash = 'sha256') =>
      publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, key);
    assert.deepEqual(unwrapSessionKey('sm4-cbc', privateKey, wrap(sm4Key)), sm4Key);
    assert.deepEqual(unwrapSessionKey('aes-256-cbc', privateKey, wrap(aesKey)), aesKey);
    assert.equal(unwrapSessionKey('aes-256-cbc', privateKey, wrap(sm4Key)), undefined);
    assert.equal(unwrapSessionKey('sm4-cbc', privateKey, wrap(sm4Key, 'sha1')), undefined);
    assert.equal(unwrapSessionKey('sm4-cbc', privateKey, Buffer.alloc(256)), undefined);
  });
});
