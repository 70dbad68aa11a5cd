// Cases of the three agencies, those that wait first, and who decides them.
import { ask, get } from '../api.js';
import { badge, empty, h, labelled, section, select } from '../dom.js';
import { chinaTime, endOfDay, nearness, span } from '../format.js';
import { t, unit, word } from '../language.js';
import { filterBar, filtered, rowsOf } from './parts.js';

const SHOWN = 200;
const filter = { agency: '', waiting: true, text: '' };

export async function load() {
  const [cases, clerks] = await Promise.all([get('/cases'), get('/clerk')]);
  return { cases, clerks };
}

/** Last moment to answer a correction, whichever agency asked. */
export function dueOf({ detail }) {
  const rows = (detail.results ?? []).filter(({ code }) => code === 'CORRECTION').map(({ due }) => due);
  const day = detail.correction?.due ?? rows.sort()[0];
  return day && endOfDay(day);
}

export const isWaiting = ({ allowed }) => allowed.some((word) => word !== 'annul');

export function draw({ cases, clerks }, desk) {
  const found = filtered(
    cases.filter((each) => !filter.waiting || isWaiting(each)),
    filter,
    (each) => `${each.receipt} ${each.serial} ${each.person} ${each.unit} ${each.state}`,
  ).sort((a, b) => Number(isWaiting(b)) - Number(isWaiting(a)) || (a.updated_at < b.updated_at ? 1 : -1));
  return [
    h('h1', {}, t('nav.inbox')),
    filterBar(filter, desk, {
      find: t('inbox.find'),
      check: { name: 'waiting', label: t('inbox.waiting') },
    }),
    found.length === 0
      ? empty(
          cases.length === 0
            ? t('inbox.none', { url: desk.overview.urls.labor ?? '' })
            : t('inbox.nothing', { n: cases.length }),
        )
      : rowsOf(found, (each) => row(each, desk.overview.now), SHOWN, t('nav.inbox')),
    clerkSection(clerks, desk),
  ];
}

function row(each, now) {
  const due = dueOf(each);
  return h(
    'div',
    { role: 'listitem' },
    h(
      'a',
      { class: 'row case', href: `#/case/${each.agency}/${encodeURIComponent(each.id)}` },
      badge(t(`agency.${each.agency}`), each.agency),
      h(
        'span',
        { class: 'who' },
        h('strong', {}, each.person),
        h('small', {}, `${word('operation', each.operation)} · ${each.receipt}`),
      ),
      badge(word('state', each.state), stateKind(each)),
      h(
        'span',
        { class: 'when' },
        due
          ? h(
              'span',
              { class: `due ${nearness(due, now)}` },
              t(Date.parse(due) < Date.parse(now) ? 'inbox.overdue' : 'inbox.due', {
                when: span(Date.parse(due) - Date.parse(now), unit),
              }),
            )
          : undefined,
        h(
          'small',
          { title: chinaTime(each.submitted_at) },
          t('inbox.age', { when: span(Date.parse(now) - Date.parse(each.submitted_at), unit) }),
        ),
      ),
    ),
  );
}

export const stateKind = ({ state, detail }) =>
  state === 'correction_requested'
    ? 'warn'
    : state === 'lost' || state === 'rejected' || detail.TAA103 === '2'
      ? 'bad'
      : state === 'concluded' || state === 'finished'
        ? 'good'
        : '';

const clerkSays = (policy, delay, working, script = []) => {
  if (policy === 'manual') return undefined;
  const when = t(working ? 'clerk.delayWorking' : 'clerk.delay', { when: span(delay, unit) });
  if (policy !== 'scripted') return when;
  const left = script.length === 0 ? t('clerk.script.over') : t('clerk.script.left', { n: script.length });
  return `${when} · ${left}`;
};

const clerkSection = (clerks, desk) =>
  section(
    t('clerk.title'),
    h('p', { class: 'hint' }, t('clerk.hint')),
    h(
      'div',
      { class: 'grid' },
      Object.entries(clerks).map(([agency, { policy, delay_ms, working_days: working, script }]) =>
        labelled(
          t(`agency.${agency}`),
          select(
            `clerk-${agency}`,
            ['accept', 'manual', 'random', 'scripted'].map((name) => [name, t(`clerk.${name}`)]),
            policy,
            {
              'data-live': true,
              onchange: ({ target }) =>
                desk.act(
                  () => ask('PUT', `/clerk/${agency}`, { policy: target.value }),
                  t('said.clerk', { agency: t(`agency.${agency}`), policy: t(`clerk.${target.value}`) }),
                ),
            },
          ),
          clerkSays(policy, delay_ms, working, script),
        ),
      ),
    ),
  );
