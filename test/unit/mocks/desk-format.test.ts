// Pure parts of the desk's page: times, messages, reasons and commands.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { isResidentId } from '../../../mocks/kernel/identifiers.ts';
import { magicOf } from '../../../mocks/kernel/scenario.ts';

const load = (name: string) => import(new URL(`../../../mocks/desk/web/${name}`, import.meta.url).href);
const format = await load('format.js');
const evidence = await load('evidence.js');
const people = await load('people.js');
const unit = (name: string, count: number) => `${count} ${name}`;

describe('the desk formats', () => {
  it('times in China Standard Time', () => {
    assert.equal(format.chinaTime('2026-11-24T16:30:05.123Z'), '2026-11-25 00:30:05');
    assert.equal(format.fromChina('2026-11-25T00:30'), '2026-11-24T16:30:00.000Z');
    assert.equal(format.endOfDay('2026-11-25'), '2026-11-25T15:59:59.000Z');
    assert.equal(format.daysLater('2026-11-24T16:30:00Z', 5), '2026-11-30');
  });

  it('spans by their two largest units, and how near a deadline is', () => {
    for (const [ms, text] of [
      [500, '0 second'],
      [61_000, '1 minute 1 second'],
      [3_600_000, '1 hour'],
      [90_000_000, '1 day 1 hour'],
      [-86_400_000, '1 day'],
    ] as const)
      assert.equal(format.span(ms, unit), text);
    const near = (due: string) => format.nearness(due, '2026-11-25T00:00:00Z');
    assert.deepEqual(['2026-11-24T23:59:59Z', '2026-11-26T00:00:00Z', '2026-12-25T00:00:00Z'].map(near), [
      'late',
      'near',
      'far',
    ]);
  });

  it('messages with an element or a member to a line, and leaves the rest alone', () => {
    assert.equal(format.indented('<a><b>x</b><c/><d></d></a>'), '<a>\n  <b>x</b>\n  <c/>\n  <d></d>\n</a>');
    assert.equal(format.indented('{"a":1}'), '{\n  "a": 1\n}');
    assert.equal(format.indented('{"a":'), '{"a":');
    assert.equal(format.indented('plain'), 'plain');
  });

  it('schema errors at the line that they are about', () => {
    const errors = [
      { field: 'b', message: 'wrong' },
      { field: 'z', message: 'missing' },
    ];
    const { lines, rest } = format.annotated('<a>\n  <b>x</b>\n</a>', errors);
    assert.deepEqual(
      lines.map((each: { errors: { message: string }[] }) => each.errors.map(({ message }) => message)),
      [[], ['wrong'], []],
    );
    assert.deepEqual(rest, [errors[1]]);
    assert.equal(format.annotated('"b.c": 1', [{ field: 'b(', message: '' }]).rest.length, 1);
  });

  it('commands that a shell reads as they are meant', () => {
    const body = { reason: "it's $HOME `x`" };
    const command = format.curl('POST', 'http://127.0.0.1:1/a', body).replace(/^curl/, "printf '%s\\n'");
    const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    assert.ok(stdout.includes(JSON.stringify(body)), stdout);
  });

  it('commands that want the token of a sandbox, and say so when there is none', () => {
    const command = format.curl('PUT', 'http://127.0.0.1:1/a', {}, 'the admin token of this sandbox');
    const shell = (env: Record<string, string>) =>
      spawnSync('sh', ['-c', command.replace('curl -s', "printf '%s\\n'")], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH ?? '', ...env },
      });
    assert.match(command, / -H "Authorization: Bearer \$TOKEN"/);
    assert.match(shell({ TOKEN: 't0k' }).stdout, /^Authorization: Bearer t0k$/m);
    const without = shell({});
    assert.notEqual(without.status, 0);
    assert.match(without.stderr, /the admin token of this sandbox/);
  });
});

describe('the desk explains', () => {
  const base = { outcome: 'answered', status: 200, stages: [], faults: [] };
  const keys = (entry: object) =>
    evidence.reasonsOf({ ...base, ...entry }).map(([key]: readonly [string]) => key);

  it('which rule won', () => {
    for (const [rule, reason] of [
      ['header', 'why.header'],
      ['armed arm-1', 'why.armed'],
      ['rule rule-2', 'why.rule'],
      ['magic', 'why.magic'],
      ['profile strict-clerk', 'why.profile'],
      ['default', 'why.default'],
    ] as const)
      assert.deepEqual(keys({ rule, scenario: 'LAB.ACCEPTED' }), [reason, 'why.answered'], rule);
    assert.deepEqual(keys({ rule: 'case magic' }), ['why.kept', 'why.magic', 'why.answered']);
    const won = evidence.strengthOf('case armed arm-1').filter((each: { won: boolean }) => each.won);
    assert.deepEqual(won, [{ channel: 'armed', won: true }]);
  });

  it('faults, and where it stopped', () => {
    const stages = [
      { stage: 'authenticate', ms: 1, note: 'the signature does not verify' },
      { stage: 'fault(after-commit)', ms: 0, note: 'commit-then-lose-reply' },
    ];
    const told = keys({ rule: 'default', outcome: 'reset', status: undefined, stages, faults: ['fault-1'] });
    assert.deepEqual(told, ['why.fault', 'why.stopped', 'why.default', 'why.outcome']);
  });

  it('which limit was met', () => {
    const note =
      'too many requests of this sandbox in its profile (requests_per_minute_of_profile: 120); see /limits';
    const told = evidence.reasonsOf({ ...base, status: 429, stages: [{ stage: 'limits', ms: 0, note }] });
    assert.deepEqual(told[0], ['why.limit', { limit: 'requests_per_minute_of_profile: 120' }]);
  });

  it('that an answer was spoiled which said no', () => {
    const spoiled = { stage: 'fault(response)', ms: 0, note: 'truncate' };
    const phase = (...stages: object[]) => evidence.phaseOf(spoiled, [...stages, spoiled]);
    assert.equal(phase({ stage: 'validate', ms: 1, note: 'line 1: …' }), 'response-refused');
    assert.equal(phase({ stage: 'commit', ms: 1, note: 'not in the unit' }), 'response-refused');
    assert.equal(phase({ stage: 'commit', ms: 1 }), 'response');
  });

  it('an exchange as a command with the same bytes, and as a test that is JavaScript', () => {
    const request = {
      method: 'POST',
      path: '/x?y=1',
      headers: { host: 'a', 'x-name': "o'clock", 'content-length': '3' },
      base64: Buffer.from('<a>').toString('base64'),
    };
    const command = evidence.exchangeCurl({ request }, 'http://127.0.0.1:1');
    const echo = command.replace(/curl -si[\s\S]*$/, 'cat');
    assert.equal(spawnSync('sh', ['-c', echo], { encoding: 'utf8' }).stdout, '<a>');
    assert.doesNotMatch(command, /content-length|host:/);
    const test = evidence.exchangeTest({
      agency: 'insurance-sm2',
      operation: "Sub'mit",
      outcome: 'answered',
      status: 200,
      rule: 'magic',
      scenario: 'SM2.X',
      armed_faults: [{ fault: 'hang', agency: 'insurance-sm2' }],
    });
    const body = test.replaceAll(/^import .*$/gm, '');
    assert.doesNotThrow(() => new Function('it', 'startAgencies', 'assert', body));
    assert.match(
      test,
      /sandbox\.arm\('SM2\.X'[\s\S]*sandbox\.fault\(\{ fault: 'hang', agency: 'insurance-sm2' \}\)/,
    );
    assert.match(test, /sandbox\.urls\['insurance-sm2'\]/);
  });

  it('nobody’s ID numbers, which name no scenario', () => {
    for (const n of [0, 1, 41, 13_439, 13_440, 1_795_000_000]) {
      const number = people.madeUpNumber(n);
      assert.ok(isResidentId(number), number);
      assert.equal(magicOf(number), undefined);
    }
    assert.notEqual(people.madeUpNumber(1), people.madeUpNumber(2));
  });
});
