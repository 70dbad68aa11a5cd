// PATCH and DELETE of a connection on the whole way: what waits goes on by the new settings, and nothing is filed where a
// connection was deleted.
import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import type { Tenant } from '../support/gateway.ts';
import { useGateway } from '../support/site.ts';
import { listen, refusedPort } from '../support/sockets.ts';

describe('a connection that is changed', function () {
  this.timeout(60_000);
  const site = useGateway();
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await site.newTenant();
  });

  async function connection(adapter: string) {
    const { data } = (await tenant.call('GET', '/v1/connections')).body;
    const { id } = data.find((each: { adapter: string }) => each.adapter === adapter);
    return (await tenant.call('GET', `/v1/connections/${id}`)).body;
  }
  /** What the store has, secrets included. */
  async function settings(id: string) {
    return (await site.gateway.store.connections.open(id))?.settings as Record<string, string>;
  }
  async function patch(id: string, settings: Record<string, unknown>) {
    const { status, body } = await tenant.call('PATCH', `/v1/connections/${id}`, { settings });
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }
  const waits = (exitId: string, kind: string) =>
    eventually(async () => {
      const filing = await tenant.filing(exitId, kind);
      return (filing.held_since !== null || filing.attempts > 0) && filing;
    });

  it('takes a renewed secret from the next call on, and keeps those that are left out', async () => {
    const { id } = await connection('credit-rest');
    const { client_secret = '', key } = await settings(id);
    const shown = await patch(id, { client_secret: 'a-wrong-secret-nobody-may-see' });
    assert.ok(!JSON.stringify(shown).includes('a-wrong-secret'));
    assert.ok(shown.secret_settings.includes('client_secret') && shown.secret_settings.includes('key'));
    assert.equal((await tenant.call('POST', `/v1/connections/${id}/test`)).body.ok, false);
    await patch(id, { client_secret });
    // At once: the adapter that was opened by the wrong secret is not used any more.
    assert.equal((await tenant.call('POST', `/v1/connections/${id}/test`)).body.ok, true);
    assert.equal((await settings(id)).key, key);
  });

  it('is asked at once where nobody was there, and what waits does not wait for its next try', async () => {
    const { id, settings: before } = await connection('labor-soap');
    await patch(id, { url: `http://127.0.0.1:${await refusedPort()}/` });
    const exits = await Promise.all([tenant.open(), tenant.open()]);
    // Five calls in a row: the circuit opens, and everything is held.
    await eventually(async () => (await connection('labor-soap')).health.state === 'unavailable', {
      within: 30_000,
    });
    const serials = await Promise.all(exits.map(async (exitId) => (await tenant.filing(exitId)).serial));
    await patch(id, { url: before.url });
    for (const exitId of exits) await tenant.completed(exitId, 20_000);
    assert.equal((await connection('labor-soap')).health.state, 'available');
    assert.deepEqual(
      await Promise.all(exits.map(async (exitId) => (await tenant.filing(exitId)).serial)),
      serials,
    );
  });

  it('that is deleted files nothing any more: what was never sent goes by another', async () => {
    const dead = await listen((socket) => socket.end('HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n'));
    const { id, settings: before } = await connection('labor-soap');
    const { key, certificate, ca, url: _url, ...rest } = await settings(id);
    await patch(id, { url: dead.url });
    const exitId = await tenant.open();
    const held = await waits(exitId, 'labor_filing');
    const draft = {
      name: 'the new one',
      adapter: 'labor-soap',
      employer_uscc: '91110105MA001234X4',
      settings: { ...rest, key, certificate, ca, url: before.url },
    };
    const made = await tenant.call('POST', '/v1/connections', draft);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.equal((await tenant.call('DELETE', `/v1/connections/${id}`)).status, 204);
    await tenant.completed(exitId, 20_000);
    const filed = await tenant.filing(exitId, 'labor_filing');
    assert.deepEqual([held.connection_id, filed.connection_id], [id, made.body.id]);
    await dead.close();
  });

  it('that is deleted holds what no other serves, sends nothing, and lets it go when there is another', async () => {
    const dead = await listen((socket) => socket.end('HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n'));
    const { id, settings: before } = await connection('labor-soap');
    const { url: _url, ...rest } = await settings(id);
    await patch(id, { url: dead.url });
    const exitId = await tenant.open();
    await eventually(async () => dead.connections() > 0);
    assert.equal((await tenant.call('DELETE', `/v1/connections/${id}`)).status, 204);
    const held = await eventually(async () => {
      const filing = await tenant.filing(exitId, 'labor_filing');
      return /was deleted/.test(filing.last_error ?? '') && filing;
    });
    assert.match(held.last_error, /no other serves this filing/);
    const before_ = dead.received().split('POST').length;
    const settings_ = { ...rest, url: before.url };
    const draft = { name: 'the new one', adapter: 'labor-soap', settings: settings_ };
    assert.equal((await tenant.call('POST', '/v1/connections', draft)).status, 201);
    await tenant.completed(exitId, 20_000);
    assert.equal(dead.received().split('POST').length, before_, 'nothing was sent there since');
    await dead.close();
  });
});
