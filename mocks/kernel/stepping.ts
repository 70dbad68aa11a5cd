// Moving the clock together with somebody outside: the agencies' own events and the participants' steps, in one order.
import type { Clock, Fired } from './clock.ts';
import { Spoken, saidOf } from './words.ts';

/** What a participant did at the time it was stepped to, and when it is next due. */
export interface Step {
  readonly next?: Date;
  readonly events?: readonly { readonly event: string; readonly note: string }[];
}

export interface Participant {
  readonly name: string;
  /** Does everything that is due at `now`. Called once more at the end of each advance. */
  step(now: Date): Promise<Step> | Step;
}

/** Who has failed is named: there may be several. */
async function stepped(participant: Participant, now: Date): Promise<Step> {
  try {
    return await participant.step(now);
  } catch (cause) {
    const { en, zh } = saidOf(cause);
    const { name } = participant;
    throw new Spoken({ en: `participant ${name} failed: ${en}`, zh: `参与方 ${name} 出错：${zh}` }, cause);
  }
}

/** A participant that is due again and again without time going on would hold the clock for ever. */
const MOST_AT_ONE_TIME = 1000;

/**
 * Agencies' events come before the participants' at the same millisecond, participants in the order of registration.
 * The clock stands still while somebody is asked. Throws RangeError when `to` is in the past.
 */
export async function advanceTogether(
  clock: Clock,
  participants: readonly Participant[],
  to: Date,
): Promise<Fired[]> {
  if (!(to.getTime() >= clock.now().getTime())) throw new RangeError('the clock only goes forward');
  const ran = clock.running;
  clock.freeze();
  const record = clock.record();
  const due = new Map<Participant, number>();
  let still = 0;

  async function step(participant: Participant): Promise<void> {
    const now = clock.now();
    const { next, events = [] } = await stepped(participant, now);
    due.set(participant, next?.getTime() ?? Number.POSITIVE_INFINITY);
    for (const { event, note } of events) {
      record.events.push({
        at: now.toISOString(),
        agency: 'participant',
        event,
        subject: participant.name,
        note,
      });
    }
  }

  try {
    clock.catchUp();
    for (const participant of participants) await step(participant);
    for (;;) {
      const before = clock.now().getTime();
      const ahead = Math.max(
        before,
        Math.min(clock.upcoming()[0]?.at ?? Number.POSITIVE_INFINITY, ...due.values()),
      );
      if (ahead > to.getTime()) break;
      still = ahead === before ? still + 1 : 0;
      if (still > MOST_AT_ONE_TIME)
        throw new Spoken({
          en: 'a participant is due for ever without time going on',
          zh: '某参与方在同一时刻反复到期，时间无法推进',
        });
      clock.advance(new Date(ahead));
      for (const participant of participants)
        if ((due.get(participant) ?? 0) <= ahead) await step(participant);
    }
    clock.advance(to);
    for (const participant of participants) await step(participant);
    return record.events;
  } finally {
    record.stop();
    if (ran) clock.run();
  }
}

/** When the next of them is due, asked at the present time. */
export async function nextOf(clock: Clock, participants: readonly Participant[]): Promise<Date | undefined> {
  const own = clock.upcoming()[0]?.at ?? Number.POSITIVE_INFINITY;
  const theirs: number[] = [];
  for (const participant of participants) {
    const { next } = await stepped(participant, clock.now());
    theirs.push(next?.getTime() ?? Number.POSITIVE_INFINITY);
  }
  const soonest = Math.min(own, ...theirs);
  return Number.isFinite(soonest) ? new Date(soonest) : undefined;
}
