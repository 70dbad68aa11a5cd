/**
 * Reconciliation: the agency's list and roster against our filings. Pure. A difference that time alone will settle is none:
 * what is on its way, held or in doubt is followed by its own job, and what is younger than the agency's delay may not show yet.
 */
import type { FilingState } from './filing.ts';
import type { Comparison, Enrolled, Finding, Named, OurFiling, TheirFiling, TheirState } from './findings.ts';
import type { BusinessDate } from './words.ts';

export function reconcile(comparison: Comparison): readonly Finding[] {
  const { theirs, roster = [] } = comparison;
  const index = indexed(comparison);
  const pairs = theirs.map((their) => ({ their, our: counterpart(their, index) }));
  const paired = new Set(pairs.flatMap(({ our }) => our ?? []));
  const matched = pairs.flatMap(({ their, our }) =>
    our === undefined ? [] : comparePair(their, our, comparison),
  );
  const strangers = pairs.flatMap(({ their, our }) =>
    our === undefined && isStanding(their) && !index.superseded.has(their.serial ?? '') ? their : [],
  );
  const missing = comparison.complete ? missingOf(comparison, paired) : [];
  const renamed = missing.flatMap((our) => {
    const named = strangers.filter((their) => sameName(our, their) && their.kind === our.kind);
    return named.length === 1 && named[0] !== undefined ? [{ our, their: named[0] }] : [];
  });
  const explained = new Set<unknown>(renamed.flatMap(({ our, their }) => [our, their]));
  return [
    ...matched,
    ...renamed.map(({ our, their }) =>
      otherNumber(our, their.person, { receipt: their.receipt, theirs: their.state }),
    ),
    ...missing.filter((our) => !explained.has(our)).map(lost),
    ...strangers
      .filter((their) => !explained.has(their))
      .flatMap((their) => elsewhere(their, comparison, index)),
    ...roster.flatMap((entry) => stillEnrolled(entry, comparison, index)),
    ...notOnRoster(comparison, index),
  ];
}

/** Ours by what theirs are told by: lists may be long. */
interface Index {
  /** By `<kind> <serial>`, `<kind> <receipt>`, `<kind> <number>`. */
  readonly serials: ReadonlyMap<string, readonly OurFiling[]>;
  readonly receipts: ReadonlyMap<string, readonly OurFiling[]>;
  readonly numbers: ReadonlyMap<string, readonly OurFiling[]>;
  readonly superseded: ReadonlySet<string>;
  /** Receipts of theirs that stand for several persons: a batch. */
  readonly shared: ReadonlySet<string>;
}

function indexed({ ours, theirs }: Comparison): Index {
  const by = (keyOf: (our: OurFiling) => string | undefined) =>
    grouped(ours, (our) => {
      const key = keyOf(our);
      return key === undefined ? undefined : `${our.kind} ${key}`;
    });
  const receipts = grouped(theirs, ({ receipt }) => receipt);
  return {
    serials: by(({ serial }) => serial),
    receipts: by(({ receipt }) => receipt),
    numbers: by(({ person }) => person.id_number),
    superseded: new Set(ours.flatMap(({ earlierSerials }) => earlierSerials)),
    shared: new Set([...receipts].flatMap(([receipt, their]) => (their.length > 1 ? receipt : []))),
  };
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string | undefined) {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = key === undefined ? undefined : groups.get(key);
    if (group !== undefined) group.push(item);
    else if (key !== undefined) groups.set(key, [item]);
  }
  return groups;
}

/** By serial first, for a receipt may be one for a whole batch: there the number must agree as well. */
function counterpart(their: TheirFiling, { serials, receipts, shared }: Index): OurFiling | undefined {
  const found = [
    ...(serials.get(`${their.kind} ${their.serial}`) ?? []),
    ...(receipts.get(`${their.kind} ${their.receipt}`) ?? []),
  ];
  const same = found.find(({ person }) => person.id_number === their.person.id_number);
  return same ?? (shared.has(their.receipt) ? undefined : found[0]);
}

const isStanding = ({ state }: TheirFiling) => state !== 'rejected' && state !== 'withdrawn';
const sameName = ({ person }: OurFiling, their: { readonly person: Named }) =>
  their.person.name === person.name;
const within = ({ period }: Comparison, on: BusinessDate) => period.from <= on && on <= period.to;

/** What the agency must say of a filing that has come to rest; undefined: it is still moving, and its own job asks. */
const RESTS: Readonly<Partial<Record<FilingState, readonly TheirState[]>>> = {
  correction_requested: ['correction_requested'],
  accepted: ['accepted'],
  verified: ['accepted'],
  rejected: ['rejected', 'withdrawn'],
  withdrawn: ['rejected', 'withdrawn'],
};

/** Whether a filing of ours that has come to rest is there as well; undefined: it has not. */
export const restsThere = (ours: FilingState, theirs: TheirState): boolean | undefined =>
  RESTS[ours]?.includes(theirs);

/** Of a difference of state: a filing has one at a time. */
export const stateIdentity = (filingId: string): string => `state ${filingId}`;

function comparePair(their: TheirFiling, our: OurFiling, comparison: Comparison): Finding[] {
  if (!within(comparison, our.exitDate)) return [];
  if (their.person.id_number !== our.person.id_number)
    return [otherNumber(our, their.person, { receipt: their.receipt, theirs: their.state })];
  if (restsThere(our.state, their.state) !== false) return [];
  if (our.withdrawing || our.changedAt >= comparison.settledBefore) return [];
  return [
    {
      ...about(our),
      kind: 'state_differs',
      identity: stateIdentity(our.filingId),
      theirs: their.state,
      receipt: their.receipt,
      person: our.person,
    },
  ];
}

const about = (our: OurFiling) => ({
  filingKind: our.kind,
  exitId: our.exitId,
  filingId: our.filingId,
  on: our.exitDate,
  ours: our.state,
});

/** States in which the agency has given us its word that it has the filing. */
const THERE: readonly FilingState[] = [
  'submitted',
  'in_review',
  'correction_requested',
  'accepted',
  'verified',
];

function missingOf(comparison: Comparison, paired: ReadonlySet<OurFiling>): readonly OurFiling[] {
  return comparison.ours.filter(
    (our) =>
      our.connectionId === comparison.connectionId &&
      within(comparison, our.exitDate) &&
      THERE.includes(our.state) &&
      our.receivedAt !== undefined &&
      our.receivedAt < comparison.settledBefore &&
      !our.withdrawing &&
      !paired.has(our),
  );
}

const lost = (our: OurFiling): Finding => ({
  ...about(our),
  kind: 'missing_there',
  identity: `missing ${our.filingId}`,
  theirs: 'absent',
  ...(our.receipt === undefined ? {} : { receipt: our.receipt }),
  person: our.person,
});

const otherNumber = (
  our: OurFiling,
  person: Named,
  rest: Pick<Finding, 'receipt' | 'theirs' | 'since'>,
): Finding => ({
  ...about(our),
  kind: 'identity_differs',
  identity: `identity ${our.filingId} ${person.id_number}`,
  ...rest,
  person,
  ourNumber: our.person.id_number,
});

/** Ours and sent, or in a person's hands, without a number of theirs yet: it may be the very one. */
const mayBeIt = (our: OurFiling, { serial }: TheirFiling) =>
  our.state === 'manual' || (serial === undefined && (our.state === 'unknown' || our.state === 'due'));

function elsewhere(their: TheirFiling, comparison: Comparison, { numbers }: Index): Finding[] {
  const known = numbers.get(`${their.kind} ${their.person.id_number}`) ?? [];
  if (known.some((our) => mayBeIt(our, their))) return [];
  const nearest = known.find(({ exitDate }) => exitDate === their.exitDate) ?? known.at(-1);
  const on = their.exitDate ?? nearest?.exitDate;
  if (on !== undefined && !within(comparison, on)) return [];
  return [
    {
      kind: 'filed_elsewhere',
      filingKind: their.kind,
      identity: `elsewhere ${their.kind} ${their.receipt} ${their.person.id_number}`,
      ...(on === undefined ? {} : { on }),
      theirs: their.state,
      receipt: their.receipt,
      person: their.person,
      ...(nearest === undefined
        ? {}
        : { exitId: nearest.exitId, filingId: nearest.filingId, ours: nearest.state }),
    },
  ];
}

/** The agency has said yes, the exit date is past, and the person is counted as the employer's since before it. */
function stillEnrolled(entry: Enrolled, comparison: Comparison, { numbers }: Index): Finding[] {
  return (numbers.get(`${entry.kind} ${entry.person.id_number}`) ?? [])
    .filter(
      (our) =>
        our.connectionId === comparison.connectionId &&
        (our.state === 'verified' || our.state === 'accepted') &&
        our.changedAt < comparison.settledBefore &&
        within(comparison, our.exitDate) &&
        our.exitDate < comparison.today &&
        // Enrolled anew after it: hired again.
        !(entry.since !== undefined && entry.since > our.exitDate),
    )
    .map((our) => ({
      ...about(our),
      kind: 'still_enrolled',
      identity: `enrolled ${our.filingId}`,
      theirs: 'enrolled',
      ...(our.receipt === undefined ? {} : { receipt: our.receipt }),
      ...(entry.since === undefined ? {} : { since: entry.since }),
      person: entry.person,
    }));
}

/** States in which the agency has not yet matched name and number: once it takes a filing, it has. */
const UNPROVED: readonly FilingState[] = ['waiting', 'due', 'rejected'];

/**
 * Our number is on nobody's line of the roster, and one line has the name with another number that we do not know. Names
 * are shared by many, so more than one such line says nothing.
 */
function notOnRoster(comparison: Comparison, { numbers: known }: Index): Finding[] {
  const { ours, roster, complete } = comparison;
  if (roster === undefined || !complete) return [];
  const numbers = new Set(roster.map(({ kind, person }) => `${kind} ${person.id_number}`));
  const names = grouped(roster, ({ kind, person }) => `${kind} ${person.name}`);
  return ours.flatMap((our) => {
    const judged =
      our.connectionId === comparison.connectionId &&
      within(comparison, our.exitDate) &&
      UNPROVED.includes(our.state) &&
      !our.withdrawing &&
      our.changedAt < comparison.settledBefore &&
      !numbers.has(`${our.kind} ${our.person.id_number}`);
    const named = judged
      ? (names.get(`${our.kind} ${our.person.name}`) ?? []).filter(
          ({ kind, person }) => !known.has(`${kind} ${person.id_number}`),
        )
      : [];
    const [entry] = named;
    if (entry === undefined || named.length > 1) return [];
    const since = entry.since === undefined ? {} : { since: entry.since };
    return [otherNumber(our, entry.person, { theirs: 'enrolled', ...since })];
  });
}
