// Moving the sandbox's time, and telling what fired on the way.
import { ask } from './api.js';
import { badge, h, theirs } from './dom.js';
import { chinaTime } from './format.js';
import { said, t, word } from './language.js';

let last;
/** What the last move, or the last dry run, has fired. */
export const lastMove = () => last;
export const forgetMove = () => {
  last = undefined;
};

/** @param step { by } or { to, margin? } */
export async function jump(desk, step) {
  const dry = document.getElementById('dry-run')?.checked ?? false;
  await desk.act(
    async () => {
      const { now, events } = await ask('POST', '/clock/advance', {
        ...step,
        ...(dry ? { dry_run: true } : {}),
      });
      last = { dry, now, events, step };
      return events;
    },
    (events) => t(dry ? 'time.would' : 'time.fired', { n: events.length }),
  );
}

export function movePanel(desk) {
  if (!last) return undefined;
  const { dry, now, events } = last;
  const { participants, exchanges } = desk.overview;
  return h(
    'section',
    { id: 'moved', class: dry ? 'dry' : '', 'aria-label': t('time.moved') },
    h(
      'div',
      { class: 'bar' },
      h('strong', {}, t(dry ? 'time.would' : 'time.fired', { n: events.length })),
      !dry && h('span', {}, t('time.now', { at: chinaTime(now) })),
      h(
        'button',
        {
          id: 'moved-close',
          class: 'quiet',
          onclick: () => {
            forgetMove();
            document.getElementById('moved')?.remove();
            desk.say('');
          },
        },
        t('close'),
      ),
    ),
    !dry && participants === 0 && exchanges > 0 && h('p', { class: 'hint' }, t('time.alone')),
    events.length > 0 && eventList(events),
  );
}

export const eventList = (events) =>
  h(
    'ol',
    { class: 'events', 'data-scroll': 'events' },
    events.map(({ at, agency, event, note, zh, subject }) =>
      h(
        'li',
        {},
        h('time', {}, chinaTime(at)),
        badge(word('agency', agency), agency),
        h(
          'span',
          {},
          note ? (zh === undefined ? theirs(note) : said({ en: note, zh })) : `${event} ${subject}`,
        ),
      ),
    ),
  );
