// What is ahead by sandbox time, what has been, the windows of the insurance agencies, and who is stepped along.
import { ask, get } from '../api.js';
import { badge, empty, h, labelled, section } from '../dom.js';
import { chinaDay, chinaTime, nearness, span } from '../format.js';
import { t, unit, word } from '../language.js';
import { eventList } from '../time.js';
import { dueOf } from './inbox.js';

const WITH_WINDOW = ['insurance', 'insurance-sm2'];
const windowOf = (agency) => get(`/window?agency=${agency}`).catch(() => undefined); // it does not run here

export async function load() {
  const [clock, cases, participants, windows] = await Promise.all([
    get('/clock'),
    get('/cases'),
    get('/clock/participants'),
    Promise.all(WITH_WINDOW.map(windowOf)),
  ]);
  return { clock, cases, participants, windows: windows.filter(Boolean) };
}

export function draw({ clock, cases, participants, windows }, desk) {
  const { now } = clock;
  const deadlines = cases.flatMap((each) =>
    dueOf(each)
      ? [
          {
            at: dueOf(each),
            kind: 'due',
            agency: each.agency,
            text: t('timeline.correction', { person: each.person }),
            href: `#/case/${each.agency}/${encodeURIComponent(each.id)}`,
          },
        ]
      : [],
  );
  const scheduled = clock.upcoming
    .filter(({ event }) => !event.endsWith('.due'))
    .map(({ at, agency, event, subject }) => ({
      at,
      kind: 'event',
      agency,
      text: `${word('event', event)} · ${subject.split(/[# ]/)[0]}`,
      href: `#/case/${agency}/${encodeURIComponent(subject.split(/[# ]/)[0])}`,
    }));
  const edges = windows.flatMap(({ agency, next_opening: opening, next_closing: closing }) =>
    [
      [opening, 'timeline.opens'],
      [closing, 'timeline.closes'],
    ].flatMap(([at, key]) => (at ? [{ at, kind: 'window', agency, text: t(key) }] : [])),
  );
  const items = [...deadlines, ...scheduled, ...edges].sort((a, b) => (a.at < b.at ? -1 : 1));
  const days = Map.groupBy ? Map.groupBy(items, ({ at }) => chinaDay(at)) : grouped(items);
  return [
    h('h1', {}, t('nav.timeline')),
    h(
      'p',
      { class: 'facts' },
      h('span', {}, t('time.now', { at: chinaTime(now) })),
      h('span', {}, t('timeline.zone')),
    ),
    h(
      'div',
      { class: 'split' },
      section(
        t('timeline.ahead'),
        items.length === 0
          ? empty(t('timeline.nothing'))
          : h(
              'ol',
              { class: 'days' },
              [...days].map(([day, list]) =>
                h(
                  'li',
                  {},
                  h(
                    'h3',
                    {},
                    day,
                    h(
                      'small',
                      {},
                      ` ${t('in', { when: span(Math.max(0, Date.parse(list[0].at) - Date.parse(now)), unit) })}`,
                    ),
                  ),
                  h(
                    'ul',
                    {},
                    list.map((item) => line(item, now)),
                  ),
                ),
              ),
            ),
        clock.upcoming.length >= 100 && h('p', { class: 'hint' }, t('timeline.first')),
      ),
      h(
        'div',
        {},
        windows.length > 0 &&
          section(
            t('window.title'),
            windows.map((window) => windowForm(window, desk)),
          ),
        section(
          t('timeline.participants'),
          participants.length === 0
            ? empty(t('timeline.alone'))
            : h(
                'ul',
                {},
                participants.map(({ name }) => h('li', {}, h('code', {}, name))),
              ),
          h('p', { class: 'hint' }, t('timeline.participantsHint')),
        ),
        section(
          t('timeline.past'),
          clock.recent.length === 0
            ? empty(t('timeline.nothingYet'))
            : eventList([...clock.recent].reverse().slice(0, 100)),
        ),
      ),
    ),
  ];
}

function grouped(items) {
  const days = new Map();
  for (const item of items) days.set(chinaDay(item.at), [...(days.get(chinaDay(item.at)) ?? []), item]);
  return days;
}

const line = ({ at, kind, agency, text, href }, now) =>
  h(
    'li',
    { class: `item ${kind}` },
    h('time', {}, chinaTime(at).slice(11)),
    badge(t(`agency.${agency}`), agency),
    kind === 'due' && badge(t('timeline.deadline'), nearness(at, now) === 'far' ? '' : 'warn'),
    href ? h('a', { class: 'row', href }, text) : h('span', {}, text),
  );

/** The ids of the fields are those of the agency, so that a redraw keeps what is being typed. */
function windowForm({ agency, opens: first, closes: last }, desk) {
  const field = (id, value) =>
    h('input', { id: `window-${id}-${agency}`, type: 'number', min: 1, max: 31, value });
  const [opens, closes] = [field('opens', first), field('closes', last)];
  return h(
    'form',
    {
      class: 'grid',
      onsubmit: (event) => {
        event.preventDefault();
        for (const each of [opens, closes]) delete each.dataset.touched;
        desk.act(
          () => ask('PUT', '/window', { agency, opens: Number(opens.value), closes: Number(closes.value) }),
          t('said.window'),
        );
      },
    },
    h('p', {}, badge(t(`agency.${agency}`), agency), ' ', t('window.days', { opens: first, closes: last })),
    labelled(t('window.opens'), opens),
    labelled(t('window.closes'), closes),
    h('button', {}, t('save')),
  );
}
