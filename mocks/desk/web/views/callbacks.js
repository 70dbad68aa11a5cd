// Where agencies call back when a case changes, and what they have sent.
import { ask, get } from '../api.js';
import { badge, empty, h, labelled, section, select, theirs } from '../dom.js';
import { indented } from '../format.js';
import { pieces, t } from '../language.js';

export async function load() {
  const [addresses, deliveries] = await Promise.all([get('/callbacks'), get('/callbacks/deliveries')]);
  return { addresses, deliveries };
}

export function draw({ addresses, deliveries }, desk) {
  return [
    h('p', { class: 'back' }, h('a', { href: '#/exchanges' }, `← ${t('nav.exchanges')}`)),
    h('h1', {}, t('callbacks.title')),
    h('p', { class: 'hint' }, t('callbacks.hint')),
    h(
      'div',
      { class: 'split' },
      section(
        t('callbacks.sent'),
        deliveries.length === 0
          ? empty(t('callbacks.none'))
          : [...deliveries]
              .reverse()
              .slice(0, 100)
              .map(({ id, agency, subject, url, body, fault, outcome }) =>
                h(
                  'details',
                  { id: `delivery-${id}` },
                  h(
                    'summary',
                    {},
                    badge(t(`agency.${agency}`), agency),
                    ` ${subject} `,
                    outcome && badge(outcomeSays(outcome), /^2/.test(outcome) ? 'good' : 'warn'),
                    fault && badge(fault, 'warn'),
                  ),
                  h('p', {}, h('code', {}, url)),
                  h('pre', { class: 'message', tabindex: '0' }, indented(body)),
                ),
              ),
      ),
      addressSection(addresses, desk),
    ),
  ];
}

/** A status as it is, a line that failed in the words of the machine. */
const outcomeSays = (outcome) =>
  /^\d+$/.test(outcome) ? outcome : pieces('callbacks.failed', { why: theirs(outcome) });

function addressSection(addresses, desk) {
  const callers = ['credit', 'insurance-sm2'].map((name) => [name, t(`agency.${name}`)]);
  const agency = select('callback-agency', callers, 'credit');
  const url = h('input', {
    id: 'callback-url',
    type: 'url',
    required: true,
    placeholder: 'http://127.0.0.1:3000/…',
  });
  return section(
    t('callbacks.addresses'),
    addresses.map(({ agency: name, url: address, uscc }) =>
      h(
        'p',
        { class: 'chip wide' },
        `${t(`agency.${name}`)} · ${address}${uscc ? ` · ${uscc}` : ''}`,
        h(
          'button',
          {
            class: 'quiet',
            'aria-label': t('remove', { id: address }),
            onclick: () =>
              desk.act(
                () => ask('DELETE', `/callbacks/${name}${uscc ? `?uscc=${uscc}` : ''}`),
                t('said.removed'),
              ),
          },
          '×',
        ),
      ),
    ),
    h(
      'form',
      {
        onsubmit: (event) => {
          event.preventDefault();
          const body = { agency: agency.value, url: url.value };
          delete url.dataset.touched;
          desk.act(() => ask('PUT', '/callbacks', body), t('said.callback'));
        },
      },
      h('div', { class: 'grid' }, labelled(t('agency.label'), agency), labelled('URL', url)),
      h('button', { class: 'main' }, t('save')),
    ),
  );
}
