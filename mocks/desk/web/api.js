// The control API of the sandbox whose page this is: addresses are relative to the page, so any prefix will do.

import { curl } from './format.js';
import { current, t } from './language.js';

export const BASE = new URL('.', location.href).href.replace(/\/$/, '');

/** Of a sandbox in public; it lives as long as the tab. */
const nameOf = (base) => `exitgate-desk-token ${base}`;
const TOKEN = nameOf(BASE);
export const keepToken = (base, token) => sessionStorage.setItem(nameOf(base), token);
/** Says whether there was one. */
export function forgetToken() {
  const had = sessionStorage.getItem(TOKEN) !== null;
  sessionStorage.removeItem(TOKEN);
  return had;
}

/** What every request says of who asks, and in which language the answer should be. */
export function identified() {
  const token = sessionStorage.getItem(TOKEN);
  return {
    'accept-language': current(),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
}

/** Throws an Error whose message is the desk's own sentence. */
export async function ask(method, path, body) {
  const answer = await fetch(`${BASE}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...identified(),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error(t('error.away')); // the browser's own words are in its own language
  });
  const said = await answer.json().catch(() => undefined);
  if (!answer.ok)
    throw Object.assign(new Error(said?.detail ?? t('error.status', { status: answer.status })), {
      code: said?.code ?? String(answer.status),
    });
  return said;
}

/** The same for a shell; in public with the token, but not what it is: commands are pasted into tickets. */
export const commandOf = (method, path, body) =>
  curl(
    method,
    `${BASE}${path}`,
    body,
    sessionStorage.getItem(TOKEN) === null ? undefined : t('command.token'),
  );

export const get = (path) => ask('GET', path);

let published;
/** What the API can do; asked for once. */
export function contract() {
  published ??= get('/openapi.json');
  return published;
}

/** Schema of the body of an operation. */
export async function inputOf(path, method) {
  const { paths } = await contract();
  return paths[path]?.[method]?.requestBody?.content?.['application/json']?.schema;
}

export const offers = async (path, method = 'get') => (await contract()).paths[path]?.[method] !== undefined;
