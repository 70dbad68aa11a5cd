// What the page's builders offer, and what the API arms: the same, combination by combination.
import assert from 'node:assert/strict';
import { KNOWN } from '../../../mocks/desk/operations.ts';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { KINDS, PHASES } from '../../../mocks/kernel/fault-kinds.ts';
import { PRESETS } from '../../../mocks/kernel/presets.ts';

interface Row {
  readonly preset: string;
  readonly kind: string;
  readonly phase: string;
  readonly agency: string;
  readonly operation: string;
}
const { combinations, open } = (await import(
  new URL('../../../mocks/desk/web/offers.js', import.meta.url).href
)) as {
  combinations(table: unknown): Row[];
  open(rows: readonly Row[], name: keyof Row, given: Partial<Row>): Set<string>;
};

describe('faults on offer', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let rows: Row[];

  before(async () => {
    agencies = await startAgencies();
    box = agencies.sandbox('offers', { frozen: true });
    rows = combinations(await (await fetch(`${box.urls.desk}/faults/kinds`)).json());
  });
  after(() => agencies.close());

  const arms = ({ preset, kind, phase, agency, operation }: Row) => {
    const fault = preset || { kind, phase };
    try {
      box.fault({
        fault,
        id: 'one',
        ...(agency && { agency }),
        ...(operation && { operation }),
      } as Parameters<SandboxHandle['fault']>[0]);
      return true;
    } catch {
      return false;
    }
  };
  const nameOf = ({ preset, kind, phase, agency, operation }: Row) =>
    `${preset || `${kind} ${phase}`} ${agency} ${operation}`;

  it('are what can be armed, no less and no more', () => {
    const effects = [
      ...Object.keys(KINDS).flatMap((kind) => PHASES.map((phase) => ({ preset: '', kind, phase }))),
      ...Object.entries(PRESETS).map(([preset, { kind, phase }]) => ({ preset, kind, phase })),
    ];
    const operations = ['', ...new Set(Object.values(KNOWN).flat())];
    const all = effects.flatMap((effect) =>
      ['', ...Object.keys(KNOWN)].flatMap((agency) =>
        operations.map((operation): Row => ({ ...effect, agency, operation })),
      ),
    );
    assert.ok(rows.length > 1000);
    const offered = new Set(rows.map(nameOf));
    assert.equal(offered.size, rows.length);
    assert.deepEqual(all.filter(arms).map(nameOf).sort(), [...offered].sort());
  });

  it('narrow each other', () => {
    const effects = rows.filter(({ preset }) => preset === '');
    assert.deepEqual([...open(effects, 'agency', { kind: 'wrapped-signature' })].sort(), ['', 'labor']);
    assert.deepEqual([...open(effects, 'phase', { kind: 'duplicate' })], ['after-commit']);
    assert.ok(!open(effects, 'kind', { agency: 'labor' }).has('callback-early'));
    assert.ok(!open(effects, 'kind', { operation: 'SubmitTermination' }).has('status-flap'));
    assert.deepEqual([...open(effects, 'operation', { phase: 'callback' })], ['']);
  });

  it('a kind of one agency with the operation of another is refused, and the field is named', async () => {
    const body = JSON.stringify({
      fault: { kind: 'wrapped-signature', phase: 'response' },
      operation: 'stop',
    });
    const answer = await fetch(`${box.urls.desk}/faults`, { method: 'POST', body });
    assert.equal(answer.status, 422);
    const { detail } = (await answer.json()) as { detail: string };
    assert.match(
      detail,
      /^operation: wrapped-signature is known to labor, which stop cannot meet; here: Ping,/,
    );
  });
});
