// What is simulated and what is not, operation by operation, and how much is allowed here.
import { get } from '../api.js';
import { h, section, table } from '../dom.js';
import { said, t, word } from '../language.js';

export async function load() {
  const [fidelity, limits] = await Promise.all([get('/fidelity'), get('/limits')]);
  return { ...fidelity, limits };
}

/** The rules of an agency, or of all of them. */
const ruleList = (rules, name) =>
  table(
    [t('fidelity.rule'), t('fidelity.demands')],
    rules
      .filter(({ id }) => id.startsWith(`${name}.`))
      .map(({ id, says }) =>
        h('tr', {}, h('th', { scope: 'row' }, h('code', {}, id)), h('td', {}, said(says))),
      ),
    { label: `${t('fidelity.rules')}: ${t(`agency.${name}`)}` },
  );

export function draw({ operations, not_simulated: missing, rules, limits }) {
  const agencies = [...new Set(operations.map(({ agency }) => agency))];
  const { hosting, ...numbers } = limits;
  return [
    h('h1', {}, t('nav.fidelity')),
    h('p', { class: 'hint' }, t('fidelity.hint')),
    section(
      t('fidelity.missing'),
      h(
        'ul',
        {},
        missing.map((each) => h('li', {}, said(each))),
      ),
    ),
    agencies.map((agency) =>
      section(
        t(`agency.${agency}`),
        table(
          [
            t('operation'),
            t('fidelity.validated'),
            t('fidelity.stateful'),
            t('fidelity.timed'),
            t('fidelity.deviates'),
          ],
          operations
            .filter((each) => each.agency === agency)
            .map(({ operation, validated, stateful, timed, deviates }) =>
              h(
                'tr',
                {},
                h('th', { scope: 'row' }, word('operation', operation), h('br'), h('code', {}, operation)),
                h('td', {}, said(validated)),
                h('td', {}, stateful ? said(stateful) : '–'),
                h('td', {}, timed ? said(timed) : '–'),
                h(
                  'td',
                  {},
                  deviates.length === 0
                    ? '–'
                    : h(
                        'ul',
                        {},
                        deviates.map((each) => h('li', {}, said(each))),
                      ),
                ),
              ),
            ),
          { label: t(`agency.${agency}`), class: 'wide' },
        ),
      ),
    ),
    section(
      t('fidelity.rules'),
      h('p', { class: 'hint' }, t('fidelity.rulesHint')),
      ['kernel', ...agencies].map((name) => ruleList(rules, name)),
    ),
    section(
      t('limits.title'),
      h('p', {}, t(`limits.${hosting}`)),
      table(
        [t('limits.what'), t('limits.most')],
        Object.entries(numbers).map(([name, value]) =>
          h('tr', {}, h('th', { scope: 'row' }, h('code', {}, name)), h('td', {}, String(value))),
        ),
      ),
    ),
  ];
}
