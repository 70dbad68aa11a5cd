/** `exitgate reconcile`: what the nightly run does, now and in this process, for one connection or all. */
import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AdapterEntry } from '../../adapters/adapter.ts';
import { createAgencies } from '../../queues/agencies.ts';
import { createAgencyHealth } from '../../queues/health.ts';
import { canList, runReconciliation, usualPeriod } from '../../queues/reconciliations.ts';
import { readConfig } from '../config.ts';
import { businessDate, isBusinessDate } from '../domain/dates.ts';
import { LANGUAGES, type Language } from '../language.ts';
import { createLog } from '../log.ts';
import type { Store } from '../store/index.ts';
import { type Reconciled, reconciledText } from './reconcile-text.ts';
import { registeredAdapters } from './registry.ts';
import { withStore } from './store.ts';

/** What the command ends with; where both are so, their sum: a script must not miss one for the other. */
const UNREAD = 1;
const DIFFERS = 2;

interface Options {
  readonly connection?: string;
  readonly from?: string;
  readonly to?: string;
  readonly language: Language;
}

function day(text: string): string {
  if (!isBusinessDate(text)) throw new InvalidArgumentError('give a date such as 2026-11-25');
  return text;
}

interface Place {
  readonly orgId: string;
  readonly organisation: string;
  readonly sandbox: boolean;
  readonly connection: { readonly id: string; readonly name: string; readonly adapter: string };
}

async function places(
  store: Store,
  adapters: readonly AdapterEntry[],
  wanted: string | undefined,
): Promise<readonly Place[]> {
  const listable = new Set(
    adapters.filter(({ manifest }) => canList(manifest)).map(({ manifest }) => manifest.name),
  );
  const all: Place[] = [];
  for (const { id: orgId, name: organisation } of await store.organisations.list())
    for (const sandbox of [false, true])
      for (const connection of await store.connections.list(orgId, sandbox))
        all.push({ orgId, organisation, sandbox, connection });
  const asked = all.filter(({ connection }) => wanted === undefined || connection.id === wanted);
  if (wanted !== undefined && asked.length === 0)
    throw new Error(`there is no connection ${wanted}: GET /v1/connections lists them`);
  const found = asked.filter(({ connection }) => listable.has(connection.adapter));
  if (wanted !== undefined && found.length === 0)
    throw new Error(`the adapter of ${wanted} cannot read what the agency has`);
  return found;
}

/** A run of its own, claimed here: no worker is needed, and none does it twice. */
async function reconcileOne(
  store: Store,
  adapters: readonly AdapterEntry[],
  place: Place,
  { from, to }: Options,
): Promise<Reconciled> {
  const { orgId, sandbox, connection } = place;
  const now = await store.organisations.now({ orgId, sandbox }, new Date());
  const usual = usualPeriod(businessDate(now));
  const period = { from: from ?? usual.from, to: to ?? usual.to };
  if (period.to < period.from)
    throw new Error(`the period ends on ${period.to}, before it begins on ${period.from}`);
  const leaseMs = readConfig().leaseSeconds * 1000;
  const held = { token: randomUUID(), until: new Date(Date.now() + leaseMs) };
  const asked = await store.reconciliations.request(orgId, sandbox, connection.id, period, now, held);
  if (asked === undefined) throw new Error(`the connection ${connection.id} was deleted meanwhile`);
  const parts = {
    store,
    agencies: createAgencies(store.connections, adapters),
    // Nobody to wake from here: the workers' sweep finds what there is.
    wake: { after: async () => {}, filing: async () => {} },
    clock: () => new Date(),
    random: Math.random,
    log: createLog('silent'),
    signal: new AbortController().signal,
    leaseMs,
  };
  const health = createAgencyHealth(parts);
  const worker = { ...parts, health };
  await runReconciliation(worker, asked.id, held.token);
  await health.settled();
  const run = await store.reconciliations.load(orgId, sandbox, asked.id);
  if (run === undefined) throw new Error(`the run ${asked.id} cannot be read`);
  const filter = { state: 'open', connectionId: connection.id };
  const findings = await store.findings.list(orgId, sandbox, filter, { limit: 10_000 });
  return { ...place, run, findings };
}

async function reconcile(options: Options): Promise<void> {
  const adapters = await registeredAdapters(readConfig());
  await withStore(async (store) => {
    const found = await places(store, adapters, options.connection);
    if (found.length === 0) console.log('there is no connection whose agency shows a list');
    const reconciled: Reconciled[] = [];
    for (const place of found) {
      const one = await reconcileOne(store, adapters, place, options);
      reconciled.push(one);
      console.log(reconciledText(one, options.language).join('\n'));
    }
    const unread = reconciled.some(({ run }) => run.state !== 'complete');
    const differs = reconciled.some(({ findings }) => findings.length > 0);
    process.exitCode = (unread ? UNREAD : 0) + (differs ? DIFFERS : 0);
  });
}

export function addReconcile(program: Command): void {
  program
    .command('reconcile')
    .description(
      "compare the agencies' lists and rosters with ours 与经办机构核对; ends with 0 when they agree, 2 when they differ, 1 when one could not be read, 3 for both 退出码：0 一致，2 有差异，1 无法读取，3 两者兼有",
    )
    .option('--connection <id>', 'this one; otherwise all whose agency shows a list')
    .option('--from <date>', 'first exit date that is judged; default: 90 days ago', day)
    .option('--to <date>', 'last exit date that is judged; default: in 31 days', day)
    .addOption(new Option('--language <language>', 'of what is printed').choices(LANGUAGES).default('en'))
    .action(reconcile);
}
