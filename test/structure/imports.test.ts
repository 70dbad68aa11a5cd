// Who may import whom: the table of docs/architecture.md, as data. A rule that no file could break would be no rule:
// the last cases show that each kind of breach is seen.
import assert from 'node:assert/strict';
import { makeSource, readSources, type Source } from '../support/sources.ts';

interface Rule {
  readonly room: RegExp;
  /** Files of ours that it may import; `$1` stands for what the room's first group matched. */
  readonly may: readonly string[];
  /** Files of which it may know the types alone. */
  readonly types?: readonly string[];
  /** Packages that it must not know. */
  readonly not?: RegExp;
  readonly why: string;
}

const DATABASE = /^(@prisma\/|pg$|pg-)/;
const QUEUES = /^(bullmq|@bull-board\/|ioredis)/;
const SERVERS = /^(express|axios|nock)/;
const any = (...patterns: readonly RegExp[]) => new RegExp(patterns.map(({ source }) => source).join('|'));

/** The first rule whose room a file is in counts. */
const RULES: readonly Rule[] = [
  {
    room: /^src\/domain\//,
    may: ['src/domain/'],
    // node:util compares values and looks at nothing else.
    not: any(/^node:(?!util$)/, DATABASE, QUEUES, SERVERS),
    why: 'decisions are pure: time, chance and the outside are arguments',
  },
  {
    room: /^src\/store\//,
    may: ['src/store/', 'src/domain/', 'src/crypto/keyring.ts', 'src/ids.ts', 'src/documents/kinds.ts'],
    not: any(QUEUES, SERVERS),
    why: 'rows and domain values; nobody is called from here',
  },
  {
    room: /^src\/documents\//,
    may: ['src/documents/', 'src/domain/', 'src/language.ts'],
    not: any(DATABASE, QUEUES, SERVERS),
    why: 'prints what it is handed',
  },
  {
    room: /^src\/crypto\//,
    may: ['src/crypto/'],
    not: any(DATABASE, QUEUES, SERVERS),
    why: 'suites that anybody may use',
  },
  {
    room: /^src\/webhooks\//,
    may: ['src/webhooks/', 'src/ranges.ts'],
    types: ['src/store/'],
    not: any(DATABASE, QUEUES, /^express/),
    why: 'signs, judges and sends what it is handed',
  },
  {
    room: /^src\/http\//,
    may: [
      'src/documents/',
      'src/http/',
      'src/domain/',
      'src/problem.ts',
      'src/faults.ts',
      'src/language.ts',
      'src/ids.ts',
      'src/ranges.ts',
    ],
    types: ['src/store/', 'src/profiles.ts', 'src/metrics.ts'],
    not: any(DATABASE, QUEUES, /^axios/),
    why: 'is handed the store, the queues and the adapters',
  },
  {
    room: /^adapters\/index\.ts$/,
    may: ['adapters/'],
    why: 'the written list',
  },
  {
    room: /^adapters\/([^/]+)\//,
    may: ['adapters/$1/', 'adapters/*.ts', 'src/domain/', 'src/crypto/*.ts'],
    types: ['adapters/conformance/'],
    not: any(DATABASE, QUEUES, /^express/),
    why: 'no sibling, no store, no queue: an adapter is a function of its settings',
  },
  {
    room: /^adapters\//,
    may: ['adapters/*.ts', 'src/domain/', 'src/crypto/*.ts'],
    not: any(DATABASE, QUEUES, /^express/),
    why: 'what adapters share knows none of them',
  },
  {
    room: /^queues\//,
    may: ['queues/', 'src/domain/', 'src/store/', 'src/webhooks/', 'src/evidence/', 'src/ids.ts'],
    types: ['adapters/adapter.ts', 'src/sandbox-desk.ts'],
    not: any(/^@prisma\//, /^axios/),
    why: 'is handed the adapters',
  },
  {
    room: /^mocks\//,
    may: ['mocks/'],
    not: any(DATABASE, QUEUES),
    why: 'a mock that shares our code agrees with our bugs',
  },
  {
    room: /^src\/sandbox-desk\.ts$/,
    may: ['src/domain/'],
    types: ['src/store/'],
    not: any(DATABASE, QUEUES, /^express/),
    why: 'asks the desk of the mock agencies for the time, and nobody else',
  },
  {
    room: /^src\/config\.ts$/,
    may: ['src/ranges.ts', 'src/domain/urgency.ts'],
    why: 'settings depend on nothing',
  },
  {
    room: /^src\/database\.ts$/,
    may: ['src/store/', 'queues/migrate.ts'],
    types: ['src/config.ts'],
    why: 'opens what the settings name and brings it up to date, for gateway and commands alike',
  },
  {
    room: /^src\/((problems|faults)\/\w+|ids|ranges|calendars|clocks|log|local|language|faults|problem|profiles|yaml|metrics)\.ts$/,
    may: [
      'src/problems/',
      'src/faults/',
      'src/faults.ts',
      'src/language.ts',
      'src/domain/',
      'src/yaml.ts',
      'src/clocks.ts',
    ],
    types: ['src/store/', 'queues/queue.ts', 'src/config.ts'],
    why: 'small rooms that others stand on',
  },
];

/** Put together at the top, and therefore free to import anything. */
const TOPS = [/^src\/app\.ts$/, /^src\/cli\//, /^src\/index\.ts$/];

const fits = (target: string, pattern: string) =>
  pattern.endsWith('/*.ts')
    ? target.startsWith(pattern.slice(0, -4)) && !target.slice(pattern.length - 4).includes('/')
    : pattern.endsWith('/')
      ? target.startsWith(pattern)
      : target === pattern;

/** The keyring is the store's: suites are what adapters sign with. */
const KEYRING = 'src/crypto/keyring.ts';

function breaches({ path, imports }: Source): string[] {
  const rule = RULES.find(({ room }) => room.test(path));
  if (rule === undefined)
    return TOPS.some((top) => top.test(path)) ? [] : [`${path} is in no room that the table knows`];
  const group = rule.room.exec(path)?.[1] ?? '';
  const allowed = (patterns: readonly string[], target: string) =>
    patterns.some((pattern) => fits(target, pattern.replace('$1', group)));
  return imports
    .filter(({ target, ours, typeOnly }) => {
      if (!ours) return rule.not?.test(target) === true && !typeOnly;
      if (path.startsWith('adapters/') && target === KEYRING) return true;
      return !allowed(rule.may, target) && !(typeOnly && allowed(rule.types ?? [], target));
    })
    .map(({ target }) => `${path} imports ${target}: ${rule.why}`);
}

/** Circles of imports that stay when the types are gone. */
function circles(sources: readonly Source[]): string[] {
  const edges = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports.filter(({ ours, typeOnly }) => ours && !typeOnly).map(({ target }) => target),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) found.push([...way.slice(at), path].join(' → '));
    if (at >= 0 || done.has(path)) return;
    for (const target of edges.get(path) ?? []) walk(target, [...way, path]);
    done.add(path);
  };
  for (const path of edges.keys()) walk(path, []);
  return found;
}

describe('import directions', () => {
  const sources = readSources('src', 'adapters', 'queues', 'mocks');

  it('are those of the table', () => {
    assert.ok(sources.length > 50, 'no sources were read');
    assert.deepEqual(sources.flatMap(breaches), []);
  });

  it('point at files that are there', () => {
    const known = new Set(sources.map(({ path }) => path));
    const missing = sources.flatMap(({ path, imports }) =>
      imports
        .filter(
          ({ target, ours }) =>
            ours && target.endsWith('.ts') && !target.includes('/generated/') && !known.has(target),
        )
        .map(({ target }) => `${path} imports ${target}`),
    );
    assert.deepEqual(missing, []);
  });

  it('have no circles', () => assert.deepEqual(circles(sources), []));

  for (const [path, line] of [
    ['src/domain/exit.ts', `import { createStore } from '../store/index.ts';`],
    ['src/domain/exit.ts', `import { randomBytes } from 'node:crypto';`],
    ['src/domain/exit.ts', `import type { Store } from '../store/index.ts';`],
    ['src/store/exits.ts', `import { createHttp } from '../http/service.ts';`],
    ['src/store/exits.ts', `import { Queue } from 'bullmq';`],
    ['src/http/exits.ts', `import { createStore } from '../store/index.ts';`],
    ['src/http/exits.ts', `import { type Store, createStore } from '../store/index.ts';`],
    ['src/http/exits.ts', `import { PrismaClient } from '@prisma/client';`],
    ['src/http/exits.ts', `import { laborSoap } from '../../adapters/labor-soap/index.ts';`],
    ['adapters/labor-soap/index.ts', `import { creditRest } from '../credit-rest/index.ts';`],
    ['adapters/labor-soap/index.ts', `import type { Token } from '../credit-rest/token.ts';`],
    ['adapters/labor-soap/index.ts', `import {\n  createKeyring,\n} from '../../src/crypto/keyring.ts';`],
    ['adapters/labor-soap/index.ts', `import { createStore } from '../../src/store/index.ts';`],
    ['adapters/http.ts', `export { laborSoap } from './labor-soap/index.ts';`],
    ['queues/filings.ts', `import { laborSoap } from '../adapters/labor-soap/index.ts';`],
    ['queues/filings.ts', `const http = await import('../src/http/service.ts');`],
    ['mocks/labor/index.ts', `import { checkUscc } from '../../src/domain/identifiers.ts';`],
    ['mocks/labor/index.ts', `import type { Outcome } from '../../src/domain/outcome.ts';`],
    ['somewhere/else.ts', `import 'node:fs';`],
  ] as const)
    it(`would see ${path} with ${line.replaceAll('\n', ' ')}`, () =>
      assert.equal(breaches(makeSource(path, line)).length, 1));

  it('would see a circle, and none where only types go round', () => {
    const a = makeSource('src/a.ts', `import { b } from './b.ts';`);
    const b = makeSource('src/b.ts', `import { c } from './c.ts';`);
    assert.deepEqual(circles([a, b, makeSource('src/c.ts', `import { a } from './a.ts';`)]), [
      'src/a.ts → src/b.ts → src/c.ts → src/a.ts',
    ]);
    assert.deepEqual(circles([a, b, makeSource('src/c.ts', `import type { A } from './a.ts';`)]), []);
  });
});
