// What each agency publishes, at the addresses of this sandbox.
import { BASE } from '../api.js';
import { h, section } from '../dom.js';
import { t } from '../language.js';
import { code } from './parts.js';

const FILES = {
  labor: [
    ['?wsdl', 'WSDL 1.1'],
    ['?xsd=labor.xsd', 'XSD'],
    ['?xsd=envelope.xsd', 'XSD (SOAP)'],
    ['', 'README'],
  ],
  insurance: [
    ['?xsd=insurance.xsd', 'XSD'],
    ['', 'README'],
  ],
  'insurance-sm2': [
    ['openapi.json', 'OpenAPI 3.1 (JSON)'],
    ['openapi.yaml', 'OpenAPI 3.1 (YAML)'],
    ['', 'README'],
  ],
  credit: [
    ['openapi.json', 'OpenAPI 3.1 (JSON)'],
    ['openapi.yaml', 'OpenAPI 3.1 (YAML)'],
    ['', 'README'],
  ],
};

export const load = async () => undefined;

export function draw(_data, desk) {
  const { urls } = desk.overview;
  return [
    h('h1', {}, t('nav.contracts')),
    h('p', { class: 'hint' }, t('contracts.hint')),
    h(
      'div',
      { class: 'cards' },
      Object.entries(FILES)
        .filter(([agency]) => urls[agency])
        .map(([agency, files]) =>
          section(
            t(`agency.${agency}`),
            h('p', {}, t(`contracts.${agency}`)),
            code(urls[agency], desk),
            h(
              'ul',
              {},
              files.map(([path, name]) =>
                h(
                  'li',
                  {},
                  h('a', { href: `${urls[agency]}/${path}`, target: '_blank', rel: 'noreferrer' }, name),
                  ' ',
                  h('small', {}, path),
                ),
              ),
            ),
          ),
        ),
      section(
        t('contracts.desk'),
        h('p', {}, t('contracts.deskHint')),
        code(BASE, desk),
        h(
          'ul',
          {},
          h(
            'li',
            {},
            h(
              'a',
              { href: `${BASE}/openapi.json`, target: '_blank', rel: 'noreferrer' },
              'OpenAPI 3.1 (JSON)',
            ),
          ),
        ),
      ),
    ),
  ];
}
