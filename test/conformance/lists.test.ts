// The agencies' lists and rosters as the adapters read them, over real sockets: what reconciliation goes by.
import assert from 'node:assert/strict';
import type { Adapter, Call, Page } from '../../adapters/adapter.ts';
import { conformance as credit } from '../../adapters/credit-rest/conformance.ts';
import { creditRest } from '../../adapters/credit-rest/index.ts';
import { conformance as insurance } from '../../adapters/insurance-xml/conformance.ts';
import { insuranceXml } from '../../adapters/insurance-xml/index.ts';
import { conformance as labor } from '../../adapters/labor-soap/conformance.ts';
import { laborSoap } from '../../adapters/labor-soap/index.ts';
import { syntheticIdNumber } from '../support/builders.ts';
import { UNIT } from '../support/filing-order.ts';
import { type Actor, type Stage, theatre } from './against-mock.ts';

const NOVEMBER = { from: '2026-11-01', to: '2026-11-30' };
const PERSON = { name: '张某', id_number: '11010519491231002X' };

async function read<Entry>(ask: (cursor: string | undefined) => Promise<Page<Entry>>) {
  const pages: (readonly Entry[])[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(cursor);
    assert.ok(page.kind === 'page', JSON.stringify(page));
    pages.push(page.entries);
    cursor = page.next;
  } while (cursor !== undefined);
  return pages;
}
const list = async ({ list }: Adapter, call: () => Call, period = NOVEMBER) => {
  assert.ok(list);
  return (await read((cursor) => list(period, call(), cursor))).flat();
};
const roster = async ({ roster }: Adapter, call: () => Call) => {
  assert.ok(roster);
  return read((cursor) => roster(call(), cursor));
};

const ACTORS: readonly (Actor & { readonly lists: string })[] = [
  { entry: laborSoap, ...labor, lists: 'ListFilings' },
  { entry: insuranceXml, ...insurance, lists: 'batch-list' },
  { entry: creditRest, ...credit, lists: 'listRegistrationChanges' },
];

for (const actor of ACTORS)
  describe(`lists: ${actor.entry.manifest.name}`, function () {
    this.timeout(20_000);
    const stages = theatre(actor);
    const now =
      ({ call }: Stage) =>
      () =>
        call();

    it('has what was filed, under our serial and its receipt, and what became of it', async () => {
      const stage = await stages.open();
      const { box, adapter, submit } = stage;
      assert.deepEqual(await list(adapter, now(stage)), []);
      const outcome = await submit();
      assert.ok(outcome.kind === 'pending');
      const filed = {
        serial: 'EG-0001-1',
        receipt: outcome.receipt,
        kind: actor.kind,
        person: PERSON,
        exitDate: '2026-11-25',
      };
      assert.deepEqual(await list(adapter, now(stage)), [{ ...filed, state: 'in_review' }]);
      box.advance('PT1M');
      assert.deepEqual(await list(adapter, now(stage)), [{ ...filed, state: 'accepted' }]);
      const december = { from: '2026-12-01', to: '2026-12-31' };
      assert.deepEqual(await list(adapter, now(stage), december), []);
    });

    it('has a correction that waits, a rejection, and nothing that the agency has lost', async () => {
      for (const [fault, state] of [
        ['correction', 'correction_requested'],
        ['reject', 'rejected'],
      ] as const) {
        const stage = await stages.open();
        await stage.box.withFault({ fault, agency: actor.agency }, stage.submit);
        stage.box.advance('PT1M');
        assert.deepEqual(
          (await list(stage.adapter, now(stage))).map((each) => each.state),
          [state],
        );
      }
      const stage = await stages.open();
      await stage.submit();
      const [filed] = stage.box.cases(actor.agency);
      stage.box.decide(actor.agency, filed?.id ?? '', { decision: 'lose' });
      assert.deepEqual(await list(stage.adapter, now(stage)), []);
    });

    it('counts the person as the unit’s until the filing has passed', async () => {
      const stage = await stages.open();
      await stage.submit();
      const entry = { kind: actor.kind, person: PERSON, since: '2020-01-01' };
      assert.deepEqual(await roster(stage.adapter, now(stage)), [[entry]]);
      stage.box.advance('PT1M');
      assert.deepEqual((await roster(stage.adapter, now(stage))).flat(), []);
    });

    it('goes through all pages', async () => {
      const stage = await stages.open();
      const numbers = Array.from({ length: 101 }, (_, n) => syntheticIdNumber(100 + n));
      for (const idNumber of numbers)
        stage.box.person({ uscc: UNIT.uscc, idType: 'resident_id', idNumber, name: '测试员' });
      const pages = await roster(stage.adapter, now(stage));
      assert.deepEqual(
        pages.map(({ length }) => length),
        [50, 50, 1],
      );
      assert.deepEqual(
        pages.flat().map(({ person }) => person.id_number),
        numbers,
      );
    });

    it('believes nobody else, and takes no outage for an empty list', async () => {
      const stage = await stages.open();
      await stage.submit();
      for (const fault of ['truncate', 'garbage', 'html-with-200', 'foreign-signature'] as const) {
        const asked = { fault, agency: actor.agency, operation: actor.lists } as const;
        const page = await stage.box.withFault(asked, async () =>
          stage.adapter.list?.(NOVEMBER, stage.call()),
        );
        assert.equal(page?.kind, 'unsure', fault);
      }
      const page = await stage.subject.unreachable.list?.(NOVEMBER, stage.call());
      assert.equal(page?.kind, 'retry');
      const refused = await stage.adapter.list?.(NOVEMBER, stage.call(), 'NO-SUCH-PAGE'.replaceAll('-', '0'));
      assert.equal(refused?.kind, 'unsure');
    });
  });
