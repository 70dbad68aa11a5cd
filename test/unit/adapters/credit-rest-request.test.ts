// What is asked of the agency, to the byte, and how it is signed.
import assert from 'node:assert/strict';
import { changeOf, idTypeOf, practitionerOf, REASONS } from '../../../adapters/credit-rest/map.ts';
import { getChange, signatureOf, submitChange } from '../../../adapters/credit-rest/request.ts';
import { readTrust } from '../../../src/crypto/certificates.ts';
import { verifyDetached } from '../../../src/crypto/jws.ts';
import { EXIT_REASONS } from '../../../src/domain/words.ts';
import { BODY, ca, filing, identity, now } from '../../support/credit-agency.ts';
import { UNIT } from '../../support/filing-order.ts';

describe('adapters/credit-rest: map and request', () => {
  const practitioner = practitionerOf(filing);
  assert.ok(practitioner);

  it('has a word for every reason', () => {
    assert.deepEqual(Object.keys(REASONS), [...EXIT_REASONS]);
  });

  it('names documents in the words of the agency, and none that it cannot tell', () => {
    assert.equal(idTypeOf('resident_id', '11010519491231002X'), 'resident_id');
    assert.equal(idTypeOf('passport', 'E12345678'), 'passport');
    assert.equal(idTypeOf('hmt_permit', '810000199001010018'), 'hk_macau_permit');
    assert.equal(idTypeOf('hmt_permit', '820000199001010010'), 'hk_macau_permit');
    assert.equal(idTypeOf('hmt_permit', 'H1234567890'), 'hk_macau_permit');
    assert.equal(idTypeOf('hmt_permit', '830000199001010012'), 'taiwan_permit');
    assert.equal(idTypeOf('hmt_permit', '12345678'), 'taiwan_permit');
    assert.equal(idTypeOf('hmt_permit', 'X1'), undefined);
    assert.equal(idTypeOf(undefined, '11010519491231002X'), undefined);
  });

  it('writes the body of the published example to the byte, the same for every resend', () => {
    const first = submitChange(filing, 'EG-0001-1', practitioner);
    assert.equal(first.body?.toString(), BODY);
    assert.deepEqual(submitChange(filing, 'EG-0001-1', practitioner), first);
  });

  it('attaches supplements only when there are some', () => {
    const supplements = [{ kind: 'claim', title: 't', text: 'x' }];
    const change = changeOf({ ...filing, supplements }, 'EG-1', practitioner);
    assert.deepEqual(change.supplements, supplements);
    assert.equal('supplements' in changeOf(filing, 'EG-1', practitioner), false);
  });

  it('signs body, method and path, and the minute: another time is another signature over the same body', () => {
    const question = getChange('EG-0001-1');
    const jws = signatureOf(question, identity, now);
    const verdict = verifyDetached(jws, Buffer.alloc(0), readTrust(ca.certificatePem, UNIT.name), now);
    assert.ok(verdict.ok);
    const { x5c: _, ...header } = verdict.header;
    assert.deepEqual(header, {
      alg: 'RS256',
      iat: 1795570200,
      htm: 'GET',
      htu: '/v1/registration-changes/EG-0001-1',
    });
    assert.notEqual(signatureOf(question, identity, new Date(now.getTime() + 1000)), jws);
  });
});
