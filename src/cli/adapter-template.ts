/** From the sample adapter to one of another name in another place: texts and paths alone, no files. Pure. */
import { dirname, join, relative } from 'node:path/posix';

export type Place = 'checkout' | 'alone';

/** Files of the template folder and where they go, `NAME` standing for the name. The longest beginning counts. */
const TARGETS: Readonly<Record<Place, readonly (readonly [string, string])[]>> = {
  checkout: [
    ['adapter/', 'adapters/NAME/'],
    ['mock/', 'mocks/NAME/'],
    ['test/conformance.test.ts', 'test/conformance/NAME.test.ts'],
    ['test/unit.test.ts', 'test/unit/adapters/NAME.test.ts'],
  ],
  alone: [
    ['adapter/', 'adapter/'],
    ['mock/', 'mock/'],
    ['test/unit.test.ts', 'test/NAME.test.ts'],
    ['alone/', ''],
  ],
};

/** What the package exports of our files, for an adapter that lies elsewhere. */
const EXPORTED: readonly (readonly [RegExp, string])[] = [
  [/^adapters\/conformance\//, 'exitgate/adapters/conformance'],
  [/^mocks\/kernel\//, 'exitgate/mocks/kernel'],
  [/^(adapters|src\/crypto|src\/domain)\//, 'exitgate/adapters'],
];

const TEMPLATE = 'scaffold/';

/** Where a file of the template goes; undefined: it has no part in this place. */
export function targetOf(file: string, name: string, place: Place): string | undefined {
  const rule = TARGETS[place].find(([from]) => file.startsWith(from));
  return rule && `${rule[1]}${file.slice(rule[0].length)}`.replace('NAME', name);
}

export function rendered(file: string, text: string, name: string, place: Place): string {
  const renamed = rename(text, name);
  if (!file.endsWith('.ts')) return renamed;
  const moved = renamed.replace(
    /(from |import\(|new URL\()'(\.{1,2}\/[^']+)'/g,
    (_, before: string, path: string) => `${before}'${pathFor(file, path, name, place)}'`,
  );
  if (place === 'checkout') return moved.replace(/^ {2}mock: new URL\(.*\n/m, '');
  // mocha brings its words along; Node's own runner wants them imported.
  const isTest = file.startsWith('test/');
  return isTest
    ? moved.replace(/^(import .*'node:.*;\n)/m, "$1import { describe, it } from 'node:test';\n")
    : moved;
}

/** A path in the template, as it has to be written where the file goes. */
function pathFor(file: string, path: string, name: string, place: Place): string {
  const meant = join(TEMPLATE, dirname(file), path);
  const here = dirname(targetOf(file, name, place) ?? file);
  const inTemplate = meant.startsWith(TEMPLATE);
  const there = inTemplate ? targetOf(meant.slice(TEMPLATE.length), name, place) : meant;
  if (there === undefined) throw new Error(`${file} names ${path}, which goes nowhere`);
  if (!inTemplate && place === 'alone') {
    const exported = EXPORTED.find(([pattern]) => pattern.test(meant))?.[1];
    if (exported === undefined) throw new Error(`${file} names ${path}, which the package does not export`);
    return exported;
  }
  const way = relative(here, there);
  return way.startsWith('.') ? way : `./${way}`;
}

export const camel = (name: string): string =>
  name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function rename(text: string, name: string): string {
  const title = name.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());
  const initials = name.split('-').map((word) => word.charAt(0).toUpperCase());
  return text
    .replaceAll('sampleJson', camel(name))
    .replaceAll('sample-json', name)
    .replaceAll('Sample agency', title)
    .replaceAll('SJ-', `${initials.join('')}-`);
}

/** Among those who are told the lies of the corpus. Throws when the list is not as we know it. */
export function heard(text: string, name: string): string {
  const end = text.indexOf('\n];', text.indexOf('export const HEARERS'));
  const first = text.indexOf('import ');
  if (end < 0 || first < 0) throw new Error(`the list HEARERS is not as it was: add ${name} by hand`);
  const word = `${camel(name)}Conformance`;
  const entry = [
    '  {',
    `    name: '${name}',`,
    `    conformance: ${word},`,
    "    form: 'jws',",
    "    files: ({ method, path }) => method === 'POST' && path.endsWith('/exits'),",
    '  },',
  ].join('\n');
  const imported = `import { conformance as ${word} } from '../../adapters/${name}/conformance.ts';\n`;
  return `${text.slice(0, first)}${imported}${text.slice(first, end)}\n${entry}${text.slice(end)}`;
}

/** The name with its import among the others, and at the end of the list. Throws when the list is not as we know it. */
export function listed(text: string, list: string, word: string, from: string): string {
  const imports = [...text.matchAll(/^import .*;$/gm)];
  const last = imports.at(-1);
  const array = new RegExp(`(export const ${list}[^=]*= \\[)([^\\]]*)\\]`);
  if (!last || !array.test(text)) throw new Error(`the list ${list} is not as it was: add ${word} by hand`);
  const at = last.index + last[0].length;
  const imported = `${text.slice(0, at)}\nimport { ${word} } from '${from}';${text.slice(at)}`;
  return imported.replace(array, (_, before: string, words: string) => {
    const known = words.split(',').map((each) => each.trim());
    return `${before}${[...known.filter((each) => each !== ''), word].join(', ')}]`;
  });
}
