/** Answers that nobody may believe, as data: what is done to a true one, by the form that an agency's messages have. */

import type { Spoil } from '../../adapters/conformance/line.ts';
import { wrap } from '../../mocks/labor/wrapped.ts';

export type Form = 'soap' | 'envelope' | 'jws';

export interface Lie {
  readonly name: string;
  /** How, or why this form cannot have it. */
  readonly by: Readonly<Record<Form, Spoil | string>>;
}

const edit =
  (change: (text: string) => string): Spoil =>
  (said) => ({ ...said, body: Buffer.from(change(said.body.toString('utf8'))) });
/** Before the root element. */
const before = (text: string) =>
  edit((xml) => `<?xml version="1.0"?>${text}${xml.replace(/^<\?xml[^>]*\?>/, '')}`);
const replaced =
  (body: Buffer | (() => Iterable<Buffer>)): Spoil =>
  (said) => ({ ...said, body: Buffer.isBuffer(body) ? body : body() });
const header =
  (change: (signature: string) => string | undefined): Spoil =>
  (said) => {
    const [name = ''] = Object.keys(said.headers).filter((each) => /^x-(jws-)?signature$/.test(each));
    const { [name]: signature = '', ...rest } = said.headers;
    const changed = name === '' ? undefined : change(signature);
    return { ...said, headers: changed === undefined ? rest : { ...rest, [name]: changed } };
  };
const everywhere = (spoil: Spoil): Record<Form, Spoil> => ({ soap: spoil, envelope: spoil, jws: spoil });

const LEVELS = 10_000;
const deep = (open: string, close: string, inner = '') =>
  `${open.repeat(LEVELS)}${inner}${close.repeat(LEVELS)}`;
const SIGNATURE = /<(ds:)?Signature\b.*?<\/\1?Signature>/s;
export const HUGE = 50 * 1024 * 1024;

function* huge() {
  yield Buffer.from('<a>');
  const chunk = Buffer.alloc(64 * 1024, 'x');
  for (let sent = 0; sent < HUGE; sent += chunk.length) yield chunk;
}

const bomb =
  '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">' +
  Array.from({ length: 9 }, (_, n) => {
    const [inner, outer] = [String.fromCharCode(97 + n), String.fromCharCode(98 + n)];
    return `<!ENTITY ${outer} "${`&${inner};`.repeat(10)}">`;
  }).join('') +
  ']>';

export const LIES: readonly Lie[] = [
  {
    name: 'the signed body wrapped, another in its place',
    by: {
      soap: (said) => ({ ...said, body: Buffer.from(wrap(said).body) }),
      envelope: edit((xml) => xml.replace(/<Body\b/, '<Body encoding="plain">PFBheWxvYWQvPg==</Body><Body')),
      jws: edit((json) => `{"state":"concluded","receipt":"FORGED-1","original":${json}}`),
    },
  },
  {
    name: 'an id, or a member, that is there twice',
    by: {
      soap: edit((xml) => {
        const id = /Id="([^"]+)"/.exec(/<soap:Body\b[^>]*>/.exec(xml)?.[0] ?? '')?.[1] ?? 'body';
        const twin = `<t xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" wsu:Id="${id}"/>`;
        return xml.replace('</soap:Header>', `${twin}</soap:Header>`);
      }),
      envelope: 'nothing is addressed by an id',
      jws: edit((json) => json.replace('{', '{"state":"concluded","receipt":"FORGED-1",')),
    },
  },
  {
    name: 'two signatures',
    by: {
      soap: edit((xml) => xml.replace(SIGNATURE, (signature) => signature + signature)),
      envelope: edit((xml) => xml.replace(SIGNATURE, (signature) => signature + signature)),
      jws: header((signature) => `${signature}, ${signature}`),
    },
  },
  {
    name: 'no signature',
    by: {
      soap: edit((xml) => xml.replace(SIGNATURE, '')),
      envelope: edit((xml) => xml.replace(SIGNATURE, '')),
      jws: header(() => undefined),
    },
  },
  {
    name: 'a DOCTYPE',
    by: { soap: before('<!DOCTYPE a>'), envelope: before('<!DOCTYPE a>'), jws: 'JSON has none' },
  },
  {
    name: 'an entity bomb',
    by: {
      soap: edit(
        (xml) => `${bomb}${xml.replace(/<\?xml[^>]*\?>/, '').replace('</soap:Header>', '&j;</soap:Header>')}`,
      ),
      envelope: edit((xml) => `${bomb}${xml.replace(/<\?xml[^>]*\?>/, '').replace('</Head>', '&j;</Head>')}`),
      jws: 'JSON has no entities',
    },
  },
  { name: 'fifty megabytes', by: everywhere(replaced(huge)) },
  {
    name: 'elements ten thousand levels deep, and nothing else',
    by: everywhere(replaced(Buffer.from(deep('<a>', '</a>')))),
  },
  {
    name: 'elements ten thousand levels deep, beside what is signed',
    by: {
      soap: edit((xml) => xml.replace('</soap:Header>', `${deep('<a>', '</a>')}</soap:Header>`)),
      envelope: edit((xml) => xml.replace('</Head>', `${deep('<a>', '</a>')}</Head>`)),
      jws: 'all of the body is signed',
    },
  },
  {
    name: 'a signature ten thousand levels deep',
    by: {
      soap: edit((xml) =>
        xml.replace(/(<(?:ds:)?X509Certificate>)[^<]*/, `$1${nestedDer().toString('base64')}`),
      ),
      envelope: edit((xml) => xml.replace(/(<Signature>)[^<]*/, `$1${nestedDer().toString('base64')}`)),
      jws: header(() => `${Buffer.from(deep('[', ']')).toString('base64url')}..AAAA`),
    },
  },
  {
    name: 'lists ten thousand levels deep',
    by: everywhere(replaced(Buffer.from(deep('[', ']')))),
  },
  {
    name: 'objects ten thousand levels deep',
    by: everywhere(replaced(Buffer.from(deep('{"a":', '}', '1')))),
  },
];

/** SEQUENCEs within SEQUENCEs (X.690), built from the innermost outwards. */
function nestedDer(): Buffer {
  const heads: Buffer[] = [];
  let length = 0;
  for (let level = 0; level < LEVELS; level += 1) {
    const size =
      length < 128 ? [length] : length < 256 ? [0x81, length] : [0x83, length >> 16, length >> 8, length];
    const head = Buffer.from([0x30, ...size.map((byte) => byte & 0xff)]);
    heads.push(head);
    length += head.length;
  }
  return Buffer.concat(heads.reverse());
}
