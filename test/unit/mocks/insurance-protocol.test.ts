// The insurance agency's outer shell: envelope, signature, certificate, binding, session, encryption, contract pages.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createDecipheriv, createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyDetached } from '../../../mocks/insurance/cms.ts';
import { SESSION_SECONDS } from '../../../mocks/insurance/session.ts';
import { advance, callOf, conforms, createClient, openBox, sign, UNIT, ZHANG } from './insurance-client.ts';

const TEST = '<ConnectivityTest/>';

describe('insurance agency: protocol', () => {
  let box: Awaited<ReturnType<typeof openBox>>;
  beforeEach(async () => {
    box = await openBox();
  });
  afterEach(() => box.sandbox.close());

  it('answers a connectivity test in the clear, signed by the agency', async () => {
    const answer = await box.client.send('0001', TEST);
    assert.equal(answer.code, '0');
    assert.equal(answer.encoding, 'plain');
    assert.match(answer.payload, /<AgencyTime>20261125100000<\/AgencyTime>/);
    const signer = verifyDetached(answer.signature, answer.payloadBytes, box.sandbox.room('insurance'));
    assert.deepEqual([signer.cn, signer.uscc], ['insurance.agency.mock', '']);
  });

  it('takes a signature without signed attributes', async () => {
    assert.equal((await box.client.send('0001', TEST, 'A', { bare: true })).code, '0');
  });

  it('makes and takes what openssl makes and takes', async function () {
    if (spawnSync('openssl', ['version']).status !== 0) this.skip();
    const dir = mkdtempSync(join(tmpdir(), 'insurance-'));
    const file = (name: string, data: string | Buffer) => {
      writeFileSync(join(dir, name), data);
      return join(dir, name);
    };
    try {
      const { client, identity, sandbox } = box;
      const ca = file('ca.pem', sandbox.ca.certificatePem);
      const cert = file('cert.pem', identity.certificatePem);
      const key = file('key.pem', identity.keyPem);
      const verify = (signature: string, content: string) =>
        spawnSync(
          'openssl',
          [
            'cms',
            '-verify',
            '-inform',
            'DER',
            '-in',
            signature,
            '-content',
            content,
            '-binary',
            '-CAfile',
            ca,
            '-purpose',
            'any',
            '-out',
            join(dir, 'out'),
          ],
          { encoding: 'utf8' },
        );
      const made = (signature: string, content: string) =>
        execFileSync(
          'openssl',
          [
            'cms',
            '-sign',
            '-binary',
            '-in',
            content,
            '-signer',
            cert,
            '-inkey',
            key,
            '-md',
            'sha256',
            '-outform',
            'DER',
            '-out',
            signature,
          ],
          { stdio: 'pipe' },
        );

      const answer = await client.send('0001', TEST);
      const payload = file('payload.xml', answer.payloadBytes);
      const theirs = verify(file('answer.der', answer.signature), payload);
      assert.equal(theirs.status, 0, theirs.stderr);
      const tampered = file('tampered.xml', answer.payload.replace('Code="0"', 'Code="1"'));
      assert.notEqual(verify(join(dir, 'answer.der'), tampered).status, 0);
      const forged = file('client.der', sign(answer.payloadBytes, identity));
      assert.equal(verify(forged, payload).status, 0);

      const content = Buffer.from('<a>张某</a>');
      made(join(dir, 'mine.der'), file('mine.xml', content));
      const der = execFileSync('cat', [join(dir, 'mine.der')]);
      assert.equal(verifyDetached(der, content, sandbox.room('insurance')).uscc, UNIT);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('refuses a payload changed after signing, a broken CMS, and one that carries its content', async () => {
    const { client } = box;
    const code = async (spoil: Parameters<typeof client.send>[3]) =>
      (await client.send('0001', TEST, 'A', spoil)).code;
    assert.equal(
      await code({ tamper: (xml) => xml.replace('ConnectivityTest/', 'ConnectivityTest /') }),
      'AUTH_SIGNATURE',
    );
    assert.equal(await code({ signature: (der) => der.subarray(0, -1) }), 'AUTH_SIGNATURE');
    assert.equal(
      await code({ signature: (der) => Buffer.concat([der, Buffer.from([0])]) }),
      'AUTH_SIGNATURE',
    );
    assert.equal(await code({ signature: () => Buffer.alloc(0) }), 'AUTH_SIGNATURE');
    assert.equal(await code({ detached: false }), 'AUTH_SIGNATURE');
    const change = (xml: string) => xml.replace('ConnectivityTest/', 'ConnectivityTest /');
    assert.equal(await code({ bare: true, tamper: change }), 'AUTH_SIGNATURE');
    // The signature value is the last thing in the CMS; digest and attributes stay right.
    const flip = (der: Buffer) => Buffer.concat([der.subarray(0, -1), Buffer.from([(der.at(-1) ?? 0) ^ 1])]);
    assert.equal(await code({ signature: flip }), 'AUTH_SIGNATURE');
  });

  it('refuses a foreign CA, another sandbox’s certificate, another unit’s and an expired one', async () => {
    const { client, sandbox } = box;
    const code = async (signer: typeof box.identity) =>
      (await client.send('0001', TEST, 'A', { signer })).code;
    assert.equal(await code(await sandbox.ca.foreign('某证券有限公司')), 'AUTH_CERTIFICATE');
    assert.equal(await code(await sandbox.ca.identity('91110000600037341L', 'Other')), 'AUTH_CERTIFICATE');
    const other = await openBox('elsewhere');
    assert.equal(await code(other.identity), 'AUTH_CERTIFICATE');
    other.sandbox.close();
    assert.equal(await code(box.identity), '0');
    advance(sandbox, 4 * 366 * 86_400);
    assert.equal(await code(box.identity), 'AUTH_CERTIFICATE');
  });

  it('refuses a head that the signed payload does not repeat', async () => {
    const { client } = box;
    const bound = (transCode: string, id: string, unit: string) => ({
      attributes: `TransCode="${transCode}" MessageId="${id}" Unit="${unit}"`,
    });
    for (const attributes of [
      bound('0002', 'A', UNIT),
      bound('0001', 'B', UNIT),
      bound('0001', 'A', '91110000600037341L'),
    ])
      assert.equal((await client.send('0001', TEST, 'A', attributes)).code, 'AUTH_BINDING');
    const session = (head: string) => head.replace('</Unit>', '</Unit><Session>S000001abcdef</Session>');
    assert.equal((await client.send('0001', TEST, 'A', { head: session })).code, 'AUTH_BINDING');
  });

  it('refuses markup that two parsers may read differently, and tells the line of a schema error', async () => {
    const { client } = box;
    const send = (spoil: Parameters<typeof client.send>[3]) => client.send('0001', TEST, 'A', spoil);
    const forbidden = ['<!DOCTYPE Envelope [<!ENTITY a "b">]>', '<!-- c -->', '<?x y?>'];
    for (const markup of forbidden) {
      const answer = await send({ envelope: (xml) => markup + xml });
      assert.equal(answer.code, 'SCHEMA_INVALID');
      assert.match(answer.head, /<TransCode>0000<.*UNREADABLE/);
    }
    const comment = await send({ payload: (xml) => xml.replace(TEST, `<!-- c -->${TEST}`) });
    assert.equal(comment.code, 'SCHEMA_INVALID');
    const wrong = await send({ payload: (xml) => xml.replace(TEST, '\n<Stop/>') });
    assert.equal(wrong.code, 'SCHEMA_INVALID');
    assert.match(wrong.payload, /<Detail>line 2: Element .Stop/);
    const other = await send({ payload: (xml) => xml.replace(TEST, '<SignOut/>') });
    assert.match(other.payload, /0001 takes ConnectivityTest/);
    assert.equal((await send({ envelope: (xml) => xml.slice(0, -4) })).code, 'SCHEMA_INVALID');
    assert.equal(
      (await send({ envelope: (xml) => `<?xml version="1.0" encoding="UTF-8"?>${xml}` })).code,
      '0',
    );
    const gb = await send({ envelope: (xml) => `<?xml version="1.0" encoding="GB18030"?>${xml}` });
    assert.equal(gb.code, 'SCHEMA_INVALID');
  });

  it('knows its transactions, its method and its media type', async () => {
    const { client } = box;
    assert.equal((await client.send('9999', TEST)).code, 'TRANS_UNKNOWN');
    const call = client.build('0001', TEST, 'A', {}, true);
    const put = { ...call, method: 'PUT' };
    assert.equal(client.read(await client.raw(put), put).status, 405);
    const json = { ...call, headers: { 'content-type': 'application/json' } };
    assert.equal(client.read(await client.raw(json), json).status, 415);
  });

  for (const algorithm of ['sm4-cbc', 'aes-256-cbc'] as const)
    it(`signs in and talks under ${algorithm}`, async () => {
      const { client } = box;
      await client.signIn(algorithm);
      assert.equal(client.session?.key.length, algorithm === 'sm4-cbc' ? 16 : 32);
      const answer = await client.send('1001', `<QueryUnit><BAB010>${UNIT}</BAB010></QueryUnit>`);
      assert.equal(answer.code, '0');
      assert.equal(answer.encoding, algorithm);
      assert.match(answer.payload, /<AAB004>某证券有限公司<\/AAB004>/);
    });

  it('refuses without a session, after sign-out, when it has expired, and another unit’s', async () => {
    const { client, sandbox } = box;
    const ask = () => client.send('1001', `<QueryUnit><BAB010>${UNIT}</BAB010></QueryUnit>`);
    assert.equal((await ask()).code, 'AUTH_SESSION');
    await client.signIn();
    assert.equal((await ask()).code, '0');
    assert.equal((await client.send('0003', '<SignOut/>')).code, '0');
    assert.equal((await ask()).code, 'AUTH_SESSION');
    await client.signIn();
    const other = createClient(
      sandbox,
      await sandbox.ca.identity('91110000600037341L', 'Other'),
      '91110000600037341L',
    );
    other.session = client.session;
    assert.equal(
      (await other.send('1001', '<QueryUnit><BAB010>91110000600037341L</BAB010></QueryUnit>')).code,
      'AUTH_SESSION',
    );
    advance(sandbox, SESSION_SECONDS - 1);
    assert.equal((await ask()).code, '0');
    advance(sandbox, 1);
    assert.equal((await ask()).code, 'AUTH_SESSION');
  });

  it('refuses a plain body in a session, and one under another key', async () => {
    const { client } = box;
    await client.signIn();
    const ask = (spoil: Parameters<typeof client.send>[3]) =>
      client.send('1001', `<QueryUnit><BAB010>${UNIT}</BAB010></QueryUnit>`, 'A', spoil);
    assert.equal((await ask({ encoding: 'plain' })).code, 'BODY_UNREADABLE');
    // One wrong key in 256 leaves a padding that looks right; then the signature does not fit.
    assert.match((await ask({ key: Buffer.alloc(16, 9) })).code, /^(BODY_UNREADABLE|AUTH_SIGNATURE)$/);
  });

  it('names people only to their unit and under their name', async () => {
    const { client } = box;
    await client.signIn();
    const ask = (id: string, name: string) =>
      client.send('1002', `<QueryPerson><AAC002>${id}</AAC002><AAC003>${name}</AAC003></QueryPerson>`);
    assert.equal((await ask(ZHANG.id, ZHANG.name)).code, '0');
    const mismatch = await ask(ZHANG.id, '李某');
    assert.equal(mismatch.code, 'IDENTITY_MISMATCH');
    assert.equal(mismatch.encoding, 'sm4-cbc');
    assert.equal((await ask('110105194912310021', '张某')).code, 'IDENTITY_MISMATCH');
    assert.equal(
      (await client.send('1001', '<QueryUnit><BAB010>91110000600037341L</BAB010></QueryUnit>')).code,
      'UNIT_UNKNOWN',
    );
    assert.equal((await client.state('000000000000')).code, 'NOT_IN_UNIT');
  });

  it('documents an example that is true to the byte', () => {
    const page = readFileSync(new URL('../../../mocks/insurance/README.md', import.meta.url), 'utf8');
    const payload = /^<Payload.*<Stop>.*<\/Payload>$/m.exec(page)?.[0] ?? '';
    conforms(payload);
    assert.ok(page.includes(createHash('sha256').update(payload).digest('hex')));
    const [, iv = '', data = ''] = /iv="([^"]{24})">([^<]{100,})<\/Body>/.exec(page) ?? [];
    const key = Buffer.from('0123456789abcdeffedcba9876543210', 'hex');
    const decipher = createDecipheriv('sm4-cbc', key, Buffer.from(iv, 'base64'));
    assert.equal(decipher.update(data, 'base64', 'utf8') + decipher.final('utf8'), payload);
  });

  it('publishes its schema and its catalogue', async () => {
    const get = async (query: string) => {
      const outcome = await box.client.raw(callOf('', { method: 'GET', query: new URLSearchParams(query) }));
      assert.ok('reply' in outcome);
      return outcome.reply;
    };
    assert.match(
      (await get('xsd=insurance.xsd')).body.toString(),
      /targetNamespace="urn:agency:insurance:1"/,
    );
    assert.match((await get('')).body.toString(), /^# The insurance agency/);
    assert.equal((await get('xsd=other.xsd')).status, 404);
  });
});
