// Pure: why an exchange was answered as it was, and the exchange as a command or a test.

const quoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;
const CHANNELS = ['header', 'armed', 'rule', 'magic', 'profile', 'default'];

/** `armed arm-1` → `armed`; `case magic` → `magic`, kept from when the case began. */
export function channelOf(rule = 'default') {
  const kept = rule.startsWith('case ');
  const [word = ''] = rule.replace(/^case /, '').split(' ');
  return { kept, channel: CHANNELS.includes(word) ? word : 'default' };
}

/** Of a fault: where it struck; an answer may be spoiled that says no. */
export function phaseOf({ stage }, stages) {
  const phase = /^fault\((.+)\)$/.exec(stage)?.[1];
  const taken = stages.some(({ stage: other, note }) => other === 'commit' && !note);
  return phase === 'response' && !taken ? 'response-refused' : phase;
}

/** Sentences, most telling first, as [key, values] of the words. */
export function reasonsOf({ rule, scenario, faults = [], stages = [], outcome, status, error }) {
  const { kept, channel } = channelOf(rule);
  const stopped = stages.find(({ stage, note }) => note && !stage.startsWith('fault('));
  return [
    error && ['why.broken', {}],
    ...stages
      .filter(({ stage }) => stage.startsWith('fault('))
      .map(({ stage, note }, at) => [
        'why.fault',
        { fault: note ?? '', id: faults[at] ?? '', phase: phaseOf({ stage }, stages) },
      ]),
    stopped &&
      (stopped.stage === 'limits'
        ? ['why.limit', { limit: /\((\w+: \d+)\)/.exec(stopped.note)?.[1] ?? stopped.note }]
        : ['why.stopped', { stage: stopped.stage, note: stopped.note }]),
    kept && ['why.kept', { rule: rule.replace(/^case /, '') }],
    [`why.${channel}`, { rule: rule ?? 'default', scenario: scenario ?? '–' }],
    outcome === 'answered' ? ['why.answered', { status: status ?? '' }] : ['why.outcome', { outcome }],
  ].filter(Boolean);
}

/** The channels in order of strength, with the one that won. */
export const strengthOf = (rule) =>
  CHANNELS.map((channel) => ({ channel, won: channelOf(rule).channel === channel }));

/** The same bytes to the same address, by a shell. Headers of the connection are left to curl. */
export function exchangeCurl({ request }, address) {
  const skipped = new Set([
    'host',
    'connection',
    'content-length',
    'accept-encoding',
    'transfer-encoding',
    'user-agent',
  ]);
  const headers = Object.entries(request.headers)
    .filter(([name]) => !skipped.has(name))
    .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const command = ['curl -si', `-X ${request.method}`, quoted(`${address}${request.path}`), ...headers];
  if (request.base64 === '') return command.join(' \\\n  ');
  return `printf %s ${quoted(request.base64)} | base64 -d | ${[...command, '--data-binary @-'].join(' \\\n  ')}`;
}

/** A string as the source of one. */
const js = (value) =>
  `'${JSON.stringify(String(value ?? ''))
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")}'`;
const isName = (text) => /^[a-z_$][\w$]*$/i.test(text);

/** A value of JSON as the source of it. */
function source(value) {
  if (value === undefined) return 'undefined';
  if (typeof value === 'string') return js(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).map(
    ([name, each]) => `${isName(name) ? name : js(name)}: ${source(each)}`,
  );
  return `{ ${members.join(', ')} }`;
}

/** A test for mocha or vitest: the same circumstances, the reader's own client, and what the agency then saw. */
export function exchangeTest(entry) {
  const { agency, at, operation, outcome, status, code, rule, scenario, armed_faults: faults = [] } = entry;
  // A case keeps its story from the request with which it began, which is then another one.
  const when = channelOf(rule).kept || !operation ? {} : { operation };
  const arming = scenario ? [`    sandbox.arm(${js(scenario)}, ${source({ times: 1, ...when })});`] : [];
  // A last day that lies behind sandbox time is refused.
  const dated = faults.some(({ due }) => due !== undefined);
  const birth = dated ? `'copied', { start: new Date(${js(at)}) }` : '';
  return [
    "import assert from 'node:assert/strict';",
    "import { startAgencies } from 'exitgate/mocks';",
    '',
    `it(${js(`${agency} ${operation ?? ''}: ${outcome}${status ? ` ${status}` : ''} (${rule})`)}, async () => {`,
    '  const agencies = await startAgencies();',
    '  try {',
    `    const sandbox = agencies.sandbox(${birth});`,
    ...arming,
    ...faults.map((fault) => `    sandbox.fault(${source(fault)});`),
    `    // Here your client sends ${operation ?? 'the request'} to sandbox.urls${isName(agency) ? `.${agency}` : `[${js(agency)}]`}.`,
    '',
    `    const seen = sandbox.exchanges(${js(agency)}).at(-1);`,
    '    assert.deepEqual(',
    '      [seen?.operation, seen?.outcome, seen?.response?.status, seen?.code],',
    `      [${[operation, outcome, status, code].map(source).join(', ')}],`,
    '    );',
    '  } finally {',
    '    await agencies.close();',
    '  }',
    '});',
    '',
  ].join('\n');
}
