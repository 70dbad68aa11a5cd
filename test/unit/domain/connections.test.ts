import assert from 'node:assert/strict';
import { areaOf, type ConnectionChoice, chooseConnection } from '../../../src/domain/connections.ts';

const employer = { uscc: '91110105MA001234X4', region: '110105' };
const connection = (id: string, parts: Partial<ConnectionChoice> = {}): ConnectionChoice => ({
  id,
  kinds: ['labor_filing'],
  region: '',
  employerUscc: '',
  ...parts,
});
const chosen = (...all: ConnectionChoice[]) => chooseConnection('labor_filing', employer, all)?.id;

describe('the connection that files', () => {
  it('is none when none fits', () => {
    assert.equal(chosen(), undefined);
    assert.equal(chosen(connection('a', { kinds: ['credit_update'] })), undefined);
    assert.equal(chosen(connection('a', { region: '44' })), undefined);
    assert.equal(chosen(connection('a', { region: '110101' })), undefined);
    assert.equal(chosen(connection('a', { employerUscc: '91110000600037341L' })), undefined);
  });

  it('serves a wider area that is written with zeros at the end, and is no closer by for them', () => {
    assert.deepEqual(['110000', '110100', '110105', '500000', '11', ''].map(areaOf), [
      '11',
      '1101',
      '110105',
      '50',
      '11',
      '',
    ]);
    const province = connection('b', { region: '110000' });
    assert.equal(chosen(province), 'b');
    assert.equal(chosen(province, connection('a', { region: '1101' })), 'a');
    assert.equal(chosen(connection('a', { region: '440000' })), undefined);
  });

  it('is the one that names the employer, then the one closest by, then the newest', () => {
    const anywhere = connection('a');
    const province = connection('b', { region: '11' });
    const district = connection('c', { region: '110105' });
    const theirs = connection('d', { employerUscc: employer.uscc });
    const newer = connection('e', { region: '110105' });
    assert.equal(chosen(anywhere, province), 'b');
    assert.equal(chosen(district, anywhere, province), 'c');
    assert.equal(chosen(district, theirs, province), 'd');
    assert.equal(chosen(newer, district), 'e');
    assert.equal(chosen(district, newer), 'e');
  });
});
