// What is simulated and what is not, operation by operation: GET /fidelity.
import type { AgencyName } from './kernel/agency.ts';
import type { Sentence } from './kernel/scenario.ts';

export interface Fidelity {
  readonly agency: AgencyName;
  readonly operation: string;
  /** What the request must satisfy before anything happens. */
  readonly validated: Sentence;
  /** What it changes or remembers; absent: it only reads. */
  readonly stateful?: Sentence;
  /** What sandbox time does to it; absent: nothing. */
  readonly timed?: Sentence;
  readonly deviates: readonly Sentence[];
}

const labor = (operation: string, rest: Partial<Fidelity> = {}): Fidelity => ({
  agency: 'labor',
  operation,
  validated: {
    en: 'envelope.xsd and labor.xsd; one XML signature over the Body; certificate of the sandbox’s CA',
    zh: 'envelope.xsd 与 labor.xsd；对 Body 的唯一 XML 签名；由沙箱 CA 签发的证书',
  },
  deviates: [],
  ...rest,
});
const insurance = (operation: string, rest: Partial<Fidelity> = {}): Fidelity => ({
  agency: 'insurance',
  operation,
  validated: {
    en: 'insurance.xsd for envelope and payload; detached CMS; binding of head and payload; session and encryption',
    zh: '信封与业务报文均按 insurance.xsd 校验；分离式 CMS 签名；报文头与业务报文的绑定；会话与加密',
  },
  deviates: [],
  ...rest,
});
const credit = (operation: string, rest: Partial<Fidelity> = {}): Fidelity => ({
  agency: 'credit',
  operation,
  validated: {
    en: 'openapi.yaml; OAuth 2 token; detached JWS bound to method, path and unit',
    zh: 'openapi.yaml；OAuth 2 令牌；绑定方法、路径与单位的分离式 JWS',
  },
  deviates: [],
  ...rest,
});

const insuranceSm2 = (operation: string, rest: Partial<Fidelity> = {}): Fidelity => ({
  agency: 'insurance-sm2',
  operation,
  validated: {
    en: 'openapi.yaml; SM2 signature bound to path, time and nonce; SM4 body; unit of the client',
    zh: 'openapi.yaml；绑定路径、时间与随机数的 SM2 签名；SM4 加密正文；客户端所属单位',
  },
  deviates: [],
  ...rest,
});

const KEYS = {
  en: 'on one’s own machine keys and passwords are made from seed and name of the sandbox, so they are no secret; in public from a secret of each sandbox, so they do not repeat with the seed',
  zh: '本机运行时，密钥与密码由沙箱的种子和名称派生，因此并不保密；公开托管时由各沙箱自有的机密派生，不随种子重现',
};

const REVIEW = {
  en: 'the clerk’s delay, seconds by default; corrections end at midnight in China',
  zh: '经办时长，默认数秒；补正期限至北京时间当日午夜',
};
const ROLLS = {
  en: 'people and units that are asked about come into being, unless the population is seeded',
  zh: '被查询的人员和单位会自动建立，除非名册为预置模式（seeded）',
};

const ONLY_ASKED = {
  en: 'only those whom somebody has asked about, unless the population is seeded',
  zh: '只列出曾被查询过的人员，除非名册为预置模式（seeded）',
};

export const FIDELITY: readonly Fidelity[] = [
  labor('Ping', {
    timed: { en: 'tells sandbox time and business hours', zh: '返回沙箱时间与办公时间' },
    deviates: [{ en: 'holidays are not known', zh: '不识别节假日' }],
  }),
  labor('QueryUnit', {
    stateful: ROLLS,
    deviates: [{ en: 'the unit’s name is not compared', zh: '不核对单位名称' }],
  }),
  labor('QueryPerson', { stateful: ROLLS }),
  labor('SubmitTermination', {
    stateful: {
      en: 'a filing, once per serial; one open filing per employment; known disputes',
      zh: '备案：同一流水号只受理一次；同一劳动关系只能有一件在办；识别已知争议',
    },
    timed: REVIEW,
    deviates: [
      { en: 'filing is open around the clock', zh: '全天受理备案' },
      { en: 'supplements hold text, no files', zh: '补充材料仅为文本，不含文件' },
    ],
  }),
  labor('QueryFiling'),
  labor('SupplementFiling', {
    stateful: { en: 'a revision of a filing that was sent back', zh: '被退回补正的备案的修订版' },
    timed: REVIEW,
  }),
  labor('ListFilings'),
  labor('ListEmployees', { deviates: [ONLY_ASKED] }),
  labor('WithdrawFiling', {
    stateful: { en: 'ends a filing that is not in review yet', zh: '撤回尚未进入审核的备案' },
  }),
  insurance('connectivity-test', { timed: { en: 'tells sandbox time', zh: '返回沙箱时间' } }),
  insurance('sign-in', {
    validated: { en: 'insurance.xsd; detached CMS', zh: 'insurance.xsd；分离式 CMS 签名' },
    stateful: { en: 'a session of thirty minutes', zh: '三十分钟的会话' },
    timed: { en: 'sessions end on the sandbox clock', zh: '会话按沙箱时钟到期' },
    deviates: [KEYS],
  }),
  insurance('sign-out', { stateful: { en: 'ends the session', zh: '结束会话' } }),
  insurance('query-unit', { stateful: ROLLS }),
  insurance('query-person', {
    stateful: ROLLS,
    deviates: [{ en: 'the protocol has no document type', zh: '协议中没有证件类型' }],
  }),
  insurance('stop', {
    stateful: {
      en: 'a batch, once per MessageId; rows pass or fail each by its own rules',
      zh: '批次：同一 MessageId 只受理一次；各行按各自规则通过或失败',
    },
    timed: { en: 'the monthly window; the clerk’s delay', zh: '每月申报窗口；经办时长' },
    deviates: [{ en: 'arrears and back payments are not computed', zh: '不计算欠费与补缴' }],
  }),
  insurance('transfer', {
    stateful: { en: 'a batch of transfers, after the stop', zh: '停保之后的转移批次' },
    timed: { en: 'the monthly window; the clerk’s delay', zh: '每月申报窗口；经办时长' },
    deviates: [{ en: 'the other region never answers', zh: '转入地从不回复' }],
  }),
  insurance('progress'),
  insurance('person-state'),
  insurance('batch-list'),
  insurance('unit-roster', {
    deviates: [ONLY_ASKED],
  }),
  credit('token', {
    validated: { en: 'openapi.yaml; client and secret', zh: 'openapi.yaml；客户端标识与密钥' },
    deviates: [
      KEYS,
      {
        en: 'token times are real time; nothing is stored, so nothing is revoked',
        zh: '令牌时间为真实时间；不保存令牌，因此也无法吊销',
      },
    ],
  }),
  credit('ping', { timed: { en: 'tells sandbox time', zh: '返回沙箱时间' } }),
  credit('submitRegistrationChange', {
    stateful: {
      en: 'a change, once per serial; one open change per person',
      zh: '变更：同一流水号只受理一次；每人只能有一件在办',
    },
    timed: REVIEW,
    deviates: [{ en: 'only cancellations', zh: '仅支持注销' }],
  }),
  credit('getRegistrationChange'),
  credit('amendRegistrationChange', {
    stateful: { en: 'a revision of a change that was sent back', zh: '被退回补正的变更的修订版' },
    timed: REVIEW,
  }),
  credit('withdrawRegistrationChange', {
    stateful: { en: 'ends a change that is not concluded', zh: '撤回尚未办结的变更' },
  }),
  credit('listRegistrationChanges'),
  credit('listPractitioners', { deviates: [ONLY_ASKED] }),
  credit('queryPractitioner', { stateful: ROLLS }),
  credit('inquire', {
    stateful: { en: 'an inquiry number; the agency’s register of consents', zh: '查询编号；机构的授权登记' },
    timed: { en: 'consents end with their last day in China', zh: '授权于北京时间最后一日结束时到期' },
    deviates: [
      { en: 'the signature on the consent is not looked at', zh: '不查验授权书上的签名' },
      { en: 'records are only what scenarios put there', zh: '记录仅来自情景设置' },
    ],
  }),
  insuranceSm2('ping', {
    timed: { en: 'tells sandbox time', zh: '返回沙箱时间' },
    deviates: [KEYS, { en: 'all four forms of a signature are taken', zh: '四种签名写法均接受' }],
  }),
  insuranceSm2('codeTables', {
    deviates: [{ en: 'a table changes only by scenario', zh: '代码表仅随情景变化' }],
  }),
  insuranceSm2('unit', { stateful: ROLLS }),
  insuranceSm2('fileChange', {
    stateful: {
      en: 'a change, once per serial; one open change per person; items pass or fail each by its own rules',
      zh: '业务：同一流水号只受理一次；每人同类业务只能有一件在办；各险种按各自规则通过或失败',
    },
    timed: { en: 'the window; the clerk’s delay', zh: '办理窗口；经办时长' },
    deviates: [
      {
        en: 'nonces are not remembered: the serial makes a repeated request harmless',
        zh: '不记录随机数：流水号使重复请求不产生影响',
      },
    ],
  }),
  insuranceSm2('amendChange', {
    stateful: { en: 'a revision of a change that was sent back', zh: '被退回补正的业务的修订版' },
    timed: REVIEW,
  }),
  insuranceSm2('withdrawChange', {
    stateful: { en: 'ends a change that is not finished', zh: '撤回尚未办结的业务' },
  }),
  insuranceSm2('queryChange'),
  insuranceSm2('listChanges', {
    deviates: [
      {
        en: 'what was made at the counter is only what scenarios put there',
        zh: '窗口受理的业务仅来自情景设置',
      },
    ],
  }),
  insuranceSm2('personState', { stateful: ROLLS }),
  insuranceSm2('roster'),
  insuranceSm2('enrolment'),
];

/** What none of the agencies simulates. */
export const NOT_SIMULATED: readonly Sentence[] = [
  {
    en: 'callbacks of the labour agency and of the first city’s insurance',
    zh: '劳动机构与第一城市社保机构的回调',
  },
  { en: 'repeated callbacks: each is sent once', zh: '回调重试：每次回调只发送一次' },
  {
    en: 'mutual TLS: certificates sign messages, not connections',
    zh: '双向 TLS：证书用于报文签名，不用于连接',
  },
  { en: 'public holidays', zh: '法定节假日' },
  { en: 'certificate revocation', zh: '证书吊销' },
  {
    en: 'real people: in public an ID number that could be somebody’s is refused with REAL_DATA and not kept, which no agency does',
    zh: '真实人员：公开托管时，可能属于真实个人的证件号码会被拒绝（REAL_DATA）且不予保存，真实机构并无此规则',
  },
];
