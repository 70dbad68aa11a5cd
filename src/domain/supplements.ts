/** What goes with a filing for the reviewer: settlements, reserved claims, what was open, answers to a correction. Pure. */
import type { ExitSecret } from './exit.ts';
import type { Filing } from './filing.ts';
import type { Gate } from './gates.ts';

export interface Supplement {
  /** `settlement`, `claim`, `open_item`, `certificate`, `handover`, or a kind that the agency asked for. */
  readonly kind: string;
  readonly title: string;
  readonly text: string;
}

/** What answered an agency's request for corrections, with the revision of the filing that carries it. */
export interface Answer {
  readonly filingId: string;
  readonly revision: number;
  readonly actor: string;
  readonly note?: string;
  readonly supplements: readonly Supplement[];
}

/**
 * The supplements of one revision of a filing. They never change once it may have been sent: clearances that come later are
 * marked so and stay out, and answers are tied to their revision; an answer of an earlier revision goes along again.
 */
export function supplementsOf(
  filing: Pick<Filing, 'id' | 'revision'>,
  secret: ExitSecret,
  gates: readonly Gate[],
): readonly Supplement[] {
  const disputes = new Set(secret.disputes.map(({ external_id }) => external_id));
  const settled = secret.clearances
    .filter(
      ({ late, decision, subjects }) =>
        late === undefined && decision !== 'revoked' && subjects.some((subject) => disputes.has(subject)),
    )
    .filter((each) => each.subjects.some((subject) => isStill(each.at, subject, secret)))
    .map(
      ({ subjects, note, documents }): Supplement => ({
        kind: 'settlement',
        title: documents.map(({ title }) => title).join('、') || subjects.join('、'),
        text: [
          subjects.join('、'),
          note,
          ...documents.map(({ title, reference, sha256 }) =>
            [title, reference, sha256 && `SHA-256 ${sha256}`].filter(Boolean).join(' '),
          ),
        ]
          .filter(Boolean)
          .join('；'),
      }),
    );
  const claims = (secret.release?.claims ?? []).map(
    ({ title, summary, dispute, amount, reference }): Supplement => ({
      kind: 'claim',
      title,
      text: [dispute, summary, amount && `${amount} 元`, reference].filter(Boolean).join('；'),
    }),
  );
  const open = (secret.release?.open ?? [])
    .filter(({ subject }) => !disputes.has(subject))
    .map(({ gate, subject }): Supplement => {
      const { title, item } = gates.find((each) => each.code === gate && each.subject === subject) ?? {};
      return { kind: 'open_item', title: title?.zh ?? gate, text: item?.zh ?? subject };
    });
  const answers = secret.answers
    .filter((each) => each.filingId === filing.id && each.revision <= filing.revision)
    .flatMap(({ supplements }) => supplements);
  return [...settled, ...claims, ...open, ...answers];
}

/** False for a clearance that was revoked, or taken again, later on. */
function isStill(at: string, subject: string, { clearances }: ExitSecret): boolean {
  const last = clearances.findLast((each) => each.late === undefined && each.subjects.includes(subject));
  return last?.at === at && last.decision !== 'revoked';
}
