import { skipsOf } from '../../adapters/conformance/description.ts';
import { type Actor, theatre } from '../../test/conformance/against-mock.ts';
import { describeAdapter } from '../../test/conformance/suite.ts';
import { conformance } from '../adapter/conformance.ts';
import { sampleJson } from '../adapter/index.ts';

const actor: Actor = { entry: sampleJson, ...conformance };

describe('sample-json', () => {
  const stages = theatre(actor);

  describeAdapter({
    name: 'sample-json',
    start: async () => (await stages.open()).subject,
    skips: skipsOf(actor, actor.entry.manifest),
  });
});
