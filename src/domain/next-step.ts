/** Which call a filing needs next. Pure. */
import type { Filing, Step } from './filing.ts';

/** The step that a filing's state asks for; undefined when only a person, another filing or a gate can move it. */
export function nextStep(filing: Filing): Step | undefined {
  const withdraw = filing.withdrawing?.stage === 'asked';
  switch (filing.state) {
    case 'due':
      return filing.via;
    case 'unknown':
      return 'lookup';
    case 'submitted':
    case 'in_review':
      return withdraw ? 'withdraw' : 'lookup';
    case 'correction_requested':
      if (withdraw) return 'withdraw';
      // It waits for us, and is asked about only where the agency has said something (news.ts), or its day is over.
      return filing.nextAt === undefined ? undefined : 'lookup';
    case 'manual':
      // In a person's hands; asked about after an answer that the agency did not take.
      return filing.nextAt === undefined ? undefined : 'lookup';
    case 'accepted':
      return 'readBack';
    case 'verified':
    case 'rejected':
    case 'withdrawn':
      // Looked at again where the agency has said something; see second-look.ts.
      return filing.nextAt === undefined ? undefined : 'lookup';
    default:
      return undefined;
  }
}
