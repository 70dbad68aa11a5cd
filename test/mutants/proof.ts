/**
 * Proofs of the mock agencies' rules: each is an adapter at work, green while the rule is kept and red when it is let off.
 * A rule that nobody misses would be a rule that no adapter is held to.
 */
import assert from 'node:assert/strict';
import type { Adapter, Outcome } from '../../adapters/adapter.ts';
import { CHECKS, type CheckName, makeTrial } from '../../adapters/conformance/checks.ts';
import type { AgenciesOptions, Identity } from '../../mocks/index.ts';
import { type Actor, type Stage, theatre } from '../conformance/against-mock.ts';
import { UNIT } from '../support/filing-order.ts';
import { openLine, type Spoil, type SpoiledLine } from '../support/spoiled-line.ts';

export interface Scene extends Stage {
  readonly own: Identity;
  /** Another sandbox: another CA. */
  elsewhere(): Promise<Stage['box']>;
  /** The adapter on a line that changes what it sends. */
  through(spoil: Spoil, settings?: object): Adapter;
  /** What the agency last refused, by code; undefined: it did not. */
  refused(): string | undefined;
}

export interface Proof {
  readonly rule: string;
  /** What a reader of the report sees. */
  readonly title: string;
  run(scene: Scene): Promise<void>;
}

export const OTHER = { uscc: '91110000600037341L', name: '另一有限公司' };

/** One of the checks that every adapter has to pass. */
export const byCheck = (rule: string, check: CheckName): Proof => ({
  rule,
  title: check,
  run: ({ subject }) => CHECKS[check](makeTrial(subject)),
});

/** The agency says no to the ping that the line has spoiled, and the adapter does not take it for a yes. */
export const byPing = (
  rule: string,
  title: string,
  code: string,
  spoil: (scene: Scene) => Spoil | Promise<Spoil>,
): Proof => ({
  rule,
  title,
  async run(scene) {
    const ping = await scene.through(await spoil(scene)).ping?.(scene.call());
    assert.equal(scene.refused(), code);
    assert.equal(ping?.kind, 'down');
  },
});

/** The agency says no to the filing that the line has spoiled: nothing is filed, and the adapter knows. */
export const byFiling = (
  rule: string,
  title: string,
  code: string,
  spoil: (scene: Scene) => Spoil | Promise<Spoil>,
): Proof => ({
  rule,
  title,
  async run(scene) {
    const outcome = await scene.through(await spoil(scene)).submit(scene.filing, scene.call());
    assert.equal(scene.refused(), code);
    assert.notEqual(outcome.kind, 'pending');
    assert.deepEqual(scene.subject.cases(), []);
  },
});

/** A list of a period that runs backwards is refused, and the adapter does not take it for an empty one. */
export const byPeriod = (rule: string): Proof => ({
  rule,
  title: 'a period that ends before it begins is not listed',
  async run({ adapter, call, refused }) {
    const page = await adapter.list?.({ from: '2026-11-30', to: '2026-11-01' }, call());
    assert.equal(refused(), 'DATE_INVALID');
    assert.notEqual(page?.kind, 'page');
  },
});

/** What one unit has filed stands in no list of another. @param settingsOf what puts the adapter into the other's place */
export const byStranger = (
  rule: string,
  title: string,
  settingsOf: (scene: Scene) => object | Promise<object>,
): Proof => ({
  rule,
  title,
  async run(scene) {
    await scene.submit();
    const stranger = scene.create(await settingsOf(scene));
    const listed = await stranger.list?.({ from: '2026-01-01', to: '2026-12-31' }, scene.call());
    assert.deepEqual(listed, { kind: 'page', entries: [] });
  },
});

/** The certificate of another unit, as settings. */
export async function certified({ box }: Scene): Promise<{ certificate: string; key: string }> {
  const { certificatePem, keyPem } = await box.identity(OTHER.uscc, OTHER.name);
  return { certificate: certificatePem, key: keyPem };
}

export function expectNo(outcome: Outcome | { readonly kind: 'absent' } | undefined, code: string): void {
  assert.equal(outcome?.kind, 'refused');
  assert.equal(outcome.code, code);
}

export function describeProofs(actor: Actor, proofs: readonly Proof[], options: AgenciesOptions = {}): void {
  const where = options.hosting === 'public' ? ' open to strangers' : '';
  describe(`rules of ${actor.agency}${where}: missed by ${actor.entry.manifest.name} when let off`, () => {
    const stages = theatre(actor, options);
    let line: SpoiledLine;
    before(async () => {
      line = await openLine();
    });
    after(() => line.close());

    async function open(): Promise<Scene> {
      const stage = await stages.open();
      const { box, create } = stage;
      return {
        ...stage,
        elsewhere: async () => (await stages.open()).box,
        own: await box.identity(UNIT.uscc, UNIT.name),
        through(spoil, settings = {}) {
          line.lead(box.urls[actor.agency] ?? '', spoil);
          return create({ ...settings, url: line.url });
        },
        refused: () => box.exchanges(actor.agency).at(-1)?.code,
      };
    }

    for (const { rule, title, run } of proofs)
      it(`${rule}: ${title}`, async () => {
        const kept = await open();
        await run(kept);
        const off = await open();
        await assert.rejects(
          off.box.withoutRule(rule, () => run(off)),
          (cause) => {
            assert.ok(cause instanceof assert.AssertionError, String(cause));
            return true;
          },
          `nobody misses ${rule}`,
        );
        // Red because the agency let it pass, not because the agency broke.
        const broken = [kept, off].flatMap(({ box }) => box.exchanges().filter(({ error }) => error));
        assert.deepEqual(broken, []);
      });
  });
}
