/** Documents and deployment files against the code: what can be compared does not drift. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { ADAPTERS } from '../../adapters/index.ts';
import { SETTINGS } from '../../src/config.ts';
import { FILING_STATES } from '../../src/domain/filing.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const READMES = ['README.md', 'README.zh-CN.md'];
const PAGES = [
  ...READMES,
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

/** Rows of the settings table: name, default, sentence. */
const settingRows = (text: string) =>
  [...text.matchAll(/^\| `([A-Z_]+)` \| (?:–|`([^`]+)`) \| (.+) \|$/gm)].map(([, name, fallback, help]) => ({
    name,
    fallback,
    help,
  }));

describe('the documents', () => {
  for (const file of READMES)
    it(`${file} has every setting with its default, and no other`, () => {
      const expected = Object.entries(SETTINGS).map(([name, { fallback }]) => ({ name, fallback }));
      const rows = settingRows(read(file)).map(({ name, fallback }) => ({ name, fallback }));
      assert.deepEqual(rows, expected);
    });

  it('README.md explains each setting in the words of src/config.ts', () => {
    assert.deepEqual(
      settingRows(read('README.md')).map(({ help }) => help),
      Object.values(SETTINGS).map(({ help }) => help),
    );
  });

  it('both READMEs have the same commands, transcript and sections', () => {
    const [english = '', chinese = ''] = READMES.map(read);
    // Comments and the example's names are each in their own language.
    const commands = (text: string) =>
      [...text.matchAll(/^```\w+\n(.*?)^```/gms)].map(([, block]) =>
        (block ?? '').replace(/(^| )(#|\/\/) .*$/gm, '').replace(/--org ".*"/, '--org'),
      );
    assert.deepEqual(commands(chinese), commands(english));
    const sections = (text: string) => text.match(/^## /gm)?.length;
    assert.equal(sections(chinese), sections(english));
  });

  it('link only to what exists', () => {
    for (const page of PAGES)
      for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:)([^)#]+)/g))
        assert.ok(existsSync(join(ROOT, dirname(page), target)), `${page} links to ${target}`);
  });

  it('docs/architecture.md names every folder of the code, every adapter and every state of a filing', () => {
    const text = read('docs/architecture.md');
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${name}/`);
    const words = [...folders, ...ADAPTERS.map(({ manifest }) => `${manifest.name}/`), ...FILING_STATES];
    // `withdrawn` is a state that nothing leads to yet.
    for (const word of words.filter((each) => each !== 'withdrawn'))
      assert.ok(text.includes(word), `${word} is missing`);
  });

  it('docs/operations.md says where the log goes, and that clocks must agree', () => {
    const text = read('docs/operations.md');
    assert.match(text, /JSON lines on standard error/);
    assert.match(text, /clocks must agree/);
  });

  it('every decision has a date, a context, a decision and a consequence, on one page', () => {
    const files = readdirSync(join(ROOT, 'docs/decisions'));
    assert.ok(files.length > 0);
    for (const file of files) {
      const text = read(join('docs/decisions', file));
      assert.match(text, /^# .+\n\n\d{4}-\d{2}-\d{2}\n\n\*\*Context\.\*\*/, file);
      for (const part of ['Decision', 'Consequence'])
        assert.ok(text.includes(`\n**${part}.**`), `${file}: ${part}`);
      assert.ok(text.split('\n').length <= 25, `${file} is longer than a page`);
    }
  });
});

const Compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      command: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.string()).default({}),
      ports: z.array(z.string()).default([]),
      healthcheck: z.object({ test: z.array(z.string()) }).optional(),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
      stop_grace_period: z.string().optional(),
    }),
  ),
});

describe('docker-compose.yml', () => {
  const { services } = Compose.parse(parse(read('docker-compose.yml'), { merge: true }));

  it('has the parts, each with a health check but the one that ends by itself', () => {
    assert.deepEqual(Object.keys(services), ['postgres', 'redis', 'migrate', 'api', 'worker', 'mocks']);
    const unchecked = Object.entries(services).filter(([, { healthcheck }]) => healthcheck === undefined);
    assert.deepEqual(
      unchecked.map(([name]) => name),
      ['migrate'],
    );
    assert.match(services.api?.healthcheck?.test.join(' ') ?? '', /\/readyz/);
  });

  it('starts API and workers when the servers are healthy and the schema is there', () => {
    for (const name of ['api', 'worker'])
      assert.deepEqual(services[name]?.depends_on, {
        postgres: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
        migrate: { condition: 'service_completed_successfully' },
      });
  });

  it('sets only what the program reads, and leaves it longer to end than it takes', () => {
    const ours = Object.entries(services).filter(([name]) => !['postgres', 'redis'].includes(name));
    for (const [name, { command, environment, stop_grace_period }] of ours) {
      assert.deepEqual(command, [name]);
      for (const setting of Object.keys(environment)) assert.ok(setting in SETTINGS, setting);
      assert.ok(
        Number.parseInt(stop_grace_period ?? '', 10) > Number(SETTINGS.SHUTDOWN_SECONDS.fallback),
        name,
      );
    }
  });

  it('holds no secret, and asks for those that are not set', () => {
    for (const { environment } of Object.values(services))
      for (const [name, value] of Object.entries(environment)) {
        if (/PASSWORD|MASTER_KEY/.test(name)) assert.match(value, /^\$\{\w+:\?.*openssl rand.*\}$/, name);
        else if (/KEY|SECRET/.test(name)) assert.match(value, /^\$\{\w+:-\}$/, name);
        else if (/\/\/.*@/.test(value))
          assert.match(value, /\/\/\w+:\$\{\w+:\?.*\}@/, `${name} has a password`);
      }
  });

  it('publishes ports on this machine only', () => {
    for (const port of Object.values(services).flatMap(({ ports }) => ports))
      assert.match(port, /^127\.0\.0\.1:/);
  });
});
