// Results of an upload: which row they belong to, and what they make of its filing.
import assert from 'node:assert/strict';
import type { Change, Exit } from '../../../src/domain/exit.ts';
import type { Filing } from '../../../src/domain/filing.ts';
import { record } from '../../../src/domain/record.ts';
import {
  enterResult,
  type FileRow,
  matchResults,
  type RowKey,
  type RowResult,
  type SettledResult,
  secondPersonFault,
} from '../../../src/domain/uploads.ts';
import { makeExit, NOW, PURSUIT } from '../../support/builders.ts';

const NAMES = ['', '张三', '李四', '王五', '\u{20BB7}田·买买提'];
const NUMBERS = ['', 'N-1', 'N-2', 'N-2', 'N-4'];
const row = (at: number, settled?: SettledResult): FileRow => ({
  row: at,
  filingId: `fil_${at}`,
  exitId: `exit_${at}`,
  serial: `EG-${at}`,
  factsRevision: 1,
  ...(settled === undefined ? {} : { settled }),
});
const yes = (receipt?: string): RowResult => ({
  kind: 'accepted',
  ...(receipt === undefined ? {} : { receipt }),
});
const no = (code: string, message = '欠费'): RowResult & SettledResult => ({
  kind: 'rejected',
  code,
  message,
});
const match = (
  given: readonly (RowKey & { readonly result: RowResult })[],
  { receipt, rows = [1, 2, 3, 4].map((at) => row(at)) }: { receipt?: string; rows?: readonly FileRow[] } = {},
) =>
  matchResults(rows, given, {
    idNumberOf: (each) => NUMBERS[each.row] ?? '',
    nameOf: (each) => NAMES[each.row] ?? '',
    ...(receipt === undefined ? {} : { receipt }),
  });
const found = (key: RowKey) => {
  const { matched, faults } = match([{ ...key, result: yes('R') }]);
  return matched[0]?.row.row ?? faults[0]?.fault;
};

describe('a result finds its row', () => {
  it('by serial or number; by the row where nothing better is given, or between equals', () => {
    assert.equal(found({ row: 3 }), 3);
    assert.equal(found({ serial: 'EG-2' }), 2);
    assert.equal(found({ idNumber: 'N-4' }), 4);
    assert.equal(found({ idNumber: 'N-1', row: 4 }), 1, 'result sheets are numbered anew');
    assert.equal(found({ idNumber: 'N-2' }), 'row_ambiguous');
    assert.equal(found({ idNumber: 'N-2', row: 3 }), 3);
    assert.equal(found({ idNumber: 'N-2', serial: 'EG-2' }), 2);
  });

  it('or none: of another file, or where the keys contradict each other', () => {
    for (const key of [
      { row: 9 },
      { serial: 'EG-9' },
      { idNumber: 'N-9', row: 1 },
      { idNumber: 'N-1', serial: 'EG-2' },
      { idNumber: 'N-2', row: 4 },
      {},
    ])
      assert.match(String(found(key)), /^row_(unknown|ambiguous)$/, JSON.stringify(key));
  });

  it('with the receipt of its own, else that of the whole file', () => {
    const given = [
      { row: 1, result: yes('R-1') },
      { row: 2, result: yes() },
      { row: 3, result: no('E1') },
    ];
    assert.deepEqual(
      match(given, { receipt: 'ALL' }).matched.map(({ result }) => result),
      [yes('R-1'), yes('ALL'), no('E1')],
    );
    assert.deepEqual(match(given).faults, [{ at: 1, fault: 'receipt_missing', row: 2 }]);
  });

  it('by the row alone, where its name may be the row’s: numbers of another month’s file count from 1 as well', () => {
    const names = (key: RowKey & { readonly name: string }) => found(key);
    assert.equal(names({ row: 1, name: '李四' }), 'name_differs');
    assert.equal(names({ row: 1, name: '张三丰' }), 'name_differs');
    assert.equal(names({ row: 1, idNumber: 'N-1', name: '李四' }), 1, 'the number decides');
    for (const name of ['张三', '张 三', '张*', '＊三']) assert.equal(names({ row: 1, name }), 1, name);
    for (const name of ['\u{20BB7}田买买提', '吉田・买买提', '?田·买买提'])
      assert.equal(names({ row: 4, name }), 4, name);
    assert.equal(names({ row: 4, name: '吉田·艾买提' }), 'name_differs');
  });

  it('once: the same again is harmless, another is refused', () => {
    const rows = [row(1, { kind: 'accepted', receipt: 'R-1' }), row(2, no('E1', '')), row(3)];
    const same = [
      { row: 1, result: yes('R-1') },
      { row: 2, result: no('E1', '同一原因，换了说法') },
      { row: 3, result: yes('R-3') },
      { row: 3, result: yes('R-3') },
    ];
    assert.deepEqual(match(same, { rows }).faults, []);
    assert.equal(match(same, { rows }).matched.length, 3);
    const other = [
      { row: 1, result: yes('R-9') },
      { row: 2, result: yes('R-2') },
      { row: 3, result: yes('R-3') },
      { row: 3, result: no('E1') },
    ];
    assert.deepEqual(
      match(other, { rows }).faults.map(({ at, fault }) => `${at} ${fault}`),
      ['0 conflicts', '1 conflicts', '3 said_twice'],
    );
  });
});

const labor = ({ exit }: { readonly exit: Exit }): Filing => {
  const [filing] = exit.filings;
  assert.ok(filing);
  return filing;
};
/** An exit whose labour filing is in a file. */
function inFile(parts: Partial<Filing> = {}, exitParts: Partial<Exit> = {}) {
  const exit = makeExit();
  const [{ nextAt: _next, ...first }, ...others] = exit.filings as [Filing, ...Filing[]];
  const filing: Filing = { ...first, state: 'manual', preparedAt: NOW, ...parts };
  const before: Exit = { ...exit, status: 'attention', filings: [filing, ...others], ...exitParts };
  const place = { row: 1, filingId: filing.id, exitId: exit.id, serial: first.serial, factsRevision: 1 };
  const enter = (result: SettledResult) =>
    enterResult(before, place, { uploadId: 'upl_1', result, actor: '测试赵某' }, PURSUIT);
  return { before, enter };
}
const taken = (change: Change | string): Change => {
  assert.ok(typeof change !== 'string', String(change));
  return change;
};
const ACCEPTED: SettledResult = { kind: 'accepted', receipt: 'R-1' };

describe('a row that the agency took', () => {
  it('is settled like a receipt by hand, and read back', () => {
    const change = taken(inFile().enter(ACCEPTED));
    const { state, receipt, nextAt, factsRevision } = labor(change);
    assert.deepEqual([state, receipt, nextAt, factsRevision], ['accepted', 'R-1', NOW, 1]);
    const [event, ...more] = change.events;
    assert.deepEqual(more, []);
    assert.equal(event?.type, 'filing.accepted');
    assert.deepEqual(
      [event?.data.receipt, event?.data.upload_id, event?.data.entered_by_hand],
      ['R-1', 'upl_1', true],
    );
    assert.deepEqual(event?.personal, { actor: '测试赵某' });
  });

  it('has the facts of the file: what was amended or cancelled since is in a person’s hands', () => {
    const amended = taken(inFile({}, { factsRevision: 2 }).enter(ACCEPTED));
    const cancelled = taken(
      inFile({ lastError: 'CANCELLED_AFTER_CONCLUSION' }, { cancelledAt: NOW }).enter(ACCEPTED),
    );
    for (const [change, reason] of [
      [amended, 'AMENDED_AFTER_CONCLUSION'],
      [cancelled, 'CANCELLED_AFTER_CONCLUSION'],
    ] as const) {
      const { state, receipt, lastError, factsRevision, nextAt } = labor(change);
      assert.deepEqual(
        [state, receipt, lastError, factsRevision, nextAt],
        ['manual', 'R-1', reason, 1, undefined],
      );
      assert.deepEqual(
        change.events.map(({ type }) => type),
        ['filing.accepted', 'filing.manual_required'],
      );
    }
  });

  it('is known when it is so already, and nothing when its filing has gone another way', () => {
    for (const state of ['accepted', 'verified', 'manual'] as const)
      assert.equal(inFile({ state, receipt: 'R-1' }).enter(ACCEPTED), 'known', state);
    assert.equal(inFile({ state: 'verified', receipt: 'HAND-1' }).enter(ACCEPTED), 'moved_on');
    assert.equal(inFile({ serial: 'EG-NEWER' }).enter(ACCEPTED), 'moved_on');
    assert.equal(inFile({ state: 'withdrawn' }).enter(ACCEPTED), 'moved_on');
  });
});

describe('a row that the agency did not take', () => {
  it('is rejected, with the code for machines and the words for who may read them', () => {
    const change = taken(inFile().enter(no('E1024', '欠费')));
    const { state, lastError, nextAt } = labor(change);
    assert.deepEqual([state, lastError, nextAt], ['rejected', 'E1024', undefined]);
    const [event] = change.events;
    assert.deepEqual([event?.type, event?.data.code], ['filing.rejected', 'E1024']);
    assert.ok(!/欠费|赵某/.test(JSON.stringify(event?.data)));
    assert.deepEqual(event?.personal, { actor: '测试赵某', message: '欠费' });
    assert.equal(change.exit.status, 'attention');
    assert.equal(inFile({ state: 'rejected', lastError: 'E1024' }).enter(no('E1024')), 'known');
  });

  it('goes out anew at once where the exit was amended meanwhile', () => {
    const { before, enter } = inFile({}, { factsRevision: 2 });
    const filing = labor(taken(enter(no('E1024'))));
    assert.deepEqual([filing.state, filing.revision, filing.factsRevision], ['due', 2, 2]);
    assert.notEqual(filing.serial, labor({ exit: before }).serial);
  });
});

describe('the second person', () => {
  const [zhao, qian] = [
    { name: '赵某', key: 'key_1' },
    { name: '钱某', key: 'key_2' },
  ];

  it('is another, however the name is written', () => {
    for (const name of ['赵 某', '赵\u3000某'])
      assert.equal(secondPersonFault(zhao, { name, key: 'key_2' }, 'key'), 'same_person');
    assert.equal(secondPersonFault({ name: 'zhao mou' }, { name: 'Ｚhao Mou' }, 'name'), 'same_person');
    assert.equal(secondPersonFault(zhao, qian, 'key'), undefined);
  });

  it('has a key of their own, unless the caller vouches for names', () => {
    const typed = { name: '钱某', key: 'key_1' };
    assert.equal(secondPersonFault(zhao, typed, 'key'), 'same_key');
    assert.equal(secondPersonFault(zhao, typed, 'name'), undefined);
    assert.equal(
      secondPersonFault({ name: '赵某' }, typed, 'key'),
      undefined,
      'closed before keys were kept',
    );
  });
});

describe('a filing that is collected', () => {
  const answers = { ...PURSUIT, random: 0.5, canLookUp: false, canReadBack: false };
  const byHand = { kind: 'manual' as const, instructions: '' };

  it('is withdrawn when its exit was cancelled on the way: it comes into no file', () => {
    const exit = { ...makeExit(), cancelledAt: NOW };
    const collecting = { ...answers, reachOf: () => ({ withdraw: [], amend: [], collects: true }) };
    const { id } = labor({ exit });
    const change = record(exit, id, 'submit', byHand, collecting);
    assert.equal(labor(change).state, 'withdrawn');
    assert.ok(change.events.some(({ type }) => type === 'filing.withdrawn'));
    // Elsewhere `manual` may mean that the counter has it.
    assert.equal(labor(record(exit, id, 'submit', byHand, answers)).state, 'manual');
  });
});
