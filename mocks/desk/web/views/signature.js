// The signature of one request: who signed, what exactly, and the verdict.
import { badge, h, section, theirs } from '../dom.js';
import { chinaTime } from '../format.js';
import { t, word } from '../language.js';

/** The code of a refusal after its words: `does not verify AUTH_SIGNATURE`. */
const verdictSays = (code) => {
  const says = word('refusal', code);
  return says === code ? code : `${says} ${code}`;
};

export function signatureSection(shown, { signature } = {}) {
  if (!shown) return undefined;
  const { verdict, reason, form, certificate, signed, sha256 } = signature;
  const good = verdict === 'valid';
  const fact = (name, value) => value && [h('dt', {}, t(name)), h('dd', {}, value)];
  const authenticated = shown.stages.find(({ stage }) => stage === 'authenticate');
  return section(
    t('signature.title'),
    h(
      'p',
      {},
      badge(
        good ? t('signature.valid') : verdict === 'none' ? t('signature.none') : verdictSays(verdict),
        good ? 'good' : verdict === 'none' ? '' : 'bad',
      ),
      ' ',
      theirs(reason),
    ),
    h(
      'dl',
      {},
      fact('signature.form', form),
      fact('signature.signer', certificate?.subject),
      fact('signature.issuer', certificate?.issuer),
      fact('signature.serial', certificate?.serial),
      fact(
        'signature.validity',
        certificate && `${chinaTime(certificate.not_before)} – ${chinaTime(certificate.not_after)}`,
      ),
      fact('signature.then', authenticated && (theirs(authenticated.note) ?? t('signature.passed'))),
      fact('signature.digest', sha256),
    ),
    signed &&
      h(
        'details',
        { id: 'signed' },
        h('summary', {}, t('signature.signed', { n: new TextEncoder().encode(signed).length })),
        h('pre', { class: 'message', tabindex: '0' }, signed),
      ),
  );
}
