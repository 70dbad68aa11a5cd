/**
 * News: an agency says of its own accord that something has happened to a filing. It is not believed, it only makes the
 * filing be asked about now: callbacks come twice, late, out of order and before the answer that they follow. Pure.
 */
import type { Exit } from './exit.ts';
import type { Filing } from './filing.ts';
import { nextStep } from './filing.ts';

const OLDEST_MS = 24 * 3_600_000;
/** So much may a clock be ahead of ours. */
const EARLIEST_MS = 5 * 60_000;

/**
 * Whether a callback of that moment may still be taken. What is remembered of callbacks would otherwise have to be kept
 * for ever. `clocks`: real time, and the organisation's, which its sandbox's agencies go by.
 */
export const isTimely = (sentAt: Date, clocks: readonly Date[]): boolean =>
  clocks.some((now) => {
    const age = now.getTime() - sentAt.getTime();
    return age <= OLDEST_MS && age >= -EARLIEST_MS;
  });

/** The exit with the filing due to be asked about, where it can be; a call that is under way asks again after its answer. */
export const withNews = (exit: Exit, filingId: string, now: Date): Exit => ({
  ...exit,
  filings: exit.filings.map((filing) => (filing.id === filingId ? informed(filing, now) : filing)),
});

function informed(filing: Filing, now: Date): Filing {
  const heard = { ...filing, news: filing.news + 1 };
  const due = { ...heard, nextAt: now };
  // What is in a person's hands stays there.
  const step = filing.state === 'manual' ? undefined : nextStep(due);
  return step === 'lookup' || step === 'readBack' ? due : heard;
}
