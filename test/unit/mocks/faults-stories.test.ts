// Faults that show only later, in the state of a filing or at the receiver of callbacks, as two HTTP clients live them.
import assert from 'node:assert/strict';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Agency, AgencyName, Call } from '../../../mocks/kernel/agency.ts';
import { exchange, type Outcome } from '../../../mocks/kernel/exchange.ts';
import type { FaultRequest } from '../../../mocks/kernel/faults.ts';
import type { Sandbox } from '../../../mocks/kernel/sandbox.ts';
import { listen } from '../../../mocks/kernel/server.ts';
import * as credit from './credit-client.ts';
import { CALLBACKS, STORIES } from './fault-sights.ts';
import { CLIENTS, type Client } from './http-clients.ts';
import * as insurance from './insurance-client.ts';
import * as labor from './labor-box.ts';

const START = '2026-11-25T02:00:00Z';
const LONG = 10_000;
const DAY = 86_400;

/** The sandbox behind a socket, and a call sent to it by that client. */
async function overWire<T>(
  { agency, sandbox }: { agency: Agency; sandbox: Sandbox },
  client: Client,
  work: (send: (call: Call) => Promise<Outcome>) => Promise<T>,
): Promise<T> {
  const server = await listen((call) => exchange(agency, sandbox, call), '127.0.0.1', 0);
  try {
    return await work(async ({ method, path, headers, body }) => {
      const heard = await client({ method, url: `${server.url}${path}`, headers, body }, LONG);
      assert.ok(typeof heard !== 'string', String(heard));
      return { kind: 'reply', reply: heard };
    });
  } finally {
    sandbox.close();
    await server.close();
  }
}

type Story = (client: Client, fault: FaultRequest) => Promise<string[]>;

const laborStory: Story = async (client, fault) => {
  const box = await labor.openBox('story', START);
  const { send } = box.client;
  return overWire(box, client, async (raw) => {
    const unit = await send('QueryUnit', { BAB010: labor.UNIT.uscc }, raw);
    const person = { AAC058: '01', AAC002: '11010519491231002X', AAC003: '张某' };
    const who = { AAB001: unit.AAB001 ?? '', ...person };
    const { AAC001 = '' } = await send('QueryPerson', who, raw);
    const late = fault.phase !== 'clerk';
    if (!late) box.sandbox.faults.arm(fault);
    await send('SubmitTermination', labor.content('S-1', { ...who, AAC001 }), raw);
    if (late) box.sandbox.faults.arm({ ...fault, operation: 'QueryFiling', nth: 2 });
    const asked: string[] = [];
    for (const seconds of [0, DAY, 0, 30 * DAY]) {
      labor.advance(box.sandbox, seconds);
      const { SAA043, TAA103, reason, field } = await send('QueryFiling', { BAE941: 'S-1' }, raw);
      asked.push([SAA043, TAA103, reason, field].filter(Boolean).join(' '));
    }
    return asked;
  });
};

const insuranceStory: Story = async (client, fault) => {
  const box = await insurance.openBox('story', START);
  return overWire(box, client, async (raw) => {
    await box.client.signIn();
    const aac001 = await box.client.person();
    box.sandbox.faults.arm(fault);
    const rows = [insurance.stopRow(aac001), insurance.stopRow(aac001, { no: 2, insurance: '210' })];
    const send = async (code: string, xml: string, id: string) => {
      const call = box.client.build(code, xml, id);
      return box.client.read(await raw(call), call);
    };
    await send('2001', insurance.stop(...rows), 'S-1');
    insurance.advance(box.sandbox, DAY / 100);
    const { payload } = await send('3001', '<Progress><MessageId>S-1</MessageId></Progress>', 'Q-99');
    return [[...payload.matchAll(/<Row no="\d"><Code>([^<]*)</g)].map(([, code]) => code).join(' ')];
  });
};

const TELLERS: Readonly<Partial<Record<AgencyName, Story>>> = {
  labor: laborStory,
  insurance: insuranceStory,
};

describe('faults of the business, seen by two clients', () => {
  for (const { kind, phases, agency, seen } of STORIES)
    for (const phase of phases)
      for (const [name, client] of Object.entries(CLIENTS))
        it(`${kind} in phase ${phase}, by ${name}`, async () => {
          assert.deepEqual(await TELLERS[agency]?.(client, { kind, phase, agency }), seen);
        });
});

describe('faults of callbacks, seen by their receiver', () => {
  /** State of each callback, `!` where the signature does not fit. */
  async function receive(on: (seen: string) => void) {
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer); // no encoding was set on it
      const body = Buffer.concat(parts);
      const [head = '', , tail = ''] = String(request.headers['x-jws-signature']).split('.');
      const { x5c } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { x5c: string[] };
      const certificate = new X509Certificate(Buffer.from(x5c[0] ?? '', 'base64'));
      const key = createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' }));
      const input = Buffer.from(`${head}.${body.toString('base64url')}`);
      const fits = verify('sha256', input, key, Buffer.from(tail, 'base64url'));
      on(`${(JSON.parse(body.toString()) as { state: string }).state}${fits ? '' : '!'}`);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // listens on TCP
    const close = () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    return { url: `http://127.0.0.1:${port}/`, close };
  }

  for (const { kind, seen } of CALLBACKS)
    for (const [name, client] of Object.entries(CLIENTS))
      it(`${kind}, when ${name} has filed`, async () => {
        const got: string[] = [];
        const receiver = await receive((each) => got.push(each));
        const box = await credit.openBox('story', START);
        const { sandbox } = box;
        try {
          sandbox.callbacks.subscribe({ agency: 'credit', url: receiver.url });
          sandbox.faults.arm({ kind, phase: 'callback', agency: 'credit' });
          await overWire(box, client, async (raw) => {
            await raw(await box.client.build('POST', credit.CHANGES, credit.change('S-1')));
            // Where the answer stands among the others is nobody's promise.
            if (kind === 'callback-early') got.push('answer');
            credit.advance(sandbox, 3);
            await sandbox.callbacks.flush();
          });
          assert.deepEqual(got, seen);
        } finally {
          await receiver.close();
        }
      });
});
