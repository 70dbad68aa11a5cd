// Profiles: what befalls the filings for which nobody named a scenario.
import type { AgencyName } from '../kernel/agency.ts';
import { drawOf } from '../kernel/clerk.ts';
import type { Profile } from '../kernel/scenario.ts';

/** The published list of the exam: its n-th filing of an operation gets the n-th story. */
export const EXAM: Readonly<Record<string, readonly string[]>> = {
  SubmitTermination: [
    'LAB.ACCEPTED',
    'LAB.CORRECTION_REQUESTED',
    'LAB.REJECTED',
    'LAB.DISPUTE_OPEN',
    'LAB.REVIEW_SLOW',
    'LAB.ALREADY_ENDED',
    'LAB.ACCEPTED_WITH_WARNING',
  ],
  stop: [
    'SOC.ACCEPTED',
    'SOC.WINDOW_CLOSED',
    'SOC.ROW_CORRECTION',
    'SOC.ENROLLED_ELSEWHERE',
    'SOC.ALREADY_STOPPED',
    'SOC.SESSION_ENDED',
    'SOC.ROW_REJECTED',
  ],
  transfer: ['SOC.STOP_NOT_SETTLED', 'SOC.TRANSFERRED_ALREADY'],
  submitRegistrationChange: [
    'CRD.ACCEPTED',
    'CRD.CORRECTION_REQUESTED',
    'CRD.REJECTED',
    'CRD.ALREADY_CANCELLED',
    'CRD.REVIEW_SLOW',
    'CRD.ALREADY_OPEN',
  ],
  fileChange: [
    'SM2.ACCEPTED',
    'SM2.WINDOW_CLOSED',
    'SM2.CORRECTION_REQUESTED',
    'SM2.CODE_RETIRED',
    'SM2.ALREADY_STOPPED',
    'SM2.REVIEW_SLOW',
    'SM2.REJECTED',
  ],
  inquire: ['CRD.CONSENT_EXPIRED', 'CRD.ADVERSE_RECORD', 'CRD.CONSENT_REVOKED'],
};

const PREFIX: Readonly<Record<AgencyName, string>> = {
  labor: 'LAB',
  insurance: 'SOC',
  credit: 'CRD',
  'insurance-sm2': 'SM2',
};
const correction = (agency: AgencyName) =>
  agency === 'insurance' ? 'SOC.ROW_CORRECTION' : `${PREFIX[agency]}.CORRECTION_REQUESTED`;
const rejection = (agency: AgencyName) =>
  agency === 'insurance' ? 'SOC.ROW_REJECTED' : `${PREFIX[agency]}.REJECTED`;
const slow = (agency: AgencyName) =>
  agency === 'insurance' ? 'SOC.BATCH_SLOW' : `${PREFIX[agency]}.REVIEW_SLOW`;

export const PROFILES: readonly Profile[] = [
  {
    name: 'default',
    says: { en: 'Nothing is chosen: the clerk’s policy decides.', zh: '不选定情景，由经办策略决定。' },
    choose: () => undefined,
  },
  {
    name: 'happy',
    says: { en: 'Everything is accepted.', zh: '全部办结。' },
    choose: ({ agency }) => `${PREFIX[agency]}.ACCEPTED`,
  },
  {
    name: 'strict-clerk',
    says: {
      en: 'Two of three filings are sent back for a correction, every seventh is rejected.',
      zh: '三件中有两件要求补正，每第七件不予办理。',
    },
    choose({ agency, n }) {
      if (n % 7 === 0) return rejection(agency);
      return n % 3 === 0 ? `${PREFIX[agency]}.ACCEPTED` : correction(agency);
    },
  },
  {
    name: 'month-end-rush',
    says: {
      en: 'Reviews take days, one filing in five meets a closed window or a busy agency.',
      zh: '审核需时数日，五件中有一件遇窗口关闭或系统繁忙。',
    },
    choose({ agency, operation, n, seed }) {
      const drawn = drawOf(`${seed}|month-end-rush|${operation}|${n}`);
      const hasWindow = agency === 'insurance' || agency === 'insurance-sm2';
      return hasWindow && drawn < 0.2 ? `${PREFIX[agency]}.WINDOW_CLOSED` : slow(agency);
    },
  },
  {
    name: 'lossy-network',
    says: {
      en: 'The clerk accepts, but the line drops now before and now after the commit.',
      zh: '经办正常办结，但网络时而在提交前、时而在提交后中断。',
    },
    choose: () => undefined,
  },
  {
    name: 'go-live-exam',
    says: {
      en: 'The published list of stories, one after the other; GET /exam has the report.',
      zh: '依次经历公布的考题清单；考试报告见 GET /exam。',
    },
    choose: ({ operation, n }) => EXAM[operation]?.[n - 1],
  },
  {
    name: 'production-like',
    says: {
      en: 'Reviews of two working days (Monday to Friday; holidays are not known), a window from the fifth to the twenty-fifth (in the second city from the twenty-sixth to the twentieth), a limit of requests per minute (GET /limits), and one request in fifty, whichever, refused with 429.',
      zh: '审核两个工作日（周一至周五，不识别节假日），窗口为每月五日至二十五日（第二城市为二十六日至次月二十日），限制每分钟请求数（见 GET /limits），另有约百分之二的请求随机返回 429。',
    },
    choose: () => undefined,
  },
];
