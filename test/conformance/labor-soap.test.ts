import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skipsOf } from '../../adapters/conformance/description.ts';
import { conformance } from '../../adapters/labor-soap/conformance.ts';
import { laborSoap } from '../../adapters/labor-soap/index.ts';
import { requireTool } from '../support/tools.ts';
import { type Actor, theatre } from './against-mock.ts';
import { describeAdapter } from './suite.ts';

const actor: Actor = { entry: laborSoap, ...conformance };

describe('labor-soap', () => {
  const stages = theatre(actor);

  describeAdapter({
    name: 'labor-soap',
    start: async () => (await stages.open()).subject,
    skips: skipsOf(actor, actor.entry.manifest),
  });

  describe('at its mock agency', () => {
    it('signs so that xmlsec1 agrees, and an altered message does not pass', async function () {
      requireTool('xmlsec1', this);
      const { box, adapter, filing, call: makeCall } = await stages.open();
      const call = makeCall();
      await adapter.submit(filing, call);
      const folder = mkdtempSync(join(tmpdir(), 'exitgate-'));
      try {
        const ca = join(folder, 'ca.pem');
        writeFileSync(ca, box.caPem);
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
        const filed = call.kept.find(
          (message) => message.direction === 'sent' && message.operation === actor.filing,
        );
        const altered = Buffer.from(filed?.body ?? [])
          .toString()
          .replace('<abc916>20261125', '<abc916>20261126');
        assert.notEqual(verify('altered.xml', altered), 0);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it('holds while its certificate is not accepted: nothing was taken, and nothing is wrong with the filing', async () => {
      const { box, create, filing, call } = await stages.open();
      const other = await box.identity('91110000600037341L', '另一单位');
      const adapter = create({ certificate: other.certificatePem, key: other.keyPem });
      const outcome = await adapter.submit(filing, call());
      assert.equal(outcome.kind === 'hold' && outcome.reason.includes('AUTH_UNIT'), true);
      assert.deepEqual(box.cases('labor'), []);
    });
  });
});
