/**
 * `npm run bench:mocks`: what a sandbox costs, what a request costs, and two years of two hundred people in one call.
 * Single figures of this machine; they do not travel.
 */
import { startAgencies } from '../mocks/index.ts';
import { prepareTwoYears } from '../test/unit/mocks/two-years-play.ts';
import { median, requestCosts } from './agency-requests.ts';

const line = (what: string, ms: number) => console.log(`${what.padEnd(84)} ${ms.toFixed(2)} ms`);

const started = performance.now();
const agencies = await startAgencies();
line('start of the four servers, keys included', performance.now() - started);

const births: number[] = [];
for (let n = 0; n < 100; n += 1) {
  const before = performance.now();
  agencies.sandbox(`born-${n}`);
  births.push(performance.now() - before);
}
line('a sandbox, median of 100', median(births));

await agencies.close();

for (const { agency, operation, kind, rows, count, median: middle, least } of await requestCosts(300)) {
  const size = rows === undefined ? '' : `, ${rows} rows`;
  line(`${agency} ${operation} (${kind}${size}), server time, median of ${count}`, middle);
  line('    the least of them', least);
}

const { sandbox, advance } = await prepareTwoYears('bench');
const before = performance.now();
const fired = await advance();
line(`24 months × 200 employees in one call, ${fired.length} events`, performance.now() - before);
const snapshot = performance.now();
sandbox.restore(sandbox.snapshot());
line('snapshot and restore', performance.now() - snapshot);
sandbox.close();
