// Parts that several views use.
import { h, labelled, select, theirs } from '../dom.js';
import { said, t } from '../language.js';

export function copyButton(text, desk, label = t('copy')) {
  return h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      onclick: async () => {
        try {
          await navigator.clipboard.writeText(text());
          desk.say(t('said.copied'));
        } catch {
          desk.say(t('said.notCopied'), true); // not over plain HTTP from another machine
        }
      },
    },
    label,
  );
}

/** A command or a listing, with its button. */
export const code = (text, desk) =>
  h(
    'div',
    { class: 'command' },
    h('pre', { tabindex: '0' }, h('code', {}, text)),
    copyButton(() => text, desk),
  );

/** Fields made from a JSON Schema's properties: enum is a choice, integer a number. @returns fields by name, with and without their labels, and what they say */
export function schemaForm(prefix, properties, words) {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const id = `${prefix}-${name}`;
    const [input, kind] = schema.enum
      ? [
          select(
            id,
            ['', ...schema.enum].map((value) => [
              value,
              value === '' ? '–' : (words?.(name, value) ?? value),
            ]),
            '',
          ),
          'text',
        ]
      : schema.type === 'integer' || schema.type === 'number'
        ? [
            h('input', {
              id,
              type: 'number',
              min: schema.minimum,
              max: schema.maximum,
              step: schema.type === 'integer' ? 1 : 'any',
            }),
            'number',
          ]
        : [
            h('input', {
              id,
              pattern: schema.pattern && !schema.pattern.startsWith('^P') ? schema.pattern : undefined,
              placeholder: said({ en: schema.description, zh: schema['x-zh'] ?? schema.description }),
            }),
            'text',
          ];
    return { name, input, kind };
  });
  return {
    fields: new Map(fields.map(({ name, input }) => [name, input])),
    nodes: new Map(fields.map(({ name, input }) => [name, labelled(words?.(name) ?? name, input)])),
    value: () =>
      Object.fromEntries(
        fields
          .map(({ name, input, kind }) => [
            name,
            input.value === '' ? undefined : kind === 'number' ? Number(input.value) : input.value,
          ])
          .filter(([, value]) => value !== undefined),
      ),
  };
}

export function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/x-pem-file' }));
  const link = h('a', { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

export const agenciesHere = ({ overview }) => Object.keys(overview.urls).filter((name) => name !== 'desk');

/**
 * What a list is narrowed by: a text, an agency and, where there is a `check`, one question of yes and no.
 * @param filter { agency, text, [check]: boolean }, which keeps the answers
 */
export function filterBar(filter, desk, { find, check }) {
  const change =
    (name, read) =>
    ({ target }) => {
      filter[name] = read(target);
      desk.refresh();
    };
  return h(
    'div',
    { class: 'bar tools' },
    h('input', {
      type: 'search',
      id: 'find',
      'data-touched': 'yes',
      placeholder: find,
      'aria-label': find,
      value: filter.text,
      oninput: change('text', ({ value }) => value.toLowerCase()),
    }),
    select(
      'agency',
      [['', t('agency.all')], ...agenciesHere(desk).map((name) => [name, t(`agency.${name}`)])],
      filter.agency,
      { 'aria-label': t('agency.label'), onchange: change('agency', ({ value }) => value) },
    ),
    check &&
      h(
        'label',
        { class: 'check' },
        h('input', {
          type: 'checkbox',
          id: check.name,
          checked: filter[check.name],
          onchange: change(check.name, ({ checked }) => checked),
        }),
        check.label,
      ),
  );
}

/** Of those that the filter lets through; `text` is what is searched of one. */
export const filtered = (all, filter, text) =>
  all.filter(
    (each) =>
      (!filter.agency || each.agency === filter.agency) && text(each).toLowerCase().includes(filter.text),
  );

/** Rows under a label, the first of them where there are many. */
export const rowsOf = (found, row, most, label) => [
  h('div', { class: 'list', role: 'list', 'aria-label': label }, found.slice(0, most).map(row)),
  found.length > most && h('p', { class: 'hint' }, t('list.more', { n: found.length - most })),
];

/** What the schema has against a field, and the validator's own words for it. */
export const schemaSays = ({ says, message }) => [said(says), ' ', theirs(message)];
