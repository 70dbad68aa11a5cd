/** What may be done to an insurance message on its way, inside a session too: its key is in the sandbox's store. */

import type { SandboxHandle } from '../../mocks/index.ts';
import { signDetached } from '../../mocks/insurance/cms.ts';
import { decrypt, encrypt, type Session } from '../../mocks/insurance/session.ts';
import type { Spoil } from '../support/spoiled-line.ts';
import type { Scene } from './proof.ts';

const AT = new Date('2026-11-25T02:00:00Z');

export interface Rework {
  readonly head?: (head: string) => string;
  readonly payload?: (payload: string) => string;
  /** DER over the payload as changed; default: the unit's own. */
  readonly sign?: (payload: Buffer) => Buffer;
  /** After signing. */
  readonly tamper?: (payload: string) => string;
  /** Sent in this session instead of its own. */
  readonly session?: () => Session | undefined;
  /** Not encrypted, although there is a session. */
  readonly plain?: boolean;
}

export const sessions = (box: SandboxHandle): Session[] => [
  ...((box.snapshot().store.tables.get('insurance.sessions') ?? new Map()) as Map<string, Session>).values(),
];

const part = (pattern: RegExp, xml: string) => pattern.exec(xml)?.[1] ?? '';

/** Opened, changed, signed and sealed anew. */
export const reworked =
  ({ box, own }: Scene, rework: Rework): Spoil =>
  (sent) => {
    const xml = sent.body.toString();
    const number = part(/<Session>([^<]*)</, xml);
    const before = sessions(box).find(({ id }) => id === number);
    const bytes = Buffer.from(part(/<Body[^>]*>([^<]*)</, xml), 'base64');
    const opened = before ? decrypt(bytes, Buffer.from(part(/ iv="([^"]*)"/, xml), 'base64'), before) : bytes;
    const after = rework.session?.() ?? before;
    const moved = (text: string) => (before && after ? text.replace(before.id, after.id) : text);
    const payload = Buffer.from((rework.payload ?? moved)(opened.toString()));
    const signature = rework.sign?.(payload) ?? signDetached(payload, own, AT);
    const head = (rework.head ?? moved)(part(/<Head>(.*)<\/Head>/s, xml));
    const signed = head.replace(/<Signature>[^<]*</, `<Signature>${signature.toString('base64')}<`);
    const tampered = Buffer.from((rework.tamper ?? String)(payload.toString()));
    const sealed = after && !rework.plain ? encrypt(tampered, after) : undefined;
    const body = sealed
      ? `<Body encoding="${after?.algorithm}" iv="${sealed.iv}">${sealed.data}</Body>`
      : `<Body encoding="plain">${tampered.toString('base64')}</Body>`;
    const envelope = `<Envelope xmlns="urn:agency:insurance:1"><Head>${signed}</Head>${body}</Envelope>`;
    return { ...sent, body: Buffer.from(envelope) };
  };

/** Of this transaction alone. */
export const only =
  (code: string, spoil: Spoil): Spoil =>
  (sent) =>
    sent.body.includes(`<TransCode>${code}<`) ? spoil(sent) : sent;

export const text =
  (change: (xml: string) => string): Spoil =>
  (sent) => ({ ...sent, body: Buffer.from(change(sent.body.toString())) });

/** The text of the first element of that name. */
export const put = (name: string, value: string) => (xml: string) =>
  xml.replace(new RegExp(`<${name}>[^<]*<`), `<${name}>${value}<`);
