// Elements without markup: every text becomes a text node, so that nothing from a message can become HTML.

/**
 * h('button', { class: 'x', onclick: f, 'aria-label': 'y' }, 'text', node, [more], undefined)
 * `on…` are listeners, `value`/`checked`/`open` properties, the rest attributes; undefined and false are left out.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === false || value === null) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'checked' || name === 'open') element[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  add(element, children);
  if ('value' in properties && properties.value !== undefined) element.value = properties.value;
  return element;
}

function add(element, children) {
  for (const child of children.flat(9)) {
    if (child === undefined || child === null || child === false || child === '') continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

export const replace = (element, ...children) => {
  element.replaceChildren();
  add(element, children);
};

/** Draws `work` into `element` again, and keeps what a person had typed, opened, focused and scrolled to. */
export function redraw(element, work) {
  const fields = new Map(
    [...element.querySelectorAll('input[id], select[id], textarea[id]')].map((each) => [
      each.id,
      { value: each.value, checked: each.checked, touched: each.dataset.touched },
    ]),
  );
  const opened = new Map([...element.querySelectorAll('details[id]')].map((each) => [each.id, each.open]));
  const scrolled = new Map(
    [...element.querySelectorAll('[data-scroll]')].map((each) => [each.dataset.scroll, each.scrollTop]),
  );
  const active = element.contains(document.activeElement)
    ? placeOf(element, document.activeElement)
    : undefined;
  const { selectionStart, selectionEnd } = active ? document.activeElement : {};
  work();
  for (const [id, { value, checked, touched }] of fields) {
    const field = document.getElementById(id);
    if (!field || touched === undefined) continue;
    field.dataset.touched = touched;
    if (field.type === 'checkbox') field.checked = checked;
    else field.value = value;
  }
  for (const [id, open] of opened) {
    const details = document.getElementById(id);
    if (details) details.open = open;
  }
  for (const [name, top] of scrolled) {
    const box = element.querySelector(`[data-scroll="${CSS.escape(name)}"]`);
    if (box) box.scrollTop = top;
  }
  const again = active && findPlace(element, active);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (typeof selectionStart === 'number' && again.setSelectionRange && again.type !== 'number')
    again.setSelectionRange(selectionStart, selectionEnd);
}

const alike = (element, { tag, label }) =>
  [...element.querySelectorAll(tag)].filter((each) => each.textContent === label);

function placeOf(element, active) {
  const place = { id: active.id, tag: active.tagName, label: active.textContent };
  return { ...place, at: alike(element, place).indexOf(active) };
}

const findPlace = (element, place) =>
  (place.id && document.getElementById(place.id)) || alike(element, place)[Math.max(place.at, 0)];

/** Marks what a person has typed, so that a redraw keeps it and not a default. */
export const watchTyping = (element) =>
  element.addEventListener('input', ({ target }) => {
    // What acts at once shows the state of things, not what somebody once chose.
    if (target.dataset.live === undefined) target.dataset.touched = 'yes';
  });

/** A label with its field; `field` has an id. */
export const labelled = (label, field, hint) =>
  h('div', { class: 'field' }, h('label', { for: field.id }, label), field, hint && h('small', {}, hint));

export const select = (id, options, value, more = {}) =>
  h(
    'select',
    { id, ...more, value },
    options.map((option) => {
      const [key, text] = Array.isArray(option) ? option : [option, option];
      return h('option', { value: key, selected: key === value }, text);
    }),
  );

export const table = (heads, rows, more = {}) =>
  h(
    'div',
    {
      class: 'scroll',
      tabindex: '0',
      role: 'region',
      'aria-label': more.label ?? heads.filter(Boolean).join(', '),
    },
    h(
      'table',
      { class: more.class },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          heads.map((head) => h('th', { scope: 'col' }, head)),
        ),
      ),
      h('tbody', {}, rows),
    ),
  );

/** What somebody else has said, in the language in which they said it. */
export const theirs = (text) => text && h('q', { class: 'theirs' }, text);

export const badge = (text, kind = '') => h('span', { class: `badge ${kind}`.trim() }, text);
export const empty = (text) => h('p', { class: 'empty' }, text);
export const section = (title, ...children) =>
  h('section', { class: 'card' }, title && h('h2', {}, title), children);
