/**
 * `npm run bench:mocks`: what a sandbox costs, what a request costs, and two years of two hundred people in one call.
 * Single figures of this machine; they do not travel.
 */
import { type Participant, startAgencies } from '../mocks/index.ts';
import { laborClient } from '../test/unit/mocks/labor-client.ts';

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const line = (what: string, ms: number) => console.log(`${what.padEnd(58)} ${ms.toFixed(2)} ms`);
const START = new Date('2027-01-04T02:00:00Z');
const UNIT = { uscc: '91110105MA001234X4', name: '某证券有限公司' };

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

const box = agencies.sandbox('requests', { start: START, frozen: true });
const client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
for (let n = 0; n < 300; n += 1) await client.send('QueryUnit', { BAB010: UNIT.uscc });
const server = box.exchanges('labor').map(({ stages }) => stages.reduce((sum, { ms }) => sum + ms, 0));
line('a signed SOAP query, server time, median of 300', median(server));

const months = Array.from({ length: 200 * 24 }, (_, i) =>
  Date.UTC(2027, 1 + Math.floor(i / 200), 0, 1, 0, i % 200),
);
let told = 0;
const payroll: Participant = {
  name: 'non-compete',
  step(now) {
    const events = [];
    for (let at = months[told]; at !== undefined && at <= now.getTime(); at = months[told]) {
      told += 1;
      events.push({ event: 'month', note: `payment ${told}` });
    }
    const next = months[told];
    return { events, ...(next === undefined ? {} : { next: new Date(next) }) };
  },
};
box.clock.join(payroll);
const before = performance.now();
const fired = await box.clock.advance({ to: '2029-01-01T00:00:00Z' });
line(`24 months × 200 employees in one call, ${fired.length} events`, performance.now() - before);
const snapshot = performance.now();
box.restore(box.snapshot());
line('snapshot and restore', performance.now() - snapshot);
await agencies.close();
