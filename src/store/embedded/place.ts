// Where the data lies and whose it is. Simple for an ordinary user: in the folder, as that user. As root,
// PostgreSQL refuses to run, and the `postgres` user may be shut out of the folder (a checkout under /root, 0700).
//
// Then the data goes to /var/lib/exitgate/data-<random> and `<dir>/postgres` is a symlink to it: `ls -l` says where
// it is, the next start follows it, a moved checkout takes it along, and removing the folder means starting afresh,
// as it does for everybody else (a name made from a hash of the path would bring the old data back, without its
// password and master key). Programs are copied to the same place. Nobody but root can write there, so there is
// nothing for a symlink or pre-creation attack to stand on, which /tmp and /var/tmp would offer; and it survives reboots.
//
// Rejected: opening the parents (chmod o+x, ACLs: changes who may enter somebody's home); bind mounts and user
// namespaces (containers refuse them); CAP_DAC_READ_SEARCH for PostgreSQL (its superuser could read every file).
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Account, errorCode, run } from './process.ts';

const SHELTER = '/var/lib/exitgate';

export type Place = {
  /** PostgreSQL's data directory; may not exist yet, its parent does. */
  data: string;
  /** Where a copy of the programs may go. */
  shelter: () => Promise<string>;
  account: Account | undefined;
};

/** `dir` exists and is a real path. */
export async function findPlace(dir: string, log: (message: string) => void): Promise<Place> {
  const link = join(dir, 'postgres');
  const there = await lstat(link).catch(() => undefined);
  const data = there?.isSymbolicLink() ? resolve(dir, await readlink(link)) : link;
  if (process.getuid?.() !== 0) return { data, shelter: async () => dir, account: undefined };

  // Data made by an ordinary user stays theirs when root starts it (sudo), so that they can start it again.
  const owner = (await stat(data).catch(() => undefined))?.uid;
  const account = await lookUp(owner ? String(owner) : 'postgres', log);
  if (there) {
    if (await canEnter(dirname(data), account)) return { data, shelter, account };
    if (!(await stat(dirname(data)).catch(() => undefined))) {
      throw new Error(
        `${link} leads to ${data}, which is gone: bring it back, or remove the link to start with an empty database.`,
      );
    }
    throw new Error(
      `The database in ${data} cannot be opened: as root it runs as the user ${account.name}, who may not enter ` +
        `${dirname(data)}. Move the data to a folder that ${account.name} may enter and leave a symlink to it at ${link}.`,
    );
  }
  // Our own folder we may open, and only to the group; its parents are not ours.
  const { mode, uid } = await stat(dir);
  if ((mode & 0o001) === 0 && (await canEnter(dirname(dir), account))) {
    await chown(dir, uid, account.gid);
    await chmod(dir, (mode & 0o7707) | 0o010);
  }
  if (await canEnter(dir, account)) return { data, shelter, account };
  const home = await mkdtemp(join(await shelter(), 'data-'));
  try {
    await chown(home, 0, account.gid);
    await chmod(home, 0o710);
    await writeFile(join(home, 'README'), `The embedded database of ${dir}, which links here.\n`);
    await symlink(join(home, 'postgres'), link);
  } catch (error) {
    await rm(home, { recursive: true });
    if (errorCode(error) === 'EEXIST') return findPlace(dir, log); // another start was first; the lock decides
    throw error;
  }
  log(`The user ${account.name} may not enter ${dir}, so the database is kept in ${home}.`);
  return { data: join(home, 'postgres'), shelter, account };
}

async function shelter(): Promise<string> {
  await mkdir(SHELTER, { recursive: true, mode: 0o755 });
  const found = await lstat(SHELTER);
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) {
    throw new Error(`${SHELTER} must be a folder that belongs to root and that nobody else can write to.`);
  }
  await chmod(SHELTER, 0o755);
  return SHELTER;
}

async function canEnter(path: string, account: Account): Promise<boolean> {
  return (await run('/bin/sh', ['-c', 'cd "$1"', 'sh', path], account)).code === 0;
}

async function lookUp(user: string, log: (message: string) => void): Promise<Account> {
  const ids = async (name: string) => {
    const [uid, gid, text] = await Promise.all(
      [['-u'], ['-g'], ['-un']].map((flag) => run('id', [...flag, name])),
    );
    if (uid?.code !== 0 || gid?.code !== 0) return undefined;
    return { name: text?.code === 0 ? text.output : name, uid: Number(uid.output), gid: Number(gid.output) };
  };
  const known = await ids(user);
  if (known) return known;
  if (user === 'postgres') {
    log('PostgreSQL does not run as root: making the system user postgres.');
    const args = ['--system', '--home-dir', '/', '--no-create-home', '--shell', '/usr/sbin/nologin'];
    await run('groupadd', ['--system', 'postgres']);
    const made = await run('useradd', [...args, '-g', 'postgres', 'postgres']);
    const account = await ids('postgres');
    if (account) return account;
    throw new Error(
      'PostgreSQL does not run as root, and the system user postgres could not be made ' +
        `(${made.output}): make it (useradd --system --user-group postgres), start as an ordinary user, or set DATABASE_URL.`,
    );
  }
  throw new Error(
    `The database belongs to user ${user}, whom this system does not know: give the data to another user with chown -R.`,
  );
}
