/** `exitgate adapter test | new`: hold an adapter to the list of checks, and begin one. */
import type { Command } from 'commander';
import { newAdapter } from './adapter-new.ts';
import { testAdapter } from './adapter-test.ts';

export function addAdapter(program: Command): void {
  const adapter = program.command('adapter').description('adapters: test, new');
  adapter
    .command('test')
    .argument(
      '<path>',
      'folder or file that exports the adapter and its conformance, or the name of one of ours',
    )
    .option('--mock <url>', 'desk of running mock agencies; otherwise they are started for the test')
    .option('--only <text>', 'only checks whose name contains this')
    .description('run the conformance suite against an adapter; exit code 1 when it fails a check')
    .action(async (path: string, options: { mock?: string; only?: string }) => {
      process.exit(await testAdapter(path, options, (line) => console.log(line)));
    });
  adapter
    .command('new')
    .argument('<name>', 'what it files with and how, in kebab case: harbour-json')
    .option('--out <folder>', 'a package of its own in this folder, instead of a part of this checkout')
    .description('write an adapter that passes the suite, with its mock agency, tests and pages')
    .action((name: string, options: { out?: string }) => {
      for (const line of newAdapter(name, options)) console.log(line);
    });
}
