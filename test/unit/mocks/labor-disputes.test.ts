// The rule of the seed's case: a filing over an open dispute is sent back for the settlement or the claim.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { type LaborClient, laborClient, OTHER, PERSON, UNIT } from './labor-client.ts';

const supplement = (kind: string) =>
  `<supplement><kind>${kind}</kind><title>材料</title><text>正文</text></supplement>`;

describe('labor agency: disputes', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let client: LaborClient;
  let count = 0;

  before(async () => {
    agencies = await startAgencies({ only: ['labor'] });
  });
  beforeEach(async () => {
    count += 1;
    box = agencies.sandbox(`disputes-${count}`);
    box.freeze();
    client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
  });
  after(() => agencies.close());

  const states = () => box.cases('labor').map(({ state }) => state);

  it('ask for the settlement as a correction, and pass with it', async () => {
    box.dispute({ id_number: PERSON.idNumber });
    const receipt = (await client.submit('S-1')).field('SAA036') ?? '';
    box.advance('PT3S');
    const asked = await client.send('QueryFiling', { BAE941: 'S-1' });
    assert.deepEqual(
      [asked.field('SAA043'), asked.field('field'), asked.text.includes('DISPUTE_OPEN')],
      ['3', 'supplement', true],
    );

    const revision = await client.content('S-2');
    await client.send('SupplementFiling', { SAA036: receipt, ...revision }, supplement('handover'));
    box.advance('PT3S');
    assert.deepEqual(states(), ['correction_requested'], 'a handover list settles no dispute');

    await client.send(
      'SupplementFiling',
      { SAA036: receipt, ...revision, BAE941: 'S-3' },
      supplement('settlement'),
    );
    box.advance('PT3S');
    assert.deepEqual(states(), ['concluded']);
  });

  for (const kind of ['settlement', 'claim'])
    it(`let a filing pass that brings a ${kind} at once`, async () => {
      box.dispute({ id_number: PERSON.idNumber, uscc: UNIT.uscc });
      await client.submit('S-1', {}, supplement(kind));
      box.advance('PT3S');
      assert.deepEqual(states(), ['concluded']);
    });

  it('count for the person and unit they are about, and as long as they last', async () => {
    box.dispute({ id_number: PERSON.idNumber, uscc: OTHER.uscc });
    box.dispute({ id_number: '440305199202290036' });
    box.dispute({ id_number: PERSON.idNumber });
    box.dispute({ id_number: PERSON.idNumber, open: false });
    await client.submit('S-1');
    box.advance('PT3S');
    assert.deepEqual(states(), ['concluded']);
  });

  it('leave to a person what is left to a person', async () => {
    box.dispute({ id_number: PERSON.idNumber });
    box.clerk('labor', { policy: 'manual' });
    await client.submit('S-1');
    box.advance('P1D');
    assert.deepEqual(states(), ['submitted']);
  });
});
