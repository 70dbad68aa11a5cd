/** Statutes and calendar as the gateway reads them, and the usual distances. */
import { fileURLToPath } from 'node:url';
import { readCalendar } from '../../src/calendars.ts';
import { readClocks } from '../../src/clocks.ts';
import type { ClockWork } from '../../src/domain/filing-clocks.ts';

export const CLOCK_WORK: ClockWork = {
  clocks: readClocks(fileURLToPath(new URL('../../profiles/statutes/clocks.yaml', import.meta.url))),
  calendar: readCalendar(),
};
export const DISTANCES = ['P7D', 'P3D', 'P1D'];
