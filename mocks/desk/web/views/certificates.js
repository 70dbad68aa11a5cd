// Identities, the sandbox's CA, certificates for keys of one's own, and the time-stamping authority.
import { ask, BASE, commandOf, offers } from '../api.js';
import { h, labelled, section } from '../dom.js';
import { t } from '../language.js';
import { code, download } from './parts.js';

const UNIT = { uscc: '91110105MA001234X4', name: 'Example Securities' };
let made;

export async function load() {
  const [p12, csr] = await Promise.all([offers('/identities/p12', 'post'), offers('/certificates', 'post')]);
  return { p12, csr };
}

export function draw({ p12, csr }, desk) {
  return [
    h('h1', {}, t('nav.certificates')),
    h('p', { class: 'hint' }, t('certificates.hint')),
    h(
      'div',
      { class: 'split' },
      h('div', {}, identitySection(desk, p12), made && madeSection(desk)),
      h(
        'div',
        {},
        section(
          t('certificates.ca'),
          h('p', {}, t('certificates.caHint')),
          h('p', {}, h('a', { href: `${BASE}/ca.pem`, download: 'ca.pem' }, 'ca.pem')),
          code(`curl -s '${BASE}/ca.pem' -o ca.pem`, desk),
        ),
        csr && csrSection(desk),
        section(
          t('certificates.tsa'),
          h('p', {}, t('certificates.tsaHint')),
          code(
            [
              `openssl ts -query -data document.pdf -sha256 -cert -out request.tsq`,
              `curl -s '${BASE}/tsa' -H 'content-type: application/timestamp-query' --data-binary @request.tsq -o answer.tsr`,
              'openssl ts -verify -in answer.tsr -queryfile request.tsq -CAfile ca.pem',
            ].join('\n'),
            desk,
          ),
        ),
      ),
    ),
  ];
}

function identitySection(desk, p12) {
  const uscc = h('input', {
    id: 'identity-uscc',
    value: UNIT.uscc,
    required: true,
    pattern: '[0-9A-HJ-NPQRTUWXY]{18}',
  });
  const name = h('input', { id: 'identity-name', value: UNIT.name, required: true, maxlength: 200 });
  const body = () => ({ uscc: uscc.value, name: name.value });
  return section(
    t('certificates.identity'),
    h('p', {}, t('certificates.identityHint')),
    h(
      'form',
      {
        id: 'identity',
        onsubmit: (event) => {
          event.preventDefault();
          desk.act(
            async () => {
              made = await ask('POST', '/identities', body());
            },
            t('said.identity', { name: name.value }),
          );
        },
      },
      h('div', { class: 'grid' }, labelled(t('uscc'), uscc), labelled(t('name'), name)),
      h(
        'div',
        { class: 'bar' },
        h('button', { class: 'main' }, t('certificates.make')),
        p12 &&
          h(
            'button',
            {
              type: 'button',
              onclick: () =>
                desk.act(
                  async () => {
                    const { p12: file, password } = await ask('POST', '/identities/p12', body());
                    download(
                      'employer.p12',
                      Uint8Array.from(atob(file), (char) => char.charCodeAt(0)),
                    );
                    return password;
                  },
                  (password) => t('said.p12', { password }),
                ),
            },
            t('certificates.p12'),
          ),
      ),
    ),
    code(commandOf('POST', '/identities', UNIT), desk),
  );
}

const madeSection = (desk) =>
  section(
    made.name,
    h(
      'dl',
      {},
      h('dt', {}, 'client_id'),
      h('dd', {}, code(made.oauth.client_id, desk)),
      h('dt', {}, 'client_secret'),
      h('dd', {}, code(made.oauth.client_secret, desk)),
    ),
    [
      ['key', 'employer-key.pem'],
      ['certificate', 'employer.pem'],
      ['ca', 'ca.pem'],
    ].map(([part, file]) =>
      h(
        'details',
        { id: `made-${part}` },
        h('summary', {}, file),
        code(made[part], desk),
        h('button', { onclick: () => download(file, made[part]) }, t('download', { file })),
      ),
    ),
  );

function csrSection(desk) {
  const field = h('textarea', {
    id: 'csr',
    rows: 4,
    required: true,
    placeholder: '-----BEGIN CERTIFICATE REQUEST-----',
  });
  const out = h('div', {});
  return section(
    t('certificates.csr'),
    h('p', {}, t('certificates.csrHint')),
    code(
      `openssl req -new -newkey rsa:2048 -nodes -keyout my-key.pem -subj '/CN=${UNIT.name}/serialNumber=${UNIT.uscc}' -out my.csr`,
      desk,
    ),
    h(
      'form',
      {
        onsubmit: (event) => {
          event.preventDefault();
          desk.act(async () => {
            const { certificate } = await ask('POST', '/certificates', { csr: field.value });
            download('my.pem', certificate);
          }, t('said.certificate'));
        },
      },
      labelled('CSR (PKCS #10)', field),
      h('button', {}, t('certificates.sign')),
      out,
    ),
  );
}
