/** How a connection's agency is: what workers have seen of it, and the answer to a test. */
import { z } from 'zod';
import { HEALTH_CAUSES, HEALTH_STATES, type Health } from '../domain/health.ts';
import type { Language, Words } from '../language.ts';
import { instant } from './fields.ts';
import type { AdapterManifest, ConnectionTested } from './parts.ts';
import { isSecret } from './zod.ts';

export const HealthView = z
  .object({
    state: z.enum(HEALTH_STATES).meta({
      description:
        '`doubted`: asked just now whether it is there. While it is not available no call is made, and filings are held',
    }),
    cause: z.enum(HEALTH_CAUSES).nullable(),
    failures: z.int().meta({ description: 'Calls in a row without an answer' }),
    since: instant,
    until: instant.nullable().meta({ description: 'When it is back, as the agency has said' }),
    next_probe_at: instant.nullable().meta({ description: 'When it is asked again whether it is back' }),
    busy_until: instant.nullable().meta({ description: 'Too many requests: nothing goes out before' }),
  })
  .meta({ id: 'AgencyHealth' });

export const presentHealth = (health: Health): z.output<typeof HealthView> => ({
  state: health.state,
  cause: health.cause ?? null,
  failures: health.failures,
  since: health.since.toISOString(),
  until: health.until?.toISOString() ?? null,
  next_probe_at: health.probeAt?.toISOString() ?? null,
  busy_until: health.busyUntil?.toISOString() ?? null,
});

const SUBJECTS = ['address', 'certificate', 'session', 'clock', 'unit'] as const;
type Subject = (typeof SUBJECTS)[number];

/** What each check is called, and what to do when it fails. */
const WORDS: Readonly<Record<Subject, { readonly title: Words; readonly advice: Words }>> = {
  address: {
    title: { en: 'Address', zh: '地址' },
    advice: {
      en: 'Check the address in the settings, the way to it (firewall, proxy, leased line), and whether the agency is in service.',
      zh: '请核对设置中的地址、网络线路（防火墙、代理、专线），并确认该机构系统是否正常运行。',
    },
  },
  certificate: {
    title: { en: 'Certificate', zh: '证书' },
    advice: {
      en: 'Have the certificate renewed by its authority, and give the connection the new certificate and key: `PATCH /v1/connections/{id}`.',
      zh: '请向发证机构申请换发证书，并通过 `PATCH /v1/connections/{id}` 将新证书和私钥填入该连接。',
    },
  },
  session: {
    title: { en: 'Sign-in', zh: '签到' },
    advice: {
      en: 'Check the credentials in the settings, and whether the agency has opened the account for this certificate.',
      zh: '请核对设置中的凭据，并确认该机构已为此证书开通账号。',
    },
  },
  clock: {
    title: { en: 'Clock', zh: '时钟' },
    advice: {
      en: 'Set the clock of this machine by NTP; if it is right, tell the agency that theirs is not.',
      zh: '请用 NTP 校准本机时钟；若本机无误，请告知该机构其时钟有偏差。',
    },
  },
  unit: {
    title: { en: 'Local number of the unit', zh: '单位编号' },
    advice: {
      en: 'Register the employer with the agency, or use the certificate of the unit that is registered there.',
      zh: '请先在该机构办理单位登记，或改用已登记单位的证书。',
    },
  },
};

const SAID = {
  held: {
    en: 'The agency answers, and all is in order; filings wait for the end of the maintenance that was entered.',
    zh: '机构应答正常，各项检查均通过；但已登记维护，申报将等到维护结束。',
  },
  ok: { en: 'The agency answers, and all is in order.', zh: '机构应答正常，各项检查均通过。' },
  warned: {
    en: 'The agency answers; something needs attention.',
    zh: '机构应答正常，但有需要处理的事项。',
  },
  address: {
    en: 'Something answers at this address, but it is not this agency; or the agency signs with another key or certificate than the one in the settings.',
    zh: '该地址有应答，但应答方不是该机构；或该机构的签名密钥或证书与设置中的不一致。',
  },
  refused: { en: 'The agency answers, but does not let us in.', zh: '机构有应答，但未予接入。' },
  unreachable: {
    en: 'The agency does not answer; nothing else could be asked.',
    zh: '机构无应答，其余各项无从检查。',
  },
  maintenance: {
    en: 'The agency is in maintenance; nothing else could be asked. Test again when it is over.',
    zh: '机构系统维护中，其余各项无从检查，请在维护结束后重新测试。',
  },
  busy: {
    en: 'The agency answers that there are too many requests; nothing else could be asked. Test again later.',
    zh: '机构答复请求过于频繁，其余各项无从检查，请稍后重新测试。',
  },
  unasked: {
    en: 'Nothing was asked: the adapter of this connection has no `ping`. Whether the agency is there, the first filing shows.',
    zh: '未作任何检查：此连接的适配器没有 `ping`，机构能否连通要到首次申报时才知道。',
  },
} as const satisfies Record<string, Words>;

/** `unasked` where there is nobody to ask. */
const BY_FILE: Words = {
  en: 'Nothing was asked: this agency has no interface, it takes files that a person uploads. There is no connection to test.',
  zh: '未作任何检查：该机构没有接口，由人工上传文件办理，没有可测试的连接。',
};

export const ConnectionTestView = z
  .object({
    ok: z.boolean().meta({
      description:
        'Something was asked, and all that could be asked is in order. False where nothing was: `summary` says why',
    }),
    code: z.enum(Object.keys(SAID) as [keyof typeof SAID, ...(keyof typeof SAID)[]]),
    summary: z.string().meta({ description: 'In the language asked for' }),
    detail: z.string().nullable().meta({ description: "The adapter's own words" }),
    held_until: instant
      .nullable()
      .meta({ description: 'The end of a maintenance that was entered: filings wait until then' }),
    milliseconds: z.int(),
    checks: z
      .array(
        z.object({
          subject: z.enum(SUBJECTS),
          title: z.string().meta({ description: 'In the language asked for' }),
          ok: z.boolean(),
          message: z.string().meta({ description: "What was seen, in the adapter's own words" }),
          advice: z
            .string()
            .nullable()
            .meta({ description: 'What to do where it is not in order, in the language asked for' }),
        }),
      )
      .readonly(),
    health: HealthView,
  })
  .meta({ id: 'ConnectionTest' });

type Code = keyof typeof SAID;

function codeOf({ ping }: ConnectionTested): Code {
  if (ping === undefined) return 'unasked';
  if (ping.kind === 'up') return ping.checks.every(({ ok }) => ok) ? 'ok' : 'warned';
  return ping.symptom ?? 'refused';
}

export function presentTest(
  tested: ConnectionTested,
  language: Language,
  /** Takes out what must not be shown. */
  clean: (text: string) => string,
  {
    heldUntil,
    uploads = false,
  }: {
    /** The end of a maintenance that was entered. */
    readonly heldUntil?: Date | undefined;
    /** The adapter calls nobody: it makes files for a person to upload. */
    readonly uploads?: boolean;
  } = {},
): z.output<typeof ConnectionTestView> {
  const { ping, milliseconds, health } = tested;
  const asked = codeOf(tested);
  const code = asked === 'ok' && heldUntil !== undefined ? 'held' : asked;
  const detail = ping === undefined ? null : ping.kind === 'up' ? ping.message : ping.reason;
  return {
    ok: asked === 'ok',
    code,
    summary: (code === 'unasked' && uploads ? BY_FILE : SAID[code])[language],
    detail: detail === null ? null : clean(detail),
    held_until: heldUntil?.toISOString() ?? null,
    milliseconds,
    checks: (ping?.checks ?? []).map(({ subject, ok, message }) => ({
      subject,
      title: WORDS[subject].title[language],
      ok,
      message: clean(message),
      advice: ok ? null : WORDS[subject].advice[language],
    })),
    health: presentHealth(health),
  };
}

/** Shorter ones would take words out of sentences, and are no secrets. */
const SHORTEST_SECRET = 4;

/** An adapter should not quote a secret; whatever one does, it goes no further. */
export function withoutSecrets(
  manifest: AdapterManifest | undefined,
  settings: unknown,
): (text: string) => string {
  const given = (settings ?? {}) as Record<string, unknown>;
  const secrets = Object.entries(manifest?.settings.shape ?? {})
    .filter(([, schema]) => isSecret(schema))
    .map(([name]) => given[name])
    .filter((value) => typeof value === 'string')
    .filter((value) => value.length >= SHORTEST_SECRET);
  return (text) => secrets.reduce((cleaned, secret) => cleaned.replaceAll(secret, '•••'), text);
}
