import assert from 'node:assert/strict';
import type { Outcome } from '../../../adapters/adapter.ts';
import {
  noOutcome,
  type Reply,
  readPerson,
  readReply,
  readStates,
  statesOutcome,
} from '../../../adapters/labor-soap/reply.ts';
import type { Operation } from '../../../adapters/labor-soap/request.ts';
import { readTrust } from '../../../src/crypto/certificates.ts';
import { makeCa } from '../../support/pki.ts';
import {
  bodyOf,
  envelopeOf,
  faultOf,
  responseOf,
  resultOf,
  signatureOf,
  signedAnswer,
} from '../../support/soap-agency.ts';

const now = new Date('2026-11-25T01:30:00Z');
const states = (stage: string, conclusion = '0', more = '') =>
  `<SAA036>LAB0000000001</SAA036><BAE941>EG-0001-1</BAE941><SAA043>${stage}</SAA043><TAA103>${conclusion}</TAA103>${more}`;

describe('labor-soap reply', function () {
  this.timeout(20_000);
  const ca = makeCa();
  const agency = ca.issue('labor.agency.mock');
  const trust = readTrust(ca.certificatePem, 'labor.agency.mock');
  const read = (xml: string | Buffer, operation: Operation = 'QueryFiling') =>
    readReply(Buffer.from(xml), operation, trust, now);
  const passed = responseOf('QueryFiling', resultOf('0') + states('6', '1', '<withdrawn>false</withdrawn>'));
  const failed = responseOf('QueryFiling', resultOf('0') + states('6', '2'));

  function outcome(inner: string, operation: Operation = 'QueryFiling'): Outcome {
    const reply = read(signedAnswer(responseOf(operation, inner), agency), operation);
    if (reply.kind !== 'reply') return reply;
    const known = readStates(reply);
    return noOutcome(reply) ?? (known ? statesOutcome(known) : { kind: 'unsure', reason: 'no states' });
  }

  it('reads a good answer, signed by hand', () => {
    const reply = read(signedAnswer(passed, agency)) as Reply;
    assert.equal(reply.kind, 'reply');
    assert.equal(readStates(reply)?.SAA036, 'LAB0000000001');
  });

  it('tells the states apart', () => {
    const kinds = ['2', '3', '4', '5'].map((stage) => outcome(resultOf('0') + states(stage)));
    assert.deepEqual(
      kinds.map((each) => each.kind === 'pending' && each.stage),
      ['received', 'received', 'in_review', 'in_review'],
    );
    assert.deepEqual(outcome(resultOf('0') + states('6', '1')), {
      kind: 'accepted',
      receipt: 'LAB0000000001',
    });
    const because = '<reason><code>REASON_CONTRADICTED</code><message>不符</message></reason>';
    assert.deepEqual(outcome(resultOf('0') + states('6', '2', because)), {
      kind: 'refused',
      receipt: 'LAB0000000001',
      code: 'REASON_CONTRADICTED',
      message: '不符',
    });
    const correction =
      '<correction><code>MATERIAL_MISSING</code><field>supplement</field><reason>补正</reason><due>20261205</due></correction>';
    assert.deepEqual(outcome(resultOf('0') + states('3', '0', correction)), {
      kind: 'correction',
      receipt: 'LAB0000000001',
      code: 'MATERIAL_MISSING',
      message: '补正',
      fields: [{ field: 'supplement', message: '补正' }],
      due: '2026-12-05',
    });
    assert.equal(outcome(resultOf('0') + states('1', '0', '<withdrawn>true</withdrawn>')).kind, 'refused');
    assert.equal(outcome(resultOf('0') + states('6', '0')).kind, 'pending');
  });

  it('is unsure of what the contract does not promise', () => {
    const bad = [
      states('7'),
      states('6', '9'),
      states('6', '1') + states('6', '1'),
      states(
        '3',
        '0',
        '<correction><code>X_Y</code><field>f</field><reason>r</reason><due>20260230</due></correction>',
      ),
      '',
    ];
    for (const inner of bad) assert.equal(outcome(resultOf('0') + inner).kind, 'unsure');
    assert.equal(outcome(states('6', '1')).kind, 'unsure', 'no result');
    assert.equal(
      outcome(
        `<result><code>no such</code><message/></result>${states('6', '1')}`.replace(
          '<message/>',
          '<message></message>',
        ),
      ).kind,
      'unsure',
    );
  });

  it('reads business refusals by code', () => {
    for (const code of [
      'IDENTITY_MISMATCH',
      'REASON_UNKNOWN',
      'SERIAL_REUSED',
      'NOT_IN_UNIT',
      'SOMETHING_NEW',
    ])
      assert.deepEqual(outcome(resultOf(code, 'why')), { kind: 'refused', code, message: 'why' });
    assert.equal(outcome(resultOf('MAINTENANCE')).kind, 'hold');
    assert.equal(outcome(resultOf('RATE_LIMIT')).kind, 'retry');
  });

  it('reads faults: ours refused, certificates hold, theirs unsure', () => {
    const fault = (side: 'Client' | 'Server', code: string) =>
      read(signedAnswer(faultOf(side, code), agency));
    assert.deepEqual(fault('Client', 'SCHEMA_INVALID'), {
      kind: 'refused',
      code: 'SCHEMA_INVALID',
      message: 'm',
    });
    for (const code of ['AUTH_SIGNATURE', 'AUTH_CERTIFICATE', 'AUTH_UNIT']) {
      const held = fault('Client', code);
      assert.equal(held.kind === 'hold' && held.until?.toISOString(), '2026-11-25T02:30:00.000Z');
    }
    assert.equal(fault('Server', 'MAINTENANCE').kind, 'hold');
    assert.equal(fault('Client', 'RATE_LIMIT').kind, 'retry');
    assert.equal(fault('Server', 'REMOTE_FAULT').kind, 'unsure');
    assert.equal(fault('Server', 'NOT_IMPLEMENTED').kind, 'manual');
  });

  it('reads a person only when the state is whole', () => {
    const person = (inner: string) => {
      const reply = read(
        signedAnswer(responseOf('QueryPerson', resultOf('0') + inner), agency),
        'QueryPerson',
      );
      return reply.kind === 'reply' ? readPerson(reply) : undefined;
    };
    const ended = '<AAC001>2000345678</AAC001><employmentState>ended</employmentState>';
    assert.equal(person(`${ended}<abc916>20261125</abc916>`)?.abc916, '2026-11-25');
    assert.equal(person(ended), undefined);
  });

  describe('trusts nothing but what the agency signed', () => {
    const good = bodyOf(passed);
    const wrong: Record<string, () => string | Buffer> = {
      'no signature': () => envelopeOf('', good),
      'a changed body': () => signedAnswer(failed, agency).replace('<TAA103>2', '<TAA103>1'),
      'a foreign authority': () => signedAnswer(passed, makeCa().issue('labor.agency.mock')),
      'another subject of the same authority': () => signedAnswer(passed, ca.issue('某单位')),
      'an expired certificate': () =>
        signedAnswer(passed, ca.issue('labor.agency.mock', { to: new Date('2026-11-24') })),
      'a certificate of tomorrow': () =>
        signedAnswer(passed, ca.issue('labor.agency.mock', { from: new Date('2026-11-26') })),
      'a second signature': () => envelopeOf(signatureOf(good, agency) + signatureOf(good, agency), good),
      'a signature in the wrong place': () =>
        envelopeOf('', good).replace('<soap:Body', `${signatureOf(good, agency)}<soap:Body`),
      'SHA-1': () =>
        envelopeOf(
          signatureOf(good, agency, { algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }),
          good,
        ),
      'a wrapped body: the signed one in the header': () => {
        const signed = bodyOf(failed);
        const wrap = `<Wrapper xmlns="urn:x">${signed}</Wrapper>`;
        return envelopeOf(signatureOf(signed, agency) + wrap, bodyOf(passed, 'other'));
      },
      'a wrapped body under the same Id': () => {
        const signed = bodyOf(failed);
        return envelopeOf(`${signatureOf(signed, agency)}<Wrapper xmlns="urn:x">${signed}</Wrapper>`, good);
      },
      'two bodies': () => envelopeOf(signatureOf(good, agency), good + bodyOf(failed, 'other')),
      'a signature over the header': () => {
        const other = good.replaceAll('soap:Body', 'soap:Other');
        return envelopeOf(signatureOf(other, agency) + other, bodyOf(passed, 'unsigned'));
      },
      'a DOCTYPE': () => `<!DOCTYPE x [<!ENTITY e "v">]>${signedAnswer(passed, agency)}`,
      'a processing instruction': () => `<?go now?>${signedAnswer(passed, agency)}`,
      'a comment inside a value': () =>
        signedAnswer(passed, agency).replace('LAB0000000001', 'LAB00000<!-- -->00001'),
      'an answer to another operation': () =>
        signedAnswer(responseOf('SubmitTermination', resultOf('0') + states('6', '1')), agency),
      'another namespace': () => signedAnswer(passed.replace('labor:1', 'labor:2'), agency),
      'an unsigned fault': () => envelopeOf('', bodyOf(faultOf('Client', 'SCHEMA_INVALID'))),
      'the end cut off': () => signedAnswer(passed, agency).slice(0, -40),
      'a web page': () => '<!DOCTYPE html><html><body>Login</body></html>',
      'bytes that are no UTF-8': () =>
        Buffer.from(
          signedAnswer(passed, agency).replace('<wsse:Security ', '<wsse:Security a="\u00ff" '),
          'latin1',
        ),
      'a second signature without a certificate': () =>
        envelopeOf(signatureOf(good, agency), good).replace(
          '<soap:Header>',
          `<soap:Header>${signatureOf(good, agency).replace(/<ds:KeyInfo>.*<\/ds:KeyInfo>/, '')}`,
        ),
      nothing: () => '',
      'a thousand levels': () => `${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}`,
      'more than a megabyte': () =>
        signedAnswer(passed, agency).replace('</soap:Header>', `${' '.repeat(1024 * 1024)}</soap:Header>`),
    };
    for (const [what, make] of Object.entries(wrong)) {
      it(`unsure: ${what}`, () => {
        const reply = read(make());
        assert.equal(reply.kind, 'unsure');
        assert.doesNotMatch(reply.kind === 'unsure' ? reply.reason : '', /LAB0|EG-0001|Login/);
      });
    }
  });
});
