/** Stages for adapter tests at the mock agencies over real sockets, and what the shared list of checks leaves open. */
import assert from 'node:assert/strict';
import type { Adapter, AdapterEntry, FilingOrder, Outcome } from '../../adapters/adapter.ts';
import type { Subject } from '../../adapters/conformance/checks.ts';
import { type Agencies, type AgencyName, type SandboxHandle, startAgencies } from '../../mocks/index.ts';
import { makeCall, type RecordedCall } from '../support/call.ts';
import { makeFilingOrder, UNIT } from '../support/filing-order.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { closedPort } from '../support/sockets.ts';

export interface Actor {
  readonly agency: AgencyName;
  readonly entry: AdapterEntry;
  readonly kind: FilingOrder['kind'];
  /** The agency's names of submission and enquiry, as its faults match them. */
  readonly submits: string;
  readonly asks: string;
  /** The submission as the adapter keeps it. */
  readonly filing: string;
  readonly settings?: (box: SandboxHandle) => Readonly<Record<string, string>>;
  /** Of these settings, the ones that may be said nowhere. */
  readonly secret?: readonly string[];
}

export interface Stage {
  readonly box: SandboxHandle;
  readonly adapter: Adapter;
  readonly filing: FilingOrder;
  /** For the shared list of checks. */
  readonly subject: Subject;
  /** A call at the sandbox's time. */
  call(serial?: string): RecordedCall;
  submit(): Promise<Outcome>;
  lookup(): Promise<string>;
  readBack(): Promise<string>;
  /** An adapter of its own, with other settings. */
  create(change: object): Adapter;
}

export interface Theatre {
  open(): Promise<Stage>;
}

/** Agencies for one `describe`, a sandbox of its own for every stage. */
export function theatre(actor: Actor): Theatre {
  const { agency, entry, kind } = actor;
  let agencies: Agencies;
  let count = 0;
  useRealNetwork();
  before(async () => {
    agencies = await startAgencies({ only: [agency] });
  });
  after(() => agencies.close());
  return {
    open: async () => {
      count += 1;
      const box = agencies.sandbox(`case-${count}`);
      box.freeze();
      const own = await box.identity(UNIT.uscc, UNIT.name);
      const more = actor.settings?.(box) ?? {};
      const settings = {
        url: box.urls[agency],
        certificate: own.certificatePem,
        key: own.keyPem,
        ca: box.caPem,
        ...more,
      };
      const create = (change: object) => {
        const all = { ...settings, ...change };
        assert.deepEqual(entry.manifest.settings.safeParse(all).error, undefined);
        return entry.create(all);
      };
      const adapter = create({});
      const filing = makeFilingOrder({ kind, preparedAt: box.now() });
      const call = (serial = 'EG-0001-1') => makeCall({ now: box.now(), serial });
      const secrets = (actor.secret ?? []).map((name) => more[name] ?? name);
      const subject: Subject = {
        adapter,
        unreachable: create({ url: `http://127.0.0.1:${await closedPort()}/` }),
        order: filing,
        filing: actor.filing,
        secrets: ['张某', '11010519491231002X', own.keyPem.split('\n')[1] ?? '', ...secrets],
        now: () => box.now(),
        settle: () => void box.advance('PT1M'),
        fault: (fault, work) => box.withFault({ fault, agency, operation: actor.submits }, work),
        cases: () => box.cases(agency),
        close: async () => {},
      };
      return {
        box,
        adapter,
        filing,
        subject,
        call,
        create,
        submit: () => adapter.submit(filing, call()),
        lookup: async () => (await adapter.lookup?.(filing, call()))?.kind ?? 'no lookup',
        readBack: async () => (await adapter.readBack?.(filing, call()))?.kind ?? 'no read-back',
      };
    },
  };
}

export function believesNobodyElse({ agency, asks }: Actor, { open }: Theatre): void {
  for (const fault of ['truncate', 'garbage', 'html-with-200', 'foreign-signature'] as const) {
    it(`${fault} in answer to a question is not believed`, async () => {
      const { box, submit, lookup } = await open();
      await submit();
      box.advance('P1D');
      assert.equal(await box.withFault({ fault, agency, operation: asks }, lookup), 'unsure');
      assert.equal(await lookup(), 'accepted');
    });
  }

  it('anything wrong before the filing itself was sent: retry, for nothing was filed', async () => {
    for (const fault of ['drop-on-connect', 'html-with-200', 'garbage'] as const) {
      const { box, submit } = await open();
      const outcome = await box.withFault({ fault, agency }, submit);
      assert.equal(outcome.kind, 'retry', fault);
      assert.deepEqual(box.cases(agency), []);
    }
  });

  it('nobody listens: questions are for later as well', async () => {
    const { subject, filing, call } = await open();
    assert.equal((await subject.unreachable.lookup?.(filing, call()))?.kind, 'retry');
    assert.equal((await subject.unreachable.readBack?.(filing, call()))?.kind, 'retry');
  });

  it('asked for more: correction, with fields and a date', async () => {
    const { box, submit, adapter, filing, call } = await open();
    await box.withFault({ fault: 'correction', agency }, submit);
    box.advance('P1D');
    const outcome = await adapter.lookup?.(filing, call());
    assert.ok(outcome?.kind === 'correction');
    assert.ok(outcome.fields.length > 0);
    assert.match(outcome.due ?? '', /^\d{4}-\d\d-\d\d$/);
  });

  it('somebody else at this name: refused, before anything is filed', async () => {
    const { box, adapter, filing, call, submit } = await open();
    await submit();
    const person = { ...filing.person, name: '李某' };
    const outcome = await adapter.submit({ ...filing, person }, call('EG-0002-1'));
    assert.deepEqual(outcome.kind === 'refused' && outcome.code, 'IDENTITY_MISMATCH');
    assert.equal((await adapter.readBack?.({ ...filing, person }, call()))?.kind, 'differs');
    assert.equal(box.cases(agency).length, 1);
  });

  it('a certificate of somebody else: holds, for the filing itself is not at fault', async () => {
    const { box, create, filing, call } = await open();
    const foreign = await box.identity('91110000600037341L', 'other');
    const adapter = create({ certificate: foreign.certificatePem, key: foreign.keyPem });
    assert.equal((await adapter.submit(filing, call())).kind, 'hold');
    assert.deepEqual(box.cases(agency), []);
  });

  it('an answer signed in another name is not believed', async () => {
    const { create, filing, call } = await open();
    const adapter = create({ agency: 'somebody.else' });
    assert.match((await adapter.submit(filing, call())).kind, /^(unsure|retry)$/);
    assert.match((await adapter.lookup?.(filing, call()))?.kind ?? '', /^(unsure|retry)$/);
    assert.equal((await adapter.ping?.(call()))?.kind, 'down');
  });
}
