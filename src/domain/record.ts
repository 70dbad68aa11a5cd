/** What an agency's answer on one filing makes of its exit. Pure. */
import { lingering } from './doubt.ts';
import type { Change, Exit } from './exit.ts';
import { attention, judged, needsPerson, withFilings } from './exit-course.ts';
import { ATTENTION_AFTER_ATTEMPTS, type Filing, nextStep, type Step, type StepResult } from './filing.ts';
import { type Pursuit, pursue } from './pursue.ts';
import { type SettleContext, settle } from './settle.ts';

/**
 * Records what an agency answered on one filing, follows what the exit has become meanwhile, lets the filings that waited
 * for it go, and judges the exit anew.
 */
export function record(
  exit: Exit,
  filingId: string,
  step: Step,
  result: StepResult,
  context: SettleContext & Pursuit,
): Change {
  const before = exit.filings.find((filing) => filing.id === filingId);
  if (before === undefined) throw new Error(`filing ${filingId} is not of exit ${exit.id}`);
  // While the agency was asked, an amendment or a cancellation took the filing elsewhere: the answer to that question
  // decides nothing any more. What was sent is never among them: a filing in flight is left alone.
  if (nextStep(before) !== step) return { exit, events: [] };
  const doubtful = lingering(before, result, exit, context.now);
  if (doubtful !== undefined) return judged(exit, withFilings(exit, doubtful, context.now), []);
  const settled = settle(before, step, result, context);
  // What is collected from this moment on is in no file yet.
  const followed = pursue(settled.filing, exit, { ...context, inNoFile: () => true });
  const change = withFilings(exit, followed.filing, context.now);
  const events = [...settled.events, ...followed.events];
  const stuck =
    followed.filing.attempts === ATTENTION_AFTER_ATTEMPTS && before.attempts < ATTENTION_AFTER_ATTEMPTS;
  if (stuck || (needsPerson(followed.filing) && !needsPerson(before)))
    events.push(attention(followed.filing));
  return judged(exit, change, events);
}

/**
 * What a filing that is certainly not on its way has to become before it is sent: the exit may have been amended or
 * cancelled while it waited for its next try. @returns undefined when it may go as it is.
 */
export function refresh(exit: Exit, filing: Filing, context: Pursuit): Change | undefined {
  const { filing: next, events, action } = pursue(filing, exit, context);
  return action === 'none' ? undefined : judged(exit, withFilings(exit, next, context.now), events);
}
