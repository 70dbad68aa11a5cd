/** What may be done to a request to the credit agency on its way. */
import { sign } from 'node:crypto';
import type { Identity } from '../../mocks/index.ts';
import type { Sent, Spoil } from '../support/spoiled-line.ts';

const HEADER = 'x-jws-signature';

/** Signed anew by this identity, after the request and then the protected header were changed. */
export const resigned =
  (
    { privateKey, certificateDer }: Pick<Identity, 'privateKey' | 'certificateDer'>,
    change: (sent: Sent) => Partial<Sent> = () => ({}),
    header: Readonly<Record<string, unknown>> = {},
  ): Spoil =>
  (sent) => {
    const after = { ...sent, ...change(sent) };
    const [before = ''] = (sent.headers[HEADER] ?? '').split('.');
    const fields: unknown = JSON.parse(Buffer.from(before, 'base64url').toString());
    const said = {
      ...(typeof fields === 'object' ? fields : {}),
      x5c: [certificateDer.toString('base64')],
      htm: after.method,
      htu: after.path.split('?')[0],
      ...header,
    };
    const head = Buffer.from(JSON.stringify(said)).toString('base64url');
    const input = Buffer.from(`${head}.${after.body.toString('base64url')}`);
    const jws = `${head}..${sign('sha256', input, privateKey).toString('base64url')}`;
    return { ...after, headers: { ...after.headers, [HEADER]: jws } };
  };

/** Of requests to this path alone. */
export const only =
  (path: string, spoil: Spoil): Spoil =>
  (sent) =>
    sent.path === path ? spoil(sent) : sent;

/** Members of the JSON body, replaced or added. */
export const body =
  (parts: object) =>
  (sent: Sent): Partial<Sent> => ({
    body: Buffer.from(JSON.stringify({ ...JSON.parse(sent.body.toString()), ...parts })),
  });

export const headers =
  (parts: Readonly<Record<string, string>>): Spoil =>
  (sent) => ({ ...sent, headers: { ...sent.headers, ...parts } });
