/** What goes with a filing for the reviewer: settlements, reserved claims, what was open, answers to a correction. Pure. */
import type { ExitSecret, RecordedClearance, Supplement } from './exit-secret.ts';
import type { Filing } from './filing.ts';
import { type Gate, isAboutDispute } from './gates.ts';

/**
 * The supplements of one revision of a filing. They never change once it may have been sent: clearances that come later are
 * marked so and stay out, disputes that an amendment adds were not there when it was cleared, and answers are tied to their revision; an answer of an earlier revision goes along again.
 */
export function supplementsOf(
  filing: Pick<Filing, 'id' | 'revision'>,
  secret: ExitSecret,
  gates: readonly Gate[],
): readonly Supplement[] {
  const settled = secret.clearances
    // Only what was settled: a gate that was waived has no settlement that could be shown to an agency. Notes are the firm's own.
    .filter(({ decision }) => decision === 'cleared')
    .map((each) => ({ ...each, subjects: each.disputes.filter((subject) => isStill(each, subject, secret)) }))
    .filter(({ subjects }) => subjects.length > 0)
    .map(
      ({ subjects, documents }): Supplement => ({
        kind: 'settlement',
        title: documents.map(({ title }) => title).join('、') || subjects.join('、'),
        text: [
          `${subjects.join('、')} 已处理`,
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
  // An open dispute stands among the claims: each is covered by one at least.
  const claimed = new Set(secret.release?.claims.map(({ dispute }) => dispute));
  const open = (secret.release?.open ?? []).flatMap(({ gate: code, subject }): Supplement[] => {
    const gate = gates.find((each) => each.code === code && each.subject === subject);
    if (gate !== undefined && isAboutDispute(gate) && claimed.has(subject)) return [];
    return [{ kind: 'open_item', title: gate?.title.zh ?? code, text: gate?.item?.zh ?? subject }];
  });
  const answers = secret.answers
    .filter((each) => each.filingId === filing.id && each.revision <= filing.revision)
    .flatMap(({ supplements }) => supplements);
  return [...settled, ...claims, ...open, ...answers];
}

/** False for one that came late, and for one that was revoked, or taken again, later on. */
function isStill(clearance: RecordedClearance, subject: string, { clearances }: ExitSecret): boolean {
  const last = clearances.findLast(
    ({ late, gate, subjects }) => late === undefined && gate === clearance.gate && subjects.includes(subject),
  );
  return last === clearance;
}
