// The labour agency in this process, without a socket: for tests that play many stories.
import assert from 'node:assert/strict';
import type { Agency, Call, Identity } from '../../../mocks/kernel/agency.ts';
import { prepareKeys } from '../../../mocks/kernel/ca.ts';
import type { Outcome } from '../../../mocks/kernel/exchange.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../mocks/kernel/sandbox.ts';
import { validate } from '../../../mocks/labor/contract.ts';
import { labor } from '../../../mocks/labor/index.ts';
import { withXml } from '../../../mocks/labor/xml.ts';
import { element, envelope, type Fields, signXml, UNIT } from './labor-client.ts';

export type { Fields } from './labor-client.ts';
export { UNIT } from './labor-client.ts';

// The kernel keeps agencies of different message types in one list.
const agency = labor as unknown as Agency;

export const SUPPLEMENT =
  '<supplement><kind>settlement</kind><title>和解协议</title><text>正文</text></supplement>';

export const callOf = (identity: Identity, operation: string, fields: Fields, extra = ''): Call => ({
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: { soapaction: `"urn:agency:labor:1#${operation}"` },
  body: Buffer.from(signXml(envelope(element(operation, fields, extra)), identity)),
  base: 'http://labor.test',
});

export async function openBox(name: string, start: string, over: Partial<SandboxOptions> = {}) {
  const keys = await prepareKeys();
  const sandbox = createSandbox([agency], {
    name,
    seed: 'seed',
    population: 'auto',
    clerk: 'accept',
    keys,
    start: new Date(start),
    frozen: true,
    ...over,
  });
  const identity = await sandbox.ca.identity(UNIT.uscc, UNIT.name);
  /** Element text by local name; `reason` is the reason's code. Every answer satisfies the contract. */
  async function send(
    operation: string,
    fields: Fields,
    raw: (call: Call) => Promise<Outcome>,
    extra = '',
  ): Promise<Record<string, string | undefined>> {
    const outcome = await raw(callOf(identity, operation, fields, extra));
    assert.ok('reply' in outcome);
    const xml = outcome.reply.body.toString();
    withXml(Buffer.from(xml), validate);
    const names = ['code', 'field', 'SAA036', 'SAA043', 'TAA103', 'AAB001', 'AAC001', 'employmentState'];
    const values = names.map((each) => [each, new RegExp(`<${each}>([^<]*)<`).exec(xml)?.[1]] as const);
    const reason = /<reason><code>([^<]*)</.exec(xml)?.[1];
    return { ...Object.fromEntries(values), reason };
  }
  return { agency, sandbox, identity, client: { send } };
}

export const advance = (sandbox: Sandbox, seconds: number) =>
  sandbox.clock.advance(new Date(sandbox.clock.now().getTime() + seconds * 1000));

export function content(serial: string, who: Fields): Fields {
  const { AAB001 = '', AAC001 = '', AAC058 = '', AAC002 = '', AAC003 = '' } = who;
  return {
    BAE941: serial,
    AAB001,
    BAB010: UNIT.uscc,
    AAB004: UNIT.name,
    AAC001,
    AAC058,
    AAC002,
    AAC003,
    abc913: '20220301',
    post: '投资顾问',
    abc916: '20261125',
    abc917: '6313',
    yearsOfService: '4.73',
  };
}
