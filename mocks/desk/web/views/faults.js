// Faults: presets with a story, or one put together; both made from what the API publishes.
import { ask, commandOf, get, inputOf } from '../api.js';
import { badge, empty, h, section, table } from '../dom.js';
import { chinaTime, span } from '../format.js';
import { t, unit, word } from '../language.js';
import { combinations, open } from '../offers.js';
import { schemaForm } from './parts.js';

export async function load() {
  const [faults, kinds, schema] = await Promise.all([
    get('/faults'),
    get('/faults/kinds'),
    inputOf('/faults', 'post'),
  ]);
  return { faults, rows: combinations(kinds), schema };
}

const words = (name, value) =>
  value === undefined
    ? word('fault', name)
    : name === 'agency'
      ? t(`agency.${value}`)
      : name === 'phase'
        ? `${value} · ${word('phase', value)}`
        : name === 'operation'
          ? `${word('operation', value)} · ${value}`
          : undefined;

/** Choices come from the table of what can be armed, not from the schema, which knows each word but no combination. */
const CHOICES = ['preset', 'kind', 'phase', 'agency', 'operation'];
const choices = (rows, names) =>
  Object.fromEntries(
    names.map((name) => [name, { enum: [...new Set(rows.map((row) => row[name]))].filter(Boolean) }]),
  );

export function draw({ faults, rows, schema }, desk) {
  const { fault, ...common } = schema.properties;
  const effect = fault.oneOf.find(({ properties }) => properties)?.properties ?? {};
  // A number, a choice or a line of text; headers and bodies are for the API.
  const simple = (properties) =>
    Object.fromEntries(
      Object.entries(properties).filter(
        ([, { type, maxLength, enum: choice }]) =>
          choice || ['integer', 'number'].includes(type) || (type === 'string' && (maxLength ?? 0) <= 200),
      ),
    );
  return [
    h('h1', {}, t('nav.faults')),
    h('p', { class: 'hint' }, t('faults.hint')),
    section(
      t('faults.active'),
      faults.length === 0
        ? empty(t('faults.none'))
        : table(
            [
              t('fault.id'),
              t('fault.what'),
              t('fault.where'),
              t('fault.seen'),
              t('times'),
              t('fault.expires'),
              '',
            ],
            faults.map((each) =>
              h(
                'tr',
                {},
                h('td', {}, h('code', {}, each.id)),
                h(
                  'td',
                  {},
                  badge(each.preset ?? each.kind, 'warn'),
                  ' ',
                  h('small', {}, word('phase', each.phase)),
                ),
                h(
                  'td',
                  {},
                  [each.agency && t(`agency.${each.agency}`), each.operation].filter(Boolean).join(' · ') ||
                    t('any'),
                ),
                h('td', {}, String(each.seen ?? 0)),
                h('td', {}, t('faults.left', { n: each.remaining })),
                h(
                  'td',
                  { title: chinaTime(each.expires_at) },
                  t('faults.ends', { when: span(Date.parse(each.expires_at) - Date.now(), unit) }),
                ),
                h(
                  'td',
                  {},
                  h(
                    'button',
                    {
                      'aria-label': t('faults.disarm', { id: each.id }),
                      onclick: () =>
                        desk.act(
                          () => ask('DELETE', `/faults/${encodeURIComponent(each.id)}`),
                          t('said.disarmed'),
                        ),
                    },
                    t('faults.off'),
                  ),
                ),
              ),
            ),
            { label: t('faults.active') },
          ),
      faults.length > 1 &&
        h(
          'button',
          { onclick: () => desk.act(() => ask('DELETE', '/faults'), t('said.disarmed')) },
          t('faults.all'),
        ),
    ),
    h(
      'div',
      { class: 'split' },
      builder(
        'preset',
        t('faults.preset'),
        { ...simple(common), ...choices(rows, ['preset', 'agency', 'operation']) },
        rows.filter(({ preset }) => preset !== ''),
        ({ preset, ...rest }) => preset && { fault: preset, ...rest },
        desk,
      ),
      builder(
        'effect',
        t('faults.own'),
        { ...simple(effect), ...simple(common), ...choices(rows, ['kind', 'phase', 'agency', 'operation']) },
        rows.filter(({ preset }) => preset === ''),
        (given) => splitEffect(given, effect),
        desk,
      ),
    ),
  ];
}

/** Members of the effect go below `fault`, all others beside it. */
function splitEffect(given, effect) {
  const mine = Object.entries(given).filter(([name]) => name in effect);
  const rest = Object.entries(given).filter(([name]) => !(name in effect));
  return given.phase && given.kind
    ? { fault: Object.fromEntries(mine), ...Object.fromEntries(rest) }
    : undefined;
}

/** Takes away what would be refused beside the rest; what is chosen stays, so that it can be unchosen. */
function narrow(form, rows, given) {
  const chosen = Object.fromEntries(CHOICES.filter((name) => given[name]).map((name) => [name, given[name]]));
  for (const name of CHOICES) {
    const fitting = open(rows, name, chosen);
    for (const option of form.fields.get(name)?.options ?? []) {
      option.disabled = option.value !== '' && !fitting.has(option.value);
      option.hidden = option.disabled;
    }
  }
}

function builder(id, title, properties, rows, bodyOf, desk) {
  const form = schemaForm(`fault-${id}`, properties, words);
  const { front, rest } = arranged(form.nodes);
  const story = h('p', { class: 'note' }, t('faults.pick'));
  const command = h('code', {});
  const tell = () => {
    const given = form.value();
    narrow(form, rows, given);
    const body = bodyOf(given);
    command.textContent = body ? commandOf('POST', '/faults', body) : '';
    const told = given.preset ?? given.kind;
    story.textContent = told ? word('story', told) : t('faults.pick');
  };
  queueMicrotask(tell); // once a redraw has put back what was chosen
  return section(
    title,
    h(
      'form',
      {
        id: `arm-${id}`,
        oninput: tell,
        onsubmit: (event) => {
          event.preventDefault();
          const body = bodyOf(form.value());
          if (body)
            desk.act(
              () => ask('POST', '/faults', body),
              ({ id: name }) => t('said.fault', { id: name }),
            );
          else desk.say(t('faults.pick'), true);
        },
      },
      h('div', { class: 'grid' }, front),
      h(
        'details',
        { id: `more-${id}` },
        h('summary', {}, t('faults.more')),
        h('div', { class: 'grid' }, rest),
      ),
      story,
      h('p', { class: 'command' }, command),
      h('button', { class: 'main', id: `arm-${id}-go` }, t('faults.arm')),
    ),
  );
}

/** What happens, where and how often; all else is asked for by those who want it. */
const FRONT = ['preset', 'phase', 'kind', 'agency', 'operation', 'times'];
const arranged = (nodes) => ({
  front: FRONT.map((name) => nodes.get(name)),
  rest: [...nodes].filter(([name]) => !FRONT.includes(name)).map(([, node]) => node),
});
