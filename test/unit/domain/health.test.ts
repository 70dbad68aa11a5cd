// The circuit breaker as a pure function: what opens it, what does not, who closes it, and what is told.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Health,
  healthy,
  holdOf,
  MOST_FAILURES,
  observe,
  paceOf,
  type Seen,
  seenByPing,
  seenOf,
} from '../../../src/domain/health.ts';

const BORN = new Date('2026-11-01T00:00:00Z');
const NOW = new Date('2026-11-25T01:30:00Z');
const SECOND = 1000;
const later = (seconds: number, from = NOW) => new Date(from.getTime() + seconds * SECOND);
const about = { connection_id: 'con_1', name: '测试', adapter: 'paper' };

const see = (health: Health, seen: Partial<Seen>, now = NOW, canAsk = true) =>
  observe(health, { probe: false, ...seen }, { now, random: 0.5, about, waiting: 7, canAsk });
const unreachable = { symptom: 'unreachable' } as const;

/** As it is after so many calls without an answer. */
function failed(failures: number, from = healthy(BORN)): ReturnType<typeof see> {
  let seen: ReturnType<typeof see> = { health: from, events: [] };
  for (let count = 0; count < failures; count++) seen = see(seen.health, unreachable);
  return seen;
}

describe('the health of an agency', () => {
  it('opens after so many calls in a row without an answer, and tells it once with cause and count', () => {
    assert.equal(failed(MOST_FAILURES - 1).health.state, 'available');
    const { health, events } = failed(MOST_FAILURES);
    assert.equal(health.state, 'unavailable');
    assert.deepEqual(health.probeAt, later(5));
    assert.deepEqual(events, [
      {
        type: 'agency.unavailable',
        data: {
          ...about,
          cause: 'unreachable',
          failures: MOST_FAILURES,
          since: NOW.toISOString(),
          until: null,
          next_probe_at: later(5).toISOString(),
        },
      },
    ]);
    const more = see(health, unreachable);
    assert.equal(more.health, health);
    assert.deepEqual(more.events, []);
  });

  it('goes by what the agency says to ping about time', () => {
    const down = { kind: 'down', symptom: 'maintenance', after: 7200 } as const;
    const seen = seenByPing(down, NOW);
    assert.deepEqual(seen, { symptom: 'maintenance', probe: true, until: later(7200) });
    assert.deepEqual(seenByPing({ kind: 'down', symptom: 'busy', until: later(9) }, NOW).until, later(9));
    assert.deepEqual(seenByPing({ kind: 'up' }, NOW), { probe: true });
    const { probeAt } = see(failed(MOST_FAILURES).health, seen).health;
    assert.deepEqual(probeAt, later(7200));
  });

  it('counts in a row only: any answer begins anew, and one that changes nothing writes nothing', () => {
    const { health } = failed(MOST_FAILURES - 1);
    const answered = see(health, {}).health;
    assert.equal(answered.failures, 0);
    assert.equal(see(answered, {}).health, answered);
    assert.equal(see(answered, unreachable).health.state, 'available');
  });

  it('opens at once for a maintenance with an end, and asks when it has come', () => {
    const until = later(3600);
    const { health, events } = see(healthy(BORN), { symptom: 'maintenance', until });
    assert.deepEqual([health.state, health.cause, health.until], ['unavailable', 'maintenance', until]);
    assert.deepEqual(health.probeAt, until);
    assert.equal(events[0]?.data.until, until.toISOString());
    assert.deepEqual(holdOf(health, NOW), {
      kind: 'hold',
      reason: `the agency is in maintenance since ${NOW.toISOString()}`,
      until,
    });
    assert.equal(holdOf(health, until), undefined, 'the one who comes then is not held before it was asked');
  });

  it('doubts a web page: nobody calls until it was asked, and a stray one is told to nobody', () => {
    const { health, events } = see(healthy(BORN), { symptom: 'maintenance' });
    assert.deepEqual([health.state, events.length, health.probeAt], ['doubted', 0, NOW]);
    const stray = see(health, { probe: true });
    assert.deepEqual([stray.health.state, stray.events.length], ['available', 0]);
    const real = see(health, { probe: true, symptom: 'maintenance' });
    assert.equal(real.health.state, 'unavailable');
    assert.deepEqual(
      real.events.map(({ type, data }) => [type, data.cause, data.failures]),
      [['agency.unavailable', 'maintenance', 2]],
    );
  });

  it('doubts whoever answers and is not the agency, and does not take their answer for the end of an outage', () => {
    const { health } = see(healthy(BORN), { symptom: 'address' });
    assert.deepEqual([health.state, health.cause], ['doubted', 'unreachable']);
    assert.equal(see(healthy(BORN), { symptom: 'address' }, NOW, false).health.state, 'available');
    const real = see(health, { probe: true, symptom: 'address' });
    assert.deepEqual(
      real.events.map(({ type, data }) => [type, data.cause]),
      [['agency.unavailable', 'unreachable']],
    );
    const open = failed(MOST_FAILURES).health;
    assert.equal(see(open, { probe: true, symptom: 'address' }).health.state, 'unavailable');
  });

  it('believes nobody but who asks on purpose while it is open, asks ever later, and tells the end once', () => {
    let { health } = failed(MOST_FAILURES);
    assert.equal(see(health, {}).health, health, 'a call that was under way when it opened');
    const waits: number[] = [];
    for (let probes = 0; probes < 12; probes++) {
      const now = health.probeAt ?? NOW;
      const vain = see(health, { ...unreachable, probe: true }, now);
      assert.deepEqual(vain.events, []);
      health = vain.health;
      waits.push(((health.probeAt?.getTime() ?? 0) - now.getTime()) / SECOND);
    }
    assert.deepEqual(waits, [10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900, 900]);
    assert.equal(holdOf(health, NOW)?.reason, `the agency does not answer since ${NOW.toISOString()}`);
    assert.equal(holdOf(health, NOW)?.until, undefined, 'nobody has said until when');
    const back = see(health, { probe: true }, later(86_400));
    assert.deepEqual(back.health, healthy(later(86_400)));
    assert.deepEqual(back.events, [
      {
        type: 'agency.recovered',
        data: { ...about, cause: 'unreachable', since: NOW.toISOString(), seconds: 86_400, waiting: 7 },
      },
    ]);
  });

  it('pauses a busy one until the time it names, closes for nobody, and counts a limit as an answer', () => {
    const until = later(30);
    const { health, events } = see(failed(2).health, { symptom: 'busy', until });
    assert.deepEqual(
      [health.state, health.failures, health.busyUntil, events.length],
      ['available', 0, until, 0],
    );
    const earlier = see(health, { symptom: 'busy', until: later(10) }).health;
    assert.deepEqual(earlier.busyUntil, until, 'the later time stands');
    const back = see(failed(MOST_FAILURES).health, { symptom: 'busy', probe: true });
    assert.deepEqual([back.health.state, back.health.busyUntil], ['available', later(5)]);
  });

  it('never opens by itself where nobody could tell that the agency is back', () => {
    let { health } = see(healthy(BORN), unreachable, NOW, false);
    for (let count = 0; count < 2 * MOST_FAILURES; count++)
      health = see(health, unreachable, NOW, false).health;
    assert.equal(health.state, 'available');
    assert.equal(see(health, { symptom: 'maintenance' }, NOW, false).health.state, 'available');
    const told = see(health, { symptom: 'maintenance', until: later(60) }, NOW, false);
    assert.equal(told.health.state, 'unavailable', 'the agency has told when');
  });

  it('reads outcomes: a symptom and its time, an answer of any kind is none', () => {
    assert.deepEqual(seenOf({ kind: 'refused', code: 'X', message: '' }, NOW), { probe: false });
    assert.deepEqual(seenOf({ kind: 'unsure', reason: 'not trusted' }, NOW), { probe: false });
    assert.deepEqual(seenOf({ kind: 'retry', reason: '', after: 9, symptom: 'busy' }, NOW), {
      probe: false,
      symptom: 'busy',
      until: later(9),
    });
    assert.deepEqual(
      seenOf({ kind: 'hold', reason: '', until: later(5), symptom: 'maintenance' }, NOW).until,
      later(5),
    );
  });

  it('tells the two in turn, whatever is seen in whatever order', () => {
    const symptom = fc.constantFrom(undefined, 'unreachable', 'maintenance', 'address', 'busy' as const);
    const look = fc.record({ symptom, probe: fc.boolean(), told: fc.boolean(), seconds: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 60 }), (looks) => {
        let health: Health = healthy(BORN);
        let now = NOW;
        const told: string[] = [];
        for (const { symptom, probe, told: says, seconds } of looks) {
          now = later(seconds, now);
          const seen = {
            probe,
            ...(symptom === undefined ? {} : { symptom }),
            ...(says ? { until: later(60, now) } : {}),
          } as Seen;
          const next = see(health, seen, now);
          health = next.health;
          told.push(...next.events.map(({ type }) => type));
          // What is closed is asked again at some time, what is open never waits for a question.
          assert.equal(health.probeAt === undefined, health.state === 'available');
        }
        assert.ok(
          told.every((type, at) => type === (at % 2 === 0 ? 'agency.unavailable' : 'agency.recovered')),
          told.join(),
        );
        assert.equal(told.length % 2 === 1, health.state === 'unavailable');
      }),
    );
  });
});

describe('the pace of an agency', () => {
  it('lets no span of that length see more calls than the manifest allows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 60 }), (calls, seconds) => {
        const { burst, everyMs } = paceOf({ calls, seconds });
        assert.ok(burst >= 1);
        // The worst span: it begins with all that was saved, and ends just before it has its length.
        const most = burst + Math.ceil((seconds * SECOND) / everyMs - 1e-9) - 1;
        assert.ok(most <= Math.max(calls, 1), `${most} of ${calls} in ${seconds} s`);
      }),
    );
  });
});
