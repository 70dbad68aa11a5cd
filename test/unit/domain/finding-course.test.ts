// The course of findings from run to run.
import assert from 'node:assert/strict';
import { followFindings, type KnownFinding } from '../../../src/domain/finding-course.ts';
import type { Finding } from '../../../src/domain/findings.ts';

const period = { from: '2026-09-01', to: '2026-12-31' };
const known = (parts: Partial<KnownFinding> = {}): KnownFinding => ({
  id: 'fnd_1',
  key: 'a',
  state: 'open',
  exitId: 'exit_1',
  on: '2026-11-25',
  ...parts,
});
const found = (parts: Partial<Finding> = {}): Finding => ({
  kind: 'missing_there',
  filingKind: 'labor_filing',
  identity: 'x',
  exitId: 'exit_1',
  person: { id_number: '1' },
  ...parts,
});
const steps = (
  before: readonly KnownFinding[],
  keys: readonly string[],
  complete = true,
  finding = found(),
) =>
  followFindings(before, new Map(keys.map((key) => [key, finding])), { complete, period }).map(
    ({ kind, tells }) => `${kind}${tells ? ' told' : ''}`,
  );

describe('findings from run to run', () => {
  it('are opened once, and told once', () => {
    assert.deepEqual(steps([], ['a']), ['opened told']);
    assert.deepEqual(steps([known()], ['a']), ['seen']);
  });
  it('resolve by themselves, and open again when they are back', () => {
    assert.deepEqual(steps([known()], []), ['resolved told']);
    assert.deepEqual(steps([known({ state: 'resolved' })], []), []);
    assert.deepEqual(steps([known({ state: 'resolved' })], ['a']), ['reopened told']);
  });
  it('are resolved by no run that did not look: one that broke off, or of another period', () => {
    assert.deepEqual(steps([known()], [], false), []);
    assert.deepEqual(steps([known({ on: '2026-08-31' }), known({ on: '2027-01-01' })], []), []);
    const { on: _on, ...undated } = known();
    assert.deepEqual(steps([undated], []), ['resolved told']);
  });
  it('stay dismissed, seen or not', () => {
    assert.deepEqual(steps([known({ state: 'dismissed' })], ['a']), ['seen']);
    assert.deepEqual(steps([known({ state: 'dismissed' })], []), []);
  });
  it('are told to an exit that was opened since', () => {
    const { exitId: _none, ...stranger } = known();
    assert.deepEqual(steps([stranger], ['a']), ['seen told']);
    assert.deepEqual(steps([{ ...stranger, state: 'dismissed' }], ['a']), ['seen']);
  });
});
