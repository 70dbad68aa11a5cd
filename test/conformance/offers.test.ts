// What the suite sees of adapters that offer more than filing, and cheat there. The second city offers all of it.
import assert from 'node:assert/strict';
import type { Adapter, Callback, CallbackRequest } from '../../adapters/adapter.ts';
import type { CheckName } from '../../adapters/conformance/checks.ts';
import { openSandbox, type RemoteSandbox } from '../../adapters/conformance/desk.ts';
import { runCheck } from '../../adapters/conformance/run.ts';
import { stage } from '../../adapters/conformance/stand.ts';
import { conformance } from '../../adapters/insurance-sm2/conformance.ts';
import { insuranceSm2 } from '../../adapters/insurance-sm2/index.ts';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { useRealNetwork } from '../support/real-network.ts';

const LIST = 'the list has what was filed, under our serial, and what became of it';
const ROSTER = 'the roster has the person until the filing has passed, and comes to an end';
const CODES = 'code tables are fetched, and nobody else is believed';
const INQUIRY = 'an inquiry tells a clear record from another, and believes nobody else';
const CALLBACK = 'a callback is news only when the agency signed it, and the same one keeps its number';

const NO = { kind: 'retry', reason: 'the second city offers all of it' } as const;
const isSetback = ({ kind }: { readonly kind: string }) => ['retry', 'hold', 'unsure'].includes(kind);
const hears = (
  adapter: Adapter,
  change: (found: Callback, request: CallbackRequest) => Callback,
): Partial<Adapter> => ({
  parseCallback: async (request, call) => {
    const found = await adapter.parseCallback?.(request, call);
    assert.ok(found);
    return change(found, request);
  },
});

const FLAWS: readonly (readonly [string, CheckName, (adapter: Adapter) => Partial<Adapter>])[] = [
  ['lists nothing', LIST, () => ({ list: async () => ({ kind: 'page', entries: [] }) })],
  [
    'lists the same whatever the period',
    LIST,
    (adapter) => ({
      list: async (_, call, page) =>
        (await adapter.list?.({ from: '2026-11-01', to: '2026-11-30' }, call, page)) ?? NO,
    }),
  ],
  [
    'takes a list that it could not read for an empty one',
    LIST,
    (adapter) => ({
      list: async (period, call, page) => {
        const read = (await adapter.list?.(period, call, page)) ?? NO;
        return isSetback(read) ? { kind: 'page', entries: [] } : read;
      },
    }),
  ],
  [
    'has a roster without end',
    ROSTER,
    (adapter) => ({
      roster: async (call, page = '1') => {
        const read = (await adapter.roster?.(call)) ?? NO;
        return read.kind === 'page' ? { ...read, next: String(Number(page) + 1) } : read;
      },
    }),
  ],
  ['has nobody on its roster', ROSTER, () => ({ roster: async () => ({ kind: 'page', entries: [] }) })],
  ['knows no code', CODES, () => ({ codes: async () => ({ kind: 'codes', tables: [] }) })],
  [
    'knows codes without asking',
    CODES,
    () => ({
      codes: async () => ({
        kind: 'codes',
        tables: [{ name: 'XZ', version: '1', entries: { '01': 'pension' } }],
      }),
    }),
  ],
  [
    'finds everybody clear',
    INQUIRY,
    () => ({ inquire: async () => ({ kind: 'answered', clear: true, facts: [] }) }),
  ],
  [
    'finds clear whom it could not ask about',
    INQUIRY,
    (adapter) => ({
      inquire: async (inquiry, call) => {
        const found = (await adapter.inquire?.(inquiry, call)) ?? NO;
        return isSetback(found) ? { kind: 'answered', clear: true, facts: [] } : found;
      },
    }),
  ],
  [
    'believes any caller',
    CALLBACK,
    (adapter) =>
      hears(adapter, (found) =>
        found.kind === 'news'
          ? found
          : {
              kind: 'news',
              id: 'N-1',
              sentAt: new Date('2026-11-25T00:00:00Z'),
              about: [{ serial: 'EG-0001-1' }],
              answer: found.answer,
            },
      ),
  ],
  [
    'gives a callback that comes again another number',
    CALLBACK,
    (adapter) => {
      let count = 0;
      return hears(adapter, (found) => {
        count += 1;
        return found.kind === 'news' ? { ...found, id: `N-${count}` } : found;
      });
    },
  ],
];

describe('the conformance suite sees an adapter beside filing that', () => {
  let agencies: Agencies;
  let sandbox: RemoteSandbox;
  useRealNetwork();
  before(async () => {
    agencies = await startAgencies({ only: ['insurance-sm2'] });
    sandbox = await openSandbox(agencies.urls.desk);
  });
  after(() => agencies.close());

  for (const [flaw, check, spoil] of FLAWS)
    it(flaw, async () => {
      const create = (settings: unknown) => {
        const adapter = insuranceSm2.create(settings);
        return { ...adapter, ...spoil(adapter) };
      };
      const { subject } = await stage({ ...insuranceSm2, create }, conformance, sandbox);
      await assert.rejects(runCheck(check, subject), { name: 'AssertionError' });
      await sandbox.reset();
    });
});
