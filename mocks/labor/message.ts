// A request as read from the Body that the signature covers.
import type { XmlDocument, XmlElement } from 'libxml2-wasm';
import { type Message, Refusal, type Room, type Signer } from '../kernel/agency.ts';
import { verifyBody } from './signature.ts';
import { children, NS, withXml } from './xml.ts';

export interface Supplement {
  readonly kind: string;
  readonly title: string;
  readonly text: string;
}

export interface LaborMessage extends Message {
  /** The certificate's unit; authenticated. */
  readonly uscc: string;
  readonly unitName: string;
  /** Every element of the message that holds text, by name. Not yet valid: the schema speaks next. */
  readonly fields: Readonly<Record<string, string>>;
  readonly supplements: readonly Supplement[];
}

export function readMessage(bytes: Buffer, room: Room): LaborMessage {
  const read = (doc: XmlDocument) => {
    const utf8 = doc.encoding === null || /^utf-8$/i.test(doc.encoding);
    if (room.keeps('labor.encoding') && !utf8) {
      throw new Refusal('SCHEMA_INVALID', 'messages are encoded in UTF-8', { status: 400 });
    }
    const { body, signer } = verifyBody(doc, room);
    const [element] = children(body);
    if (!element || element.namespaceUri !== NS.labor) {
      throw new Refusal('SCHEMA_INVALID', `the Body holds no message of ${NS.labor}`, {
        status: 400,
        extra: { line: body.line },
      });
    }
    return fromElement(element, signer, room);
  };
  return withXml(bytes, read, room.keeps);
}

function fromElement(element: XmlElement, signer: Signer, room: Room): LaborMessage {
  const parts = children(element);
  const plain = parts.filter(({ name }) => name !== 'supplement');
  const message = {
    operation: element.name,
    uscc: signer.uscc,
    unitName: signer.cn,
    fields: Object.fromEntries(plain.map((part) => [part.name, part.content])),
    supplements: parts.filter(({ name }) => name === 'supplement').map(readSupplement),
  };
  const own = message.uscc !== '' && (message.fields.BAB010 ?? message.uscc) === message.uscc;
  if (room.keeps('labor.unit') && !own) {
    throw new Refusal('AUTH_UNIT', 'the certificate belongs to another unit than the message', {
      status: 403,
    });
  }
  return message;
}

function readSupplement(element: XmlElement): Supplement {
  const text = Object.fromEntries(children(element).map((part) => [part.name, part.content]));
  return { kind: text.kind ?? '', title: text.title ?? '', text: text.text ?? '' };
}
