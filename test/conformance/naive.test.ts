// The suite itself under test: each flaw is seen where it deserves to be, and nowhere else.
import assert from 'node:assert/strict';
import type { AdapterEntry } from '../../adapters/adapter.ts';
import { CHECK_NAMES, type CheckName } from '../../adapters/conformance/checks.ts';
import { openSandbox, type RemoteSandbox } from '../../adapters/conformance/desk.ts';
import { runCheck } from '../../adapters/conformance/run.ts';
import { stage } from '../../adapters/conformance/stand.ts';
import type { Subject } from '../../adapters/conformance/subject.ts';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { conformance } from '../../scaffold/adapter/conformance.ts';
import { sampleJson } from '../../scaffold/adapter/index.ts';
import { sampleJsonAgency } from '../../scaffold/mock/index.ts';
import { naive } from '../support/naive-adapter.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { FLAWS, SPOILED_ANSWERS, SPOILED_QUESTIONS } from './flaws.ts';

type Change = (subject: Subject) => Subject;

/** All that a line or an agency that is not at its best shows. What is left green is the contract, read aloud. */
const NAIVE_RED: readonly CheckName[] = [
  'a resend has the same bytes',
  'every message is kept, both ways',
  'a correction says what and until when; the answer to it is accepted',
  'nobody listens: retry',
  'busy: retry as late as told',
  'maintenance: hold until then',
  'dropped before it was read: unsure, then absent, then filed',
  ...SPOILED_ANSWERS,
  'silence, then abort: unsure at once, and nothing goes on',
  'aborted before it began: retry',
  'knows whether the agency is there',
  'can what it says that it can, and nothing else',
  ...SPOILED_QUESTIONS,
  'nobody listens: questions are for later as well',
  'asked for more: correction, with fields and a date',
  'a certificate of another unit: hold, for the filing itself is not at fault',
  'an answer signed in another name is not believed',
];

describe('the conformance suite sees an adapter that', () => {
  let agencies: Agencies;
  let sandbox: RemoteSandbox;
  useRealNetwork();
  before(async () => {
    agencies = await startAgencies({ agencies: [sampleJsonAgency], only: [sampleJsonAgency.name] });
    sandbox = await openSandbox(agencies.urls.desk);
  });
  after(() => agencies.close());

  /** One sandbox, emptied for each check: making one takes longer than most checks do. */
  async function failed(entry: AdapterEntry, change: Change = (subject) => subject): Promise<CheckName[]> {
    const red: CheckName[] = [];
    for (const check of CHECK_NAMES.filter((name) => !(name in conformance.skips))) {
      await sandbox.reset();
      const { subject } = await stage(entry, conformance, sandbox);
      await runCheck(check, change(subject)).catch(() => red.push(check));
    }
    return red;
  }

  for (const { flaw, spoil, red } of FLAWS)
    it(flaw, async () => {
      const found = await failed(sampleJson, (subject) => ({
        ...subject,
        adapter: spoil(subject.adapter),
        unreachable: spoil(subject.unreachable),
        stranger: spoil(subject.stranger),
        distrustful: spoil(subject.distrustful),
      }));
      assert.deepEqual(found, red);
    });

  it('means well, and has read the contract of the agency alone', async () => {
    assert.deepEqual(await failed(naive), NAIVE_RED);
  });
});
