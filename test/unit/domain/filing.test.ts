// Which step is next, in every state.
import assert from 'node:assert/strict';
import { FILING_STATES, type FilingState, nextStep } from '../../../src/domain/filing.ts';
import { makeFiling } from '../../support/builders.ts';

describe('nextStep', () => {
  const STEPS: Readonly<Partial<Record<FilingState, string>>> = {
    due: 'submit',
    unknown: 'lookup',
    submitted: 'lookup',
    in_review: 'lookup',
    accepted: 'readBack',
  };
  for (const state of FILING_STATES)
    it(`${state}: ${STEPS[state] ?? 'nothing'}`, () =>
      assert.equal(nextStep(makeFiling({ state })), STEPS[state]));
});
