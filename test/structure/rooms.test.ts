// What one room alone may do, and what every room must have.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { descriptionFaults } from '../../adapters/conformance/description.ts';
import { ADAPTERS } from '../../adapters/index.ts';
import { conformance as labor } from '../../adapters/labor-soap/conformance.ts';
import { readProfiles } from '../../src/profiles.ts';
import { DEAF, HEARERS } from '../conformance/hearers.ts';
import { ROOT, readSources, type Source } from '../support/sources.ts';

const CODE = ['src', 'adapters', 'queues', 'mocks'];

/** Without comments: words about a thing are not the thing. */
const code = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
const uses = (pattern: RegExp, sources: readonly Source[]) =>
  sources
    .filter(({ text }) => pattern.test(code(text)))
    .map(({ path }) => path)
    .sort();

const importers = (pattern: RegExp) =>
  readSources(...CODE)
    .filter(({ imports }) => imports.some(({ target, ours }) => !ours && pattern.test(target)))
    .map(({ path }) => path);

const only = (found: readonly string[], allowed: readonly string[]) =>
  assert.deepEqual(
    found.filter((path) => !allowed.includes(path)),
    [],
  );

describe('rooms', () => {
  it('leave the environment to the settings', () => {
    only(uses(/process\.env\b/, readSources(...CODE)), [
      'src/config.ts',
      // The entry itself: how loud to fail when the settings cannot even be read.
      'src/cli/index.ts',
      // Says which settings are given and which are defaults.
      'src/cli/doctor.ts',
      // Hands the environment, with a folder of its own, to readConfig.
      'src/cli/demo.ts',
    ]);
  });

  it('leave the queue library to one file, its migrations and its dashboard', () => {
    only(importers(/^bullmq/), ['queues/queue.ts', 'queues/migrate.ts']);
    only(importers(/^@bull-board\//), ['queues/board.ts']);
  });

  it('leave Prisma to the store', () => {
    assert.deepEqual(
      importers(/^@prisma\//).filter((path) => !path.startsWith('src/store/')),
      [],
    );
  });

  it('ask neither the clock nor chance in the domain', () => {
    assert.deepEqual(
      uses(
        /new Date\(\)|Date\.now\(|Math\.random\(|performance\.now\(|randomUUID\(/,
        readSources('src/domain'),
      ),
      [],
    );
  });

  it('keep their files short', () => {
    const long = readSources(...CODE).filter(({ text }) => text.split('\n').length > 321);
    assert.deepEqual(
      long.map(({ path }) => path),
      [],
    );
  });

  it('export by name', () => {
    const sources = readSources(...CODE, 'test').filter(({ path }) => !path.endsWith('.d.ts'));
    assert.deepEqual(uses(/^\s*export\s+default\b|\bas default\b/m, sources), []);
  });
});

describe('tests', () => {
  it('are run all together: none is alone', () => {
    assert.deepEqual(uses(/\b(?:describe|context|it|specify)\.only\(/, readSources('test')), []);
  });

  it('have names that mocha finds', () => {
    const tests = readSources('test').filter(({ text }) =>
      /^(?:describe|describeAdapter|describeNothingToAsk)\(/m.test(text),
    );
    assert.deepEqual(
      tests.map(({ path }) => path).filter((path) => !path.endsWith('.test.ts')),
      [],
    );
  });
});

describe('adapters', () => {
  const folders = readdirSync(join(ROOT, 'adapters'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'conformance')
    .map(({ name }) => name);
  const names = ADAPTERS.map(({ manifest }) => manifest.name);

  it('are all on the written list, each once', () => {
    assert.deepEqual(names.toSorted(), folders.toSorted());
    assert.equal(new Set(names).size, names.length);
  });

  for (const { manifest } of ADAPTERS) {
    const { name } = manifest;
    it(`${name} has a folder, a page and a subject of the conformance suite`, () => {
      for (const file of ['index.ts', 'README.md', 'conformance.ts'])
        assert.ok(existsSync(join(ROOT, 'adapters', name, file)), `adapters/${name}/${file}`);
      const subject = join(ROOT, 'test', 'conformance', `${name}.test.ts`);
      assert.ok(existsSync(subject), `test/conformance/${name}.test.ts`);
      assert.match(readFileSync(subject, 'utf8'), /\bdescribe(?:Adapter|NothingToAsk)\(/);
    });

    it(`${name} is described for the suite, and skips nothing without a reason`, async () => {
      const { conformance } = await import(`../../adapters/${name}/conformance.ts`);
      const entry = ADAPTERS.find((each) => each.manifest === manifest);
      assert.ok(entry);
      assert.deepEqual(descriptionFaults(conformance, entry), []);
    });

    it(`${name} has a page that says what is called, what is set and what means what`, () => {
      const page = readFileSync(join(ROOT, 'adapters', name, 'README.md'), 'utf8');
      for (const section of ['What is called', 'Settings', 'What means what'])
        assert.match(page, new RegExp(`^## ${section}$`, 'm'), `${name}: ${section}`);
    });

    it(`${name} has unit tests of its own`, () => {
      const tests = readdirSync(join(ROOT, 'test', 'unit', 'adapters'));
      assert.ok(tests.some((file) => file.startsWith(name) && file.endsWith('.test.ts')));
    });

    it(`${name} is told the lies of the corpus, or there is a reason why not`, () => {
      const heard = HEARERS.some((each) => each.name === name);
      assert.ok(
        heard !== ((DEAF[name] ?? '') !== ''),
        `put ${name} on the list of test/conformance/hearers.ts`,
      );
    });

    it(`${name} has a manifest that a person and a queue can use`, () => {
      assert.match(name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      assert.ok(manifest.title.en !== '' && manifest.title.zh !== '' && manifest.protocol !== '');
      assert.ok(manifest.kinds.length > 0 && manifest.regions.length > 0);
      assert.ok(manifest.concurrency >= 1 && manifest.timeout > 0);
    });
  }
});

describe('the description of an adapter', () => {
  const [entry] = ADAPTERS;
  assert.ok(entry);
  const good = { ...labor, skips: {} };
  for (const [what, description, fault] of [
    ['a skip without a reason', { ...good, skips: { 'nobody listens: retry': ' ' } }, /gives no reason/],
    ['a skip of a check that there is not', { ...good, skips: { 'nobody listens': 'x' } }, /there is not/],
    ['a kind that is none of the manifest’s', { ...good, kind: 'credit_update' }, /none of the manifest/],
    ['no name of the submission', { ...good, submits: '' }, /submits/],
    ['nothing at all', undefined, /not an object/],
  ] as const)
    it(`is refused with ${what}`, () => {
      const faults = descriptionFaults(description, entry);
      assert.equal(faults.length, 1);
      assert.match(faults[0] ?? '', fault);
    });
});

describe('profiles', () => {
  const folder = join(ROOT, 'profiles');
  const profiles = readProfiles(folder);

  it('can be read, each under the name of its file', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
    assert.deepEqual(profiles.names, files.map((file) => file.replace('.yaml', '')).sort());
  });

  it('file nothing that no adapter can', () => {
    const kinds = new Set(ADAPTERS.flatMap(({ manifest }) => manifest.kinds));
    for (const profile of profiles.all)
      for (const { kind } of profile.filings) assert.ok(kinds.has(kind), `${profile.name}: ${kind}`);
  });
});
