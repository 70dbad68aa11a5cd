// A filing whose connection was deleted, at each step: what goes by another, what waits, and what is a person's.
import assert from 'node:assert/strict';
import { CONNECTION_DELETED, elsewhere } from '../../../src/domain/elsewhere.ts';
import type { Filing, Step } from '../../../src/domain/filing.ts';
import { makeExit, makeFiling, NOW, nextNumber } from '../../support/builders.ts';

const OTHER = {
  id: 'con_2',
  adapter: 'second',
  kinds: ['labor_filing'],
  region: '',
  employerUscc: '',
} as const;
const EARLIER = new Date(NOW.getTime() - 60_000);

function decided(
  step: Step,
  parts: Partial<Filing>,
  { connections = [OTHER], doubted = false }: { connections?: (typeof OTHER)[]; doubted?: boolean } = {},
) {
  const filing = makeFiling({ state: 'due', via: 'submit', nextAt: NOW, preparedAt: NOW, ...parts });
  const exit = { ...makeExit(), status: 'filing' as const, filings: [filing] };
  const newSerial = () => `EG-NEW-${nextNumber()}`;
  const found = elsewhere(exit, filing, step, { connections, doubted, now: NOW, newSerial });
  const change = found !== undefined && 'change' in found ? found.change : undefined;
  return { filing, found, next: change?.exit.filings[0], events: change?.events ?? [] };
}

describe('a filing whose connection was deleted', () => {
  it('goes by another under its serial when it was never sent', () => {
    const { filing, found, next } = decided('submit', {});
    assert.equal(found?.kind, 'moved');
    assert.deepEqual([next?.connectionId, next?.adapter, next?.state], ['con_2', 'second', 'due']);
    assert.deepEqual([next?.serial, next?.revision, next?.nextAt], [filing.serial, 1, NOW]);
    assert.equal(next?.preparedAt, undefined);
  });

  it('goes under another serial where a try was certainly not taken: two agencies never hear the same one', () => {
    const { filing, next } = decided('submit', {
      preparedAt: EARLIER,
      attempts: 3,
      lastError: 'nobody listens',
    });
    assert.notEqual(next?.serial, filing.serial);
    assert.deepEqual([next?.revision, next?.attempts, next?.lastError], [2, 0, undefined]);
  });

  it('waits where no other serves it, and says why', () => {
    const { found } = decided('submit', {}, { connections: [] });
    assert.equal(found?.kind, 'wait');
    assert.match(found?.kind === 'wait' ? found.hold.reason : '', /was deleted and no other serves/);
  });

  it('is a person’s where something of it may stand at the old agency', () => {
    for (const [step, parts, doubted] of [
      ['submit', { preparedAt: EARLIER }, true],
      ['submit', { receipt: 'R-1' }, false],
      ['amend', { via: 'amend', receipt: 'R-1' }, false],
      ['withdraw', { state: 'in_review', receipt: 'R-1', withdrawing: { to: 'end', stage: 'asked' } }, false],
    ] as const) {
      const { filing, found, next, events } = decided(step, parts, { doubted });
      assert.equal(found?.kind, 'by_hand', step);
      assert.deepEqual(
        [next?.state, next?.lastError, next?.nextAt, next?.serial],
        ['manual', CONNECTION_DELETED, undefined, filing.serial],
      );
      assert.deepEqual(
        events.map(({ type, data }) => [type, data.reason]),
        [
          ['filing.manual_required', CONNECTION_DELETED],
          ['exit.attention_required', CONNECTION_DELETED],
        ],
      );
    }
  });

  it('is still asked about where it was sent', () => {
    for (const step of ['lookup', 'readBack'] as const)
      assert.equal(decided(step, { state: 'unknown' }).found, undefined);
  });
});
