/** `exitgate keys`: organisations' API keys, made, listed and revoked by whoever runs the gateway. */
import { type Command, InvalidArgumentError } from 'commander';
import { rangeList } from '../ranges.ts';
import { SCOPES, type Scope } from '../store/organisations.ts';
import { withStore } from './store.ts';

const list = (text: string) => text.split(',').map((each) => each.trim());

function scopes(text: string): readonly Scope[] {
  const asked = list(text);
  const unknown = asked.find((each) => !(SCOPES as readonly string[]).includes(each));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`"${unknown}" is not one of ${SCOPES.join(', ')}`);
  return asked as Scope[];
}

function addresses(text: string): readonly string[] {
  const asked = list(text);
  rangeList(asked);
  return asked;
}

function named(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('give a name');
  return text.trim();
}

function instant(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new InvalidArgumentError('give a date such as 2027-01-31 or 2027-01-31T12:00:00+08:00');
  if (at <= new Date()) throw new InvalidArgumentError('that is past: the key would never be valid');
  return at;
}

interface CreateOptions {
  org: string;
  name: string;
  live?: true;
  scopes: readonly Scope[];
  addresses: readonly string[];
  expires?: Date;
}

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('API keys: create, list, revoke');
  keys
    .command('create')
    .description('make a key, and its organisation when there is none of that name; the key is shown once')
    .requiredOption('--org <name>', 'organisation', named)
    .option('--name <name>', 'what the key is for', 'api')
    .option('--live', 'for real agencies; without it a test key, which reaches only sandbox connections')
    .option('--scopes <list>', `of ${SCOPES.join(', ')}`, scopes, SCOPES)
    .option('--addresses <list>', 'CIDR ranges that the key may be used from', addresses, [])
    .option('--expires <date>', 'when it ends', instant)
    .action(({ org, name, live, scopes: asked, addresses: from, expires }: CreateOptions) =>
      withStore(async (store) => {
        const { id } = await store.organisations.ensure(org);
        const { secret, key } = await store.organisations.createKey(id, {
          name,
          live: live ?? false,
          scopes: asked,
          addresses: from,
          ...(expires === undefined ? {} : { expiresAt: expires }),
        });
        console.log(`${key.id}\n${secret}`);
      }),
    );
  keys
    .command('list')
    .description('all keys, by their first characters')
    .action(() =>
      withStore(async (store) => {
        for (const organisation of await store.organisations.list())
          for (const key of await store.organisations.listKeys(organisation.id)) {
            const state =
              key.revokedAt !== undefined
                ? 'revoked'
                : key.expiresAt !== undefined
                  ? `${key.expiresAt <= new Date() ? 'expired' : 'until'} ${key.expiresAt.toISOString()}`
                  : 'valid';
            console.log(
              [key.id, organisation.name, key.name, `${key.hint}…`, key.scopes.join(','), state].join('\t'),
            );
          }
      }),
    );
  keys
    .command('revoke <id>')
    .description('end a key; running processes notice within seconds')
    .action((id: string) => {
      // Not even said back: what was pasted here by mistake would stay in terminals and logs.
      if (!/^key_\w+$/.test(id))
        throw new Error("give the key's id (exitgate keys list), not the key itself: ids begin with key_");
      return withStore(async (store) => {
        if (!(await store.organisations.revokeKey(id)))
          throw new Error(`there is no valid key ${id}: see exitgate keys list`);
        console.log(`${id} is revoked`);
      });
    });
}
