// Every lie of the corpus, told to every adapter over real sockets: not believed, and nothing is lost or done twice.
import assert from 'node:assert/strict';
import type { Call } from '../../adapters/adapter.ts';
import { type Line, openLine } from '../../adapters/conformance/line.ts';
import { ADAPTERS } from '../../adapters/index.ts';
import { type Actor, type Stage, theatre } from './against-mock.ts';
import { HUGE, LIES } from './corpus.ts';
import { HEARERS } from './hearers.ts';

/** Memory that one lie may cost while it is told; the process holds the agency and the liar as well. */
const BOUND = 150 * 1024 * 1024;
/** Of the fifty megabytes: what an adapter reads, and what lies in the buffers of two sockets. */
const MOST_READ = 24 * 1024 * 1024;
const held = () => {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
};

for (const { name, conformance, form, files, uncertified } of HEARERS) {
  const entry = ADAPTERS.find(({ manifest }) => manifest.name === name);
  assert.ok(entry, name);
  describe(`${name} does not believe`, () => {
    const stages = theatre({ entry, ...conformance } as Actor);
    let line: Line;
    before(async () => {
      line = await openLine();
    });
    after(() => line.close());

    const at = ({ box, create }: Stage) => ({
      agency: box.urls[conformance.agency as Actor['agency']] ?? '',
      adapter: () => create({ url: line.url }),
      count: () => box.cases(conformance.agency as Actor['agency']).length,
    });

    for (const lie of LIES) {
      const spoil = lie.by[form];
      if (typeof spoil === 'string') {
        it.skip(`${lie.name} (skipped: ${spoil})`);
        continue;
      }
      it(lie.name, async () => {
        const stage = await stages.open();
        const { filing, call } = stage;
        const { agency, adapter, count } = at(stage);
        const start = held();

        // In answer to everything: what is not filed is for later, what is filed is in doubt.
        line.lead(agency, spoil, () => true);
        const first = await adapter().submit(filing, call('EG-0001-1'));
        assert.equal(first.kind, count() === 0 ? 'retry' : 'unsure', JSON.stringify(first));
        if (lie.name === 'fifty megabytes')
          assert.ok(line.sent() < Math.min(MOST_READ, HUGE), `${line.sent()}`);

        // In answer to the filing alone: it is taken, and only asking again shows it.
        line.lead(agency, spoil, files);
        const one = adapter();
        const filed = await one.submit(filing, call('EG-0001-1'));
        assert.equal(filed.kind, 'unsure', JSON.stringify(filed));
        assert.equal(count(), 1);

        // In answer to the question about it.
        line.lead(agency, spoil, () => true);
        const asked = await adapter().lookup?.(filing, call('EG-0001-1'));
        assert.match(asked?.kind ?? '', /^(unsure|retry)$/, JSON.stringify(asked));
        line.lead(agency, spoil, () => false);
        assert.equal((await one.lookup?.(filing, call('EG-0001-1')))?.kind, 'pending');
        assert.equal(count(), 1);
        assert.ok(held() - start < BOUND, `${held() - start} bytes`);
      });
    }

    for (const [when, years] of [
      ['expired', 50],
      ['not yet valid', -50],
    ] as const) {
      if (uncertified !== undefined) {
        it.skip(`a certificate that is ${when} (skipped: ${uncertified})`);
        continue;
      }
      it(`a certificate that is ${when}`, async () => {
        const stage = await stages.open();
        const { filing, box } = stage;
        const { agency, adapter, count } = at(stage);
        line.lead(
          agency,
          (said) => said,
          () => false,
        );
        const filedYet = { now: false };
        const far = new Date(box.now());
        far.setFullYear(far.getFullYear() + years);
        const call: Call = Object.defineProperty({ ...stage.call('EG-0001-1') }, 'now', {
          get: () => (filedYet.now ? far : box.now()),
        });
        const keep: Call['keep'] = ({ operation, direction }) => {
          if (direction === 'sent' && operation === conformance.filing) filedYet.now = true;
        };
        const outcome = await adapter().submit(filing, Object.assign(call, { keep }));
        assert.equal(outcome.kind, 'unsure', JSON.stringify(outcome));
        assert.equal(count(), 1);
      });
    }

    it('another authority', async () => {
      const { box, submit, lookup } = await stages.open();
      const agency = conformance.agency as Actor['agency'];
      const fault = { fault: 'foreign-signature', agency, operation: conformance.submits } as const;
      assert.equal((await box.withFault(fault, submit)).kind, 'unsure');
      assert.equal(await lookup(), 'pending');
    });
  });
}
