// What an agency of another repository is written with: `exitgate/mocks/kernel`.
export * from './agency.ts';
export * from './identifiers.ts';
export * from './time.ts';
export { about, stateSays } from './words.ts';
