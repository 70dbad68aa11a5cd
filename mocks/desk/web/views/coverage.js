// Which operations, outcomes and faults the client has met and survived; and the report of the exam.
import { get } from '../api.js';
import { badge, empty, h, section, table } from '../dom.js';
import { said, t, word } from '../language.js';
import { agenciesHere } from './parts.js';

export async function load() {
  const [met, exam, fidelity] = await Promise.all([get('/coverage'), get('/exam'), get('/fidelity')]);
  return { met, exam, operations: fidelity.operations };
}

export function draw({ met, exam, operations }, desk) {
  const seen = operations.filter(({ agency, operation }) =>
    met.some((row) => row.agency === agency && row.operation === operation),
  );
  return [
    h('h1', {}, t('nav.coverage')),
    h('p', { class: 'hint' }, t('coverage.hint')),
    h(
      'p',
      { class: 'facts' },
      badge(
        t('coverage.met', { n: seen.length, all: operations.length }),
        seen.length === operations.length ? 'good' : '',
      ),
      badge(
        t('coverage.hurt', { n: met.filter(({ survived }) => !survived).length }),
        met.some(({ survived }) => !survived) ? 'warn' : 'good',
      ),
    ),
    agenciesHere(desk).map((agency) =>
      matrix(
        agency,
        operations.filter((each) => each.agency === agency),
        met.filter((each) => each.agency === agency),
      ),
    ),
    examSection(exam, desk),
  ];
}

/** A row for each operation: outcomes and faults met, survived or not; what was never called stays bare. */
const matrix = (agency, operations, met) =>
  section(
    t(`agency.${agency}`),
    table(
      [t('operation'), t('coverage.outcomes'), t('coverage.faults'), t('coverage.scenarios')],
      operations.map(({ operation }) => {
        const rows = met.filter((each) => each.operation === operation);
        const plain = rows.filter(({ fault }) => fault === undefined);
        const stories = [...new Set(rows.map(({ scenario }) => scenario).filter(Boolean))];
        return h(
          'tr',
          { class: rows.length === 0 ? 'bare' : '' },
          h('th', { scope: 'row' }, word('operation', operation)),
          h('td', {}, rows.length === 0 ? t('coverage.never') : merged(plain, 'outcome').map(mark)),
          h(
            'td',
            {},
            merged(
              rows.filter(({ fault }) => fault),
              'fault',
            ).map(mark),
          ),
          h(
            'td',
            {},
            stories.map((code) => h('a', { href: `#/scenarios/${code}` }, code, ' ')),
          ),
        );
      }),
      { label: t(`agency.${agency}`), class: 'fixed' },
    ),
  );

function merged(rows, by) {
  const sums = new Map();
  for (const row of rows) {
    const before = sums.get(row[by]) ?? { text: row[by], count: 0, survived: true };
    sums.set(row[by], {
      ...before,
      count: before.count + row.count,
      survived: before.survived && row.survived,
    });
  }
  return [...sums.values()];
}

const mark = ({ text, count, survived }) => [
  badge(`${text} × ${count}${survived ? '' : ` · ${t('coverage.notYet')}`}`, survived ? 'good' : 'warn'),
  ' ',
];

const KINDS = { passed: 'good', failed: 'bad', running: 'warn', not_met: '' };

const examSection = ({ profile, passed, failed, running, not_met: notMet, tasks }, desk) =>
  section(
    t('exam.title'),
    h('p', { class: 'hint' }, t('exam.hint')),
    h(
      'p',
      { class: 'facts' },
      badge(t('exam.passed', { n: passed }), 'good'),
      badge(t('exam.failed', { n: failed }), failed > 0 ? 'bad' : ''),
      badge(t('exam.running', { n: running })),
      badge(t('exam.notMet', { n: notMet })),
    ),
    profile !== 'go-live-exam' && h('p', {}, h('a', { href: '#/scenarios' }, t('exam.begin'))),
    tasks.length === 0
      ? empty(t('exam.none'))
      : h(
          'details',
          { id: 'exam', open: desk.overview.profile === 'go-live-exam' },
          h('summary', {}, t('exam.tasks', { n: tasks.length })),
          table(
            [t('operation'), t('nav.scenarios'), t('exam.verdict'), t('exam.why')],
            tasks.map(({ operation, scenario, verdict, why }) =>
              h(
                'tr',
                {},
                h('td', {}, word('operation', operation)),
                h('td', {}, h('a', { href: `#/scenarios/${scenario}` }, scenario)),
                h('td', {}, badge(word('verdict', verdict), KINDS[verdict] ?? '')),
                h('td', {}, said(why)),
              ),
            ),
            { label: t('exam.title') },
          ),
        ),
  );
