import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS, makeTrial, type Subject } from '../../adapters/conformance/checks.ts';
import { laborSoap } from '../../adapters/labor-soap/index.ts';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { makeCall } from '../support/call.ts';
import { makeFilingOrder, UNIT } from '../support/filing-order.ts';
import { closedPort } from '../support/sockets.ts';
import { requireTool } from '../support/tools.ts';
import { describeAdapter } from './suite.ts';

const FILING = 'SubmitTermination';
let agencies: Agencies;
let count = 0;

async function start(): Promise<Subject> {
  const name = `labor-${++count}`;
  const box = agencies.sandbox(name);
  box.freeze();
  const unit = await box.identity(UNIT.uscc, UNIT.name);
  const create = (url: string) =>
    laborSoap.create({ url, certificate: unit.certificatePem, key: unit.keyPem, ca: box.caPem });
  const order = makeFilingOrder();
  return {
    adapter: create(box.urls.labor),
    unreachable: create(`http://127.0.0.1:${await closedPort()}/`),
    order,
    filing: FILING,
    secrets: [order.person.name ?? '', order.person.id_number ?? '', unit.keyPem.split('\n')[1] ?? ''],
    now: () => box.now(),
    settle: () => void box.advance('PT1M'),
    fault: (fault, work) => box.withFault({ fault, agency: 'labor', operation: FILING }, work),
    cases: () => box.cases('labor'),
    close: async () => {},
  };
}

before(async () => {
  agencies = await startAgencies({ only: ['labor'] });
});
after(() => agencies.close());

describeAdapter({ name: 'labor-soap', start, skips: {} });

describe('labor-soap at its mock agency', () => {
  it('signs so that xmlsec1 agrees, and an altered message does not pass', async function () {
    requireTool('xmlsec1', this);
    const subject = await start();
    const call = makeCall({ now: subject.now() });
    await subject.adapter.submit(subject.order, call);
    const folder = mkdtempSync(join(tmpdir(), 'exitgate-'));
    try {
      const ca = join(folder, 'ca.pem');
      writeFileSync(ca, agencies.sandbox(`labor-${count}`).caPem);
      const verify = (name: string, xml: string) => {
        const file = join(folder, name);
        writeFileSync(file, xml);
        const body = 'http://schemas.xmlsoap.org/soap/envelope/:Body';
        return spawnSync('xmlsec1', ['--verify', '--id-attr:Id', body, '--trusted-pem', ca, file]).status;
      };
      for (const message of call.kept) {
        const xml = Buffer.from(message.body).toString();
        assert.equal(verify(`${message.direction}-${message.operation}.xml`, xml), 0, message.operation);
        assert.notEqual(verify('altered.xml', xml.replace(/2026/g, '2027').replace('张', '章')), undefined);
      }
      const filed = call.kept.find((message) => message.direction === 'sent' && message.operation === FILING);
      const altered = Buffer.from(filed?.body ?? [])
        .toString()
        .replace('<abc916>20261125', '<abc916>20261126');
      assert.notEqual(verify('altered.xml', altered), 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('holds while its certificate is not accepted: nothing was taken, and nothing is wrong with the filing', async () => {
    const subject = await start();
    const box = agencies.sandbox(`labor-${count}`);
    const other = await box.identity('91110000600037341L', '另一单位');
    const settings = { certificate: other.certificatePem, key: other.keyPem, ca: box.caPem };
    const adapter = laborSoap.create({ url: box.urls.labor, ...settings });
    const outcome = await adapter.submit(subject.order, makeCall({ now: box.now() }));
    assert.equal(outcome.kind === 'hold' && outcome.reason.includes('AUTH_UNIT'), true);
    assert.equal(subject.cases().length, 0);
  });

  it('is held to the list: an adapter that believes, or resends blindly, fails it', async () => {
    const failed = async (check: keyof typeof CHECKS, spoil: (subject: Subject) => Subject['adapter']) => {
      const subject = await start();
      const trial = makeTrial({ ...subject, adapter: spoil(subject) });
      await assert.rejects(CHECKS[check](trial), assert.AssertionError, check);
    };
    const believing = ({ adapter }: Subject): Subject['adapter'] => ({
      ...adapter,
      submit: async (filing, call) => {
        const outcome = await adapter.submit(filing, call);
        return outcome.kind === 'unsure' ? { kind: 'accepted', receipt: 'L1' } : outcome;
      },
    });
    const blind = ({ adapter }: Subject): Subject['adapter'] => ({
      ...adapter,
      submit: (filing, call) =>
        adapter.submit(filing, { ...call, serial: `${call.serial}-${Math.random()}`.replace('.', '') }),
    });
    for (const check of [
      'committed, then lost: unsure, then the receipt, and one filing',
      'a foreign signature: unsure, then the receipt',
      'an answer cut short: unsure, then the receipt',
    ] as const)
      await failed(check, believing);
    await failed('a resend has the same bytes', blind);
    await failed('sent twice, filed once: the receipt is recovered', blind);
  });
});
