// One case: the form as people read it beside the message as it was sent, who signed, and what the clerk may decide.
import { get } from '../api.js';
import { badge, empty, h, section, select, theirs } from '../dom.js';
import { annotated, chinaTime, indented, span } from '../format.js';
import { t, unit, word } from '../language.js';
import { decisionPanel, startCorrection } from './decisions.js';
import { dueOf, stateKind } from './inbox.js';
import { schemaSays } from './parts.js';
import { signatureSection } from './signature.js';

/** Which message is shown; of another case: the one that filed it last. */
const chosen = { of: '', exchange: '', exact: false };

export async function load([agency, id]) {
  const path = `/cases/${agency}/${encodeURIComponent(id)}`;
  const [found, exchanges, { upcoming }] = await Promise.all([
    get(path),
    get(`${path}/exchanges`),
    get('/clock'),
  ]);
  const filings = exchanges.filter(({ operation }) =>
    /submit|supplement|amend|stop|transfer/i.test(operation ?? ''),
  );
  if (chosen.of !== id) Object.assign(chosen, { of: id, exchange: '' });
  const shown = exchanges.find((each) => each.id === chosen.exchange) ?? filings.at(-1) ?? exchanges.at(-1);
  const [detail, inspection] = shown
    ? await Promise.all([get(`/exchanges/${shown.id}`), get(`/exchanges/${shown.id}/inspection`)])
    : [];
  const next = upcoming.filter(({ subject }) => subject.startsWith(id));
  return { found, exchanges, shown: detail, inspection, next };
}

export function draw({ found, exchanges, shown, inspection, next }, desk) {
  const due = dueOf(found);
  const { now } = desk.overview;
  return [
    h('p', { class: 'back' }, h('a', { href: '#/inbox' }, `← ${t('nav.inbox')}`)),
    h('h1', {}, found.person),
    h(
      'p',
      { class: 'facts' },
      badge(t(`agency.${found.agency}`), found.agency),
      badge(word('state', found.state), stateKind(found)),
      h('span', {}, t('case.receipt', { receipt: found.receipt })),
      h('span', {}, t('case.submitted', { at: chinaTime(found.submitted_at) })),
      due &&
        h(
          'span',
          { class: 'due near' },
          t('case.due', { at: chinaTime(due), when: span(Date.parse(due) - Date.parse(now), unit) }),
        ),
      found.scenario && h('a', { href: `#/scenarios/${found.scenario}` }, found.scenario),
      next[0] &&
        h(
          'span',
          {},
          t('case.next', {
            event: word('event', next[0].event),
            when: span(Date.parse(next[0].at) - Date.parse(now), unit),
          }),
        ),
    ),
    reasonOf(found),
    h(
      'div',
      { class: 'split' },
      formSection(found, inspection, desk),
      h(
        'div',
        {},
        decisionPanel(found, desk),
        messageSection(exchanges, shown, inspection, desk),
        signatureSection(shown, inspection),
      ),
    ),
  ];
}

function reasonOf({ detail }) {
  const { correction, reason, code, message } = detail;
  if (correction)
    return h(
      'p',
      { class: 'note warn' },
      h('strong', {}, `${t('case.asked')} ${word('field', correction.field)} (${correction.field}) `),
      theirs(correction.reason),
    );
  const told = reason ?? (code ? { code, message } : undefined);
  return told && h('p', { class: 'note' }, h('strong', {}, `${told.code} `), theirs(told.message));
}

/** [field, value] for each line of the form, whichever agency's. */
function linesOf({ agency, detail }) {
  const flat = (of, prefix = '') =>
    Object.entries(of ?? {}).flatMap(([name, value]) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? flat(value, `${prefix}${name}/`)
        : Array.isArray(value)
          ? []
          : [[`${prefix}${name}`, String(value)]],
    );
  const parts =
    agency === 'labor' ? [detail.fields] : agency === 'insurance' ? detail.rows : [detail.content];
  return (parts ?? []).map((part) => flat(part));
}

/** Under which name this form takes supplements; undefined: it takes none. */
const supplementOf = ({ fields = [] }) => fields.find((name) => /^supplements?$/.test(name));

function formSection(found, { schema } = {}, desk) {
  const asked = found.detail.correction?.field;
  const can = found.allowed.includes('correction');
  const results = found.detail.results ?? [];
  const supplements = found.detail.supplements ?? found.detail.content?.supplements ?? [];
  const line = ([name, value], row = 0) => {
    const last = name.split('/').at(-1);
    const error = schema?.errors.find(({ field }) => field === last);
    const label = h('span', { class: 'label' }, word('field', last), h('code', {}, name));
    const shown = [
      label,
      h('span', { class: 'value' }, value, meaning(last, value)),
      error && h('span', { class: 'error' }, schemaSays(error)),
    ];
    const kind = `line${asked === name || asked === last ? ' asked' : ''}${error ? ' wrong' : ''}`;
    return can && (!found.fields || found.fields.includes(last))
      ? h(
          'button',
          {
            type: 'button',
            class: kind,
            id: `field-${row > 0 ? `${row + 1}-` : ''}${name}`,
            title: t('case.click'),
            onclick: () => startCorrection(desk, name),
          },
          shown,
        )
      : h('div', { class: kind }, shown);
  };
  return section(
    t('case.form'),
    can && h('p', { class: 'hint' }, t('case.click')),
    linesOf(found).map((lines, at) => [
      found.agency === 'insurance' &&
        h(
          'h3',
          {},
          t('case.row', { n: at + 1 }),
          results[at] &&
            badge(
              [`${results[at].code} `, theirs(results[at].message)],
              results[at].code === '0' ? 'good' : 'warn',
            ),
        ),
      h(
        'div',
        { class: 'form' },
        lines.map((each) => line(each, at)),
      ),
    ]),
    h(
      'div',
      { class: 'form' },
      can &&
        supplementOf(found) &&
        line([supplementOf(found), t('case.supplements', { n: supplements.length })]),
      supplements.map(({ kind, title, text }) =>
        h(
          'details',
          { class: 'line' },
          h('summary', {}, `${word('supplement', kind)} · ${title}`),
          h('p', { class: 'text' }, text),
        ),
      ),
    ),
  );
}

/** The word behind a code of the form. */
const meaning = (field, value) => {
  const found = word(`value.${field}`, value);
  return found === value ? undefined : h('small', {}, ` ${found}`);
};

/** Where a SOAP message says what it is about; before it come the signature and its certificate. */
const BODY = /^\s*<(?:\w+:)?Body\b/;

/** The first look at a message is at its body, and a redraw leaves it where it was scrolled to. */
function showBody(id) {
  if (document.getElementById(id)) return;
  requestAnimationFrame(() => {
    const box = document.getElementById(id);
    const line = box?.querySelector('.start');
    if (line) box.scrollTop = line.offsetTop - box.offsetTop;
  });
}

function messageSection(exchanges, shown, inspection, desk) {
  if (!shown) return section(t('case.message'), empty(t('case.gone')));
  const { schema, signature, cut } = inspection;
  // What travels encrypted is shown as it was read.
  const signed = shown.agency === 'insurance' ? signature.signed : undefined;
  const readable = signature.opened ?? signed ?? shown.request.text;
  const { lines, rest } = annotated(chosen.exact ? shown.request.text : indented(readable), schema.errors);
  showBody(`message-${shown.id}`);
  return section(
    t('case.message'),
    h(
      'div',
      { class: 'bar tools' },
      select(
        'message',
        exchanges.map((each) => [
          each.id,
          `${each.id} · ${each.operation ?? '?'} · ${each.status ?? word('outcome', each.outcome)}`,
        ]),
        shown.id,
        {
          'aria-label': t('case.which'),
          onchange: ({ target }) => {
            chosen.exchange = target.value;
            desk.refresh();
          },
        },
      ),
      h(
        'label',
        { class: 'check' },
        h('input', {
          type: 'checkbox',
          id: 'exact',
          checked: chosen.exact,
          onchange: ({ target }) => {
            chosen.exact = target.checked;
            desk.refresh();
          },
        }),
        t('case.exact'),
      ),
      h('a', { href: `#/exchange/${shown.id}` }, t('case.exchange')),
    ),
    h(
      'p',
      {},
      badge(
        schema.valid ? t('schema.valid') : t('schema.errors', { n: schema.errors.length }),
        schema.valid ? 'good' : 'bad',
      ),
      cut && badge(t('case.cut'), 'warn'),
    ),
    h(
      'pre',
      {
        class: 'message',
        tabindex: '0',
        id: `message-${shown.id}`,
        'data-scroll': `message-${shown.id}`,
        'aria-label': t('case.message'),
      },
      lines.map(({ line, errors }) => [
        h(
          'span',
          {
            class:
              `${BODY.test(line) ? 'start' : ''} ${errors.length > 0 ? 'wrong' : ''}`.trim() || undefined,
          },
          `${line}\n`,
        ),
        errors.map((error) => h('span', { class: 'error' }, '  ↑ ', schemaSays(error), '\n')),
      ]),
    ),
    rest.map((error) =>
      h('p', { class: 'error' }, error.line ? t('schema.line', { n: error.line }) : '', schemaSays(error)),
    ),
  );
}
