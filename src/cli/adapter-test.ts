/** The conformance suite on the command line: a line for each check, and what they come to. */
import { fileURLToPath } from 'node:url';
import type { CheckName } from '../../adapters/conformance/checks.ts';
import { openSandbox } from '../../adapters/conformance/desk.ts';
import { type Result, runSuite } from '../../adapters/conformance/run.ts';
import { stage } from '../../adapters/conformance/stand.ts';
import { AGENCIES } from '../../mocks/agencies.ts';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { type LoadedAdapter, loadAdapter, loadAgency } from './adapter-module.ts';

interface Options {
  /** Desk of agencies that run. */
  readonly mock?: string;
  /** Part of a check's name. */
  readonly only?: string;
}

/** @returns the exit code */
export async function testAdapter(
  path: string,
  { mock, only = '' }: Options,
  say: (line: string) => void,
): Promise<number> {
  const loaded = await loadAdapter(path);
  const { entry, conformance } = loaded;
  const agencies = mock === undefined ? await agenciesFor(loaded) : undefined;
  const results: Result[] = [];
  try {
    const sandbox = await openSandbox(mock ?? agencies?.urls.desk ?? '');
    try {
      // One sandbox, emptied for each check: public agencies give out only so many an hour.
      const start = async () => {
        await sandbox.reset();
        return (await stage(entry, conformance, sandbox)).subject;
      };
      const wanted = (check: CheckName) => check.includes(only);
      for await (const result of runSuite(start, conformance.skips, wanted)) {
        results.push(result);
        for (const line of linesOf(result)) say(line);
      }
    } finally {
      await sandbox.close();
    }
  } finally {
    await agencies?.close();
  }
  if (results.length === 0) throw new Error(`no check has ${JSON.stringify(only)} in its name`);
  for (const line of summary(entry.manifest.name, path, results)) say(line);
  return results.some(({ result }) => result === 'failed') ? 1 : 0;
}

async function agenciesFor({ conformance: { agency, mock } }: LoadedAdapter): Promise<Agencies> {
  if (mock !== undefined) {
    const theirs = await loadAgency(fileURLToPath(mock), agency);
    return startAgencies({ agencies: [theirs], only: [theirs.name] });
  }
  const known = AGENCIES.find(({ name }) => name === agency);
  if (known) return startAgencies({ only: [known.name] });
  const names = AGENCIES.map(({ name }) => name).join(', ');
  throw new Error(
    `the agency ${agency} is none of ours (${names}): name its module in conformance.mock, or where it runs with --mock URL`,
  );
}

function linesOf({ check, result, ms, reason }: Result): string[] {
  const time = `${ms} ms`.padStart(9);
  if (result === 'passed') return [`ok   ${time}  ${check}`];
  if (result === 'skipped') return [`skip ${' '.repeat(9)}  ${check}: ${reason}`];
  return [`FAIL ${time}  ${check}`, ...(reason ?? '').split('\n').map((line) => `${' '.repeat(16)}${line}`)];
}

export function summary(name: string, path: string, results: readonly Result[]): string[] {
  const count = (wanted: Result['result']) => results.filter(({ result }) => result === wanted).length;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  const seconds = (results.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(1);
  const first = results.find(({ result }) => result === 'failed')?.check;
  return [
    '',
    `${name}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds} s`,
    `${name}：通过 ${passed} 项，未通过 ${failed} 项，跳过 ${skipped} 项，用时 ${seconds} 秒`,
    ...(first === undefined
      ? []
      : [
          `What each check wants is told in docs/adapters.md; one alone: exitgate adapter test ${path} --only ${JSON.stringify(first)}`,
          `各项检查的要求见 docs/adapters.zh-CN.md；单独运行一项：exitgate adapter test ${path} --only ${JSON.stringify(first)}`,
        ]),
  ];
}
