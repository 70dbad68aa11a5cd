/** What an adapter of another repository is written with: `exitgate/adapters`. */
export * from '../src/crypto/body-cipher.ts';
export * from '../src/crypto/certificates.ts';
export * from '../src/crypto/cms.ts';
export * from '../src/crypto/jws.ts';
export * from '../src/crypto/xml-signature.ts';
export * from '../src/domain/words.ts';
export type * from './adapter.ts';
export * from './checks.ts';
export * from './format.ts';
export * from './held.ts';
export * from './http.ts';
export * from './json.ts';
export * from './settings.ts';
