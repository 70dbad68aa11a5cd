// The desk: routes a control request to its entry in the table, checks the input, and turns errors into problems.
import { type Call, Refusal, type Reply } from '../kernel/agency.ts';
import { type Language, languageOf } from '../kernel/language.ts';
import type { Sandbox } from '../kernel/sandbox.ts';
import type { Outcome } from '../kernel/strike.ts';
import { saidOf } from '../kernel/words.ts';
import { requireInput } from './checked.ts';
import { requireNobody } from './id-numbers.ts';
import { openapi } from './openapi.ts';
import { DeskError, problem } from './problem.ts';
import type { House, Route, StreamRoute } from './route.ts';
import { ROUTES } from './routes.ts';
import { webPage } from './web.ts';

const patterns = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

export async function answerDesk(
  house: House,
  sandbox: Sandbox,
  call: Call,
  urls: Readonly<Record<string, string>>,
): Promise<Outcome> {
  try {
    const tooMany = house.hosting.gate(sandbox.name, call, true);
    if (tooMany) throw tooMany;
    sandbox.clock.catchUp();
    const reply = fixed(sandbox, call);
    return reply ? { kind: 'reply', reply } : await routed(house, sandbox, call, urls);
  } catch (cause) {
    return { kind: 'reply', reply: refused(cause, languageOf(call.headers['accept-language'])) };
  }
}

function refused(cause: unknown, language: Language): Reply {
  if (cause instanceof DeskError)
    return problem(cause.status, cause.code, cause.said, language, cause.extra(language));
  if (cause instanceof Refusal) return limited(cause, language);
  if (cause instanceof RangeError) return problem(409, 'LIMIT', saidOf(cause), language);
  const { en, zh } = saidOf(cause);
  return problem(500, 'DESK_BROKEN', { en, zh: `经办台出错：${zh}` }, language);
}

function fixed(sandbox: Sandbox, call: Call): Reply | undefined {
  if (call.method !== 'GET' && call.method !== 'HEAD') return undefined;
  switch (call.path) {
    case '/openapi.json':
      return json(200, openapi(call.base));
    case '/ca.pem':
      return text('application/x-pem-file', sandbox.ca.certificatePem);
    default:
      return webPage(call);
  }
}

async function routed(
  house: House,
  sandbox: Sandbox,
  call: Call,
  urls: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const here = patterns.flatMap(({ route, pattern }) => {
    const match = pattern.exec(call.path);
    return match ? [{ route, params: match.groups ?? {} }] : [];
  });
  if (here.length === 0)
    throw new DeskError(404, 'ROUTE_UNKNOWN', {
      en: 'see /openapi.json',
      zh: '没有该接口，见 /openapi.json',
    });
  const found = here.find(({ route }) => route.method === call.method);
  if (!found)
    throw new DeskError(405, 'METHOD_UNKNOWN', {
      en: `here: ${here.map(({ route }) => route.method).join(', ')}`,
      zh: `此处可用的方法：${here.map(({ route }) => route.method).join('、')}`,
    });
  const { route, params } = found;
  requireAccess(house, sandbox, route, call);
  const decoded = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decode(value)]));
  const body = input(route, call);
  requireNobody(sandbox, body);
  const visit = { house, sandbox, call, base: call.base, urls, params: decoded, query: call.query };
  if ('stream' in route) return { kind: 'stream', stream: route.stream(visit) };
  const answer = await route.run(visit, body as never); // the route's own schema has just accepted it
  if (route.method !== 'GET') sandbox.changes.tell();
  return { kind: 'reply', reply: json(route.status, answer) };
}

/** On one's own machine everybody is everything. */
function requireAccess(
  { hosting }: House,
  sandbox: Sandbox,
  { access }: Pick<Route, 'access'>,
  call: Call,
): void {
  if (access === 'everybody') return;
  const whose = access === 'operator' ? 'default' : sandbox.name;
  if (!hosting.isAdmin(whose, call))
    throw new DeskError(401, 'TOKEN_WRONG', {
      en: 'the control API wants Authorization: Bearer and the sandbox\u2019s admin token',
      zh: '控制接口需要 Authorization: Bearer 和该沙箱的管理令牌',
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DeskError(400, 'PATH_INVALID', {
      en: 'the path is not valid percent-encoding',
      zh: '路径的百分号编码无效',
    });
  }
}

function input(route: Route | StreamRoute, call: Call): unknown {
  if (!route.input) return undefined;
  let body: unknown;
  try {
    body = call.body.length === 0 ? {} : JSON.parse(call.body.toString('utf8'));
  } catch {
    throw new DeskError(400, 'JSON_INVALID', { en: 'the body is not JSON', zh: '正文不是 JSON' });
  }
  requireInput(route.input, body);
  return body;
}

function limited({ status, code, message, retryAfterSeconds }: Refusal, language: Language): Reply {
  const said = { en: message, zh: '请求过于频繁，请稍后重试；限额见 /limits' };
  const reply = problem(status, code, said, language);
  if (retryAfterSeconds === undefined) return reply;
  return { ...reply, headers: { ...reply.headers, 'retry-after': String(retryAfterSeconds) } };
}

const json = (status: number, value: unknown): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

const text = (type: string, body: string): Reply => ({
  status: 200,
  headers: {
    'content-type': type,
    'content-security-policy': "default-src 'none'",
  },
  body,
});
