// The example of mocks/README.md, run as it stands there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { laborClient } from './labor-client.ts';

const EMPLOYER = { uscc: '91110105MA001234X4', name: '某证券有限公司' };

/** Stands for the client under test. */
const fileTermination = async (box: SandboxHandle) => {
  const identity = await box.identity(EMPLOYER.uscc, EMPLOYER.name);
  return (await laborClient(box.urls.labor, identity, EMPLOYER).submit('S-1')).field('SAA036') ?? '';
};

// example
describe('filing a termination', () => {
  let agencies: Agencies;
  let box: SandboxHandle;

  before(async () => {
    agencies = await startAgencies();
  });
  beforeEach(() => {
    box = agencies.sandbox(`test-${Math.random().toString(36).slice(2)}`, { frozen: true });
  });
  afterEach(() => box.close());
  after(() => agencies.close());

  it('follows a correction', async () => {
    box.arm('LAB.CORRECTION_REQUESTED');
    await fileTermination(box);
    await box.clock.advance({ by: 'PT3S' });
    assert.equal(box.cases('labor')[0]?.state, 'correction_requested');
    box.verify({ operation: 'SubmitTermination', count: 1 });
  });

  it('finds its receipt when the answer was lost', async () => {
    const fault = { fault: 'commit-then-lose-reply', operation: 'SubmitTermination' };
    await box.withFault(fault, () => assert.rejects(fileTermination(box)));
    assert.equal(box.cases('labor').length, 1);
  });
});
// end

describe('the page of the mocks', () => {
  it('shows this example', () => {
    const text = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
    const example = /\/\/ example\n([\s\S]*?)\/\/ end/.exec(text('./readme-example.test.ts'))?.[1];
    assert.ok(example && text('../../../mocks/README.md').includes(example));
  });
});
