/** What an adapter is handed for one revision of a filing: the facts that it carries, and of the person only what its manifest names. */
import type { FilingOrder } from '../adapters/adapter.ts';
import { factsAt } from '../src/domain/exit.ts';
import type { Supplement } from '../src/domain/exit-secret.ts';
import { personAt } from '../src/domain/exit-secret.ts';
import type { Filing } from '../src/domain/filing.ts';
import { supplementsOf } from '../src/domain/supplements.ts';
import type { StoredDocument } from '../src/store/documents.ts';
import type { StoredExit } from '../src/store/exits.ts';
import type { Store } from '../src/store/index.ts';

/** Everything in it is fixed once the revision was claimed: `preparedAt`, the facts' revision, the attachments' ids. */
export async function orderOf(
  { documents }: Pick<Store, 'documents'>,
  { exit, secret }: StoredExit,
  filing: Filing,
  fields: readonly string[],
  /** The last month of insurance; what the facts say, or later where the filing missed its window. */
  insuranceEndMonth: string,
): Promise<FilingOrder> {
  const { preparedAt, attachments = [], receipt, previousSerial } = filing;
  if (preparedAt === undefined) throw new Error(`filing ${filing.id} was not claimed`);
  const facts = factsAt(exit, filing.factsRevision);
  const opened = secret();
  const person = personAt(opened, filing.factsRevision);
  const attached = attachments.length === 0 ? [] : await documents.attached(attachments);
  return {
    kind: filing.kind,
    revision: filing.revision,
    preparedAt,
    employer: facts.employer,
    person: Object.fromEntries(Object.entries(person).filter(([field]) => fields.includes(field))),
    post: facts.post,
    contract: facts.contract,
    reason: facts.reason,
    noticeDate: facts.noticeDate,
    lastAttendanceDate: facts.lastAttendanceDate,
    exitDate: facts.exitDate,
    insuranceEndMonth,
    supplements: [...supplementsOf(filing, opened, exit.gates), ...attached.map(reference)],
    ...(receipt === undefined ? {} : { receipt }),
    ...(previousSerial === undefined ? {} : { previousSerial }),
  };
}

/** Agencies' messages carry text, no files: the document is named with its digest, and can be shown on request. */
const reference = ({ id, kind, sha256 }: StoredDocument): Supplement =>
  kind === 'termination_certificate'
    ? { kind: 'certificate', title: '解除或终止劳动合同证明', text: `${id}；SHA-256 ${sha256}` }
    : { kind: 'handover', title: '工作交接清单', text: `${id}；SHA-256 ${sha256}` };
