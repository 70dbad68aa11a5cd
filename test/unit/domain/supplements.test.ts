// What goes along with a filing for the reviewer, and that what may have been sent never changes.
import assert from 'node:assert/strict';
import { amend } from '../../../src/domain/amend.ts';
import { answerCorrection } from '../../../src/domain/by-hand.ts';
import type { Change, Exit } from '../../../src/domain/exit.ts';
import type { ExitSecret, Supplement } from '../../../src/domain/exit-secret.ts';
import { record } from '../../../src/domain/record.ts';
import { release } from '../../../src/domain/release.ts';
import { supplementsOf } from '../../../src/domain/supplements.ts';
import {
  AMENDING,
  type DraftParts,
  makeDispute,
  makeDraft,
  makeProfile,
  makeRule,
  NOW,
  PURSUIT,
} from '../../support/builders.ts';
import { mustClear, secretAfter } from '../../support/clear.ts';

const disputes = [makeDispute({ external_id: 'C-1' }), makeDispute({ external_id: 'C-2' })];
const HANDOVER = makeRule({
  code: 'handover',
  raised_by: 'handover',
  owner: 'line',
  title: { en: 'Handover', zh: '工作交接' },
});
const PLEDGE = makeRule({
  code: 'pledge',
  raised_by: 'always',
  title: { en: 'Pledge', zh: '合规承诺' },
  items: [{ code: 'signed', title: { en: 'Signed', zh: '签署承诺书' } }],
});
const LIMIT = new Date('2026-11-25T16:00:00.000Z');

interface At {
  readonly exit: Exit;
  readonly secret: ExitSecret;
}
const opened = (parts: DraftParts = {}): At => {
  const { change, secret } = makeDraft({ disputes, ...parts });
  return { exit: change.exit, secret };
};
function become({ secret }: At, change: Change | string | { readonly fault: string }): At {
  assert.ok(typeof change !== 'string' && 'exit' in change, JSON.stringify(change));
  return { exit: change.exit, secret: secretAfter(secret, change) };
}
const cleared = (at: At, parts: Parameters<typeof mustClear>[1]) => become(at, mustClear(at.exit, parts));
const released = (at: At, ...claims: string[]) =>
  become(
    at,
    release(
      at.exit,
      {
        actor: '测试总监',
        reason: '通知期满',
        claims: claims.map((dispute) => ({
          title: `主张 ${dispute}`,
          summary: '保留追偿权',
          dispute,
          amount: '200000.00',
          reference: 'DMS-1',
        })),
      },
      { now: LIMIT, disputes: at.secret.disputes.map(({ external_id }) => external_id) },
    ),
  );
const labor = ({ exit }: At) => {
  const [filing] = exit.filings;
  assert.ok(filing);
  return filing;
};
const sent = (at: At, filing = labor(at)): readonly Supplement[] =>
  supplementsOf(filing, at.secret, at.exit.gates);
const kinds = (supplements: readonly Supplement[]) =>
  supplements.map(({ kind, title }) => `${kind} ${title}`);

describe('supplements', () => {
  it('are none where nothing was in dispute', () => {
    assert.deepEqual(sent(opened({ disputes: [] })), []);
  });

  it('show each settlement with its documents, and keep the note to the firm', () => {
    const documents = [
      { title: '和解协议', kind: 'settlement_agreement', reference: 'DMS-4711', sha256: 'ab'.repeat(32) },
    ];
    const first = cleared(opened(), { subject: 'C-1', note: '已和解', documents });
    assert.deepEqual(sent(cleared(first, { subject: 'C-2' })), [
      {
        kind: 'settlement',
        title: '和解协议',
        text: `C-1 已处理；和解协议 DMS-4711 SHA-256 ${'ab'.repeat(32)}`,
      },
      { kind: 'settlement', title: 'C-2', text: 'C-2 已处理' },
    ]);
  });

  it('show no settlement where a gate was waived, nor what is the firm’s own matter', () => {
    const profile = makeProfile({ gates: [makeRule(), HANDOVER, PLEDGE] });
    const items = { handover: [{ external_id: 'H-1', kind: 'work', title: '测试工作' }] } as const;
    const at = ['handover', 'pledge'].reduce(
      (before, gate) => cleared(before, { gate }),
      cleared(opened({ profile, items }), { decision: 'waived', note: '内部豁免' }),
    );
    assert.equal(at.exit.status, 'filing');
    assert.deepEqual(sent(at), []);
  });

  it('show what settles it now, not what was revoked', () => {
    const steps = [
      { subject: 'C-1', documents: [{ title: '旧' }] },
      { subject: 'C-1', decision: 'revoked' },
      { subject: 'C-1', documents: [{ title: '新' }] },
      { subject: 'C-2', decision: 'waived', note: '豁免' },
    ] as const;
    assert.deepEqual(
      sent(steps.reduce(cleared, opened())).map(({ text }) => text),
      ['C-1 已处理；新'],
    );
  });

  it('of one clearance for several disputes, show those that it still settles', () => {
    const steps = [
      { documents: [{ title: '一并和解' }] },
      { subject: 'C-1', decision: 'revoked' },
      { subject: 'C-1', decision: 'waived', note: '豁免' },
    ] as const;
    const held = opened({ profile: makeProfile({ gates: [makeRule(), PLEDGE] }) });
    assert.deepEqual(
      sent(steps.reduce(cleared, held)).map(({ text }) => text),
      ['C-2 已处理；一并和解'],
    );
  });

  it('show both settlements where two gates ask about one dispute', () => {
    const at = opened({
      disputes: [makeDispute({ external_id: 'C-1' })],
      profile: makeProfile({ gates: [makeRule(), makeRule({ code: 'own' })] }),
    });
    const both = cleared(cleared(at, { documents: [{ title: '合规' }] }), {
      gate: 'own',
      documents: [{ title: '法务' }],
    });
    assert.deepEqual(
      sent(both).map(({ text }) => text),
      ['C-1 已处理；合规', 'C-1 已处理；法务'],
    );
  });

  it('carry the claims that a release reserved, and what else was open', () => {
    const profile = makeProfile({ gates: [makeRule(), HANDOVER, PLEDGE] });
    const items = { handover: [{ external_id: 'H-1', kind: 'work', title: '测试工作' }] } as const;
    const half = cleared(opened({ profile, items }), { subject: 'C-1', note: '已和解' });
    assert.deepEqual(sent(released(half, 'C-2')), [
      { kind: 'settlement', title: 'C-1', text: 'C-1 已处理' },
      { kind: 'claim', title: '主张 C-2', text: 'C-2；保留追偿权；200000.00 元；DMS-1' },
      { kind: 'open_item', title: '工作交接', text: 'H-1' },
      { kind: 'open_item', title: '合规承诺', text: '签署承诺书' },
    ]);
  });
});

describe('supplements of what may have been sent', () => {
  const asked = (at: At): At =>
    become(
      at,
      record(
        { ...at.exit, filings: at.exit.filings.map((each) => ({ ...each, preparedAt: NOW })) },
        labor(at).id,
        labor(at).via,
        { kind: 'correction', receipt: 'R-1', code: 'MORE', message: '…', fields: [] },
        { ...PURSUIT, random: 0.5, canLookUp: true, canReadBack: true },
      ),
    );
  const answered = (at: At, title: string): At =>
    become(
      at,
      answerCorrection(
        at.exit,
        labor(at).id,
        { actor: '测试合规', supplements: [{ kind: 'claim', title, text: '…' }] },
        PURSUIT,
      ),
    );
  const amended = (at: At, parts: Partial<ExitSecret>): At => {
    const { person, disputes, handover, finance } = { ...at.secret, ...parts };
    const items = { disputes, handover, finance };
    return become(at, amend(at.exit, at.secret, { facts: at.exit.facts, person, items }, AMENDING));
  };

  it('stay the same when gates are settled later', () => {
    const at = released(opened(), 'C-1', 'C-2');
    const before = sent(at);
    const late = cleared(cleared(at, { subject: 'C-1', note: '终于和解' }), { subject: 'C-2' });
    assert.deepEqual(sent(late), before);
  });

  it('stay the same when an answer to a correction follows; the answer goes with its own revision and later ones', () => {
    const first = asked(cleared(opened(), {}));
    const before = sent(first);
    const second = answered(first, '主张书');
    assert.deepEqual(sent(second, labor(first)), before);
    assert.deepEqual(kinds(sent(second)), ['settlement C-1、C-2', 'claim 主张书']);
    const third = answered(asked(second), '补充主张书');
    assert.deepEqual(kinds(sent(third, labor(second))), ['settlement C-1、C-2', 'claim 主张书']);
    assert.deepEqual(kinds(sent(third)).slice(1), ['claim 主张书', 'claim 补充主张书']);
  });

  it('are no other filing’s', () => {
    const at = answered(asked(cleared(opened(), {})), '主张书');
    const [, stop] = at.exit.filings;
    assert.deepEqual(kinds(sent(at, stop)), ['settlement C-1、C-2']);
  });

  it('stay the same when an amendment adds or rewords disputes, whatever they are called', () => {
    const profile = makeProfile({ gates: [makeRule(), HANDOVER] });
    const items = { handover: [{ external_id: 'X-1', kind: 'work', title: '测试工作' }] } as const;
    const settled = cleared(cleared(opened({ profile, items }), {}), { gate: 'handover' });
    const open = released(opened({ profile, items }), 'C-1', 'C-2');
    for (const at of [settled, open]) {
      const before = sent(at);
      const more = [
        makeDispute({ external_id: 'C-1', summary: '另一说法' }),
        makeDispute({ external_id: 'X-1' }),
      ];
      assert.deepEqual(sent(amended(at, { disputes: more })), before);
    }
  });
});
