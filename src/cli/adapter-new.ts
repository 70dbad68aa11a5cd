/** `exitgate adapter new`: reads the sample adapter and writes it under another name. Nothing is overwritten. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADAPTERS } from '../../adapters/index.ts';
import { AGENCY_NAMES } from '../../mocks/agencies.ts';
import { camel, heard, listed, type Place, rendered, targetOf } from './adapter-template.ts';

const HOME = fileURLToPath(new URL('../..', import.meta.url));
const TEMPLATE = join(HOME, 'scaffold');
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;
const LONGEST = 40;

/** @returns what was done, for whoever typed the command. Throws a sentence when it cannot be done, before anything is written. */
export function newAdapter(name: string, { out }: { readonly out?: string }): string[] {
  requireName(name);
  const place: Place = out === undefined ? 'checkout' : 'alone';
  const root = out === undefined ? HOME : resolve(out);
  if (out === undefined && !existsSync(join(HOME, 'adapters', 'index.ts')))
    throw new Error(
      'this is the installed package, not a checkout: name a folder for the adapter with --out',
    );
  if (out !== undefined) requireEmpty(out, root);
  const writes = new Map(filesOf(name, place).map(([path, text]) => [join(root, path), text]));
  for (const path of writes.keys())
    if (existsSync(path))
      throw new Error(`${relative(root, path)} is there already, and nothing is overwritten`);
  const changes = place === 'checkout' ? lists(name) : [];
  for (const [path, text] of [...writes, ...changes]) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return [
    ...[...writes.keys()].map((path) => `wrote   ${relative(root, path)}`),
    ...changes.map(([path]) => `changed ${relative(root, path)}`),
    '',
    ...(out === undefined ? nextHere(name) : nextThere(out)),
  ];
}

function requireName(name: string): void {
  if (!NAME.test(name) || name.length > LONGEST)
    throw new Error(
      `${JSON.stringify(name)} is no name for an adapter: two words or more in kebab case, ${LONGEST} characters at most: harbour-json`,
    );
  const taken = [...ADAPTERS.map(({ manifest }) => manifest.name), ...AGENCY_NAMES];
  if (taken.some((other) => other === name))
    throw new Error(`${name} is taken: the adapters and agencies here are ${[...new Set(taken)].join(', ')}`);
}

function requireEmpty(typed: string, folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new Error(`${typed} is a file: name a folder`);
  if (readdirSync(folder).length > 0)
    throw new Error(`${typed} is not empty, and nothing is overwritten: name a new folder`);
}

function filesOf(name: string, place: Place): (readonly [string, string])[] {
  return readdirSync(TEMPLATE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(TEMPLATE, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted()
    .flatMap((file) => {
      const target = targetOf(file, name, place);
      if (target === undefined) return [];
      return [[target, rendered(file, readFileSync(join(TEMPLATE, file), 'utf8'), name, place)] as const];
    });
}

/** The written lists, with the name on them, and the tree of the architecture page. */
function lists(name: string): (readonly [string, string])[] {
  const change = (path: string, make: (text: string) => string) => {
    const file = join(HOME, ...path.split('/'));
    return [file, make(readFileSync(file, 'utf8'))] as const;
  };
  const word = camel(name);
  return [
    change('adapters/index.ts', (text) => listed(text, 'ADAPTERS', word, `./${name}/index.ts`)),
    change('mocks/agencies.ts', (text) => listed(text, 'AGENCIES', `${word}Agency`, `./${name}/index.ts`)),
    change('test/conformance/hearers.ts', (text) => heard(text, name)),
    change('docs/architecture.md', (text) =>
      text.replace(/^( {2}labor-soap\/ .*?\/)(?= {2})/m, `$1 · ${name}/`),
    ),
  ];
}

const nextHere = (name: string) => [
  'It passes the suite as it stands. Run it, then put your agency’s protocol in its place, contract and mock first:',
  '现在即可通过全部检查。请先运行，再换成实际机构的协议，先改协议说明与模拟机构：',
  `  npx biome check --write adapters mocks test`,
  `  npx mocha test/conformance/${name}.test.ts test/unit/adapters/${name}.test.ts test/structure/rooms.test.ts`,
  `  npx exitgate adapter test ${name}`,
];

const nextThere = (out: string) => [
  'It passes the suite as it stands. Run it, then put your agency’s protocol in its place, contract and mock first:',
  '现在即可通过全部检查。请先运行，再换成实际机构的协议，先改协议说明与模拟机构：',
  `  cd ${out}`,
  '  npm install',
  '  npm test',
];
