// An address after # that leads to no view.
import { h, section } from '../dom.js';
import { t } from '../language.js';

export const load = async () => undefined;

export const draw = (_data, _desk, [typed]) => [
  h('h1', {}, t('nav.nowhere')),
  section(
    undefined,
    h('p', {}, t('nowhere.says'), ' ', h('code', {}, `#/${typed}`)),
    h('p', { class: 'back' }, h('a', { href: '#/inbox' }, `← ${t('nav.inbox')}`)),
  ),
];
