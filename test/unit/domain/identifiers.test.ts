// The identifiers that a filing stands on. All numbers are textbook examples or synthetic.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkResidentId, checkUscc } from '../../../src/domain/identifiers.ts';
import { isRegion } from '../../../src/domain/regions.ts';
import { syntheticIdNumber } from '../../support/builders.ts';

const VALID_IDS = ['11010519491231002X', '440305199202290036', syntheticIdNumber(1)];
const VALID_USCCS = ['91110000600037341L', '91110105MA001234X4'];

describe('resident ID', () => {
  for (const id of VALID_IDS)
    it(`${id} is right`, () => assert.deepEqual(checkResidentId(id), { ok: true, value: id }));

  for (const [id, fault] of [
    ['110105194912310021', 'check_digit'],
    ['110101199002300014', 'birth_date'],
    ['11010120990101001X', 'birth_date'],
    ['1101051949123100', 'length'],
    ['11010519491231002XX', 'length'],
    ['', 'length'],
    ['11010519491231002Y', 'characters'],
    ['1101051949123100X2', 'characters'],
    ['11010５19491231002X', 'characters'],
  ] as const)
    it(`"${id}" is wrong: ${fault}`, () => assert.deepEqual(checkResidentId(id), { ok: false, fault }));

  it('takes a lower-case x and spaces around', () =>
    assert.deepEqual(checkResidentId(' 11010519491231002x '), { ok: true, value: '11010519491231002X' }));

  it('takes a region that does not exist any more, and permits of Hong Kong, Macau and Taiwan', () => {
    assert.equal(checkResidentId('810000199408230021').ok, true);
    assert.equal(checkResidentId(syntheticIdNumber(7)).ok, true);
  });

  it('is wrong with any one digit changed, and with neighbours swapped', () =>
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(16), fc.integer({ min: 1, max: 9 }), (n, index, shift) => {
        const id = syntheticIdNumber(n);
        assert.equal(checkResidentId(id).ok, true, id);
        const digit = (Number(id[index]) + shift) % 10;
        assert.equal(checkResidentId(`${id.slice(0, index)}${digit}${id.slice(index + 1)}`).ok, false);
        const [a = '', b = ''] = id.slice(index, index + 2);
        if (a !== b && index < 16)
          assert.equal(checkResidentId(`${id.slice(0, index)}${b}${a}${id.slice(index + 2)}`).ok, false);
      }),
    ));
});

const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** The code's last character (GB 32100), worked out here on its own. */
function withCheck(body: string): string {
  const sum = [...body].reduce(
    (total, character, index) => total + USCC_ALPHABET.indexOf(character) * (3 ** index % 31),
    0,
  );
  return `${body}${USCC_ALPHABET[(31 - (sum % 31)) % 31]}`;
}

/** With the organisation code's own check (GB 11714) as well. `organisation` has seven characters, to which a 4 is added. */
function withOrganisation(front: string, organisation: string): string {
  const weights = [3, 7, 9, 10, 5, 8, 4, 2];
  const sum = [...`${organisation}4`].reduce(
    (total, character, index) => total + Number.parseInt(character, 36) * (weights[index] ?? 0),
    0,
  );
  return withCheck(`${front}${organisation}4${'0X987654321'[sum % 11]}`);
}

describe('USCC', () => {
  for (const code of VALID_USCCS)
    it(`${code} is right`, () => {
      assert.deepEqual(checkUscc(code), { ok: true, value: code });
      assert.deepEqual(checkUscc(` ${code.toLowerCase()} `), { ok: true, value: code });
      assert.equal(withCheck(code.slice(0, 17)), code);
    });

  for (const [code, fault] of [
    ['91110105MA0012340O', 'characters'],
    ['91110105MA001234XI', 'characters'],
    ['91110105MA001234X5', 'check_digit'],
    ['91110105MA001234', 'length'],
    ['91110105MA001234X44', 'length'],
    ['', 'length'],
  ] as const)
    it(`"${code}" is wrong: ${fault}`, () => assert.deepEqual(checkUscc(code), { ok: false, fault }));

  it('sees that the organisation code inside is wrong although the last character fits', () => {
    for (const check of [...'0123456789'])
      assert.deepEqual(checkUscc(withCheck(`91110105MA001234${check}`)), {
        ok: false,
        fault: 'organisation_check_digit',
      });
    assert.equal(withCheck('91110105MA001234X'), '91110105MA001234X4');
  });

  it('takes codes that end in 0, and registrars that are letters', () => {
    for (const code of [
      withOrganisation('91110105', 'MA00123'),
      withOrganisation('N2110105', 'MF00123'),
      withOrganisation('Y1110105', 'MF00123'),
    ])
      assert.equal(checkUscc(code).ok, true, code);
    const endsIn0 = Array.from({ length: 200 }, (_, n) =>
      withOrganisation('91110105', `MA0${1000 + n}`),
    ).filter((code) => code.endsWith('0'));
    assert.ok(endsIn0.length > 0);
    for (const code of endsIn0) assert.equal(checkUscc(code).ok, true, code);
  });

  it('is wrong with any one character changed', () =>
    fc.assert(
      fc.property(fc.constantFrom(...VALID_USCCS), fc.nat(17), fc.nat(30), (code, index, to) => {
        const character = USCC_ALPHABET[to] ?? '';
        if (code[index] === character) return;
        assert.equal(checkUscc(`${code.slice(0, index)}${character}${code.slice(index + 1)}`).ok, false);
      }),
    ));
});

describe('region', () => {
  for (const [code, exists] of [
    ['110000', true],
    ['440305', true],
    ['710000', true],
    ['820000', true],
    ['990000', false],
    ['160000', false],
    ['11000', false],
    ['1100000', false],
    ['11000a', false],
    ['', false],
    ['__prot', false],
    ['toStri', false],
  ] as const)
    it(`"${code}" is ${exists ? 'one' : 'none'}`, () => assert.equal(isRegion(code), exists));
});
