// `exitgate adapter test` against running mock agencies and its own, and `exitgate adapter new` with what it writes.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { newAdapter } from '../../src/cli/adapter-new.ts';
import { testAdapter } from '../../src/cli/adapter-test.ts';
import type { BuildAnswer } from '../support/build.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { askShared } from '../support/shared-servers.ts';
import { refusedPort } from '../support/sockets.ts';
import { ROOT } from '../support/sources.ts';

const run = promisify(execFile);
/** What it said; it fails with that when it does not end well. */
async function node(args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await run(process.execPath, [...args], { cwd, encoding: 'utf8' })).stdout;
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new Error(`${args.join(' ')}\n${stdout}${stderr}`, { cause });
  }
}
const copied = [
  'adapters',
  'bin',
  'docs',
  'mocks',
  'package.json',
  'profiles',
  'queues',
  'scaffold',
  'src',
  'test/conformance',
  'test/structure',
  'test/support',
  'test/unit/adapters',
  'tsconfig.json',
  '.mocharc.json',
];

describe('exitgate adapter', function () {
  this.timeout(240_000);
  useRealNetwork();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'exitgate-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe('test', () => {
    const lines: string[] = [];
    const test = (path: string, options: { mock?: string; only?: string }) => {
      lines.length = 0;
      return testAdapter(path, options, (line) => lines.push(line));
    };

    for (const hosting of ['local', 'public'] as const)
      it(`runs the list at agencies that run already, ${hosting}, and leaves no sandbox behind`, async () => {
        const operatorToken = 'operator';
        const agencies: Agencies = await startAgencies({
          hosting,
          operatorToken,
          only: ['credit'],
          limits: { requests_per_minute_of_sandbox: 10_000, requests_per_minute_of_address: 10_000 },
        });
        try {
          const before = await sandboxesOf(agencies, operatorToken);
          assert.equal(await test('credit-rest', { mock: agencies.urls.desk }), 0, lines.join('\n'));
          assert.match(lines.at(-2) ?? '', /^credit-rest: \d{2} passed, 0 failed, \d skipped/);
          assert.match(lines.at(-1) ?? '', /^credit-rest：通过 \d{2} 项，未通过 0 项/);
          assert.equal(await sandboxesOf(agencies, operatorToken), before);
        } finally {
          await agencies.close();
        }
      });

    it('starts the agency that a description brings along', async () => {
      assert.equal(await test(join(ROOT, 'scaffold', 'adapter'), { only: 'a resend' }), 0);
      assert.match(lines[0] ?? '', /^ok +\d+ ms {2}a resend has the same bytes$/);
    });

    it('says what failed and how to look at it, and exits with 1', async () => {
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      writeFileSync(
        join(folder, 'index.ts'),
        `import { sampleJson } from '${ROOT}scaffold/adapter/index.ts';
         export { conformance } from '${ROOT}scaffold/adapter/conformance.ts';
         export const mine = { ...sampleJson, create: (settings: unknown) => ({
           ...sampleJson.create(settings), ping: async () => ({ kind: 'up', message: 'm', checks: [{ subject: 'address', ok: true, message: 'm' }] }) }) };`,
      );
      assert.equal(await test(folder, { only: 'knows whether' }), 1);
      assert.match(lines[0] ?? '', /^FAIL +\d+ ms {2}knows whether the agency is there$/);
      assert.ok(lines.some((line) => line.includes('--only "knows whether the agency is there"')));
    });

    for (const [what, content, sentence] of [
      ['no adapter', 'export const a = 1;', /must export one adapter/],
      [
        'no description',
        'export const a = { manifest: { name: "a-b" }, create() {} };',
        /describes itself nowhere/,
      ],
      [
        'a wrong one',
        'export const a = { manifest: { name: "a-b", kinds: [] }, create() {} }; export const conformance = { skips: { x: "" } };',
        /conformance\.agency must be a word[\s\S]*a check that there is not: "x"/,
      ],
    ] as const)
      it(`names ${what}`, async () => {
        writeFileSync(join(folder, 'index.mjs'), content);
        await assert.rejects(test(folder, {}), sentence);
      });

    const index = (text: string) => {
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      writeFileSync(
        join(folder, 'index.ts'),
        `import { sampleJson } from '${ROOT}scaffold/adapter/index.ts';
         import { conformance as all } from '${ROOT}scaffold/adapter/conformance.ts';\n${text}`,
      );
    };

    it('says of an adapter without an agency what is skipped, and why', async () => {
      assert.equal(await test('batch-upload', {}), 0);
      assert.ok(lines.some((line) => /^skip .*: a person uploads the file/.test(line)));
      assert.match(lines.at(-2) ?? '', /^batch-upload: 1 passed, 0 failed, \d{2} skipped/);
    });

    it('does not take a run for passed in which all is skipped, nor a word for a reason', async () => {
      const skipping = (reason: string) => `
        import { CHECK_NAMES } from '${ROOT}adapters/conformance/checks.ts';
        export const conformance = {
          ...all, skips: Object.fromEntries(CHECK_NAMES.map((name) => [name, ${JSON.stringify(reason)}])) };
        export const mine = { ...sampleJson };`;
      index(skipping('x'));
      await assert.rejects(test(folder, {}), /gives no reason/);
      const other = join(folder, 'other.ts');
      index(skipping('there is no time to look at any of it'));
      renameSync(join(folder, 'index.ts'), other);
      assert.equal(await test(other, {}), 1);
      assert.match(lines.at(-1) ?? '', /Nothing was passed/);
    });

    it('fails an adapter that cannot be made, and shows none of its settings', async () => {
      index(`export const conformance = all;
        export const mine = { ...sampleJson, create: (settings: unknown) => {
          throw new Error('cannot use ' + JSON.stringify(settings)); } };`);
      assert.equal(await test(folder, { only: 'a resend' }), 1);
      assert.match(lines[0] ?? '', /^FAIL .*a resend has the same bytes$/);
      assert.match(lines.join('\n'), /create\(settings\) throws: cannot use/);
      assert.doesNotMatch(lines.join('\n'), /PRIVATE KEY/);
    });

    it('fails an adapter that throws when nobody listens any more, by the name of the check', async () => {
      index(`export const conformance = all;
        export const mine = { ...sampleJson, create: (settings: unknown) => {
          const adapter = sampleJson.create(settings);
          return { ...adapter, submit: async (filing: never, call: never) => {
            setTimeout(() => { throw new Error('too late'); }, 1);
            return adapter.submit(filing, call); } }; } };`);
      const command = [join(ROOT, 'bin', 'exitgate.js'), 'adapter', 'test', folder, '--only', 'a resend'];
      await assert.rejects(
        node(command, ROOT),
        /FAIL +\d+ ms {2}a resend has the same bytes\n +threw outside of its calls, .*: too late/,
      );
    });

    it('follows what a package exports', async () => {
      index('export const conformance = all; export const mine = { ...sampleJson };');
      mkdirSync(join(folder, 'src'));
      renameSync(join(folder, 'index.ts'), join(folder, 'src', 'mine.ts'));
      const exports = { '.': { types: './src/mine.d.ts', import: './src/mine.ts' } };
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', exports }));
      assert.equal(await test(folder, { only: 'a resend' }), 0);
    });

    it('says what a package of the old kind lacks', async () => {
      index('export const conformance = all; export const mine = { ...sampleJson };');
      writeFileSync(join(folder, 'package.json'), '{}');
      const command = [join(ROOT, 'bin', 'exitgate.js'), 'adapter', 'test', folder, '--only', 'a resend'];
      await assert.rejects(node(command, ROOT), /write "type": "module" into the package\.json/);
    });

    it('names a path that is not there, and a desk that does not answer', async () => {
      await assert.rejects(test(join(folder, 'nowhere'), {}), /neither a folder nor a file/);
      const mock = `http://127.0.0.1:${await refusedPort()}`;
      await assert.rejects(
        test('credit-rest', { mock }),
        /no desk of mock agencies answers at .*exitgate mocks/,
      );
      await assert.rejects(test('credit-rest', { only: 'nothing like it' }), /no check has/);
    });
  });

  describe('new', () => {
    it('writes into a checkout what compiles, is on the lists and passes', async () => {
      for (const path of copied) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      const at = folder;
      await node(['bin/exitgate.js', 'adapter', 'new', 'harbour-json'], at);
      const include = ['adapters', 'mocks', 'test/*/harbour-json.test.ts', 'test/*/*/harbour-json.test.ts'];
      writeFileSync(
        join(folder, 'tsconfig.test.json'),
        JSON.stringify({ extends: './tsconfig.json', include }),
      );
      await node(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.test.json'], at);
      const tests = ['conformance/harbour-json', 'unit/adapters/harbour-json', 'structure/rooms'];
      const files = tests.map((name) => `test/${name}.test.ts`);
      const stdout = await node(
        ['node_modules/mocha/bin/mocha.js', ...files, '-g', 'harbour|written list'],
        at,
      );
      assert.match(stdout, /\d{2} passing/);
      assert.doesNotMatch(stdout, /failing/);
      assert.match(readFileSync(join(folder, 'docs', 'architecture.md'), 'utf8'), /· harbour-json\/ /);
      await assert.rejects(node(['bin/exitgate.js', 'adapter', 'new', 'harbour-json'], at), /is taken/);
    });

    it('writes a package of its own, which passes with what the package exports', async () => {
      const { command } = await askShared<BuildAnswer>({ ask: 'build' });
      const built = join(command, '..', '..', '..');
      newAdapter('harbour-json', { out: join(folder, 'mine') });
      const modules = join(folder, 'mine', 'node_modules');
      mkdirSync(join(modules, 'exitgate'), { recursive: true });
      cpSync(join(ROOT, 'package.json'), join(modules, 'exitgate', 'package.json'));
      symlinkSync(built, join(modules, 'exitgate', 'dist'));
      for (const name of ['zod', 'tsx']) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
      const at = join(folder, 'mine');
      const suite = await node([command, 'adapter', 'test', 'adapter'], at);
      assert.match(suite, /harbour-json: \d{2} passed, 0 failed, 6 skipped/);
      // As docs/adapters.md has it: the folder of the package, by what it exports.
      const whole = await node([command, 'adapter', 'test', '.', '--only', 'a resend'], at);
      assert.match(whole, /harbour-json: 1 passed, 0 failed/);
      const unit = await node(['--import', 'tsx', '--test', 'test/harbour-json.test.ts'], at);
      assert.match(unit, /# fail 0/);
    });

    for (const [name, sentence] of [
      ['Harbour-json', /two words or more in kebab case/],
      ['harbour', /two words or more in kebab case/],
      ['../harbour-json', /two words or more in kebab case/],
      ['labor-soap', /is taken/],
    ] as const)
      it(`refuses the name ${name}`, () => assert.throws(() => newAdapter(name, { out: folder }), sentence));

    it('overwrites nothing', () => {
      writeFileSync(join(folder, 'mine.txt'), '');
      assert.throws(() => newAdapter('harbour-json', { out: folder }), /is not empty/);
      assert.throws(() => newAdapter('harbour-json', { out: join(folder, 'mine.txt') }), /is a file/);
    });
  });
});

async function sandboxesOf(agencies: Agencies, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const list: unknown = await (await fetch(`${agencies.urls.desk}/sandboxes`, { headers })).json();
  assert.ok(Array.isArray(list));
  return list.length;
}
