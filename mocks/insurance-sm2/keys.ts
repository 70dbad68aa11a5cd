// Who is known to this agency, made from the sandbox's secret: nothing is kept, and a fork has the keys of its origin.
import { createHmac, X509Certificate } from 'node:crypto';
import type { Identity, Room } from '../kernel/agency.ts';
import { isUscc } from '../kernel/identifiers.ts';
import { type KeyPair, keyPair } from './sm2.ts';

/** A unit's client: what its operator puts into the settings of the connection. */
export interface Client extends KeyPair {
  readonly clientId: string;
  readonly uscc: string;
  /** SM4, hex. */
  readonly bodyKey: string;
}

type Seeded = Pick<Room, 'secret'>;

const PREFIX = 'city2-';
const made = new Map<string, KeyPair>();
const MOST_KEPT = 2000;

const derive = ({ secret }: Seeded, use: string): Buffer =>
  createHmac('sha512', secret).update(`insurance-sm2|${use}`).digest();

function pairFor(room: Seeded, use: string): KeyPair {
  const name = `${room.secret}|${use}`;
  const known = made.get(name);
  if (known) return known;
  if (made.size >= MOST_KEPT) made.clear(); // they come out the same
  const fresh = keyPair(derive(room, use));
  made.set(name, fresh);
  return fresh;
}

export const clientOf = (uscc: string, room: Seeded): Client => ({
  ...pairFor(room, `unit ${uscc}`),
  clientId: `${PREFIX}${uscc}`,
  uscc,
  bodyKey: derive(room, `body ${uscc}`).toString('hex', 0, 16),
});

/** undefined: nobody's. */
export function findClient(clientId: string, room: Seeded & Pick<Room, 'keeps'>): Client | undefined {
  const uscc = clientId.startsWith(PREFIX) ? clientId.slice(PREFIX.length) : '';
  return isUscc(uscc) || !room.keeps('insurance-sm2.client') ? clientOf(uscc, room) : undefined;
}

export const agencyKeys = (room: Seeded): KeyPair => pairFor(room, 'agency');

/** The kernel's identities are RSA: what its faults do to one (another CA, another key) is done here to the SM2 key. */
export function keysOf(signer: Identity, room: Room): KeyPair {
  const own = genuine.get(signer) ?? isGenuine(signer, room);
  genuine.set(signer, own);
  return own ? agencyKeys(room) : pairFor(room, 'stranger');
}

const genuine = new WeakMap<Identity, boolean>();

function isGenuine({ certificateDer, privateKey }: Identity, room: Room): boolean {
  const certificate = new X509Certificate(certificateDer);
  return (
    certificate.checkIssued(new X509Certificate(room.ca.certificateDer)) &&
    certificate.checkPrivateKey(privateKey)
  );
}
