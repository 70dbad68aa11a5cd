/** Foreign messages as an attempt keeps them: their hashes in the open, themselves to be encrypted. */
import { createHash } from 'node:crypto';
import type { ForeignMessage } from '../adapters/adapter.ts';
import type { Attempt } from '../src/store/exits.ts';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const keptMessages = (messages: readonly ForeignMessage[]): Pick<Attempt, 'hashes' | 'messages'> => ({
  hashes: messages.map(({ body }) => sha256(body)),
  messages: messages.map(({ body, ...message }) => ({
    ...message,
    body: Buffer.from(body).toString('base64'),
  })),
});
