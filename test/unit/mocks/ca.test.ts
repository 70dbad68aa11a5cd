import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { createAuthority, prepareKeys, type SandboxAuthority } from '../../../mocks/kernel/ca.ts';
import { isResidentId, isUscc } from '../../../mocks/kernel/identifiers.ts';
import { OTHER, UNIT } from './labor-client.ts';

describe('mock CA', () => {
  let now = new Date('2026-11-25T00:00:00Z');
  let ca: SandboxAuthority;
  const create = async (sandbox: string) =>
    createAuthority({
      sandbox,
      seed: 's',
      secret: `s|${sandbox}`,
      now: () => now,
      keys: await prepareKeys(),
    });
  beforeEach(async () => {
    now = new Date('2026-11-25T00:00:00Z');
    ca = await create('a');
  });

  it('issues what it vouches for, with name and USCC in the subject', async () => {
    const identity = await ca.identity(UNIT.uscc, UNIT.name);
    const signer = ca.verify(identity.certificateDer);
    assert.deepEqual([signer.cn, signer.uscc], [UNIT.name, UNIT.uscc]);
    const root = new X509Certificate(ca.certificatePem);
    assert.ok(root.ca && root.verify(root.publicKey));
    assert.ok(new X509Certificate(identity.certificatePem).checkPrivateKey(identity.privateKey));
    assert.equal(await ca.identity(UNIT.uscc, UNIT.name), identity);
    assert.notEqual((await ca.identity(OTHER.uscc, OTHER.name)).keyPem, identity.keyPem);
  });

  it('refuses another sandbox, another CA, garbage, and what has expired on sandbox time', async () => {
    const refused = { code: 'AUTH_CERTIFICATE' };
    const identity = await ca.identity(UNIT.uscc, UNIT.name);
    const stranger = await (await create('b')).identity(UNIT.uscc, UNIT.name);
    assert.throws(() => ca.verify(stranger.certificateDer), refused);
    assert.throws(() => ca.verify(Buffer.from('nonsense')), refused);
    const foreign = await ca.foreign('labor.agency.mock');
    assert.throws(() => ca.verify(foreign.certificateDer), refused);
    const bent = Buffer.from(identity.certificateDer);
    bent.writeUInt8(bent.readUInt8(bent.length - 1) ^ 1, bent.length - 1); // the CA's signature, its issuer left alone
    assert.throws(() => ca.verify(bent), refused);
    now = new Date('2029-12-31T00:00:00Z');
    assert.throws(() => ca.verify(identity.certificateDer), refused);
    const renewed = await ca.identity(UNIT.uscc, UNIT.name);
    assert.equal(ca.verify(renewed.certificateDer).uscc, UNIT.uscc);
  });

  it('reaches past the end of sandbox time, and so does what it issues for the agencies', async () => {
    now = new Date('2060-06-01T00:00:00Z');
    const unit = await ca.identity(UNIT.uscc, UNIT.name);
    now = new Date('2199-12-31T00:00:00Z');
    const late = await ca.identity(OTHER.uscc, OTHER.name);
    const ends = (certificatePem: string) => new Date(new X509Certificate(certificatePem).validTo);
    for (const { certificatePem } of [
      ca.agency('labor', 'labor.agency.mock'),
      ca.timeStamping('tsa.mock'),
      ca,
    ])
      assert.ok(ends(certificatePem) > now, certificatePem);
    for (const { certificatePem } of [unit, late]) assert.ok(ends(certificatePem) < ends(ca.certificatePem));
  });
});

describe('identifiers of the mocks', () => {
  it('knows the check digits', () => {
    const ids = ['11010519491231002X', '440305199202290036', '110105194912310021', '110101199002300014'];
    assert.deepEqual(ids.map(isResidentId), [true, true, false, false]);
    const codes = ['91110000600037341L', '91110105MA001234X4', '91110105MA0012340O', '91110105MA001234X5'];
    assert.deepEqual(
      codes.map((code) => isUscc(code, { inner: true })),
      [true, true, false, false],
    );
  });
});
