// The bar: which sandbox, its time and the jumps, snapshots, armed faults, language.
import { ask, BASE, get } from './api.js';
import { badge, h, replace, select } from './dom.js';
import { chinaTime, fromChina, span } from './format.js';
import { showHelp } from './keys.js';
import { t, unit } from './language.js';
import { languageButtons } from './languages.js';
import { jump, movePanel } from './time.js';

const JUMPS = [
  { to: 'next-event' },
  { to: 'next-deadline' },
  { to: 'window-open' },
  { to: 'window-close' },
  { by: 'P1D' },
  { by: 'P15D' },
];
const ROOT = BASE.replace(/\/s\/[^/]+$/, '');
let sandboxes = [];
let snapshots = [];
let asked = '';

/** The clock of the bar, between two answers as well. */
let base;
export function tick(overview) {
  base = { now: Date.parse(overview.now), at: performance.now(), running: overview.running };
  showClock();
}
function showClock() {
  const clock = document.getElementById('clock');
  if (!clock || !base) return;
  const now = base.now + (base.running ? performance.now() - base.at : 0);
  clock.textContent = chinaTime(new Date(now).toISOString());
}
setInterval(showClock, 500);

async function learn(desk) {
  const { mark } = desk.overview;
  if (mark === asked) return;
  asked = mark;
  // In public the list of sandboxes is the operator's, and so is the default one.
  const { public: isPublic, sandbox } = desk.overview;
  const known = isPublic && sandbox !== 'default' ? [] : get('/sandboxes').catch(() => []);
  [sandboxes, snapshots] = await Promise.all([known, get('/snapshots')]);
}

export function drawTop(top, desk) {
  const { overview } = desk;
  if (!overview) return;
  learn(desk)
    .then(() => fillSandbox(desk))
    .catch(() => {}); // the next pulse tells that the desk is away
  const wide = matchMedia('(min-width: 900px)').matches;
  replace(
    top,
    h(
      'div',
      { class: 'bar brand' },
      h(
        'a',
        { href: '#/inbox', class: 'logo' },
        h('img', { src: 'web/icon.svg', alt: '', width: 28, height: 28 }),
        h('span', {}, t('title')),
      ),
      h('span', { id: 'sandbox-place', class: 'place' }),
      h(
        'span',
        { class: 'now' },
        h('time', { id: 'clock', 'aria-label': t('clock.label') }, chinaTime(overview.now)),
        h('small', {}, t('clock.zone')),
        badge(overview.running ? t('clock.runs') : t('clock.frozen'), overview.running ? 'good' : 'frozen'),
      ),
      h(
        'span',
        { class: 'end' },
        h('button', { id: 'keys', class: 'quiet', onclick: showHelp, 'aria-label': t('help.title') }, '?'),
        languageButtons(desk.language),
      ),
    ),
    h(
      'details',
      { id: 'controls', open: wide },
      h('summary', {}, t('controls')),
      h(
        'div',
        { class: 'bar controls' },
        h(
          'div',
          { class: 'group', role: 'group', 'aria-label': t('time.group') },
          JUMPS.map((step) => jumpButton(desk, step)),
          until(desk),
        ),
        h(
          'div',
          { class: 'group' },
          h('label', { class: 'check' }, h('input', { type: 'checkbox', id: 'dry-run' }), t('time.dry')),
          h(
            'button',
            {
              id: 'run-freeze',
              onclick: () =>
                desk.act(
                  () => ask('POST', overview.running ? '/clock/freeze' : '/clock/run'),
                  t(overview.running ? 'said.frozen' : 'said.running'),
                ),
            },
            t(overview.running ? 'clock.freeze' : 'clock.run'),
          ),
        ),
        h('div', { class: 'group', id: 'snapshot-place', role: 'group', 'aria-label': t('snapshot.group') }),
      ),
    ),
    overview.faults.length > 0 && faultStrip(desk),
    movePanel(desk),
  );
  fillSandbox(desk);
}

const jumpButton = (desk, step) =>
  h(
    'button',
    { id: `jump-${step.to ?? step.by}`, onclick: () => jump(desk, step) },
    t(`jump.${step.to ?? step.by}`),
  );

function until(desk) {
  const field = h('input', { type: 'datetime-local', id: 'jump-at', 'aria-label': t('jump.at'), step: 60 });
  return h(
    'form',
    {
      class: 'inline',
      onsubmit: (event) => {
        event.preventDefault();
        if (field.value) jump(desk, { to: fromChina(field.value) });
      },
    },
    field,
    h('button', { id: 'jump-go' }, t('jump.go')),
  );
}

/** Sandboxes and snapshots are asked for apart: the bar need not wait for them. */
function fillSandbox(desk) {
  const { sandbox } = desk.overview;
  const place = document.getElementById('sandbox-place');
  const shelf = document.getElementById('snapshot-place');
  if (!place || !shelf || place.contains(document.activeElement) || shelf.contains(document.activeElement))
    return;
  const names = sandboxes.length > 0 ? sandboxes.map(({ name }) => name) : [sandbox];
  const chooser = select('sandbox', names, sandbox, {
    'data-live': true,
    'aria-label': t('sandbox.label'),
    onchange: ({ target }) => location.assign(`${ROOT}/s/${target.value}/${location.hash}`),
  });
  replace(place, chooser);
  const kept = select(
    'snapshot',
    [['', t('snapshot.choose')], ...snapshots.map(({ name, at }) => [name, `${name} · ${chinaTime(at)}`])],
    '',
    {
      'aria-label': t('snapshot.restore'),
      'data-live': true,
      onchange: ({ target }) =>
        target.value &&
        desk.act(
          () => ask('POST', `/snapshots/${encodeURIComponent(target.value)}/restore`),
          t('said.restored', { name: target.value }),
        ),
    },
  );
  const next = `s${snapshots.length + 1}`;
  replace(
    shelf,
    h(
      'button',
      {
        id: 'take',
        onclick: () => desk.act(() => ask('PUT', `/snapshots/${next}`), t('said.taken', { name: next })),
      },
      t('snapshot.take'),
    ),
    snapshots.length > 0 && kept,
    h(
      'button',
      {
        id: 'fork',
        onclick: () =>
          desk.act(
            () => ask('POST', '/fork', {}),
            ({ name }) => t('said.forked', { name }),
          ),
      },
      t('snapshot.fork'),
    ),
  );
}

const faultStrip = (desk) =>
  h(
    'div',
    { class: 'strip', role: 'region', 'aria-label': t('faults.active') },
    h('strong', {}, t('faults.active')),
    desk.overview.faults.map((fault) =>
      h(
        'span',
        { class: 'chip' },
        `${fault.preset ?? fault.kind}${fault.agency ? ` · ${t(`agency.${fault.agency}`)}` : ''} · ${t('faults.left', { n: fault.remaining })} · ${t('faults.ends', { when: span(Date.parse(fault.expires_at) - Date.now(), unit) })}`,
        h(
          'button',
          {
            class: 'quiet',
            'aria-label': t('faults.disarm', { id: fault.id }),
            onclick: () =>
              desk.act(() => ask('DELETE', `/faults/${encodeURIComponent(fault.id)}`), t('said.disarmed')),
          },
          '×',
        ),
      ),
    ),
  );
