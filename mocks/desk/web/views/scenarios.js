// The registry of scenarios, each by every channel; what is armed, rules, and the profile.
import { ask, commandOf, get } from '../api.js';
import { badge, empty, h, labelled, section, select } from '../dom.js';
import { said, t, word } from '../language.js';
import { code, filterBar, filtered } from './parts.js';

const filter = { agency: '', text: '' };
/** Says again, in the page's language, what was last found out; a redraw must not take it away. */
let resolved = () => '';

export async function load() {
  const [scenarios, armed, rules, profile] = await Promise.all(
    ['/scenarios', '/scenarios/armed', '/scenarios/rules', '/profile'].map((path) => get(path)),
  );
  return { scenarios, armed, rules, profile };
}

export function draw({ scenarios, armed, rules, profile }, desk, [chosen]) {
  const found = filtered(
    scenarios,
    filter,
    (each) => `${each.code} ${said(each.proves)} ${said(each.example)}`,
  );
  const open = scenarios.find((each) => each.code === chosen);
  return [
    h('h1', {}, t('nav.scenarios')),
    h('p', { class: 'hint' }, t('scenarios.hint')),
    h(
      'div',
      { class: 'split' },
      h(
        'div',
        {},
        filterBar(filter, desk, { find: t('scenarios.find') }),
        h('p', { class: 'hint' }, t('scenarios.count', { n: found.length, all: scenarios.length })),
        h(
          'div',
          { class: 'list tall', 'data-scroll': 'scenarios', role: 'list' },
          found.map((each) =>
            h(
              'div',
              { role: 'listitem' },
              h(
                'a',
                {
                  class: 'row scenario',
                  href: `#/scenarios/${each.code}`,
                  'aria-current': each === open ? 'true' : undefined,
                },
                badge(t(`agency.${each.agency}`), each.agency),
                h('span', { class: 'who' }, h('strong', {}, each.code), h('small', {}, said(each.proves))),
              ),
            ),
          ),
        ),
      ),
      h(
        'div',
        {},
        open ? details(open, desk) : section(undefined, empty(t('scenarios.choose'))),
        waiting(armed, rules, desk),
        profileSection(profile, desk),
        resolveSection(scenarios),
      ),
    ),
  ];
}

function details(scenario, desk) {
  const steps = scenario.steps.map(({ after, what }) =>
    h('li', {}, said(what), after !== 'PT0S' && h('small', {}, ` ${after ?? t('scenarios.delay')}`)),
  );
  return section(
    scenario.code,
    h('p', {}, said(scenario.proves)),
    h('h3', {}, t('scenarios.steps')),
    h('ol', {}, steps),
    scenario.guards.length > 0 && [
      h('h3', {}, t('scenarios.guards')),
      h(
        'ul',
        {},
        scenario.guards.map(({ name, says }) => h('li', {}, h('code', {}, name), ` ${said(says)}`)),
      ),
    ],
    h('p', { class: 'hint' }, t('scenarios.seen', { example: said(scenario.example) })),
    armForm(scenario, desk),
    h('h3', {}, t('scenarios.channels')),
    h(
      'dl',
      {},
      h('dt', {}, t('channel.header')),
      h('dd', {}, code(`X-Sandbox-Scenario: ${scenario.code}`, desk)),
      h('dt', {}, t('channel.magic')),
      h('dd', {}, code(scenario.magic_number, desk)),
      h('dt', {}, t('channel.profile')),
      h('dd', {}, code(commandOf('PUT', '/profile', { name: 'custom', scenarios: [scenario.code] }), desk)),
    ),
  );
}

function armForm(scenario, desk) {
  const fields = {
    how: select(
      'arm-how',
      [
        ['armed', t('channel.armed')],
        ['rules', t('channel.rule')],
      ],
      'armed',
    ),
    times: h('input', { id: 'arm-times', type: 'number', min: 1, max: 10000, value: 1 }),
    operation: select(
      'arm-operation',
      [['', t('any')], ...scenario.operations.map((name) => [name, word('operation', name)])],
      '',
    ),
    uscc: h('input', { id: 'arm-uscc', placeholder: t('any'), pattern: '[0-9A-HJ-NPQRTUWXY]{18}' }),
    id_number: h('input', { id: 'arm-id', placeholder: t('any'), pattern: '[0-9A-Z]{5,30}' }),
  };
  const body = () => ({
    scenario: scenario.code,
    ...(fields.how.value === 'armed' ? { times: Number(fields.times.value) || 1 } : {}),
    ...Object.fromEntries(
      ['operation', 'uscc', 'id_number']
        .map((name) => [name, fields[name].value])
        .filter(([, value]) => value),
    ),
  });
  const command = h('code', {}, commandOf('POST', '/scenarios/armed', body()));
  return h(
    'form',
    {
      id: 'arm',
      oninput: () => {
        fields.times.disabled = fields.how.value !== 'armed';
        command.textContent = commandOf('POST', `/scenarios/${fields.how.value}`, body());
      },
      onsubmit: (event) => {
        event.preventDefault();
        desk.act(
          () => ask('POST', `/scenarios/${fields.how.value}`, body()),
          t('said.armed', { code: scenario.code }),
        );
      },
    },
    h(
      'div',
      { class: 'grid' },
      labelled(t('scenarios.how'), fields.how),
      labelled(t('times'), fields.times),
      labelled(t('operation'), fields.operation),
      labelled(t('uscc'), fields.uscc),
      labelled(t('id_number'), fields.id_number),
    ),
    h('p', { class: 'command' }, command),
    h('button', { class: 'main' }, t('scenarios.arm')),
  );
}

const waiting = (armed, rules, desk) =>
  section(
    t('scenarios.waiting'),
    armed.length + rules.length === 0 && empty(t('scenarios.noneWaiting')),
    [
      ['armed', armed],
      ['rules', rules],
    ].map(([kind, list]) =>
      list.map(({ id, scenario, remaining, operation, uscc, id_number }) =>
        h(
          'p',
          { class: 'chip wide' },
          h('code', {}, id),
          ` ${scenario} ${[remaining && t('faults.left', { n: remaining }), operation, uscc, id_number].filter(Boolean).join(' · ')}`,
          h(
            'button',
            {
              class: 'quiet',
              'aria-label': t('remove', { id }),
              onclick: () => desk.act(() => ask('DELETE', `/scenarios/${kind}/${id}`), t('said.removed')),
            },
            '×',
          ),
        ),
      ),
    ),
  );

const profileSection = ({ name, profiles }, desk) =>
  section(
    t('profile.title'),
    labelled(
      t('profile.label'),
      select(
        'profile',
        [...new Set(['default', ...profiles.map((each) => each.name), name])].map((each) => [each, each]),
        name,
        {
          'data-live': true,
          onchange: ({ target }) =>
            desk.act(
              () => ask('PUT', '/profile', { name: target.value }),
              t('said.profile', { name: target.value }),
            ),
        },
      ),
      said(profiles.find((each) => each.name === name)?.says ?? { en: '', zh: '' }),
    ),
  );

function resolveSection(scenarios) {
  // Wherever a scenario of the registry may begin, in its order: a list of our own would miss some.
  const places = [
    ...new Set(scenarios.flatMap(({ agency, operations }) => operations.map((name) => `${agency} ${name}`))),
  ];
  const fields = {
    operation: select(
      'resolve-operation',
      places.map((place) => {
        const [agency, name] = place.split(' ');
        return [place, `${t(`agency.${agency}`)} · ${word('operation', name)}`];
      }),
      places[0],
    ),
    id_number: h('input', { id: 'resolve-id', placeholder: t('any') }),
    header: h('input', { id: 'resolve-header', placeholder: 'X-Sandbox-Scenario' }),
  };
  const answer = h('p', { role: 'status', id: 'resolved' }, resolved());
  const tell = (says) => {
    resolved = says;
    const shown = document.getElementById('resolved');
    if (shown) shown.textContent = says();
  };
  return section(
    t('resolve.title'),
    h(
      'form',
      {
        onsubmit: (event) => {
          event.preventDefault();
          const [agency, operation] = fields.operation.value.split(' ');
          const more = Object.fromEntries(
            ['id_number', 'header'].map((name) => [name, fields[name].value]).filter(([, value]) => value),
          );
          ask('POST', '/scenarios/resolve', { agency, operation, ...more }).then(
            ({ rule, scenario }) => tell(() => t('resolve.answer', { rule, scenario: scenario ?? '–' })),
            ({ message }) => tell(() => message),
          );
        },
      },
      h(
        'div',
        { class: 'grid' },
        labelled(t('operation'), fields.operation),
        labelled(t('id_number'), fields.id_number),
        labelled(t('channel.header'), fields.header),
      ),
      h('button', {}, t('resolve.ask')),
      answer,
    ),
  );
}
