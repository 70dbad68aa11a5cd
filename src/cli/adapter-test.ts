/** The conformance suite on the command line: a line for each check, and what they come to. */
import { fileURLToPath } from 'node:url';
import type { AdapterEntry } from '../../adapters/adapter.ts';
import type { CheckName } from '../../adapters/conformance/checks.ts';
import { type Conformance, isWithoutAgency, skipsOf } from '../../adapters/conformance/description.ts';
import { openSandbox } from '../../adapters/conformance/desk.ts';
import { type Result, resultsWithoutAgency, runSuite } from '../../adapters/conformance/run.ts';
import { stage } from '../../adapters/conformance/stand.ts';
import { AGENCIES } from '../../mocks/agencies.ts';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { loadAdapter, loadAgency } from './adapter-module.ts';

interface Options {
  /** Desk of agencies that run. */
  readonly mock?: string;
  /** Part of a check's name. */
  readonly only?: string;
}

/** @returns the exit code: 1 when a check failed, and when nothing was passed of what could be asked. */
export async function testAdapter(
  path: string,
  { mock, only = '' }: Options,
  say: (line: string) => void,
): Promise<number> {
  const { entry, conformance } = await loadAdapter(path);
  const wanted = (check: CheckName) => check.includes(only);
  const found = isWithoutAgency(conformance)
    ? resultsWithoutAgency(entry, conformance.withoutAgency).filter(({ check }) => wanted(check))
    : resultsAt(entry, conformance, mock, wanted);
  const results: Result[] = [];
  for await (const result of found) {
    results.push(result);
    for (const line of linesOf(result)) say(line);
  }
  if (results.length === 0) throw new Error(`no check has ${JSON.stringify(only)} in its name`);
  for (const line of summary(entry.manifest.name, path, results)) say(line);
  if (results.some(({ result }) => result === 'failed')) return 1;
  if (isWithoutAgency(conformance) || results.some(({ result }) => result === 'passed')) return 0;
  say(
    'Nothing was passed: what is skipped altogether is not tested. 没有通过任何一项检查：全部跳过等于没有测试。',
  );
  return 1;
}

async function* resultsAt(
  entry: AdapterEntry,
  conformance: Conformance,
  mock: string | undefined,
  wanted: (check: CheckName) => boolean,
): AsyncGenerator<Result> {
  const agencies = mock === undefined ? await agenciesFor(conformance) : undefined;
  try {
    const sandbox = await openSandbox(mock ?? agencies?.urls.desk ?? '');
    try {
      // One sandbox, emptied for each check: public agencies give out only so many an hour.
      const start = async () => {
        await sandbox.reset();
        return (await stage(entry, conformance, sandbox)).subject;
      };
      yield* runSuite(start, skipsOf(conformance, entry.manifest), wanted);
    } finally {
      await sandbox.close();
    }
  } finally {
    await agencies?.close();
  }
}

async function agenciesFor({ agency, mock }: Conformance): Promise<Agencies> {
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
