// After tsc: brings to dist, or to the folder named, what the code reads beside itself (contracts, protocol pages, migrations,
// profiles), and takes away what was compiled from sources that are gone, so that a package never carries them.
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = resolve(process.argv[2] ?? join(root, 'dist'));
const below = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

rmSync(join(dist, 'prisma'), { recursive: true, force: true });
rmSync(join(dist, 'profiles'), { recursive: true, force: true });
rmSync(join(dist, 'scaffold'), { recursive: true, force: true });
for (const file of below(dist)) {
  const source = join(root, relative(dist, file).replace(/(\.d\.ts|\.js)$/, '.ts'));
  if (!existsSync(source)) rmSync(file);
}

// One weight of the font: users install 10 MB of it, and not the package's nine weights.
const font = join(root, 'node_modules', '@expo-google-fonts', 'noto-sans-sc');
const fonts = join(dist, 'src', 'documents', 'fonts');
cpSync(join(font, '400Regular', 'NotoSansSC_400Regular.ttf'), join(fonts, 'NotoSansSC_400Regular.ttf'));
cpSync(join(font, 'LICENSE_FONT'), join(fonts, 'LICENSE_FONT'));

cpSync(join(root, 'prisma', 'migrations'), join(dist, 'prisma', 'migrations'), { recursive: true });
cpSync(join(root, 'profiles'), join(dist, 'profiles'), { recursive: true });
// As it is written: `exitgate adapter new` copies its sources.
cpSync(join(root, 'scaffold'), join(dist, 'scaffold'), { recursive: true });
for (const folder of ['src', 'adapters', 'mocks', 'queues'])
  for (const file of below(join(root, folder)))
    if (!file.endsWith('.ts')) cpSync(file, join(dist, relative(root, file)));
