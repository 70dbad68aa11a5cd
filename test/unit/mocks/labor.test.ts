import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { type LaborClient, laborClient, OTHER, PERSON, UNIT } from './labor-client.ts';

describe('labor agency', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let client: LaborClient;
  let count = 0;

  before(async () => {
    agencies = await startAgencies({ only: ['labor'] });
  });
  beforeEach(async () => {
    count += 1;
    box = agencies.sandbox(`way-${count}`);
    box.freeze();
    client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
  });
  after(() => agencies.close());

  const states = async (serial: string) => {
    const found = await client.send('QueryFiling', { BAE941: serial });
    return [found.field('SAA043'), found.field('TAA103')];
  };
  const readBack = async () => {
    const { AAB001 = '' } = await client.content('x');
    const fields = { AAB001, AAC058: '01', AAC002: PERSON.idNumber, AAC003: PERSON.name };
    const answer = await client.send('QueryPerson', fields);
    return [answer.field('employmentState'), answer.field('abc916')];
  };

  it('tells agency time and business hours', async () => {
    const own = agencies.sandbox('monday', { start: new Date('2027-01-04T02:30:00Z') }); // 10:30 in China
    const { send } = laborClient(own.urls.labor, await own.identity(UNIT.uscc, UNIT.name));
    const seen: unknown[] = [];
    for (const step of ['PT0S', 'PT7H', 'P5DT17H']) {
      own.advance(step);
      const answer = await send('Ping');
      seen.push([answer.field('time')?.slice(0, 11), answer.field('businessHours')]);
    }
    assert.deepEqual(seen, [
      ['20270104103', 'open'],
      ['20270104173', 'closed'],
      ['20270110103', 'closed'],
    ]);
  });

  it('reviews a filing step by step and ends the employment', async () => {
    const answer = await client.submit('S-1');
    assert.deepEqual([answer.code, answer.field('SAA043'), answer.field('duplicate')], ['0', '2', 'false']);
    const seen: unknown[] = [await states('S-1')];
    for (let step = 0; step < 4; step += 1) {
      box.advance('PT0.75S');
      seen.push(await states('S-1'));
    }
    assert.deepEqual(seen, [
      ['2', '0'],
      ['3', '0'],
      ['4', '0'],
      ['5', '0'],
      ['6', '1'],
    ]);
    assert.deepEqual(await readBack(), ['ended', '20261125']);
    assert.equal(box.membership(UNIT.uscc, PERSON.idNumber)?.employment.endedOn, '2026-11-25');
    assert.equal((await client.submit('S-2')).code, 'ALREADY_ENDED');
  });

  it('answers DUPLICATE with the receipt for the same content, SERIAL_REUSED for other content', async () => {
    const first = await client.submit('S-1');
    const again = await client.submit('S-1');
    assert.deepEqual(
      [again.code, again.field('SAA036'), again.field('duplicate')],
      ['DUPLICATE', first.field('SAA036'), 'true'],
    );
    const reused = await client.submit('S-1', { abc916: '20261126' });
    assert.deepEqual([reused.status, reused.code, reused.field('SAA036')], [200, 'SERIAL_REUSED', undefined]);
    assert.equal(box.cases('labor').length, 1);
  });

  it('keeps the serials of two units apart, and one unit from seeing the other', async () => {
    const receipt = (await client.submit('S-1')).field('SAA036') ?? '';
    const other = laborClient(box.urls.labor, await box.identity(OTHER.uscc, OTHER.name), OTHER);
    assert.equal((await other.send('QueryFiling', { BAE941: 'S-1' })).code, 'NOT_FOUND');
    assert.equal((await other.send('QueryFiling', { SAA036: receipt })).code, 'NOT_FOUND');
    assert.equal((await other.send('WithdrawFiling', { SAA036: receipt })).code, 'NOT_FOUND');
    const own = await other.submit('S-1', { AAC002: '440305199202290036', AAC003: '李某' });
    assert.equal(own.code, '0', own.text);
  });

  it('refuses what the records contradict', async () => {
    await client.submit('S-0');
    const codes: Record<string, string | undefined> = {};
    const tell = async (name: string, fields: Record<string, string>) => {
      codes[name] = (await client.submit(name, fields)).code;
    };
    await tell('open', {});
    await tell('name', { AAC003: '王某' });
    await tell('check-digit', { AAC002: '110105194912310021' });
    await tell('unit-number', { AAB001: '99999999999999' });
    await tell('person-number', { AAC001: '1234567' });
    await tell('reason', { abc917: '9999' });
    await tell('no-such-day', { abc916: '20260231' });
    await tell('before-start', { abc916: '20220201' });
    assert.deepEqual(codes, {
      open: 'FILING_OPEN',
      name: 'IDENTITY_MISMATCH',
      'check-digit': 'IDENTITY_MISMATCH',
      'unit-number': 'NOT_IN_UNIT',
      'person-number': 'NOT_IN_UNIT',
      reason: 'REASON_UNKNOWN',
      'no-such-day': 'DATE_INVALID',
      'before-start': 'DATE_INVALID',
    });
    assert.equal(box.cases('labor').length, 1);
  });

  it('asks for a correction, takes the supplement, keeps the receipt', async () => {
    box.fault({ fault: 'correction', agency: 'labor', field: 'supplement', due: '2099-01-01' });
    const receipt = (await client.submit('S-1')).field('SAA036') ?? '';
    assert.equal(
      (await client.send('SupplementFiling', { SAA036: receipt, ...(await client.content('S-1b')) })).code,
      'NO_CORRECTION_ASKED',
    );
    box.advance('PT10S');
    const asked = await client.send('QueryFiling', { SAA036: receipt });
    assert.deepEqual(
      [asked.field('SAA043'), asked.field('TAA103'), asked.field('field'), asked.field('due')],
      ['3', '0', 'supplement', '20990101'],
    );
    const extra = '<supplement><kind>claim</kind><title>索赔</title><text>…</text></supplement>';
    const revised = { SAA036: receipt, ...(await client.content('S-2')) };
    const taken = await client.send('SupplementFiling', revised, extra);
    assert.deepEqual([taken.code, taken.field('SAA036'), taken.field('SAA043')], ['0', receipt, '2']);
    const again = await client.send('SupplementFiling', revised, extra);
    assert.deepEqual([again.code, again.field('SAA036')], ['DUPLICATE', receipt]);
    box.advance('PT10S');
    assert.deepEqual(await states('S-1'), ['6', '1']);
    assert.deepEqual(await states('S-2'), ['6', '1']);
    assert.deepEqual(await readBack(), ['ended', '20261125']);
  });

  it('fails a filing whose correction is overdue', async () => {
    box.fault({ fault: 'correction', agency: 'labor' });
    await client.submit('S-1');
    box.advance('P10D');
    const found = await client.send('QueryFiling', { BAE941: 'S-1' });
    assert.deepEqual([found.field('SAA043'), found.field('TAA103')], ['6', '2']);
    assert.match(found.text, /CORRECTION_OVERDUE/);
    assert.deepEqual(await readBack(), ['active', undefined]);
  });

  it('rejects with code and reason, and lets the employer file anew', async () => {
    box.fault({ fault: 'reject', agency: 'labor', code: 'ARCHIVE_MISSING', reason: '缺少档案' });
    await client.submit('S-1');
    box.advance('PT10S');
    const found = await client.send('QueryFiling', { BAE941: 'S-1' });
    assert.deepEqual(await states('S-1'), ['6', '2']);
    assert.match(found.text, /<reason><code>ARCHIVE_MISSING<\/code><message>缺少档案<\/message><\/reason>/);
    assert.equal((await client.submit('S-2')).code, '0');
  });

  it('withdraws until the review has begun', async () => {
    const receipt = (await client.submit('S-1')).field('SAA036') ?? '';
    const gone = await client.send('WithdrawFiling', { SAA036: receipt });
    assert.deepEqual([gone.code, gone.field('SAA043')], ['0', '1']);
    box.advance('PT10S');
    assert.deepEqual(await states('S-1'), ['1', '0']);
    const second = (await client.submit('S-2')).field('SAA036') ?? '';
    box.advance('PT2.5S');
    assert.equal((await client.send('WithdrawFiling', { SAA036: second })).code, 'WITHDRAW_TOO_LATE');
  });

  it('waits for the desk when the clerk is manual, and holds the guards', async () => {
    box.clerk('labor', { policy: 'manual' });
    await client.submit('S-1');
    box.advance('P30D');
    assert.deepEqual(await states('S-1'), ['2', '0']);
    const id = box.cases('labor')[0]?.id ?? '';
    assert.equal(
      box.decide('labor', id, { decision: 'correction', field: 'post' }).state,
      'correction_requested',
    );
    assert.throws(() => box.decide('labor', id, { decision: 'accept' }), {
      status: 409,
      message: /waits for the employer/,
    });
    await client.send('SupplementFiling', { SAA036: id, ...(await client.content('S-2')) });
    assert.equal(box.decide('labor', id, { decision: 'accept' }).state, 'concluded');
    assert.throws(() => box.decide('labor', id, { decision: 'reject' }), {
      status: 409,
      message: /concluded/,
    });
    assert.deepEqual(await readBack(), ['ended', '20261125']);
  });

  it('forgets the planned steps once the desk has decided otherwise', async () => {
    await client.submit('S-1');
    box.advance('PT0.75S');
    const id = box.cases('labor')[0]?.id ?? '';
    box.decide('labor', id, { decision: 'correction' });
    const notes = box.advance('PT10S').map(({ note }) => note);
    assert.deepEqual(notes, [`${id}: superseded`]);
    assert.deepEqual(await states('S-1'), ['3', '0']);
  });

  it('gives the same numbers and receipts for the same seed after a restart', async () => {
    const tell = async () => {
      const own = await startAgencies({ only: ['labor'], seed: 'same' });
      try {
        const { urls, identity } = own.sandbox('same', { start: new Date('2027-01-04T02:30:00Z') });
        const fresh = laborClient(urls.labor, await identity(UNIT.uscc, UNIT.name));
        const content = await fresh.content('S-1');
        return [content.AAB001, content.AAC001, (await fresh.submit('S-1')).field('SAA036')];
      } finally {
        await own.close();
      }
    };
    const first = await tell();
    assert.ok(first.every(Boolean));
    assert.deepEqual(await tell(), first);
  });

  it('knows only what was put there when the population is seeded', async () => {
    const own = await startAgencies({ only: ['labor'], population: 'seeded' });
    try {
      const seeded = own.sandbox();
      const fresh = laborClient(seeded.urls.labor, await seeded.identity(UNIT.uscc, UNIT.name));
      assert.equal((await fresh.send('QueryUnit', { BAB010: UNIT.uscc })).code, 'UNIT_UNKNOWN');
      seeded.unit(UNIT);
      assert.equal((await fresh.submit('S-1')).code, 'NOT_IN_UNIT');
      seeded.person({ uscc: UNIT.uscc, ...PERSON });
      assert.equal((await fresh.submit('S-1')).code, '0');
    } finally {
      await own.close();
    }
  });
});
