// What the clerk may decide now, each with the command that does the same.
import { ask, commandOf } from '../api.js';
import { empty, h, labelled, section, select } from '../dom.js';
import { daysLater } from '../format.js';
import { t, word } from '../language.js';
import { copyButton } from './parts.js';

/** Fields of each decision; `due` and `code` have a default so that Enter is enough. */
const FORMS = {
  accept: ['code', 'reason'],
  correction: ['field', 'reason', 'due', 'code'],
  reject: ['code', 'reason'],
  hold: [],
  late: ['by'],
  lose: [],
  annul: ['code', 'reason'],
};
const ORDER = Object.keys(FORMS);

export function decisionPanel(found, desk) {
  const allowed = ORDER.filter((name) => found.allowed.includes(name));
  const path = `/cases/${found.agency}/${encodeURIComponent(found.id)}/decide`;
  return section(
    t('decision.title'),
    allowed.length === 0
      ? empty(t('decision.none'))
      : [
          allowed.includes('accept') &&
            h(
              'p',
              {},
              h(
                'button',
                {
                  id: 'accept-now',
                  class: 'main',
                  onclick: () =>
                    desk.act(
                      () => ask('POST', path, { decision: 'accept' }),
                      t('said.decided', { decision: t('decision.accept') }),
                    ),
                },
                t('decision.now'),
              ),
            ),
          h(
            'div',
            { id: 'decisions' },
            allowed.map((name) => decision(name, path, found, desk)),
          ),
        ],
  );
}

function decision(name, path, found, desk) {
  const fields = FORMS[name].map((field) => [field, fieldOf(name, field, found, desk)]);
  const body = () => {
    const given = fields
      .map(([field, input]) => [field, input.value.trim()])
      .filter(([, value]) => value !== '');
    return { decision: name, ...Object.fromEntries(given) };
  };
  const command = h('code', {}, commandOf('POST', path, body()));
  const tell = () => {
    command.textContent = commandOf('POST', path, body());
  };
  const form = h(
    'form',
    {
      id: `form-${name}`,
      oninput: tell,
      onsubmit: (event) => {
        event.preventDefault();
        const sent = body();
        for (const [, input] of fields) delete input.dataset.touched;
        desk.act(() => ask('POST', path, sent), t('said.decided', { decision: t(`decision.${name}`) }));
      },
    },
    fields.length > 0 &&
      h(
        'div',
        { class: 'grid' },
        fields.map(([field, input]) => labelled(t(`decision.${field}`), input)),
      ),
    h(
      'p',
      { class: 'command' },
      command,
      copyButton(() => command.textContent, desk),
    ),
    h('button', { class: name === 'accept' ? 'main' : '', id: `decide-${name}` }, t(`decision.${name}`)),
  );
  return h(
    'details',
    { id: `decision-${name}` },
    h('summary', {}, t(`decision.${name}`), h('small', {}, t(`decision.${name}.says`))),
    form,
  );
}

const DEFAULTS = {
  correction: { code: 'MATERIAL_MISSING' },
  reject: { code: 'REJECTED_BY_REVIEW' },
  late: { by: 'P15D' },
  annul: { code: 'ANNULLED' },
};

function fieldOf(name, field, { fields }, desk) {
  const id = `${name}-${field}`;
  if (field === 'field' && fields)
    return select(id, ['', ...fields.map((each) => [each, `${word('field', each)} · ${each}`])], '', {
      required: true,
    });
  const value = field === 'due' ? daysLater(desk.overview.now, 5) : (DEFAULTS[name]?.[field] ?? '');
  if (field === 'reason') return h('textarea', { id, rows: 2, maxlength: 200, value });
  if (field === 'due') return h('input', { type: 'date', id, value });
  return h('input', {
    id,
    value,
    maxlength: 200,
    required: field === 'field' || field === 'by',
    ...(field === 'code' ? { pattern: '[A-Z][A-Z0-9_]{2,39}' } : {}),
  });
}

/** A field of the form was clicked: the correction is prepared for it, and only the reason is left to be written. */
export function startCorrection(desk, field) {
  const details = document.getElementById('decision-correction');
  const input = document.getElementById('correction-field');
  const reason = document.getElementById('correction-reason');
  if (!details || !input || !reason) return;
  details.open = true;
  input.value = field.split('/').at(-1);
  input.dataset.touched = 'yes';
  if (reason.value === '') {
    reason.value = t('decision.please', { field: word('field', field.split('/').at(-1)) });
    reason.dataset.touched = 'yes';
  }
  input.form.dispatchEvent(new Event('input'));
  details.scrollIntoView({ block: 'nearest' });
  reason.focus();
  reason.select();
  desk.say(t('said.correction', { field }));
}
