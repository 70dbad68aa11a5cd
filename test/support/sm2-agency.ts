/** The second city's agency, written out by hand, so that a mistake in our messages would not be made here too. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import nock from 'nock';
import { DEFAULT_USER_ID, readSm2PrivateKey, type Sm2Form, signSm2 } from '../../src/crypto/sm2.ts';
import { makeFilingOrder, UNIT } from './filing-order.ts';

const URL_OF_AGENCY = 'http://city2.test';
export const BODY_KEY = Buffer.alloc(16, 7);
export const ours = readSm2PrivateKey('2'.repeat(64));
export const theirs = readSm2PrivateKey('3'.repeat(64));
export const form: Sm2Form = { userId: DEFAULT_USER_ID, encoding: 'rs', text: 'base64' };
export const settings = {
  url: `${URL_OF_AGENCY}/`,
  uscc: UNIT.uscc,
  client_id: 'client-1',
  private_key: ours.privateKey,
  agency_public_key: theirs.publicKey,
  body_key: BODY_KEY.toString('hex'),
};
export const identity = { clientId: 'client-1', keys: ours, form, bodyKey: BODY_KEY };
export const filing = makeFilingOrder({ kind: 'insurance_stop' });
/** The content of `filing`, to the byte. */
export const CONTENT =
  '{"serial":"EG-0001-1","unit_no":"11010512345678","business":"10","person":{"id_type":"01","id_number":"11010519491231002X",' +
  '"name":"张某"},"post":"投资顾问","reason":"222","exit_date":"2026-11-25","end_month":"2026-11","items":[{"insurance":"01"},' +
  '{"insurance":"02"},{"insurance":"03"},{"insurance":"04"},{"insurance":"05"}]}';

/** A sealed body in clear. */
export function opened(body: string): string {
  const { iv, data } = JSON.parse(body) as { iv: string; data: string };
  const decipher = createDecipheriv('sm4-cbc', BODY_KEY, Buffer.from(iv, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]).toString();
}

/** A request as the agency got it. */
export interface Heard {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a request signs. */
export const textOf = ({ path, headers, body }: Heard) =>
  `POST\n${path}\n${headers['x-timestamp']}\n${headers['x-nonce']}\n${body}`;

/** The agency, written out by hand: answers with this, whatever was asked. */
export function answers(
  path: string,
  content: object,
  heard: Heard[],
  over: { nonce?: string; status?: string } = {},
) {
  nock(URL_OF_AGENCY)
    .post(path)
    .reply(function (_uri, body) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const headers = Object.fromEntries(
        Object.entries(this.req.headers).map(([name, value]) => [name, [value].flat().join('')]),
      );
      heard.push({ path, headers, body: text });
      const iv = Buffer.alloc(16, 1);
      const cipher = createCipheriv('sm4-cbc', BODY_KEY, iv);
      const data = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()]);
      const sealed = JSON.stringify({ iv: iv.toString('base64'), data: data.toString('base64') });
      const nonce = over.nonce ?? headers['x-nonce'] ?? '';
      const signed = Buffer.from(`${over.status ?? '200'}\n${path}\n1000000000000\n${nonce}\n${sealed}`);
      return [
        200,
        sealed,
        {
          'Content-Type': 'application/json',
          'X-Timestamp': '1000000000000',
          'X-Nonce': nonce,
          'X-Signature': signSm2(signed, theirs, form),
        },
      ];
    });
}

export const unit = { code: 'OK', data: { unit_no: '11010512345678', name: UNIT.name } };
export const taken = { code: 'OK', data: { receipt: 'SB1', state: '10', ask_after: 21600 } };
