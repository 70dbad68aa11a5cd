// What goes wrong on the wire, before and after the commit. "Taken" is always looked up from the agency's own cases.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { createFaults } from '../../../mocks/kernel/faults.ts';
import { eventually } from '../../support/eventually.ts';
import { type LaborClient, laborClient, UNIT } from './labor-client.ts';

describe('kernel faults', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let client: LaborClient;
  let count = 0;

  before(async () => {
    agencies = await startAgencies({ only: ['labor'] });
  });
  beforeEach(async () => {
    count += 1;
    box = agencies.sandbox(`fault-${count}`);
    box.freeze();
    client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
  });
  after(() => agencies.close());

  const taken = () => box.cases('labor').length;
  const only = (fault: string) => ({ fault, agency: 'labor', operation: 'SubmitTermination' }) as const;

  it('loses the answer after the commit: nothing arrives, and asking finds the receipt', async () => {
    await box.withFault(only('commit-then-lose-reply'), () =>
      assert.rejects(client.submit('S-1'), { name: 'TypeError' }),
    );
    assert.equal(taken(), 1);
    const found = await client.send('QueryFiling', { BAE941: 'S-1' });
    const again = await client.submit('S-1');
    assert.deepEqual([again.code, again.field('SAA036')], ['DUPLICATE', found.field('SAA036')]);
  });

  it('drops the line before the commit: nothing was taken', async () => {
    for (const phase of ['connect', 'before-commit'] as const) {
      box.fault({ fault: { phase, kind: 'reset' }, agency: 'labor', operation: 'SubmitTermination' });
      await assert.rejects(client.submit('S-1'), { name: 'TypeError' });
      assert.equal((await client.send('QueryFiling', { BAE941: 'S-1' })).code, 'NOT_FOUND');
    }
    assert.equal(taken(), 0);
  });

  it('says maintenance and rate limit in the contract\u2019s own form, signed, with Retry-After', async () => {
    for (const [preset, status, code] of [
      ['503-maintenance', 503, 'MAINTENANCE'],
      ['429', 429, 'RATE_LIMIT'],
    ] as const) {
      box.fault(only(preset));
      const answer = await client.submit('S-1');
      assert.deepEqual([answer.status, answer.code], [status, code]);
      assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
      assert.match(answer.text, /ds:SignatureValue/);
    }
    assert.equal(taken(), 0);
    assert.equal((await client.submit('S-1')).code, '0');
  });

  it('hangs before and after the commit until the client gives up', async () => {
    const content = await client.content('S-1');
    const hang = async (preset: string, cases: number) => {
      box.fault(only(preset));
      const struck = box.faults()[0]?.id ?? '';
      const ended = new AbortController();
      const pending = fetch(`${box.urls.labor}/`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml' },
        body: await signed(content),
        signal: ended.signal,
      });
      // It hangs once the fault is used up; only then does the client give up.
      while (box.exchanges('labor').at(-1)?.outcome !== 'hang') await new Promise(setImmediate);
      ended.abort();
      await assert.rejects(pending, { name: 'AbortError' });
      assert.deepEqual(box.exchanges('labor').at(-1)?.faults, [struck]);
      assert.equal(taken(), cases);
      await client.send('Ping');
    };
    await hang('hang', 0);
    await hang('hang-after-commit', 1);
  });

  const signed = async (fields: Record<string, string>) => {
    const { element, envelope, signXml } = await import('./labor-client.ts');
    return signXml(envelope(element('SubmitTermination', fields)), client.identity);
  };

  it('answers with a page, with half an answer, with noise, and with a stranger\u2019s signature; all taken', async () => {
    box.fault(only('html-with-200'));
    const page = await client.submit('S-1');
    assert.deepEqual([page.status, page.headers.get('content-type')], [200, 'text/html; charset=utf-8']);
    box.fault(only('truncate'));
    await assert.rejects(client.submit('S-1'), { name: 'TypeError' });
    box.fault(only('garbage'));
    assert.equal((await client.submit('S-1')).code, undefined);
    box.fault(only('foreign-signature'));
    const foreign = await client.submit('S-1');
    const own = await client.submit('S-1');
    assert.equal(foreign.code, 'DUPLICATE');
    assert.notEqual(foreign.field('X509Certificate'), own.field('X509Certificate'));
    assert.equal(taken(), 1);
  });

  it('counts down, spares the first, and stays visible until it is used up', async () => {
    box.fault({ fault: '429', agency: 'labor', nth: 2, times: 2 });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      statuses.push((await client.send('Ping')).status);
      statuses.push(-(box.faults()[0]?.remaining ?? 0));
    }
    assert.deepEqual(statuses, [200, -2, 429, -1, 429, -0, 200, -0]);
  });

  it('takes status and body as they are given', async () => {
    box.fault({
      fault: { phase: 'connect', kind: 'status', status: 502, body: 'Bad Gateway', headers: { via: 'lb' } },
    });
    const answer = await client.send('Ping');
    assert.deepEqual([answer.status, answer.text, answer.headers.get('via')], [502, 'Bad Gateway', 'lb']);
  });

  it('disarms itself when its time is over', () => {
    let now = 0;
    const faults = createFaults(() => new Date(now));
    faults.arm({ preset: 'hang', agency: 'labor', ttlMs: 1000 });
    assert.equal(faults.list().length, 1);
    now = 1000;
    assert.equal(faults.take('before-commit', 'labor', 'Ping'), undefined);
    assert.equal(faults.list().length, 0);
  });

  it('takes late what nobody waits for, but not in a sandbox that was reset or restored meanwhile', async () => {
    const late = { phase: 'before-commit', kind: 'late', delay_ms: 150 } as const;
    const submitLate = async (serial: string, over: { soon?: () => void }) => {
      const content = await client.content(serial);
      box.fault({ fault: late, agency: 'labor', operation: 'SubmitTermination' });
      const before = box.exchanges().length;
      const pending = client.send('SubmitTermination', content).catch(() => undefined);
      await eventually(() => box.exchanges().slice(before).at(-1)?.outcome === 'hang', {
        what: 'the request is in',
      });
      over.soon?.();
      return pending;
    };
    const start = box.snapshot();
    void submitLate('S-0', {});
    await eventually(() => taken() === 1, { what: 'it was taken' });
    for (const soon of [() => box.reset(), () => box.restore(start)]) {
      void submitLate('S-1', { soon });
      await eventually(() => box.faults().length === 0 && taken() === 0, { what: 'it is forgotten' });
      // One more late one, behind the other: when it is there, the first had its chance.
      void submitLate('S-2', {});
      await eventually(() => taken() > 0, { what: 'the next was taken' });
      assert.deepEqual(
        box.cases('labor').map(({ serial }) => serial),
        ['S-2'],
      );
    }
  });

  it('journals the stages in their order', async () => {
    box.fault(only('slow'));
    box.clearFaults();
    await client.submit('S-1');
    const entry = box.exchanges('labor').at(-1);
    assert.deepEqual(
      entry?.stages.map(({ stage }) => stage),
      ['limits', 'authenticate', 'validate', 'scenario', 'commit', 'encode', 'check', 'sign'],
    );
    assert.match(entry?.request.body.toString() ?? '', /SubmitTermination/);
    assert.equal(entry?.response?.status, 200);
  });
});
