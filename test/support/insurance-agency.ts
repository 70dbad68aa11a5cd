/** Answers as the insurance agency sends them, written out by hand, so that a mistake in our XML would not be made here too. */
import { createHash } from 'node:crypto';
import type { Expected } from '../../adapters/insurance-xml/open.ts';
import { sealBody } from '../../src/crypto/body-cipher.ts';
import { readIdentity } from '../../src/crypto/certificates.ts';
import { signCms } from '../../src/crypto/cms.ts';
import type { TestIdentity } from './pki.ts';

const NS = 'xmlns="urn:agency:insurance:1"';
const optional = (name: string, value: string | undefined) =>
  value === undefined ? '' : ` ${name}="${value}"`;

/** Parts that replace those of a good answer, in the Payload and in the Head alike unless `head` says otherwise. */
export interface Parts {
  readonly code?: string;
  readonly transCode?: string;
  readonly messageId?: string;
  readonly unit?: string;
  readonly session?: string | undefined;
  readonly requestHash?: string;
  readonly head?: { readonly code?: string; readonly messageId?: string; readonly session?: string };
  readonly signature?: string;
  readonly plain?: boolean;
  /** Makes another payload of the signed one, as a forger would. */
  readonly tamper?: (payload: string) => string;
}

export function insuranceAnswer(
  content: string,
  to: Expected,
  signer: TestIdentity,
  parts: Parts = {},
): Buffer {
  const code = parts.code ?? '0';
  const transCode = parts.transCode ?? to.code;
  const messageId = parts.messageId ?? to.messageId;
  const unit = parts.unit ?? to.unit;
  const session = 'session' in parts ? parts.session : to.session?.number;
  const hash = parts.requestHash ?? createHash('sha256').update(to.request).digest('hex');
  const payload =
    `<Payload ${NS} TransCode="${transCode}" MessageId="${messageId}" Unit="${unit}"` +
    `${optional('Session', session)} Code="${code}" RequestHash="${hash}">${content}</Payload>`;
  const identity = readIdentity(signer.certificatePem, signer.keyPem);
  const signature = parts.signature ?? signCms(Buffer.from(payload), identity).toString('base64');
  const headSession = parts.head?.session ?? session;
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><Envelope ${NS}><Head><TransCode>${transCode}</TransCode>` +
      `<MessageId>${parts.head?.messageId ?? messageId}</MessageId><Time>20261125093000</Time><Unit>${unit}</Unit>` +
      `${headSession === undefined ? '' : `<Session>${headSession}</Session>`}` +
      `<Code>${parts.head?.code ?? code}</Code><Message>m</Message><Signature>${signature}</Signature></Head>` +
      `${bodyOf(parts.tamper?.(payload) ?? payload, parts.plain ? undefined : to.session)}</Envelope>`,
  );
}

function bodyOf(payload: string, session: Expected['session']): string {
  if (!session) return `<Body encoding="plain">${Buffer.from(payload).toString('base64')}</Body>`;
  const { iv, bytes } = sealBody(session.cipher, session.key, Buffer.from(payload));
  return `<Body encoding="${session.cipher}" iv="${iv.toString('base64')}">${bytes.toString('base64')}</Body>`;
}

export const row = (no: number, code: string, more = ''): string =>
  `<Row no="${no}"><Code>${code}</Code><Message>m${no}</Message>${more}</Row>`;

export const progressAnswer = (
  state: string,
  rows: readonly string[] = [],
  serial = 'EG-0001-1',
  trans = '2001',
) =>
  `<ProgressAnswer><MessageId>${serial}</MessageId><TransCode>${trans}</TransCode><AAZ308>R1</AAZ308>` +
  `<State>${state}</State>${rows.join('')}</ProgressAnswer>`;
