// Sign-in sessions and the encryption of bodies with their key.
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  type KeyObject,
  publicEncrypt,
} from 'node:crypto';
import { Refusal, type Room } from '../kernel/agency.ts';

export type Algorithm = 'sm4-cbc' | 'aes-256-cbc';
export const SESSION_SECONDS = 1800;

export interface Session {
  readonly id: string;
  readonly unit: string;
  readonly algorithm: Algorithm;
  readonly keyHex: string;
  /** Sandbox time, milliseconds. */
  readonly expiresAt: number;
}

const sessions = (room: Room) => room.store.table<Session>('insurance.sessions');

/** Derived, not drawn: the same secret and calls give the same session. */
export function openSession(unit: string, algorithm: Algorithm, room: Room): Session {
  const now = room.now().getTime();
  for (const old of sessions(room).all()) if (old.expiresAt <= now) sessions(room).delete(old.id);
  const number = room.store.next('insurance.sessions');
  const derived = (use: string) =>
    createHmac('sha256', room.secret).update(`insurance ${use} ${number}`).digest('hex');
  const session: Session = {
    id: `S${String(number).padStart(6, '0')}${derived('session').slice(0, 12)}`,
    unit,
    algorithm,
    keyHex: derived('key').slice(0, algorithm === 'sm4-cbc' ? 32 : 64),
    expiresAt: now + SESSION_SECONDS * 1000,
  };
  sessions(room).put(session.id, session);
  return session;
}

/** Throws Refusal AUTH_SESSION when unknown, expired or another unit's. */
export function findSession(id: string | undefined, unit: string, room: Room): Session {
  const session = id === undefined ? undefined : sessions(room).get(id);
  const own = session?.unit === unit || !room.keeps('insurance.session-unit');
  const over = session && session.expiresAt <= room.now().getTime() && room.keeps('insurance.session-end');
  if (!session || !own || over)
    throw new Refusal('AUTH_SESSION', 'No such session, or it has expired: sign in again');
  return session;
}

export function closeSessions(unit: string, room: Room): void {
  for (const session of sessions(room).all()) if (session.unit === unit) sessions(room).delete(session.id);
}

export const closeSession = (id: string, room: Room): void => sessions(room).delete(id);

/**
 * The session key for the client's eyes: base64, RSA-OAEP (RFC 8017 section 7.1) with SHA-256 for hash and MGF1. Padded
 * here, with a salt derived from the session, because Node's own padding draws one, and no two runs would be alike.
 */
export function wrapKey(session: Session, key: KeyObject): string {
  const size = (key.asymmetricKeyDetails?.modulusLength ?? 2048) / 8;
  const secret = Buffer.from(session.keyHex, 'hex');
  const hash = (data: Buffer | string) => createHash('sha256').update(data).digest();
  const salt = hash(`oaep ${session.id} ${session.keyHex}`);
  const block = Buffer.concat([hash(''), Buffer.alloc(size - secret.length - 66), Buffer.from([1]), secret]);
  const masked = xor(block, mask(salt, block.length));
  const padded = Buffer.concat([Buffer.alloc(1), xor(salt, mask(masked, salt.length)), masked]);
  return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, padded).toString('base64');
}

const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, at) => byte ^ (b[at] ?? 0)));

/** MGF1 with SHA-256. */
function mask(seed: Buffer, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let counter = 0; counter * 32 < length; counter += 1) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    parts.push(createHash('sha256').update(seed).update(count).digest());
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** The iv is derived from key and text, so that an answer's bytes repeat with the sandbox; distinct texts get distinct ivs. */
export function encrypt(text: Buffer, session: Session): { iv: string; data: string } {
  const key = Buffer.from(session.keyHex, 'hex');
  const iv = createHmac('sha256', key).update(text).digest().subarray(0, 16);
  const cipher = createCipheriv(session.algorithm, key, iv);
  return {
    iv: iv.toString('base64'),
    data: Buffer.concat([cipher.update(text), cipher.final()]).toString('base64'),
  };
}

/** Throws Refusal BODY_UNREADABLE. */
export function decrypt(data: Buffer, iv: Buffer, session: Session): Buffer {
  try {
    const decipher = createDecipheriv(session.algorithm, Buffer.from(session.keyHex, 'hex'), iv);
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch (error) {
    throw new Refusal('BODY_UNREADABLE', 'The body does not decrypt with the session key', { cause: error });
  }
}
