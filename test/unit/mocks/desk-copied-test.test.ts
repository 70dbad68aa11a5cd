// The test that the desk gives for an exchange, run as it stands there with a client in its place: it must come out as
// the exchange did.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { laborClient, UNIT } from './labor-client.ts';

// The page's modules are plain JavaScript: Node runs them, and nobody types them.
const evidence = await import(new URL('../../../mocks/desk/web/evidence.js', import.meta.url).href);

type Send = (box: SandboxHandle) => Promise<unknown>;

describe('the test that is copied', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let count = 0;
  before(async () => {
    agencies = await startAgencies({ only: ['labor'] });
  });
  beforeEach(() => {
    count += 1;
    box = agencies.sandbox(`copied-${count}`);
  });
  afterEach(() => box.close());
  after(() => agencies.close());

  const client = async (of: SandboxHandle) =>
    laborClient(of.urls.labor, await of.identity(UNIT.uscc, UNIT.name));
  /** A client may be refused, or hear nothing at all. */
  const heard = (work: Promise<unknown>) => work.catch(() => undefined);
  const submit: Send = async (of) => heard((await client(of)).submit('S-1'));
  const ping: Send = async (of) => heard((await client(of)).send('Ping'));
  const submitWrongly: Send = async (of) => heard((await client(of)).submit('S-1', { abc917: '9999' }));
  const followUp: Send = async (of) => {
    const { submit: file, send } = await client(of);
    await file('S-1');
    await of.clock.advance({ by: 'PT3S' });
    await send('QueryFiling', { BAE941: 'S-1' });
  };

  async function copied(): Promise<string> {
    const id = box.exchanges().at(-1)?.id;
    const entry: unknown = await (await fetch(`${box.urls.desk}/exchanges/${id}`)).json();
    return evidence.exchangeTest(entry);
  }

  /** @returns the sandbox of the run */
  async function run(text: string, send: Send): Promise<SandboxHandle> {
    const body = text
      .replaceAll(/^import .*$/gm, '')
      .replace(/^ *\/\/ Here your client.*$/m, 'await send(sandbox);');
    let work: (() => Promise<void>) | undefined;
    const it = (_: string, given: () => Promise<void>) => {
      work = given;
    };
    let used: SandboxHandle | undefined;
    const noting: Send = (of) => {
      used = of;
      return send(of);
    };
    new Function('it', 'startAgencies', 'assert', 'send', body)(it, startAgencies, assert, noting);
    assert.ok(work, text);
    await work().catch((cause: unknown) => {
      throw new Error(`this does not hold:\n${text}`, { cause });
    });
    assert.ok(used);
    return used;
  }

  const ENTRIES: readonly (readonly [string, () => unknown, Send, RegExp])[] = [
    [
      'of a preset for one operation',
      () => box.fault({ fault: 'html-with-200', agency: 'labor', operation: 'SubmitTermination' }),
      submit,
      /sandbox\.fault\(\{ fault: 'html-with-200', agency: 'labor', operation: 'SubmitTermination' \}\)/,
    ],
    [
      'of a fault that is spelled out',
      () =>
        box.fault({
          fault: {
            phase: 'before-commit',
            kind: 'status',
            status: 418,
            body: 'it\u2019s "so"\n',
            headers: { 'x-why': 'because' },
          },
        }),
      ping,
      /fault: \{ phase: 'before-commit', kind: 'status', status: 418, body: '.*', headers: \{ 'x-why': 'because' \} \}/,
    ],
    [
      'of a preset whose code is another',
      () => box.fault({ fault: '503-maintenance', code: 'BUSY', times: 2 }),
      ping,
      /fault: '503-maintenance', times: 2, code: 'BUSY'/,
    ],
    [
      'of the line that drops',
      () => box.fault({ fault: 'commit-then-lose-reply' }),
      submit,
      /'reset', undefined, undefined\]/,
    ],
    ['of a refusal', () => undefined, submitWrongly, /'answered', 200, 'REASON_UNKNOWN'\]/],
    [
      'of an armed scenario',
      () => box.arm('LAB.ALREADY_ENDED'),
      submit,
      /arm\('LAB\.ALREADY_ENDED', \{ times: 1, operation: 'SubmitTermination' \}\)[\s\S]*'ALREADY_ENDED'\]/,
    ],
    [
      'of a case that is followed',
      () => box.arm('LAB.REJECTED'),
      followUp,
      /arm\('LAB\.REJECTED', \{ times: 1 \}\)/,
    ],
    [
      'of a clerk who was told by a fault',
      () => box.fault({ fault: 'correction', agency: 'labor', field: 'post', due: '2199-12-01' }),
      submit,
      /fault: 'correction', agency: 'labor', field: 'post', due: '2199-12-01'/,
    ],
  ];
  for (const [what, arrange, send, telling] of ENTRIES)
    it(`holds: ${what}`, async () => {
      arrange();
      await send(box);
      const text = await copied();
      assert.match(text, telling);
      await run(text, send);
    });

  it('arms what was armed when it struck, though the id means something else by now', async () => {
    box.fault({ fault: 'html-with-200', id: 'mine' });
    await ping(box);
    box.fault({ fault: 'garbage', id: 'mine' });
    assert.match(await copied(), /sandbox\.fault\(\{ fault: 'html-with-200' \}\)/);
  });

  it('fails where the agency answers otherwise', async () => {
    await submitWrongly(box);
    const text = await copied();
    await assert.rejects(run(text, submit), /this does not hold/);
  });
});
