// One request as read: Envelope, session, decryption, signature, binding; and its answer before it is signed.
import { type Call, type Message, Refusal, type Room, type Signer } from '../kernel/agency.ts';
import type { Keeps } from '../kernel/rules.ts';
import { verifyDetached } from './cms.ts';
import { decrypt, findSession, type Session } from './session.ts';
import { impossibleDay, TRANSACTIONS, type Transaction } from './transactions.ts';
import { checkXml, child, type Element, need, readXml } from './xml.ts';

export interface Head {
  readonly transCode: string;
  readonly messageId: string;
  readonly unit: string;
}

export interface Request extends Message, Head {
  readonly transaction: Transaction;
  readonly signer: Signer & { readonly certificateDer: Buffer };
  readonly session: Session | undefined;
  /** The exact bytes that were signed. */
  readonly payload: Buffer;
  /** Their root; follows the schema only after `validate`. */
  readonly root: Element;
}

/** What the state machine says. `content` is the XML inside `element`. */
export interface Answer {
  readonly code: string;
  readonly message: string;
  readonly element: string;
  readonly content: string;
}

export function readHead(
  body: Buffer,
  keeps?: Keeps,
): {
  head: Head;
  session: string | undefined;
  signature: Buffer;
  body: Element;
} {
  const envelope = readXml(body, 'Envelope', keeps ? { keeps } : {});
  const [head, content] = envelope.children;
  if (!head || !content) throw new Error('an Envelope without Head or Body after validation');
  return {
    head: {
      transCode: need(head, 'TransCode'),
      messageId: need(head, 'MessageId'),
      unit: need(head, 'Unit'),
    },
    session: child(head, 'Session'),
    signature: Buffer.from(need(head, 'Signature'), 'base64'),
    body: content,
  };
}

/** Throws Refusal; the order of the checks is the README's. */
export function authenticate(call: Call, room: Room): Request {
  const { keeps } = room;
  if (keeps('insurance.method') && call.method !== 'POST')
    throw new Refusal('METHOD_NOT_ALLOWED', 'POST only', { status: 405 });
  const xml = /^(application|text)\/xml\b/i.test(call.headers['content-type'] ?? '');
  if (keeps('insurance.media-type') && !xml)
    throw new Refusal('MEDIA_TYPE', 'application/xml; charset=UTF-8 expected', { status: 415 });
  const { head, session: sessionId, signature, body } = readHead(call.body, keeps);
  const transaction = TRANSACTIONS[head.transCode];
  if (!transaction) throw new Refusal('TRANS_UNKNOWN', `No transaction ${head.transCode}`);
  const session = transaction.session ? findSession(sessionId, head.unit, room) : undefined;
  const payload = plaintext(body, session, keeps);
  const signer = verifyDetached(signature, payload, room);
  if (keeps('insurance.unit') && signer.uscc !== head.unit)
    throw new Refusal('AUTH_CERTIFICATE', 'The certificate is not the one of this unit');
  const root = readXml(payload, 'Payload', { validate: false, keeps });
  const { TransCode, MessageId, Unit, Session: inner } = root.attributes;
  const bound =
    TransCode === head.transCode && MessageId === head.messageId && Unit === head.unit && inner === sessionId;
  if (keeps('insurance.binding') && !bound)
    throw new Refusal('AUTH_BINDING', 'Head and signed payload differ');
  return { operation: transaction.operation, ...head, transaction, signer, session, payload, root };
}

function plaintext(body: Element, session: Session | undefined, keeps: Keeps): Buffer {
  const { encoding, iv } = body.attributes;
  const bytes = Buffer.from(body.text, 'base64');
  const sealed =
    encoding === (session?.algorithm ?? 'plain') && (iv === undefined) === (session === undefined);
  if (keeps('insurance.encryption') && !sealed)
    throw new Refusal(
      'BODY_UNREADABLE',
      `The body must be ${session ? `${session.algorithm} with an iv` : 'plain'}`,
    );
  return session && iv !== undefined ? decrypt(bytes, Buffer.from(iv, 'base64'), session) : bytes;
}

/** The payload against the schema, and what the schema cannot say. */
export function validate(request: Request, { keeps }: Room): void {
  checkXml(request.payload, 'Payload', keeps);
  const { children, attributes } = request.root;
  const invalid = (detail: string) =>
    new Refusal('SCHEMA_INVALID', 'The message does not follow the published schema', {
      extra: { detail: [detail] },
    });
  const [content] = children;
  if (keeps('insurance.element') && content?.name !== request.transaction.element)
    throw invalid(`${request.transCode} takes ${request.transaction.element}`);
  if (keeps('insurance.answer-attributes') && ('Code' in attributes || 'RequestHash' in attributes))
    throw invalid('Code and RequestHash belong to answers');
  const impossible = content && impossibleDay(content);
  if (keeps('insurance.day') && impossible !== undefined) throw invalid(impossible);
}
