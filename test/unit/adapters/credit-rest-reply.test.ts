// Which answers are believed, and what each means.
import assert from 'node:assert/strict';
import { openAnswer, requestId } from '../../../adapters/credit-rest/open.ts';
import {
  type Answer,
  lookupOutcome,
  pingOutcome,
  readBackOutcome,
  submitOutcome,
  withdrawOutcome,
} from '../../../adapters/credit-rest/reply.ts';
import { readIdentity } from '../../../src/crypto/certificates.ts';
import { signDetached } from '../../../src/crypto/jws.ts';
import { agency, employer, filing, now, trust } from '../../support/credit-agency.ts';
import { makeCa, type TestIdentity } from '../../support/pki.ts';

describe('adapters/credit-rest: opening', () => {
  const sent = 'header..signature';
  const body = Buffer.from('{"receipt":"R1","state":"received"}');
  const open = (
    signer: TestIdentity,
    header: Record<string, string | number>,
    changes: { body?: Buffer; signed?: Buffer; status?: number } = {},
  ) => {
    const by = readIdentity(signer.certificatePem, signer.keyPem);
    const signature = signDetached(changes.signed ?? body, by, header);
    const answer = {
      kind: 'answered',
      status: changes.status ?? 202,
      headers: { 'x-jws-signature': signature },
      body: changes.body ?? body,
    } as const;
    const opened = openAnswer(answer, sent, trust, now);
    return opened.kind === 'opened' ? opened.status : opened.reason;
  };
  const header = { status: 202, rid: requestId(sent) };

  it('knows the id of the published example', () => {
    const example =
      'eyJhbGciOiJSUzI1NiIsIng1YyI6WyJNSUlCIl0sImlhdCI6MTc5NTU3MzgwMCwiaHRtIjoiUE9TVCIsImh0dSI6Ii92MS9yZWdpc3RyYXRpb24tY2hhbmdlcyJ9..c2ln';
    assert.equal(requestId(example), 'sQTpe9WhR8OzE1X-zWETSR4AoLPWhkPfp3-sVGw1Brg');
  });

  it('opens a good answer, and no other', () => {
    assert.equal(open(agency, header), 202);
    assert.match(String(open(makeCa().issue('credit.agency.mock'), header)), /not issued/);
    assert.match(String(open(employer, header)), /another subject/);
    assert.match(
      String(open(agency, header, { body: Buffer.from('{"receipt":"R2","state":"received"}') })),
      /match/,
    );
    assert.match(String(open(agency, { ...header, rid: requestId('other') })), /another request/);
    assert.match(String(open(agency, { status: 202 })), /another request/);
    assert.match(String(open(agency, header, { status: 200 })), /another status/);
    const cut = body.subarray(0, -3);
    assert.match(String(open(agency, header, { body: cut, signed: cut })), /unreadable/);
  });

  it('believes nothing that is not signed', () => {
    const bare = { kind: 'answered', status: 202, headers: {}, body } as const;
    assert.deepEqual(openAnswer(bare, sent, trust, now), {
      kind: 'untrusted',
      reason: 'HTTP 202 without a signature',
    });
  });
});

describe('adapters/credit-rest: reply', () => {
  const problem = (status: number, code: string): Answer => ({
    status,
    body: {
      type: 'about:blank',
      title: 't',
      status,
      code,
      detail: 'd',
      errors: [{ pointer: '/x', message: 'm' }],
    },
  });
  const change = (state: string, more: object = {}): Answer => ({
    status: 200,
    body: { serial: 'EG-0001-1', revision: 'EG-0001-1', receipt: 'R1', state, ...more },
  });
  const looked = (answer: Answer) => lookupOutcome(answer, 'EG-0001-1');

  it('submit: received or known is pending; an error is final unless it is about the connection', () => {
    const received = { kind: 'pending', receipt: 'R1', stage: 'received' };
    assert.deepEqual(submitOutcome({ status: 202, body: { receipt: 'R1', state: 'received' } }), received);
    const known = { status: 200, body: { code: 'DUPLICATE', receipt: 'R1', state: 'concluded' } };
    assert.deepEqual(submitOutcome(known), { ...received, stage: 'in_review' });
    for (const code of ['SERIAL_REUSED', 'NOT_IN_UNIT', 'ALREADY_DONE', 'SCHEMA_INVALID'])
      assert.deepEqual(submitOutcome(problem(422, code)), { kind: 'refused', code, message: 'd\n/x: m' });
    assert.equal(submitOutcome(problem(401, 'INVALID_TOKEN')).kind, 'retry');
    for (const code of ['AUTH_SIGNATURE', 'AUTH_CERTIFICATE', 'AUTH_BINDING', 'AUTH_UNIT', 'ROUTE_UNKNOWN'])
      assert.equal(submitOutcome(problem(401, code)).kind, 'hold', code);
    for (const body of [undefined, {}, { receipt: 7, state: 'received' }])
      assert.equal(submitOutcome({ status: 202, body }).kind, 'unsure');
  });

  it('lookup: every state of the agency', () => {
    assert.deepEqual(looked(change('received')), { kind: 'pending', receipt: 'R1', stage: 'received' });
    assert.deepEqual(looked(change('in_review')), { kind: 'pending', receipt: 'R1', stage: 'in_review' });
    assert.deepEqual(looked(change('concluded')), { kind: 'accepted', receipt: 'R1' });
    const refused = { kind: 'refused', receipt: 'R1', code: 'X_1', message: 'no' };
    assert.deepEqual(looked(change('rejected', { code: 'X_1', message: 'no' })), refused);
    assert.deepEqual(looked(change('withdrawn')), { ...refused, code: 'WITHDRAWN', message: '' });
    const correction = { field: 'supplement', reason: 'more', due: '2026-12-01' };
    assert.deepEqual(looked(change('correction_requested', { code: 'MATERIAL_MISSING', correction })), {
      kind: 'correction',
      receipt: 'R1',
      code: 'MATERIAL_MISSING',
      message: 'more',
      fields: [{ field: 'supplement', message: 'more' }],
      due: '2026-12-01',
    });
    assert.equal(looked(change('something_new')).kind, 'unsure');
  });

  it('lookup: only NOT_FOUND is "never seen"; a wrong address is not, another filing is not', () => {
    assert.deepEqual(looked(problem(404, 'NOT_FOUND')), { kind: 'absent' });
    assert.equal(looked(problem(404, 'ROUTE_UNKNOWN')).kind, 'hold');
    assert.equal(looked(problem(422, 'NOT_FOUND')).kind, 'unsure');
    assert.equal(looked({ status: 404, body: {} }).kind, 'unsure');
    assert.equal(looked(change('concluded', { serial: 'EG-0002-1', revision: 'EG-0002-1' })).kind, 'unsure');
    assert.equal(looked(change('concluded', { serial: 'EG-0000-1' })).kind, 'accepted');
  });

  it('read-back: cancelled as of the exit date', () => {
    const read = (status: string, since: string) =>
      readBackOutcome({ status: 200, body: { registration_no: 'S1', status, since } }, filing);
    assert.deepEqual(read('cancelled', '2026-11-25'), { kind: 'agrees' });
    assert.equal(read('cancelled', '2026-11-24').kind, 'differs');
    assert.equal(read('registered', '2026-11-25').kind, 'differs');
    assert.equal(read('other', '2026-11-25').kind, 'unsure');
    assert.equal(readBackOutcome(problem(404, 'NOT_FOUND'), filing).kind, 'differs');
    assert.equal(readBackOutcome(problem(401, 'AUTH_CERTIFICATE'), filing).kind, 'hold');
  });

  it('withdrawal and ping', () => {
    assert.deepEqual(withdrawOutcome(change('withdrawn')), { kind: 'accepted', receipt: 'R1' });
    assert.equal(withdrawOutcome(change('concluded')).kind, 'unsure');
    assert.equal(withdrawOutcome(problem(409, 'WITHDRAW_TOO_LATE')).kind, 'refused');
    assert.equal(pingOutcome({ status: 200, body: {} }, [], now).kind, 'up');
    assert.deepEqual(pingOutcome(problem(401, 'AUTH_CERTIFICATE'), [], now), {
      kind: 'down',
      checks: [],
      reason: 'the agency answers AUTH_CERTIFICATE',
    });
  });
});
