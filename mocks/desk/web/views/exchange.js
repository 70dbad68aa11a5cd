// One exchange: the stages it went through, why it was answered so, the bytes both ways, and once more.
import { ask, get } from '../api.js';
import { badge, h, section, theirs } from '../dom.js';
import { exchangeCurl, exchangeTest, phaseOf, reasonsOf, strengthOf } from '../evidence.js';
import { annotated, chinaTime, indented } from '../format.js';
import { pieces, t, word } from '../language.js';
import { outcomeKind, taken } from './exchanges.js';
import { code, copyButton, schemaSays } from './parts.js';

export async function load([id]) {
  const path = `/exchanges/${encodeURIComponent(id)}`;
  const [entry, inspection] = await Promise.all([get(path), inspectionOf(path)]);
  return { entry, inspection };
}

/** Of what the journal has kept nothing of, there is nothing to look at. */
const inspectionOf = (path) =>
  get(`${path}/inspection`).catch((error) => {
    if (error.code !== 'EXCHANGE_SECRET') throw error;
    return { schema: { errors: [] } };
  });

export function draw({ entry, inspection }, desk) {
  const address = desk.overview.urls[entry.agency] ?? '';
  return [
    h('p', { class: 'back' }, h('a', { href: '#/exchanges' }, `← ${t('nav.exchanges')}`)),
    h('h1', {}, `${entry.id} · ${word('operation', entry.operation ?? '?')}`),
    h(
      'p',
      { class: 'facts' },
      badge(t(`agency.${entry.agency}`), entry.agency),
      badge(entry.status ?? word('outcome', entry.outcome), outcomeKind(entry)),
      h('span', {}, chinaTime(entry.at)),
      h('span', {}, `${taken(entry).toFixed(1)} ms`),
    ),
    h(
      'div',
      { class: 'bar tools' },
      h(
        'button',
        {
          id: 'replay',
          onclick: () =>
            desk.act(
              () => ask('POST', `/exchanges/${entry.id}/replay`),
              ({ id, status, outcome }) =>
                t('said.replayed', { id, result: status ?? word('outcome', outcome) }),
            ),
        },
        t('exchange.replay'),
      ),
      copyButton(() => exchangeCurl(entry, address), desk, t('exchange.curl')),
      copyButton(() => exchangeTest(entry), desk, t('exchange.test')),
    ),
    h(
      'div',
      { class: 'split' },
      h('div', {}, whySection(entry), stageSection(entry)),
      h(
        'div',
        {},
        messageSection(entry, 'request', inspection.schema.errors),
        entry.response && messageSection(entry, 'response', []),
      ),
    ),
    section(
      undefined,
      h(
        'details',
        { id: 'as-test' },
        h('summary', {}, t('exchange.test')),
        h('p', { class: 'hint' }, t('exchange.testHint')),
        code(exchangeTest(entry), desk),
      ),
    ),
    entry.error && section(t('exchanges.broken'), h('pre', { class: 'message', tabindex: '0' }, entry.error)),
  ];
}

const whySection = (entry) =>
  section(
    t('why.title'),
    h(
      'ul',
      { id: 'why', class: 'why' },
      reasonsOf(entry).map(([key, values]) => h('li', {}, pieces(key, inWords(values)))),
    ),
    h(
      'ol',
      { class: 'strength', 'aria-label': t('why.strength') },
      strengthOf(entry.rule).map(({ channel, won }) =>
        h(
          'li',
          { class: won ? 'won' : '', 'aria-current': won ? 'true' : undefined },
          t(`channel.${channel}`),
        ),
      ),
    ),
    h(
      'p',
      {},
      h('code', {}, `X-Sandbox-Rule: ${entry.rule}`),
      entry.scenario && [' ', h('a', { href: `#/scenarios/${entry.scenario}` }, entry.scenario)],
    ),
  );

function stageSection({ stages }) {
  const most = Math.max(0.001, ...stages.map(({ ms }) => ms));
  return section(
    t('stages.title'),
    h(
      'ol',
      { class: 'stages' },
      stages.map(({ stage, ms, note }) => {
        const bar = h('span', { class: 'bar-of' });
        bar.style.setProperty('inline-size', `${Math.max(1, (ms / most) * 100)}%`);
        return h(
          'li',
          { class: note ? 'noted' : '' },
          h('span', { class: 'stage' }, stageName(stage, stages)),
          h('span', { class: 'track', 'aria-hidden': 'true' }, bar),
          h('span', { class: 'ms' }, `${ms.toFixed(2)} ms`),
          note && h('span', { class: 'error' }, stage.startsWith('fault(') ? note : theirs(note)),
        );
      }),
    ),
  );
}

function messageSection(entry, side, errors) {
  const { headers, text, base64, method, path, status } = entry[side];
  const { lines } = annotated(indented(text), errors);
  return section(
    t(`exchange.${side}`),
    h(
      'p',
      {},
      h('code', {}, side === 'request' ? `${method} ${path}` : `HTTP ${status}`),
      ' ',
      h(
        'small',
        {},
        t('exchange.bytes', {
          n: Math.floor((base64.length * 3) / 4) - (base64.match(/=+$/)?.[0].length ?? 0),
        }),
      ),
    ),
    h(
      'details',
      { id: `${side}-headers` },
      h('summary', {}, t('exchange.headers', { n: Object.keys(headers).length })),
      h(
        'pre',
        { class: 'message', tabindex: '0' },
        Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`),
      ),
    ),
    h(
      'pre',
      { class: 'message', tabindex: '0', 'data-scroll': side, 'aria-label': t(`exchange.${side}`) },
      lines.map(({ line, errors: wrong }) => [
        `${line}\n`,
        wrong.map((error) => h('span', { class: 'error' }, '  ↑ ', schemaSays(error), '\n')),
      ]),
    ),
    h(
      'details',
      { id: `${side}-raw` },
      h('summary', {}, t('exchange.raw')),
      h('pre', { class: 'message', tabindex: '0' }, text),
      h(
        'p',
        {},
        copyButton(() => base64, { say: () => {} }, t('exchange.base64')),
      ),
    ),
  );
}

/** `fault(after-commit)` in words. */
function stageName(stage, stages) {
  const phase = phaseOf({ stage }, stages);
  return phase === undefined ? word('stage', stage) : t('stage.fault', { phase: word('phase', phase) });
}

/** Codes among the values of a sentence, as words of the page's language. */
const inWords = ({ phase, stage, outcome, note, ...rest }) => ({
  ...rest,
  ...(note && { note: theirs(note) }),
  ...(phase && { phase: word('phase', phase) }),
  ...(stage && { stage: word('stage', stage) }),
  ...(outcome && { outcome: word('outcome', outcome) }),
});
