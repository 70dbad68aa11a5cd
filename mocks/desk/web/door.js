// The door of a sandbox in public: its token, a sandbox of one's own for whoever has none, and what is simulated here.
import { ask, BASE, keepToken } from './api.js';
import { h, labelled, replace, section } from './dom.js';
import { t } from './language.js';
import { languageButtons } from './languages.js';
import { code } from './views/parts.js';

let made;

/**
 * @param open called with what somebody takes for the token
 * @param wrong one was given already, and it was not the one
 * @param redraw called when the language has changed
 */
export function door(desk, { open, wrong, redraw }) {
  const field = h('input', {
    id: 'token',
    type: 'password',
    autocomplete: 'off',
    required: true,
    'aria-invalid': wrong ? 'true' : undefined,
    'aria-describedby': wrong ? 'token-wrong' : undefined,
  });
  const place = h('div', { id: 'made-place', 'aria-live': 'polite' }, made && madeSection(desk));
  return [
    h('div', { class: 'bar tools' }, languageButtons(redraw)),
    h(
      'form',
      {
        class: 'card',
        onsubmit: (event) => {
          event.preventDefault();
          open(field.value.trim());
        },
      },
      h('h1', {}, t('token.title')),
      !BASE.includes('/s/') && h('p', {}, t('door.default')),
      h('p', {}, t('token.says')),
      wrong && h('p', { id: 'token-wrong', class: 'wrong', role: 'alert' }, t('door.wrong')),
      labelled(t('token.label'), field),
      h('button', { class: 'main' }, t('token.go')),
    ),
    section(
      t('door.own'),
      h('p', {}, t('door.says')),
      h(
        'button',
        {
          id: 'make-sandbox',
          class: 'main',
          onclick: async () => {
            try {
              made = await ask('POST', '/sandboxes', {});
              replace(place, madeSection(desk));
              desk.say(t('door.made', { name: made.name }));
              document.getElementById('open-made')?.focus();
            } catch (error) {
              desk.say(`${error.code}: ${error.message}`, true);
            }
          },
        },
        t('door.make'),
      ),
      place,
    ),
    h('p', {}, h('a', { href: '#/fidelity', id: 'to-fidelity' }, t('door.more'))),
  ];
}

/** Shown for as long as the page is open: nobody else has the token, and a second look must not need a second sandbox. */
function madeSection(desk) {
  const { name, urls, admin_token: token } = made;
  return section(
    t('door.made', { name }),
    h('p', {}, t('door.once')),
    h('dl', {}, h('dt', {}, t('token.label')), h('dd', { id: 'made-token' }, code(token, desk))),
    h('p', {}, t('door.addresses')),
    h(
      'dl',
      { id: 'made-addresses' },
      Object.entries(urls).flatMap(([agency, url]) => [
        h('dt', {}, agency === 'desk' ? t('title') : t(`agency.${agency}`)),
        h('dd', {}, h('code', {}, url)),
      ]),
    ),
    h(
      'a',
      { id: 'open-made', class: 'button', href: `${urls.desk}/`, onclick: () => keepToken(urls.desk, token) },
      t('door.open'),
    ),
  );
}
