// What went over the wire, newest first; it grows while one looks.
import { get } from '../api.js';
import { badge, empty, h } from '../dom.js';
import { channelOf } from '../evidence.js';
import { chinaTime } from '../format.js';
import { t, word } from '../language.js';
import { filterBar, filtered, rowsOf } from './parts.js';

const filter = { agency: '', text: '', polls: false };
const SHOWN = 150;
/** Questions that clients ask again and again. */
const POLL = /^(QueryFiling|progress|getRegistrationChange|Ping|ping|token)$/;

export const load = () => get('/exchanges?limit=500');

export function draw(entries, desk) {
  const found = filtered(
    entries.filter(({ operation }) => !filter.polls || !POLL.test(operation ?? '')),
    filter,
    (each) =>
      `${each.id} ${each.operation} ${each.status} ${each.outcome} ${each.rule} ${each.scenario} ${each.faults}`,
  ).reverse();
  return [
    h('h1', {}, t('nav.exchanges')),
    h(
      'p',
      { class: 'hint' },
      t('exchanges.hint'),
      ' ',
      h('a', { href: '#/callbacks' }, t('callbacks.title')),
    ),
    filterBar(filter, desk, {
      find: t('exchanges.find'),
      check: { name: 'polls', label: t('exchanges.polls') },
    }),
    found.length === 0
      ? empty(t(entries.length === 0 ? 'exchanges.none' : 'exchanges.nothing'))
      : rowsOf(found, row, SHOWN, t('nav.exchanges')),
  ];
}

export const outcomeKind = ({ outcome, status }) =>
  outcome !== 'answered' || status >= 500 ? 'bad' : status >= 400 ? 'warn' : 'good';
export const taken = ({ stages }) => stages.reduce((sum, { ms }) => sum + ms, 0);

const row = (each) =>
  h(
    'div',
    { role: 'listitem' },
    h(
      'a',
      { class: 'row exchange', href: `#/exchange/${each.id}` },
      h('code', {}, each.id),
      badge(t(`agency.${each.agency}`), each.agency),
      h(
        'span',
        { class: 'who' },
        h('strong', {}, word('operation', each.operation ?? '?')),
        h(
          'small',
          {},
          [
            chinaTime(each.at),
            each.scenario,
            each.rule !== 'default' && t(`channel.${channelOf(each.rule).channel}`),
          ]
            .filter(Boolean)
            .join(' · '),
        ),
      ),
      h(
        'span',
        { class: 'marks' },
        each.faults.map((id) => badge(id, 'warn')),
        each.error && badge(t('exchanges.broken'), 'bad'),
      ),
      badge(
        each.status === undefined
          ? word('outcome', each.outcome)
          : each.outcome === 'answered'
            ? String(each.status)
            : `${each.status} ${word('outcome', each.outcome)}`,
        outcomeKind(each),
      ),
      h('small', { class: 'ms' }, `${taken(each).toFixed(1)} ms`),
    ),
  );
