// What the desk says to a wrong request: the words that are allowed, in one sentence.
import assert from 'node:assert/strict';
import { type Agencies, startAgencies } from '../../../mocks/index.ts';

describe('desk, asked wrongly', () => {
  let agencies: Agencies;
  before(async () => {
    agencies = await startAgencies();
  });
  after(() => agencies.close());

  const ask = async (method: string, path: string, body: unknown) => {
    const answer = await fetch(agencies.urls.desk + path, { method, body: JSON.stringify(body) });
    const { detail, errors } = (await answer.json()) as { detail?: string; errors?: unknown[] };
    return { status: answer.status, detail, errors: errors?.length };
  };

  it('names the policies of a clerk', async () => {
    assert.deepEqual(await ask('PUT', '/clerk/labor', { policy: 'maybe' }), {
      status: 400,
      detail: 'body/policy must be one of accept, manual, random, scripted',
      errors: 1,
    });
  });

  it('names the faults, and the words of one that is spelled out', async () => {
    const preset = await ask('POST', '/faults', { fault: 'explode' });
    assert.equal(preset.status, 400);
    assert.match(preset.detail ?? '', /^body\/fault must be one of .*commit-then-lose-reply, .*reject$/);
    const effect = await ask('POST', '/faults', { fault: { phase: 'never', kind: 'reset' } });
    assert.equal(
      effect.detail,
      'body/fault/phase must be one of connect, before-commit, after-commit, response, clerk, callback',
    );
    assert.match((await ask('POST', '/faults', { fault: 5 })).detail ?? '', /must be string.*must be object/);
    assert.equal((await ask('POST', '/faults', { fault: 'hang', x: 1 })).detail, 'body must not have x');
  });

  for (const [agency, known] of [
    ['labor', 'SubmitTermination'],
    ['insurance', 'stop'],
    ['credit', 'submitRegistrationChange'],
  ] as const)
    it(`knows the operations of ${agency}`, async () => {
      assert.equal((await ask('POST', '/faults', { fault: 'hang', agency, operation: known })).status, 201);
      const { status, detail = '' } = await ask('POST', '/faults', {
        fault: 'hang',
        agency,
        operation: '2001',
      });
      assert.equal(status, 422);
      assert.match(detail, new RegExp(`^operations of ${agency}: .*\\b${known}\\b`));
    });

  it('knows the operations of all where no agency is named', async () => {
    assert.equal((await ask('POST', '/faults', { fault: 'hang', operation: 'stop' })).status, 201);
    assert.equal((await ask('POST', '/faults', { fault: 'hang', operation: 'stopp' })).status, 422);
  });

  for (const body of [{}, { by: 5 }, { by: 'P1D', to: '2030-01-01T00:00:00Z' }])
    it(`says in one sentence how to advance the clock, not ${JSON.stringify(body)}`, async () => {
      const { status, detail, errors } = await ask('POST', '/clock/advance', body);
      assert.equal(status, 400);
      assert.match(detail ?? '', /^body must be either by, a duration such as P15D, or to, an instant/);
      assert.equal(errors, 1);
    });
});
