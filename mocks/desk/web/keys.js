// Keyboard: g and a letter goes to a view, t and a letter moves time, / searches, j and k walk the rows, ? tells.
import { ask } from './api.js';
import { h, replace } from './dom.js';
import { t } from './language.js';
import { jump } from './time.js';

const GO = {
  i: 'inbox',
  e: 'exchanges',
  t: 'timeline',
  c: 'coverage',
  s: 'scenarios',
  f: 'faults',
  p: 'people',
  k: 'certificates',
  w: 'contracts',
  h: 'fidelity',
};
const TIME = {
  n: { to: 'next-event' },
  d: { to: 'next-deadline' },
  o: { to: 'window-open' },
  c: { to: 'window-close' },
  1: { by: 'P1D' },
  5: { by: 'P15D' },
};

export function bindKeys(desk) {
  let before;
  let until = 0;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.('input, select, textarea')) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    const prefix = event.timeStamp < until ? before : undefined;
    before = undefined;
    if (prefix === 'g' && GO[event.key]) return take(event, () => desk.go(`#/${GO[event.key]}`));
    if (prefix === 't' && TIME[event.key]) return take(event, () => jump(desk, TIME[event.key]));
    if (prefix === 't' && event.key === 'f')
      return take(event, () =>
        desk.act(() => ask('POST', desk.overview.running ? '/clock/freeze' : '/clock/run')),
      );
    if (event.key === 'g' || event.key === 't') {
      before = event.key;
      until = event.timeStamp + 2000;
      return undefined;
    }
    if (event.key === '?') return take(event, showHelp);
    if (event.key === '/')
      return take(event, () => document.querySelector('#main input[type=search]')?.focus());
    if (event.key === 'j' || event.key === 'k') return take(event, () => walk(event.key === 'j' ? 1 : -1));
    return undefined;
  });
}

function take(event, work) {
  event.preventDefault();
  work();
}

/** Down and up the rows of the view; Enter opens, as on any link. */
function walk(step) {
  const rows = [...document.querySelectorAll('#main a.row')];
  const at = rows.indexOf(document.activeElement);
  rows[
    at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)
  ]?.focus();
}

export function showHelp() {
  const known = document.getElementById('help');
  const dialog = known ?? h('dialog', { id: 'help', 'aria-labelledby': 'help-title' });
  if (!known) document.body.append(dialog);
  const line = (keys, text) =>
    h(
      'tr',
      {},
      h(
        'td',
        {},
        keys.map((key) => h('kbd', {}, key)),
      ),
      h('td', {}, text),
    );
  replace(
    dialog,
    h('h2', { id: 'help-title' }, t('help.title')),
    h(
      'div',
      { class: 'columns' },
      h(
        'table',
        {},
        h(
          'tbody',
          {},
          Object.entries(GO).map(([key, name]) => line(['g', key], t(`nav.${name}`))),
        ),
      ),
      h(
        'table',
        {},
        h(
          'tbody',
          {},
          Object.entries(TIME).map(([key, step]) => line(['t', key], t(`jump.${step.to ?? step.by}`))),
          line(['t', 'f'], t('help.freeze')),
          line(['/'], t('help.search')),
          line(['j', 'k'], t('help.walk')),
          line(['?'], t('help.title')),
        ),
      ),
    ),
    h('form', { method: 'dialog' }, h('button', { class: 'main' }, t('close'))),
  );
  dialog.showModal();
}
