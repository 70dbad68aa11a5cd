/** What may be done to a request to the second city's insurance agency on its way. */
import type { Client } from '../../mocks/insurance-sm2/index.ts';
import { DEFAULT_FORM, open, type Sealed, seal, sign } from '../../mocks/insurance-sm2/sm2.ts';
import type { Sent, Spoil } from '../support/spoiled-line.ts';

type Keys = Pick<Client, 'privateKey' | 'publicKey'>;

/** Signed anew with these keys, after the request was changed. */
export const resigned =
  (keys: Keys, change: (sent: Sent) => Partial<Sent> = () => ({})): Spoil =>
  (sent) => {
    const after = { ...sent, ...change(sent) };
    const { 'x-timestamp': at, 'x-nonce': nonce } = after.headers;
    const lead = [after.method, after.path.split('?')[0], at, nonce].map((line) => `${line}\n`).join('');
    const signature = sign(Buffer.concat([Buffer.from(lead), after.body]), keys, DEFAULT_FORM);
    return { ...after, headers: { ...after.headers, 'x-signature': signature } };
  };

/** What is sealed in the body, changed, sealed and signed again. */
export const resealed = (client: Client, change: (content: Buffer) => Buffer): Spoil =>
  resigned(client, ({ body }) => {
    const key = Buffer.from(client.bodyKey, 'hex');
    const content = open(JSON.parse(body.toString()) as Sealed, key); // the adapter has sealed it
    return content ? { body: Buffer.from(JSON.stringify(seal(change(content), key))) } : {};
  });

/** Members of the sealed JSON, replaced or added. */
export const content = (client: Client, parts: object): Spoil =>
  resealed(client, (bytes) => Buffer.from(JSON.stringify({ ...JSON.parse(bytes.toString()), ...parts })));

/** Of requests to this path alone. */
export const only =
  (path: string, spoil: Spoil): Spoil =>
  (sent) =>
    sent.path === path ? spoil(sent) : sent;

export const withHeaders =
  (parts: Readonly<Record<string, string>>) =>
  ({ headers }: Sent): Pick<Sent, 'headers'> => ({ headers: { ...headers, ...parts } });
