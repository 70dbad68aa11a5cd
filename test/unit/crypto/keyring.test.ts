// What is sealed opens with the same key at the same place, whole, and nowhere else.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createKeyring, seal, sealJson, unseal, unsealJson } from '../../../src/crypto/keyring.ts';

const key = Buffer.alloc(32, 1);
const text = Buffer.from('测试甲');

describe('seal', () => {
  it('opens again, whatever was sealed', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.string(), (plain, context) => {
        assert.deepEqual(unseal(key, seal(key, plain, context), context), Buffer.from(plain));
      }),
    ));

  it('keeps JSON', () => {
    const value = { name: '测试甲', none: null, list: [1, '2'] };
    assert.deepEqual(unsealJson(key, sealJson(key, value, 'exit_1'), 'exit_1'), value);
  });

  it('never gives the same bytes twice, and shows nothing of what is in it', () => {
    const [one, two] = [seal(key, text, 'x'), seal(key, text, 'x')];
    assert.notDeepEqual(one, two);
    assert.ok(!Buffer.from(one).includes(text));
  });

  it('does not open with a single bit changed, wherever it lies', () => {
    const sealed = seal(key, text, 'exit_1');
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const bent = Buffer.from(sealed);
      bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.throws(() => unseal(key, bent, 'exit_1'), `bit ${bit}`);
    }
  });

  it('does not open cut short, not even of its tag alone', () => {
    const sealed = seal(key, Buffer.alloc(0), 'exit_1');
    for (let length = 0; length < sealed.length; length++)
      assert.throws(() => unseal(key, sealed.subarray(0, length), 'exit_1'), `${length} bytes`);
  });

  it('does not open at another place, or with another key', () => {
    const sealed = seal(key, text, 'exit_1');
    assert.throws(() => unseal(key, sealed, 'exit_2'));
    assert.throws(() => unseal(Buffer.alloc(32, 2), sealed, 'exit_1'));
  });

  it('says that it does not know a later version', () => {
    assert.throws(
      () => unseal(key, Buffer.of(2, ...seal(key, text, 'x').subarray(1)), 'x'),
      /unknown version 2/,
    );
    assert.throws(() => unseal(key, Buffer.alloc(0), 'x'), /unknown version/);
  });
});

describe('key ring', () => {
  const ring = createKeyring(Buffer.alloc(32, 7));
  const other = createKeyring(Buffer.alloc(32, 8));
  const bytes = (value: Uint8Array) => Buffer.from(value).toString('hex');

  it('demands a master key of 32 bytes', () => {
    for (const length of [0, 16, 31, 33, 64])
      assert.throws(() => createKeyring(Buffer.alloc(length)), /must be 32 bytes/);
  });

  it('gives every person a key of their own, which opens for that person alone', () => {
    const one = ring.newPersonKey('per_1');
    const two = ring.newPersonKey('per_1');
    assert.notEqual(bytes(one.key), bytes(two.key));
    assert.equal(bytes(ring.openPersonKey('per_1', one.wrapped)), bytes(one.key));
    assert.throws(() => ring.openPersonKey('per_2', one.wrapped));
    assert.throws(() => other.openPersonKey('per_1', one.wrapped));
  });

  it('is the same ring whenever it is made from the same master key, and no other', () => {
    const again = createKeyring(Buffer.alloc(32, 7));
    assert.deepEqual(again.check, ring.check);
    assert.notDeepEqual(other.check, ring.check);
    assert.deepEqual(again.organisationKey('org_1'), ring.organisationKey('org_1'));
    assert.notDeepEqual(other.organisationKey('org_1'), ring.organisationKey('org_1'));
    assert.deepEqual(
      again.blindIndex('org_1', 'resident_id', '1'),
      ring.blindIndex('org_1', 'resident_id', '1'),
    );
  });

  it('keeps organisations apart', () => {
    assert.notDeepEqual(ring.organisationKey('org_1'), ring.organisationKey('org_2'));
    assert.deepEqual(ring.organisationKey('org_1'), ring.organisationKey('org_1'));
  });

  it('finds a number within its organisation and kind only', () => {
    const index = ring.blindIndex('org_1', 'resident_id', '11010519491231002X');
    const others = [
      ring.blindIndex('org_2', 'resident_id', '11010519491231002X'),
      ring.blindIndex('org_1', 'passport', '11010519491231002X'),
      ring.blindIndex('org_1', 'resident_id', '440305199202290036'),
      other.blindIndex('org_1', 'resident_id', '11010519491231002X'),
      // Parts that run into one another must not meet.
      ring.blindIndex('org_1resident_id', '', '11010519491231002X'),
      ring.blindIndex('org_1', 'resident_id1', '1010519491231002X'),
    ];
    for (const each of others) assert.notEqual(bytes(each), bytes(index));
    assert.equal(index.length, 32);
  });

  it('uses no key for two purposes', () => {
    const keys = [ring.check, ring.organisationKey('org_1'), ring.organisationKey('person-keys')].map(bytes);
    assert.equal(new Set(keys).size, keys.length);
  });
});
