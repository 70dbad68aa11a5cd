/** Stages for adapter tests at the mock agencies over real sockets, in the process of the test. */
import type { Adapter, AdapterEntry, FilingOrder, Outcome } from '../../adapters/adapter.ts';
import { makeCall, type RecordedCall } from '../../adapters/conformance/call.ts';
import type { Subject } from '../../adapters/conformance/checks.ts';
import type { Conformance } from '../../adapters/conformance/description.ts';
import { type Sandbox, stage } from '../../adapters/conformance/stand.ts';
import {
  type Agencies,
  type AgenciesOptions,
  type AgencyName,
  type CaseView,
  type SandboxHandle,
  startAgencies,
} from '../../mocks/index.ts';
import { useRealNetwork } from '../support/real-network.ts';

/** An adapter with its description for the suite. */
export interface Actor extends Conformance {
  readonly entry: AdapterEntry;
  readonly agency: AgencyName;
}

export interface Stage {
  readonly box: SandboxHandle;
  readonly adapter: Adapter;
  readonly filing: FilingOrder;
  /** For the shared list of checks. */
  readonly subject: Subject & { cases(): readonly CaseView[] };
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
export function theatre(actor: Actor, options: AgenciesOptions = {}): Theatre {
  const { agency, entry } = actor;
  let agencies: Agencies;
  let count = 0;
  useRealNetwork();
  before(async () => {
    agencies = await startAgencies({ only: [agency], ...options });
  });
  after(() => agencies.close());
  return {
    open: async () => {
      count += 1;
      const box = agencies.sandbox(`case-${count}`);
      box.freeze();
      const { subject, create } = await stage(entry, actor, sandboxOf(box, agency));
      const { adapter, order: filing } = subject;
      const call = (serial = 'EG-0001-1') => makeCall({ now: box.now(), serial });
      return {
        box,
        adapter,
        filing,
        subject: { ...subject, cases: () => box.cases(agency) },
        call,
        create,
        submit: () => adapter.submit(filing, call()),
        lookup: async () => (await adapter.lookup?.(filing, call()))?.kind ?? 'no lookup',
        readBack: async () => (await adapter.readBack?.(filing, call()))?.kind ?? 'no read-back',
      };
    },
  };
}

function sandboxOf(box: SandboxHandle, agency: AgencyName): Sandbox {
  return {
    now: () => box.now(),
    async stand(_, unit) {
      const own = await box.identity(unit.uscc, unit.name);
      const { clientId, clientSecret } = box.oauthClient(unit.uscc);
      return {
        url: box.urls[agency] ?? '',
        unit,
        certificate: own.certificatePem,
        key: own.keyPem,
        ca: box.caPem,
        client: { id: clientId, secret: clientSecret },
        async desk(method, path, body) {
          const content = body === undefined ? {} : { body: JSON.stringify(body) };
          return (await fetch(`${box.urls.desk}${path}`, { method, ...content })).json();
        },
      };
    },
    advance: (by) => void box.advance(by),
    // Who breaks off at once may have sent nothing yet: the checks judge by what the adapter says.
    fault: (fault, work) => box.withFault({ ...fault, agency }, work, { allowUnmet: true }),
    cases: () => box.cases(agency),
  };
}
