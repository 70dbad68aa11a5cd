/** Real time: an adapter that does not listen would wait for an answer that never comes. */
import assert from 'node:assert/strict';

const SOON_MS = 5000;

export function soon<T>(work: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: otherwise })), SOON_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
