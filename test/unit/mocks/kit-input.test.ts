// What a test written in JavaScript tells the kit, with no types to warn it: whatever the API refuses, the kit refuses.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { laborClient, PERSON, UNIT } from './labor-client.ts';

/** As JavaScript would hand it over. */
const js = (value: unknown) => value as never;

describe('test kit, told wrongly', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let count = 0;
  before(async () => {
    agencies = await startAgencies();
  });
  beforeEach(() => {
    count += 1;
    box = agencies.sandbox(`wrong-${count}`, { frozen: true });
  });
  afterEach(() => box.close());
  after(() => agencies.close());

  const client = async () => laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
  const person = { uscc: UNIT.uscc, idNumber: PERSON.idNumber, name: PERSON.name };

  const REFUSED: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      'a preview by the name of the API',
      () => box.clock.advance(js({ by: 'P1D', dry_run: true })),
      /dry_run; nearest: dryRun$/,
    ],
    ['neither by nor to', () => box.clock.advance({}), /say by or to/],
    ['both', () => box.clock.advance({ by: 'P1D', to: 'next-event' }), /either by or to/],
    [
      'a person of the API\u2019s names',
      () => box.person(js({ uscc: UNIT.uscc, id_number: '1', name: '张某' })),
      /^person must have required property 'idNumber'$/,
    ],
    ['a number that is none', () => box.person({ ...person, idNumber: '1' }), /^person\/idNumber must match/],
    [
      'a wrong check character',
      () => box.person({ ...person, idNumber: '110105194912310021' }),
      /^idNumber: the check character/,
    ],
    [
      'a person\u2019s stray part',
      () =>
        box.person(
          js({ ...person, employment: { state: 'ended', since: '2026-01-01', ended_on: '2026-01-02' } }),
        ),
      /^person\/employment must not have ended_on; nearest: endedOn$/,
    ],
    [
      'a fault at no agency',
      () => box.fault(js({ fault: 'hang', agency: 'labour' })),
      /agency must be one of labor/,
    ],
    [
      'a fault at an agency that does not run',
      () => box.fault({ fault: 'hang', agency: 'my-agency' }),
      /^agencies: labor, /,
    ],
    [
      'a fault that is never drawn',
      () => box.fault({ fault: 'hang', probability: 0 }),
      /probability must be > 0/,
    ],
    [
      'a misspelt field',
      () => box.fault(js({ fault: 'hang', operatoin: 'Ping' })),
      /^fault must not have operatoin; nearest: operation$/,
    ],
    [
      'a misspelt field beside a scenario',
      () => box.arm('LAB.REJECTED', js({ oparation: 'Ping' })),
      /^arm must not have oparation; nearest: operation$/,
    ],
    ['a rule that counts', () => box.rule('LAB.REJECTED', js({ times: 2 })), /^rule must not have times$/],
    [
      'a clerk of no agency',
      () => box.clerk(js('labour'), { policy: 'manual' }),
      /^agencies: .*; nearest: labor$/,
    ],
    [
      'a policy that there is not',
      () => box.clerk('labor', js({ policy: 'manuel' })),
      /^clerk\/policy must be one of accept, manual/,
    ],
    ['cases of no agency', () => box.cases(js('labour')), /nearest: labor$/],
    ['exchanges of no agency', () => box.exchanges(js('labour')), /nearest: labor$/],
    ['calls of who calls nobody', () => box.callTo('labor', 'http://127.0.0.1:9/'), /calls nobody/],
    [
      'a decision that there is not',
      () => box.decide('labor', 'x', js({ decision: 'acept' })),
      /^decide\/decision must be one of accept/,
    ],
    [
      'a dispute by the kit\u2019s own names',
      () => box.dispute(js({ idNumber: PERSON.idNumber })),
      /^dispute must have required property 'id_number'$/,
    ],
    ['a unit of no number', () => box.unit({ uscc: '1', name: '某公司' }), /^unit\/uscc must match/],
    [
      'a profile with codes of its own',
      () => box.profile('happy', ['LAB.REJECTED']),
      /^scenarios: the profile happy chooses its own/,
    ],
    ['custom without codes', () => box.profile('custom'), /^scenarios: custom needs the codes/],
    [
      'a count at no agency',
      () => box.verify(js({ operation: 'Ping', agency: 'labour', count: 0 })),
      /nearest: labor$/,
    ],
    [
      'a count of another agency\u2019s operation',
      () => box.verify({ operation: 'stop', agency: 'labor', count: 0 }),
      /^labor has no operation stop/,
    ],
    [
      'an outcome that there is not',
      () => box.verify({ operation: 'Ping', outcome: 'rest', count: 0 }),
      /no request comes out as rest: .*nearest: reset$/,
    ],
    [
      'a fault by its story',
      () => box.verify(js({ operation: 'Ping', fault: 'commit-then-lose-reply' })),
      /^verify\/fault must be one of/,
    ],
    [
      'a misspelt birth',
      () => agencies.sandbox(`wrong-${count}-b`, js({ frozn: true })),
      /^sandbox must not have frozn; nearest: frozen$/,
    ],
    [
      'a birth as text',
      () => agencies.sandbox(`wrong-${count}-c`, js({ start: '2027-01-04' })),
      /^start: a sandbox begins at a Date/,
    ],
  ];
  for (const [what, work, sentence] of REFUSED)
    it(`refuses ${what}`, async () => {
      const before = box.now().getTime();
      await assert.rejects(
        async () => work(),
        (error: Error) => {
          assert.match(error.message, sentence);
          return true;
        },
      );
      assert.deepEqual([box.faults(), box.now().getTime()], [[], before], 'nothing has happened');
    });

  it('says what the API says', async () => {
    const said = async (path: string, method: string, body: object) => {
      const answer = await fetch(box.urls.desk + path, { method, body: JSON.stringify(body) });
      return ((await answer.json()) as { detail?: string }).detail;
    };
    assert.equal(
      await said('/faults', 'POST', { fault: 'hang', operatoin: 'Ping' }),
      'body must not have operatoin; nearest: operation',
    );
    assert.match(
      (await said('/faults', 'POST', { fault: 'hang', agency: 'my-agency' })) ?? '',
      /^agencies: labor, /,
    );
    assert.equal(
      await said('/faults', 'POST', { fault: 'hang', probability: 0 }),
      'body/probability must be > 0',
    );
    assert.match(
      (await said('/profile', 'PUT', { name: 'happy', scenarios: ['LAB.LOST'] })) ?? '',
      /^scenarios: /,
    );
    assert.match((await said('/profile', 'PUT', { name: 'custom' })) ?? '', /^scenarios: custom needs/);
    assert.equal(
      await said('/clock/advance', 'POST', { by: 'P1D', dryRun: true }),
      'body must not have dryRun; nearest: dry_run',
    );
    assert.equal(box.faults().length, 0);
  });

  it('fails a test whose fault was never met, unless that is allowed', async () => {
    const { send } = await client();
    const other = { fault: 'hang', operation: 'QueryFiling', agency: 'labor' } as const;
    await assert.rejects(
      box.withFault(other, () => send('Ping')),
      { name: 'AssertionError', message: /hang \(phase before-commit, labor, QueryFiling\) was never met/ },
    );
    assert.deepEqual(box.faults(), [], 'disarmed all the same');
    await box.withFault(other, () => send('Ping'), { allowUnmet: true });
    await assert.rejects(
      box.withFault(other, () => send('Ping'), js({ alowUnmet: true })),
      /nearest: allowUnmet/,
    );
    await box.withFault('html-with-200', () => send('Ping'));
    // What the work itself says comes first.
    const broken = () => Promise.reject(new Error('of its own'));
    await assert.rejects(box.withFault(other, broken), /of its own/);
    const { submit } = await client();
    await box.withFault({ fault: 'correction', agency: 'labor' }, () => submit('S-1'));
    await assert.rejects(
      box.withFault({ fault: 'stuck', agency: 'labor' }, () => send('Ping')),
      /never met/,
    );
  });

  it('counts a fault anew when it is armed anew under the same id', async () => {
    const { send } = await client();
    const fault = { fault: 'html-with-200', id: 'mine' };
    await box.withFault(fault, () => send('Ping'));
    await assert.rejects(
      box.withFault(fault, async () => undefined),
      /never met/,
    );
  });
});

describe('a sandbox that is closed', () => {
  it('is gone, and its name is free', async () => {
    const agencies = await startAgencies({ only: ['labor'] });
    try {
      const first = agencies.sandbox('once', { frozen: true });
      first.clerk('labor', { policy: 'manual' });
      first.close();
      assert.equal((await fetch(`${first.urls.desk}/clock`)).status, 404);
      const second = agencies.sandbox('once');
      first.close(); // again: that of somebody else stays
      assert.equal((await fetch(`${second.urls.desk}/clock`)).status, 200);
      assert.throws(() => agencies.sandbox().close(), /the default sandbox stays/);
      second.close();
      const left = (await (await fetch(`${agencies.urls.desk}/sandboxes`)).json()) as { name: string }[];
      assert.deepEqual(
        left.map(({ name }) => name),
        ['default'],
      );
    } finally {
      await agencies.close();
    }
  });
});

describe('agencies that were left out', () => {
  it('have no address, nowhere', async () => {
    const agencies = await startAgencies({ only: ['labor'] });
    try {
      for (const urls of [agencies.urls, agencies.sandbox('left-out').urls]) {
        assert.deepEqual(Object.keys(urls), ['desk', 'labor']);
        assert.throws(() => urls.insurance, {
          name: 'TypeError',
          message: /insurance does not run here; .*labor$/,
        });
        assert.equal(urls['my-agency'], undefined);
      }
      const box = agencies.sandbox();
      assert.throws(() => box.cases('credit'), /agencies: labor/);
      assert.throws(() => box.fault({ fault: 'hang', operation: 'stop' }), /operations: /);
      assert.throws(() => box.fault({ fault: 'hang', agency: 'credit' }), /agencies: labor/);
    } finally {
      await agencies.close();
    }
    await assert.rejects(startAgencies({ only: [js('labour')] }), /nearest: labor$/);
    await assert.rejects(
      startAgencies(js({ onyl: ['labor'] })),
      /startAgencies must not have onyl; nearest: only/,
    );
    await assert.rejects(startAgencies({ clerk: js('manuel') }), /clerk must be one of accept, manual/);
  });
});
