// What a client sees of each story, whatever the channel: answers, states, and what the read-back says at the end.
export const TRAILS: Readonly<Record<string, string>> = {
  'LAB.ACCEPTED': 'submit 0 | day 1 0 6 1 | day 30 0 6 1 | ended',
  'LAB.CORRECTION_REQUESTED': 'submit 0 | correction supplement | day 1 0 6 1 | day 30 0 6 1 | ended',
  'LAB.CORRECTION_TWICE':
    'submit 0 | correction supplement | correction post | day 1 0 6 1 | day 30 0 6 1 | ended',
  'LAB.CORRECTION_OVERDUE':
    'submit 0 | correction supplement | day 1 0 3 0 | day 30 0 6 2 CORRECTION_OVERDUE | active',
  'LAB.CORRECTION_REASON': 'submit 0 | correction abc917 | day 1 0 6 1 | day 30 0 6 1 | ended',
  'LAB.REJECTED': 'submit 0 | day 1 0 6 2 REJECTED_BY_REVIEW | day 30 0 6 2 REJECTED_BY_REVIEW | active',
  'LAB.REJECTED_AFTER_CORRECTION':
    'submit 0 | correction supplement | day 1 0 6 2 SUPPLEMENT_INSUFFICIENT | day 30 0 6 2 SUPPLEMENT_INSUFFICIENT | active',
  'LAB.ACCEPTED_WITH_WARNING': 'submit 0 | day 1 0 6 1 FILED_LATE | day 30 0 6 1 FILED_LATE | ended',
  'LAB.REVIEW_SLOW': 'submit 0 | day 1 0 2 0 | day 30 0 6 1 | ended',
  'LAB.PASSED_AT_ONCE': 'submit 0 | day 1 0 6 1 | day 30 0 6 1 | ended',
  'LAB.HELD': 'submit 0 | day 1 0 5 0 | day 30 0 5 0 | active',
  'LAB.LOST': 'submit 0 | day 1 NOT_FOUND | day 30 NOT_FOUND | active',
  'LAB.ANNULLED': 'submit 0 | day 1 0 6 1 | day 30 0 6 2 ANNULLED | active',
  'LAB.DISPUTE_OPEN': 'submit 0 | correction supplement | day 1 0 6 1 | day 30 0 6 1 | ended',
  'LAB.ALREADY_ENDED': 'submit ALREADY_ENDED',
  'LAB.NOT_IN_UNIT': 'submit NOT_IN_UNIT',
  'LAB.IDENTITY_MISMATCH': 'submit IDENTITY_MISMATCH',
  'LAB.FILING_OPEN': 'submit FILING_OPEN',
  'SOC.ACCEPTED': 'file 0 | finished 0 0 | day 30 finished 0 0 | 110 2',
  'SOC.ROW_REJECTED': 'file 0 | finished ROW_ERROR ROW_ERROR | day 30 finished ROW_ERROR ROW_ERROR | 110 1',
  'SOC.ROW_CORRECTION':
    'file 0 | finished CORRECTION CORRECTION | file 0 | finished 0 0 | day 30 finished CORRECTION CORRECTION | 110 2',
  'SOC.CORRECTION_DATE':
    'file 0 | finished CORRECTION CORRECTION | file 0 | finished 0 0 | day 30 finished CORRECTION CORRECTION | 110 2',
  'SOC.ACCEPTED_WITH_WARNING': 'file 0 | finished 0 0 | day 30 finished 0 0 | 110 2',
  'SOC.BATCH_SLOW': 'file 0 | received | day 30 finished 0 0 | 110 2',
  'SOC.FINISHED_AT_ONCE': 'file 0 | finished 0 0 | day 30 finished 0 0 | 110 2',
  'SOC.BATCH_STUCK': 'file 0 | processing | day 30 processing | 110 1',
  'SOC.LOST': 'file 0 | NOT_FOUND | day 30 NOT_FOUND | 110 1',
  'SOC.ANNULLED': 'file 0 | finished 0 0 | day 30 finished ANNULLED ANNULLED | 110 1',
  'SOC.WINDOW_CLOSED': 'file WINDOW_CLOSED | file 0 | finished 0 0 | day 30 finished 0 0 | 110 2',
  'SOC.ENROLLED_ELSEWHERE':
    'file 0 | finished ENROLLED_ELSEWHERE ENROLLED_ELSEWHERE | day 30 finished ENROLLED_ELSEWHERE ENROLLED_ELSEWHERE | 110 3',
  'SOC.ALREADY_STOPPED':
    'file 0 | finished ALREADY_DONE ALREADY_DONE | day 30 finished ALREADY_DONE ALREADY_DONE | 110 2',
  'SOC.NOT_ENROLLED':
    'file 0 | finished NOT_IN_UNIT NOT_IN_UNIT | day 30 finished NOT_IN_UNIT NOT_IN_UNIT | 110 -',
  'SOC.IDENTITY_MISMATCH':
    'person IDENTITY_MISMATCH | file 0 | finished NOT_IN_UNIT NOT_IN_UNIT | day 30 finished NOT_IN_UNIT NOT_IN_UNIT | 110 -',
  'SOC.PARTIAL_BATCH': 'file 0 | finished 0 ALREADY_DONE | day 30 finished 0 ALREADY_DONE | 110 2',
  'SOC.DATE_BEFORE_ENROLMENT':
    'file 0 | finished DATE_INVALID DATE_INVALID | day 30 finished DATE_INVALID DATE_INVALID | 110 1',
  'SOC.SESSION_ENDED': 'file 0 | AUTH_SESSION | finished 0 0 | day 30 finished 0 0 | 110 2',
  'SOC.STOP_NOT_SETTLED': 'file PRECONDITION_STOP',
  'SOC.TRANSFERRED_ALREADY': 'file 0 | finished ALREADY_DONE | day 30 finished ALREADY_DONE | 110 2',
  'CRD.ACCEPTED': 'submit 202 | day 1 concluded | day 30 concluded | cancelled',
  'CRD.CORRECTION_REQUESTED':
    'submit 202 | correction supplements | day 1 concluded | day 30 concluded | cancelled',
  'CRD.CORRECTION_TWICE':
    'submit 202 | correction supplements | correction reason | day 1 concluded | day 30 concluded | cancelled',
  'CRD.CORRECTION_OVERDUE':
    'submit 202 | correction supplements | day 1 correction_requested MATERIAL_MISSING | day 30 rejected CORRECTION_OVERDUE | registered',
  'CRD.REJECTED':
    'submit 202 | day 1 rejected REJECTED_BY_REVIEW | day 30 rejected REJECTED_BY_REVIEW | registered',
  'CRD.REJECTED_AFTER_CORRECTION':
    'submit 202 | correction supplements | day 1 rejected SUPPLEMENT_INSUFFICIENT | day 30 rejected SUPPLEMENT_INSUFFICIENT | registered',
  'CRD.ACCEPTED_WITH_WARNING':
    'submit 202 | day 1 concluded FILED_LATE | day 30 concluded FILED_LATE | cancelled',
  'CRD.REVIEW_SLOW': 'submit 202 | day 1 received | day 30 concluded | cancelled',
  'CRD.CONCLUDED_AT_ONCE': 'submit 202 | day 1 concluded | day 30 concluded | cancelled',
  'CRD.HELD': 'submit 202 | day 1 in_review | day 30 in_review | registered',
  'CRD.LOST': 'submit 202 | day 1 NOT_FOUND | day 30 NOT_FOUND | registered',
  'CRD.ANNULLED': 'submit 202 | day 1 concluded | day 30 rejected ANNULLED | registered',
  'CRD.NOT_REGISTERED': 'submit 422 NOT_REGISTERED',
  'CRD.ALREADY_CANCELLED': 'submit 422 ALREADY_DONE',
  'CRD.IDENTITY_MISMATCH': 'submit 422 IDENTITY_MISMATCH',
  'CRD.NOT_IN_UNIT': 'submit 422 NOT_IN_UNIT',
  'CRD.ALREADY_OPEN': 'submit 422 ALREADY_OPEN',
  'CRD.DATE_BEFORE_REGISTRATION': 'submit 422 DATE_INVALID',
  'CRD.CONSENT_EXPIRED': 'inquire 422 CONSENT_EXPIRED',
  'CRD.CONSENT_REVOKED': 'inquire 422 CONSENT_REVOKED',
  'CRD.CONSENT_PURPOSE': 'inquire 422 CONSENT_PURPOSE',
  'CRD.ADVERSE_RECORD': 'inquire 200 records',
  'SM2.ACCEPTED': 'file OK | day 1 40 OK OK | day 30 40 OK OK | 01 2',
  'SM2.CORRECTION_REQUESTED': 'file OK | correction materials | day 1 40 OK OK | day 30 40 OK OK | 01 2',
  'SM2.REJECTED': 'file OK | day 1 50 REJECTED_BY_REVIEW | day 30 50 REJECTED_BY_REVIEW | 01 1',
  'SM2.REVIEW_SLOW': 'file OK | day 1 10 | day 30 40 OK OK | 01 2',
  'SM2.HELD': 'file OK | day 1 20 | day 30 20 | 01 1',
  'SM2.LOST': 'file OK | day 1 NOT_FOUND | day 30 NOT_FOUND | 01 1',
  'SM2.ANNULLED': 'file OK | day 1 40 OK OK | day 30 50 ANNULLED | 01 1',
  'SM2.WINDOW_CLOSED': 'file WINDOW_CLOSED | file OK | day 1 40 OK OK | day 30 40 OK OK | 01 2',
  'SM2.ENROLLED_ELSEWHERE':
    'file OK | day 1 40 ENROLLED_ELSEWHERE ENROLLED_ELSEWHERE | day 30 40 ENROLLED_ELSEWHERE ENROLLED_ELSEWHERE | 01 3',
  'SM2.ALREADY_STOPPED':
    'file OK | day 1 40 ALREADY_DONE ALREADY_DONE | day 30 40 ALREADY_DONE ALREADY_DONE | 01 2',
  'SM2.IDENTITY_MISMATCH': 'file IDENTITY_MISMATCH',
  'SM2.PARTIAL': 'file OK | day 1 40 NOT_ENROLLED OK | day 30 40 NOT_ENROLLED OK | 02 2',
  'SM2.CODE_RETIRED': 'file CODE_UNKNOWN',
  'SM2.ALREADY_OPEN': 'file ALREADY_OPEN',
  'SM2.DATE_BEFORE_ENROLMENT':
    'file OK | day 1 40 DATE_INVALID DATE_INVALID | day 30 40 DATE_INVALID DATE_INVALID | 01 1',
  'SM2.INSURED_ELSEWHERE': 'enrolment OK 01 02 03 04 05',
};
