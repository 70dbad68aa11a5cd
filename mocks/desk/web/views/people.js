// Who is on the rolls: people by unit, made here or by being asked about; and disputes that the labour agency knows of.
import { ask, get } from '../api.js';
import { badge, empty, h, labelled, section, select, table } from '../dom.js';
import { t, word } from '../language.js';
import { madeUpNumber } from '../people.js';

const UNIT = { uscc: '91110105MA001234X4', name: 'Example Securities' };

export async function load([idNumber]) {
  const [people, units, disputes, person] = await Promise.all([
    get('/people'),
    get('/units'),
    get('/disputes'),
    idNumber ? get(`/persons?id_number=${encodeURIComponent(idNumber)}`) : undefined,
  ]);
  return { people, units, disputes, person };
}

export function draw({ people, units, disputes, person }, desk) {
  const disputed = (number) => disputes.some(({ id_number: other }) => other === number);
  return [
    h('h1', {}, t('nav.people')),
    h('p', { class: 'hint' }, t('people.hint')),
    h(
      'div',
      { class: 'split' },
      h(
        'div',
        {},
        section(
          t('people.roll', { n: people.length }),
          people.length === 0
            ? empty(t('people.none'))
            : h(
                'div',
                { class: 'list tall', role: 'list', 'data-scroll': 'people' },
                people.slice(0, 300).map(({ id_number: number, name, units: at }) =>
                  h(
                    'div',
                    { role: 'listitem' },
                    h(
                      'a',
                      {
                        class: 'row',
                        href: `#/people/${number}`,
                        'aria-current': person?.id_number === number ? 'true' : undefined,
                      },
                      h(
                        'span',
                        { class: 'who' },
                        h('strong', {}, name),
                        h('small', {}, `${number} · ${at.join(', ')}`),
                      ),
                      disputed(number) && badge(t('people.disputed'), 'warn'),
                    ),
                  ),
                ),
              ),
        ),
        section(
          t('people.units'),
          units.length === 0
            ? empty(t('people.noUnits'))
            : table(
                [t('uscc'), t('name'), t('people.numbers')],
                units.map(({ uscc, name, numbers }) =>
                  h(
                    'tr',
                    {},
                    h('td', {}, h('code', {}, uscc)),
                    h('td', {}, name),
                    h(
                      'td',
                      {},
                      Object.entries(numbers).map(([agency, number]) =>
                        h('div', {}, `${t(`agency.${agency}`)} ${number}`),
                      ),
                    ),
                  ),
                ),
              ),
        ),
      ),
      h(
        'div',
        {},
        person && personSection(person, disputed(person.id_number), desk),
        createSection(units, desk),
      ),
    ),
  ];
}

const personSection = (person, isDisputed, desk) =>
  section(
    person.name,
    h('p', {}, h('code', {}, person.id_number), ' ', word('id_type', person.id_type)),
    h(
      'button',
      {
        id: 'dispute',
        onclick: () =>
          desk.act(
            () => ask('PUT', '/disputes', { id_number: person.id_number, open: !isDisputed }),
            t(isDisputed ? 'said.settled' : 'said.disputed'),
          ),
      },
      t(isDisputed ? 'people.settle' : 'people.dispute'),
    ),
    h('p', { class: 'hint' }, t('people.disputeHint')),
    person.memberships.map(({ uscc, employment, enrolments, registration }) => [
      h('h3', {}, uscc),
      h(
        'dl',
        {},
        h('dt', {}, t('people.employment')),
        h(
          'dd',
          {},
          badge(word('roll', employment.state), employment.state === 'active' ? 'good' : ''),
          ` ${employment.since}${employment.ended_on ? ` – ${employment.ended_on}` : ''}`,
        ),
        h('dt', {}, t('people.enrolments')),
        h(
          'dd',
          {},
          Object.entries(enrolments ?? {}).map(([code, { state }]) =>
            badge(`${word('value.AAE140', code)} ${word('roll', state)}`, state === 'paying' ? 'good' : ''),
          ),
        ),
        registration && [
          h('dt', {}, t('people.registration')),
          h(
            'dd',
            {},
            badge(word('roll', registration.status), registration.status === 'registered' ? 'good' : ''),
            ` ${registration.number ?? ''}`,
          ),
        ],
      ),
    ]),
  );

function createSection(units, desk) {
  const first = units[0] ?? UNIT;
  const field = (name, more) => h('input', { id: `person-${name}`, required: true, ...more });
  const number = field('id', {
    pattern: '[0-9A-Z]{5,30}',
    value: madeUpNumber(Math.floor(Date.now() / 1000)),
  });
  const name = field('name', { value: '测试甲', maxlength: 200 });
  const uscc = field('uscc', { pattern: '[0-9A-HJ-NPQRTUWXY]{18}', value: first.uscc });
  const unitName = field('unit', { value: first.name, maxlength: 200 });
  const employment = select(
    'person-employment',
    [
      ['active', word('roll', 'active')],
      ['ended', word('roll', 'ended')],
    ],
    'active',
  );
  const dispute = h('input', { type: 'checkbox', id: 'person-dispute' });
  return section(
    t('people.create'),
    h(
      'form',
      {
        id: 'person',
        onsubmit: (event) => {
          event.preventDefault();
          const since = '2020-01-01';
          const state =
            employment.value === 'ended'
              ? { state: 'ended', since, ended_on: desk.overview.now.slice(0, 10) }
              : { state: 'active', since };
          const body = {
            uscc: uscc.value,
            unit_name: unitName.value,
            id_number: number.value,
            name: name.value,
            employment: state,
          };
          delete number.dataset.touched;
          desk.act(
            async () => {
              await ask('PUT', '/persons', body);
              if (dispute.checked) await ask('PUT', '/disputes', { id_number: body.id_number });
              desk.go(`#/people/${body.id_number}`);
            },
            t('said.person', { name: body.name }),
          );
        },
      },
      h(
        'div',
        { class: 'grid' },
        labelled(t('id_number'), number, t('people.synthetic')),
        labelled(word('field', 'AAC003'), name),
        labelled(t('uscc'), uscc),
        labelled(t('people.unit'), unitName),
        labelled(t('people.employment'), employment),
      ),
      h('label', { class: 'check' }, dispute, t('people.withDispute')),
      h(
        'div',
        { class: 'bar' },
        h('button', { class: 'main' }, t('people.put')),
        h(
          'button',
          {
            type: 'button',
            onclick: () => {
              number.value = madeUpNumber(Math.floor(Date.now() / 1000));
              number.dataset.touched = 'yes';
            },
          },
          t('people.another'),
        ),
      ),
    ),
  );
}
