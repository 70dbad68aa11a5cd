// What the three agencies list of a unit: whose, which days, in pages that nothing slips through.
import assert from 'node:assert/strict';
import type { Call } from '../../../mocks/kernel/agency.ts';
import { exchange } from '../../../mocks/kernel/exchange.ts';
import type { Sandbox } from '../../../mocks/kernel/sandbox.ts';
import { syntheticIdNumber } from '../../support/builders.ts';
import * as credit from './credit-client.ts';
import { openBox as openCredit } from './credit-client.ts';
import * as insurance from './insurance-client.ts';
import * as labor from './labor-box.ts';
import { content, type Fields } from './labor-box.ts';
import { element, envelope, PERSON, signXml, UNIT } from './labor-client.ts';

const OTHER_UNIT = '91110000600037341L';
const START = '2026-11-25T02:00:00Z';
const found = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, value]) => value);

/** So many people on the unit's roll, and one on another's. */
function populate(sandbox: Sandbox, count: number): readonly string[] {
  const numbers = Array.from({ length: count }, (_, n) => syntheticIdNumber(100 + n));
  for (const idNumber of numbers)
    sandbox.rolls.putMember(UNIT.uscc, { idType: 'resident_id', idNumber, name: '测试员' });
  sandbox.rolls.putMember(OTHER_UNIT, {
    idType: 'resident_id',
    idNumber: syntheticIdNumber(99),
    name: '外人',
  });
  return numbers;
}

/** All pages, each told the cursor of the one before. */
async function pages<Page>(
  ask: (cursor: string | undefined) => Promise<readonly [Page, string | undefined]>,
) {
  const read: Page[] = [];
  let cursor: string | undefined;
  do {
    const [page, next] = await ask(cursor);
    read.push(page);
    cursor = next;
  } while (cursor !== undefined);
  return read;
}

describe('labor agency: lists', () => {
  const open = () => labor.openBox('lists', START);
  type Box = Awaited<ReturnType<typeof open>>;
  async function ask({ agency, sandbox, identity }: Box, operation: string, fields: Fields): Promise<string> {
    const call: Call = {
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: { soapaction: `"urn:agency:labor:1#${operation}"` },
      body: Buffer.from(signXml(envelope(element(operation, fields)), identity)),
      base: 'http://labor.test',
    };
    const outcome = await exchange(agency, sandbox, call);
    assert.ok('reply' in outcome);
    return outcome.reply.body.toString();
  }
  const unitOf = async (box: Box) =>
    found(await ask(box, 'QueryUnit', { BAB010: UNIT.uscc }), 'AAB001')[0] ?? '';
  async function file(
    box: Box,
    serial: string,
    abc916: string,
    number = PERSON.idNumber,
    name = PERSON.name,
  ) {
    const who = { AAB001: await unitOf(box), AAC058: '01', AAC002: number, AAC003: name };
    const [AAC001 = ''] = found(await ask(box, 'QueryPerson', who), 'AAC001');
    const answer = await ask(box, 'SubmitTermination', { ...content(serial, { ...who, AAC001 }), abc916 });
    assert.deepEqual(found(answer, 'code'), ['0'], answer);
  }

  it('names the filings of the period, their state, their serial and whom they are about', async () => {
    const box = await open();
    const AAB001 = await unitOf(box);
    await file(box, 'S-1', '20261125');
    const list = (from: string, to: string) => ask(box, 'ListFilings', { AAB001, from, to });
    const before = await list('20261125', '20261125');
    assert.deepEqual(
      ['BAE941', 'SAA043', 'withdrawn', 'correcting', 'AAC002', 'AAC003', 'abc916'].map((name) =>
        found(before, name),
      ),
      [['S-1'], ['2'], ['false'], ['false'], [PERSON.idNumber], [PERSON.name], ['20261125']],
    );
    labor.advance(box.sandbox, 86_400);
    assert.deepEqual(found(await list('20261101', '20261130'), 'TAA103'), ['1']);
    assert.deepEqual(found(await list('20261126', '20261231'), 'SAA036'), []);
    assert.deepEqual(found(await list('20261201', '20261130'), 'code'), ['DATE_INVALID']);
    assert.deepEqual(
      found(
        await ask(box, 'ListFilings', { AAB001, from: '20261101', to: '20261130', cursor: 'L-none' }),
        'code',
      ),
      ['CURSOR_INVALID'],
    );
  });

  it('goes on where it stopped: nothing twice, nothing left out, what comes meanwhile at the end', async () => {
    const box = await open();
    const AAB001 = await unitOf(box);
    const numbers = populate(box.sandbox, 52);
    for (const [n, number] of numbers.slice(0, 51).entries())
      await file(box, `S-${n}`, '20261125', number, '测试员');
    const seen = await pages(async (cursor) => {
      const xml = await ask(box, 'ListFilings', {
        AAB001,
        from: '20261101',
        to: '20261130',
        ...(cursor && { cursor }),
      });
      if (cursor === undefined) await file(box, 'S-51', '20261125', numbers[51], '测试员');
      return [found(xml, 'AAC002'), found(xml, 'next')[0]] as const;
    });
    assert.deepEqual(
      seen.map(({ length }) => length),
      [50, 2],
    );
    assert.deepEqual(seen.flat(), numbers);
  });

  it('counts as employed who is active at the unit, and nobody of another', async () => {
    const box = await open();
    const AAB001 = await unitOf(box);
    const numbers = populate(box.sandbox, 51);
    await file(box, 'S-1', '20261125', numbers[0], '测试员');
    labor.advance(box.sandbox, 86_400);
    const seen = await pages(async (cursor) => {
      const xml = await ask(box, 'ListEmployees', { AAB001, ...(cursor && { cursor }) });
      assert.ok(found(xml, 'since').every((since) => since === '20200101'));
      return [found(xml, 'AAC002'), found(xml, 'next')[0]] as const;
    });
    assert.deepEqual(seen, [numbers.slice(1)], 'fifty: one page');
  });
});

describe('insurance agency: lists', () => {
  const list = (from: string, to: string, cursor?: string) =>
    `<BatchList><From>${from}</From><To>${to}</To>${cursor === undefined ? '' : `<Cursor>${cursor}</Cursor>`}</BatchList>`;

  it('names the batches with a row in the period, and what became of each row', async () => {
    const { client, sandbox } = await insurance.openBox('lists');
    await client.signIn();
    const local = await client.person();
    await client.send(
      '2001',
      insurance.stop(insurance.stopRow(local), insurance.stopRow(local, { no: 2, insurance: '210' })),
      'M-1',
    );
    const before = await client.send('3003', list('20261101', '20261130'));
    assert.deepEqual(
      ['MessageId', 'TransCode', 'State', 'AAE140', 'Code'].map((name) => found(before.payload, name)),
      [['M-1'], ['2001'], ['received'], ['110', '210'], []],
    );
    insurance.advance(sandbox, 60);
    const after = await client.send('3003', list('20261125', '20261125'));
    assert.deepEqual(
      [found(after.payload, 'State'), found(after.payload, 'Code')],
      [['finished'], ['0', '0']],
    );
    assert.deepEqual(found((await client.send('3003', list('20261126', '20261231'))).payload, 'AAZ308'), []);
    assert.equal((await client.send('3003', list('20261126', '20261125'))).code, 'DATE_INVALID');
    assert.equal((await client.send('3003', list('20261101', '20261130', 'AAZ0'))).code, 'CURSOR_INVALID');
  });

  it('gives whole batches, as many as have two hundred rows together', async () => {
    const { client } = await insurance.openBox('lists');
    await client.signIn();
    const local = await client.person();
    const rows = (count: number) =>
      insurance.stop(...Array.from({ length: count }, (_, n) => insurance.stopRow(local, { no: n + 1 })));
    for (const [n, count] of [150, 50, 1, 200].entries()) await client.send('2001', rows(count), `M-${n}`);
    const seen = await pages(async (cursor) => {
      const { payload } = await client.send('3003', list('20261101', '20261130', cursor));
      return [found(payload, 'MessageId'), found(payload, 'Next')[0]] as const;
    });
    assert.deepEqual(seen, [['M-0', 'M-1'], ['M-2'], ['M-3']]);
  });

  it('counts as insured whom the unit pays anything for, and says since when', async () => {
    const { client, sandbox } = await insurance.openBox('lists');
    await client.signIn();
    const numbers = populate(sandbox, 51);
    const paused = { state: 'paused', since: '2026-11-01' } as const;
    const stopped = { 110: paused, 210: paused, 310: paused, 410: paused };
    for (const [number, enrolments] of [
      [numbers[0] ?? '', stopped],
      [numbers[1] ?? '', { ...stopped, 510: paused }],
    ] as const)
      sandbox.rolls.putMember(
        UNIT.uscc,
        { idType: 'resident_id', idNumber: number, name: '测试员' },
        { enrolments },
      );
    const seen = await pages(async (cursor) => {
      const { payload } = await client.send(
        '3004',
        `<UnitRoster>${cursor === undefined ? '' : `<Cursor>${cursor}</Cursor>`}</UnitRoster>`,
      );
      const [first = ''] = /<Insured>.*?<\/Insured>/.exec(payload) ?? [];
      return [
        { numbers: found(payload, 'AAC002'), first: found(first, 'AAE140') },
        found(payload, 'Next')[0],
      ] as const;
    });
    assert.deepEqual(
      seen.map((page) => page.numbers),
      [[numbers[0], ...numbers.slice(2)]],
    );
    assert.deepEqual(seen[0]?.first, ['510']);
  });
});

describe('credit agency: lists', () => {
  type Client = Awaited<ReturnType<typeof openCredit>>['client'];
  const get = (client: Client, path: string, query: Record<string, string>) => {
    const search = new URLSearchParams(query);
    const htu = search.size === 0 ? path : `${path}?${search}`;
    return client.send('GET', path, undefined, { header: { htu }, call: { query: search } });
  };
  const november = { from: '2026-11-01', to: '2026-11-30' };

  it('names the changes of the period and whom they are about', async () => {
    const { client, sandbox } = await openCredit('lists');
    await client.submit('EG-1');
    credit.advance(sandbox, 86_400);
    const { body } = await get(client, credit.CHANGES, november);
    assert.deepEqual(body, {
      changes: [
        {
          serial: 'EG-1',
          revision: 'EG-1',
          receipt: (body.changes as { receipt: string }[])[0]?.receipt,
          state: 'concluded',
          practitioner: credit.ZHANG,
          effective_date: '2026-11-25',
        },
      ],
    });
    const december = await get(client, credit.CHANGES, { from: '2026-11-26', to: '2026-12-31' });
    assert.deepEqual(december.body, { changes: [] });
  });

  it('refuses periods, cursors and parameters that are none, and a signature over another query', async () => {
    const { client } = await openCredit('lists');
    const codeOf = async (query: Record<string, string>, path = credit.CHANGES) =>
      (await get(client, path, query)).body.code;
    assert.equal(await codeOf({}), 'SCHEMA_INVALID');
    assert.equal(await codeOf({ ...november, page: '2' }), 'SCHEMA_INVALID');
    assert.equal(await codeOf({ from: '2026-11-31', to: '2026-12-01' }), 'SCHEMA_INVALID');
    assert.equal(await codeOf({ from: '2026-11-02', to: '2026-11-01' }), 'DATE_INVALID');
    assert.equal(await codeOf({ ...november, cursor: 'CRD-1' }), 'CURSOR_INVALID');
    assert.equal(await codeOf({ a: '1' }, '/v1/ping'), 'SCHEMA_INVALID');
    const other = new URLSearchParams({ ...november, to: '2026-12-31' });
    const header = { htu: `${credit.CHANGES}?${new URLSearchParams(november)}` };
    const moved = await client.send('GET', credit.CHANGES, undefined, { header, call: { query: other } });
    assert.equal(moved.body.code, 'AUTH_BINDING');
  });

  it('names who is registered, fifty to a page', async () => {
    const { client, sandbox } = await openCredit('lists');
    const numbers = populate(sandbox, 52);
    const cancelled = { status: 'cancelled', since: '2026-01-01' } as const;
    sandbox.rolls.putMember(
      UNIT.uscc,
      { idType: 'resident_id', idNumber: numbers[0] ?? '', name: '测试员' },
      { registration: cancelled },
    );
    const seen = await pages(async (cursor) => {
      const { body } = await get(client, '/v1/practitioners', cursor === undefined ? {} : { cursor });
      const listed = body.practitioners as { id_number: string; since: string }[];
      return [listed.map(({ id_number }) => id_number), body.next as string | undefined] as const;
    });
    assert.deepEqual(
      seen.map(({ length }) => length),
      [50, 1],
    );
    assert.deepEqual(seen.flat(), numbers.slice(1));
  });
});
