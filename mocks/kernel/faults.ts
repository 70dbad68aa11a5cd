// Armed faults of one sandbox: what goes wrong on the wire, and where relative to the commit. They count down, expire
// in real time, and are always visible. The business faults steer the clerk instead (see clerk.ts).
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { AgencyName } from './agency.ts';
import { agenciesOf, isKnownTo, KINDS, type Kind, type Layer, type Phase } from './fault-kinds.ts';
import { PRESETS, type PresetName } from './presets.ts';
import type { Sentence } from './scenario.ts';
import type { StoreState } from './store.ts';

export type { Kind, Layer, Phase } from './fault-kinds.ts';

export interface FaultEffect {
  /** `clerk`: a business fault, taken by the next case instead of by an exchange. */
  readonly phase: Phase;
  readonly kind: Kind;
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retryAfterSeconds?: number;
  readonly delayMs?: number;
  readonly code?: string;
  readonly field?: string;
  readonly reason?: string;
  readonly due?: string;
}

export interface FaultRequest extends Partial<FaultEffect> {
  readonly id?: string;
  readonly preset?: PresetName;
  /** Absent: any agency. */
  readonly agency?: AgencyName;
  /** Absent: any operation. */
  readonly operation?: string;
  /** How many requests it spoils; default 1. */
  readonly times?: number;
  /** Spare the first nth-1 matching requests; default 1. */
  readonly nth?: number;
  /** 0 to 1: how many of the matching requests it strikes, drawn from the seed; default all. */
  readonly probability?: number;
  /** Real milliseconds until it disarms itself; default an hour. */
  readonly ttlMs?: number;
}

export interface Fault extends FaultEffect {
  readonly id: string;
  readonly layer: Layer;
  /** Of kind `status-flap`: what the agency knew when it was armed, and answers from. */
  readonly past?: StoreState;
  readonly preset?: PresetName;
  /** Absent: any agency. */
  readonly agency?: AgencyName;
  /** Absent: any operation. */
  readonly operation?: string;
  readonly nth: number;
  readonly probability: number;
  readonly seen: number;
  readonly remaining: number;
  readonly expiresAt: string;
}

export interface Faults {
  /** Throws FaultInvalid when neither preset nor phase and kind say what should happen, or it could never strike. */
  arm(request: FaultRequest): Fault;
  /** The first armed fault that matches, used up by one. */
  take(phase: FaultEffect['phase'], agency: AgencyName, operation: string | undefined): Fault | undefined;
  list(): Fault[];
  /** How often the fault of that id, as it was last armed, has struck; also when it is gone. */
  struck(id: string): number;
  /** Faults of these ids as they were last armed, also when they are gone; of those long gone none. */
  asArmed(ids: readonly string[]): Fault[];
  /** Without id: all. Returns how many were disarmed. */
  disarm(id?: string): number;
  dump(): FaultState;
  load(state: FaultState): void;
}

export interface FaultState {
  readonly armed: readonly Fault[];
  readonly count: number;
}

/** Says no to a fault that could never strike. */
export class FaultInvalid extends TypeError {
  readonly said: Sentence;
  constructor(said: Sentence) {
    super(said.en);
    this.said = said;
  }
}

const HOUR = 3_600_000;
const REMEMBERED = 200;

export function createFaults(
  wallNow: () => Date,
  options: {
    /** 0 to 1, the same for the same text. */
    draw?: (text: string) => number;
    /** The store as it is. */
    past?: () => StoreState;
    /** Of each agency the operations that only ask. */
    reads?: ReadonlyMap<AgencyName, readonly string[]>;
    /** After each arming or end. */
    changed?: () => void;
  } = {},
): Faults {
  const { draw = () => 0, past, reads, changed = () => undefined } = options;
  let armed: Fault[] = [];
  let count = 0;
  const struck = new Map<string, number>();
  const known = new Map<string, Fault>();

  /** The state that a lagging replica answers from is large, and nobody arms it by hand. */
  function remember({ past: _, ...fault }: Fault) {
    known.delete(fault.id);
    known.set(fault.id, fault);
    for (const id of [...known.keys()].slice(0, -REMEMBERED)) known.delete(id);
  }

  function prune() {
    const now = wallNow().toISOString();
    armed = armed.filter((fault) => fault.remaining > 0 && fault.expiresAt > now);
  }

  /** A replica that lags takes no filings: what it said was received would be nowhere. */
  const asks = (operation = '', agency?: AgencyName) =>
    [...(reads ?? [])].some(
      ([name, names]) => (agency === undefined || agency === name) && names.includes(operation),
    );

  return {
    arm(request) {
      const { preset, times, nth, probability, ttlMs, id, ...own } = request;
      const { phase, kind } = { ...(preset ? PRESETS[preset] : {}), ...own };
      if (!phase || !kind)
        throw new FaultInvalid({
          en: 'a fault needs a preset, or a phase and a kind',
          zh: '故障需要给出预设，或阶段与种类',
        });
      const { layer, phases } = KINDS[kind];
      if (!phases.some((each) => each === phase))
        throw new FaultInvalid({
          en: `${kind} strikes in phase ${phases.join(' or ')}, not ${phase}`,
          zh: `故障 ${kind} 只发生在阶段 ${phases.join('、')}，不会发生在 ${phase}`,
        });
      requireStriking({ ...request, kind, phase });
      if (kind === 'status-flap' && own.operation !== undefined && !asks(own.operation, own.agency))
        throw new FaultInvalid({
          en: `${kind} strikes operations that only ask, and ${own.operation} changes something`,
          zh: `故障 ${kind} 只影响查询类业务，而 ${own.operation} 会改变状态`,
        });
      count += 1;
      const fault: Fault = {
        ...(preset ? PRESETS[preset] : {}),
        ...own,
        ...(preset ? { preset } : {}),
        phase,
        kind,
        layer,
        ...(kind === 'status-flap' && past ? { past: past() } : {}),
        id: id ?? `fault-${count}`,
        nth: nth ?? 1,
        probability: probability ?? 1,
        seen: 0,
        remaining: times ?? 1,
        expiresAt: new Date(wallNow().getTime() + (ttlMs ?? HOUR)).toISOString(),
      };
      armed = [...armed.filter((other) => other.id !== fault.id), fault];
      struck.delete(fault.id);
      remember(fault);
      changed();
      return fault;
    },
    take(phase, agency, operation) {
      prune();
      for (const fault of armed) {
        if (fault.phase !== phase) continue;
        if (fault.agency !== undefined && fault.agency !== agency) continue;
        if (!isKnownTo(fault.kind, agency)) continue;
        if (fault.kind === 'status-flap' && !asks(operation, agency)) continue;
        if (fault.operation !== undefined && fault.operation !== operation) continue;
        const seen = fault.seen + 1;
        const strikes = seen >= fault.nth && draw(`${fault.id}|${seen}`) < fault.probability;
        const after = { ...fault, seen, remaining: fault.remaining - (strikes ? 1 : 0) };
        armed = armed.map((other) => (other === fault ? after : other));
        if (!strikes) continue;
        struck.set(fault.id, (struck.get(fault.id) ?? 0) + 1);
        return after;
      }
      return undefined;
    },
    list() {
      prune();
      return armed;
    },
    struck: (id) => struck.get(id) ?? 0,
    asArmed: (ids) => ids.flatMap((id) => known.get(id) ?? []),
    disarm(id) {
      prune();
      const kept = id === undefined ? [] : armed.filter((fault) => fault.id !== id);
      const gone = armed.length - kept.length;
      armed = kept;
      changed();
      return gone;
    },
    dump: () => ({ armed: [...armed], count }),
    load(state) {
      armed = [...state.armed];
      for (const fault of armed) remember(fault);
      count = state.count;
      changed();
    },
  };
}

/** A fault that can never strike would wait without a word. */
function requireStriking({
  kind,
  phase,
  agency,
  operation,
  ttlMs,
  headers = {},
}: FaultRequest & Pick<FaultEffect, 'kind' | 'phase'>): void {
  const known = agenciesOf(kind);
  if (agency !== undefined && !isKnownTo(kind, agency))
    throw new FaultInvalid({
      en: `${kind} is known to ${known.join(' and ')}, not to ${agency}`,
      zh: `故障 ${kind} 只适用于 ${known.join('、')}，不适用于 ${agency}`,
    });
  if (phase === 'callback' && operation !== undefined)
    throw new FaultInvalid({
      en: `${kind} strikes callbacks, which are of no operation: leave operation out`,
      zh: `故障 ${kind} 影响的是回调，不属于任何业务：请不要填写 operation`,
    });
  if (ttlMs === 0)
    throw new FaultInvalid({
      en: 'a ttl of zero is over before anything can be struck',
      zh: 'ttl 为零时，故障尚未发生即已失效',
    });
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw new FaultInvalid({
        en: `HTTP cannot carry the header ${JSON.stringify(name)} with that value`,
        zh: `HTTP 无法携带标头 ${JSON.stringify(name)} 的这个值`,
      });
    }
  }
}
