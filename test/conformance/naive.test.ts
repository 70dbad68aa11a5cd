// The suite itself under test: each flaw is seen where it deserves to be, and nowhere else.
import assert from 'node:assert/strict';
import { z } from 'zod';
import type { AdapterEntry } from '../../adapters/adapter.ts';
import { CHECK_NAMES, type CheckName } from '../../adapters/conformance/checks.ts';
import { skipsOf } from '../../adapters/conformance/description.ts';
import { openSandbox, type RemoteSandbox } from '../../adapters/conformance/desk.ts';
import { runCheck } from '../../adapters/conformance/run.ts';
import { stage } from '../../adapters/conformance/stand.ts';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { conformance } from '../../scaffold/adapter/conformance.ts';
import { sampleJson } from '../../scaffold/adapter/index.ts';
import { sampleJsonAgency } from '../../scaffold/mock/index.ts';
import { naive } from '../support/naive-adapter.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { FLAWS, type Flaw, type SampleSettings, SPOILED_ANSWERS, SPOILED_QUESTIONS } from './flaws.ts';
import { FLAWS_AFTER } from './flaws-after.ts';
import { FLAWS_IN_FORM } from './flaws-in-form.ts';

/** All that a line or an agency that is not at its best shows. What is left green is the contract, read aloud. */
const NAIVE_RED: readonly CheckName[] = [
  'a resend has the same bytes',
  'every message is kept, both ways',
  'a correction says what and until when; the answer to it is accepted',
  'a withdrawal is taken',
  'nobody listens: retry',
  'busy: retry as late as told',
  'maintenance: hold until then',
  'dropped before it was read: unsure, then absent, then filed',
  ...SPOILED_ANSWERS,
  'silence, then abort: unsure at once, and nothing goes on',
  'aborted before it began: retry',
  'knows whether the agency is there',
  'can what it says that it can, and nothing else',
  'its manifest keeps to the contract, and its secrets are marked',
  ...SPOILED_QUESTIONS,
  'nobody listens: questions are for later as well',
  'asked for more: correction, with fields and a date',
  'a certificate of another unit: hold, for the filing itself is not at fault',
  'an answer signed in another name is not believed',
  'an amendment in doubt: unsure, resent with the same bytes, then found',
  'an amendment carries what answers the request',
  'another day or reason makes another message',
  'a withdrawal in doubt: unsure, and asked again it is taken',
  'a read-back in doubt neither agrees nor differs',
  'a read-back compares the day',
  'a bare 404 says nothing about a filing',
  'the answer to an earlier question is not believed',
  'the answer about another filing is not believed',
  'the status line alone changes no answer',
  'every call hears that it should stop',
  'every call keeps what was sent and heard',
  'an answer that is wrapped, endless or bottomless is not believed',
];

const SKIPPED = skipsOf(conformance, sampleJson.manifest);
const CHECKS_HERE = CHECK_NAMES.filter((name) => !(name in SKIPPED));

/** Of flaws in a corner not every check is asked: what may turn red is, and these, which must stay green beside it. */
const BYSTANDERS: readonly CheckName[] = [
  'an unknown serial is absent',
  'nobody listens: questions are for later as well',
  'aborted before it began: retry',
  'can what it says that it can, and nothing else',
  'its manifest keeps to the contract, and its secrets are marked',
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
  async function failed(
    entry: AdapterEntry,
    among: readonly CheckName[] = CHECKS_HERE,
  ): Promise<CheckName[]> {
    const red: CheckName[] = [];
    for (const check of among) {
      await sandbox.reset();
      const { subject } = await stage(entry, conformance, sandbox);
      await runCheck(check, subject).catch(() => red.push(check));
    }
    return red;
  }

  const seen = ({ flaw, spoil, red }: Flaw, among: readonly CheckName[]) =>
    it(flaw, async () => {
      const create = (settings: unknown) => spoil(sampleJson.create(settings), settings as SampleSettings);
      assert.deepEqual(await failed({ ...sampleJson, create }, among), red);
    });
  for (const flaw of FLAWS) seen(flaw, CHECKS_HERE);
  for (const flaw of [...FLAWS_AFTER, ...FLAWS_IN_FORM])
    seen(
      flaw,
      CHECKS_HERE.filter((check) => [...BYSTANDERS, ...flaw.red].includes(check)),
    );

  it('shows its key to whoever reads the settings', async () => {
    const settings = sampleJson.manifest.settings.safeExtend({ key: z.string() });
    const manifest = { ...sampleJson.manifest, settings };
    assert.deepEqual(await failed({ ...sampleJson, manifest }, BYSTANDERS), [
      'its manifest keeps to the contract, and its secrets are marked',
    ]);
  });

  it('means well, and has read the contract of the agency alone', async () => {
    assert.deepEqual(await failed(naive), NAIVE_RED);
  });
});
