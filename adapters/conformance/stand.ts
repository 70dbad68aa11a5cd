/** An adapter set up at a sandbox of the mock agencies: the subject of the checks. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Adapter, AdapterEntry, FilingOrder } from '../adapter.ts';
import { isSecret } from '../manifest.ts';
import type { Conformance } from './description.ts';
import { handedOver, makeFilingOrder, UNIT } from './order.ts';
import { type Awaitable, type FaultName, type Subject, type Target, Unplayable } from './subject.ts';

/** Who files, and where: what settings are made of. PEM texts are of the sandbox's own authority. */
export interface Stand {
  /** Address of the agency. */
  readonly url: string;
  readonly unit: { readonly uscc: string; readonly name: string };
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** The desk's control API below the sandbox, for what this agency alone has. */
  desk(method: string, path: string, body?: object): Promise<unknown>;
}

/** One sandbox of the agencies, in this process or elsewhere. */
export interface Sandbox {
  stand(agency: string, unit: Stand['unit']): Promise<Stand>;
  now(): Date;
  advance(by: string): Awaitable<void>;
  fault<T>(
    fault: { readonly fault: FaultName; readonly agency: string; readonly operation?: string },
    work: () => Promise<T>,
  ): Promise<T>;
  cases(agency: string): Awaitable<readonly { readonly receipt: string }[]>;
}

const STRANGER = { uscc: '91110000600037341L', name: '另一有限公司' };

/** The adapter cannot be set up at all: its own fault, and not the suite's. */
export class AdapterFault extends Error {}

export interface Staged {
  readonly subject: Subject;
  /** An adapter of its own, with other settings. */
  create(change: object): Adapter;
}

export async function stage(entry: AdapterEntry, given: Conformance, sandbox: Sandbox): Promise<Staged> {
  const { agency } = given;
  const stand = await sandbox.stand(agency, UNIT);
  const settings = await given.settings(stand);
  const create = (all: object) => {
    const faults = entry.manifest.settings.safeParse(all).error;
    if (faults)
      throw new AdapterFault(`conformance.settings do not pass the manifest's schema: ${faults.message}`);
    try {
      return entry.create(all);
    } catch (cause) {
      throw new AdapterFault(
        `create(settings) throws: ${cause instanceof Error ? cause.message : 'no error'}`,
      );
    }
  };
  const nowhere = `http://127.0.0.1:${await closedPort()}/`;
  const stranger = await sandbox.stand(agency, STRANGER);
  const whole = makeFilingOrder({ ...given.order, kind: given.kind, preparedAt: sandbox.now() });
  const { distrusts: told = { agency: 'somebody.else' } } = given;
  const distrusts = typeof told === 'function' ? await told(stand) : told;
  const order = handedOver(whole, entry.manifest.personFields);
  const targets: Readonly<Record<Target, string | undefined>> = {
    filing: given.submits,
    question: given.asks,
    amendment: given.amends?.operation,
    withdrawal: given.withdraws,
    anything: undefined,
  };
  const subject: Subject = {
    manifest: entry.manifest,
    adapter: create(settings),
    unreachable: create(await given.settings({ ...stand, url: nowhere })),
    stranger: create(await given.settings(stranger)),
    distrustful: create({ ...settings, ...distrusts }),
    order,
    filing: given.filing,
    amending: given.amends?.kept ?? '',
    ...scenesOf(given, stand, order),
    secrets: [...secretsOf(entry, settings), ...(given.secrets ?? [])].filter((text) => text !== ''),
    personal: [order.person.name ?? '', order.person.id_number ?? ''].filter((text) => text !== ''),
    unmarked: unmarkedSecrets(entry, settings, [stand.key, stand.client.secret, ...(given.secrets ?? [])]),
    url: stand.url,
    at: async (url) => create(await given.settings({ ...stand, url })),
    now: () => sandbox.now(),
    settle: () => sandbox.advance('PT1M'),
    fault(fault, work, target = 'filing') {
      const operation = targets[target];
      return sandbox.fault({ fault, agency, ...(operation === undefined ? {} : { operation }) }, work);
    },
    cases: () => sandbox.cases(agency),
    close: async () => {},
  };
  return { subject, create: (change) => create({ ...settings, ...change }) };
}

/** What only some agencies can play. */
function scenesOf({ inquiry, callbacks, agency }: Conformance, stand: Stand, order: FilingOrder) {
  const { employer, person } = order;
  return {
    ...(inquiry && {
      inquiry: {
        asked: { employer, person, ...inquiry.asked },
        unclear: () => inquiry.unclear(stand, order),
      },
    }),
    ...(callbacks === true && {
      callTo: (url: string) =>
        stand.desk('PUT', '/callbacks', { agency, url }).catch((cause: unknown) => {
          if (!String(cause).includes('NOT_IN_PUBLIC')) throw cause;
          throw new Unplayable('mock agencies that are open to the public call nobody', { cause });
        }),
    }),
  };
}

/** Settings that hold what nobody may see, and are not marked so. */
function unmarkedSecrets({ manifest }: AdapterEntry, settings: object, secrets: readonly string[]): string[] {
  return Object.entries(settings)
    .filter(([name, value]) => {
      if (typeof value !== 'string' || isSecret(manifest.settings.shape[name])) return false;
      return value.includes('PRIVATE KEY') || secrets.includes(value);
    })
    .map(([name]) => `manifest.settings.${name} holds a secret: mark it by .meta({ secret: true })`);
}

/** Of a PEM text one line from within: the first is the same in all of them. */
function secretsOf({ manifest }: AdapterEntry, settings: object): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (!isSecret(manifest.settings.shape[name]) || typeof value !== 'string') return [];
    return [value.startsWith('-----BEGIN') ? (value.split('\n')[1] ?? '') : value];
  });
}

/** A port at which nobody listens: one that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a listening TCP server has no other kind of address
  server.close();
  await once(server, 'close');
  return port;
}
