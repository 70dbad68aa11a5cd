/** Webhooks over the whole way: signed, in order within an exit, patient with endpoints that fail, and nobody's hostage. */
import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import type { Tenant } from '../support/gateway.ts';
import { useGateway } from '../support/site.ts';

/** Jitter far outside its range: 5 s become 20 ms and 5 min become 1.2 s, and the schedule keeps its order. */
const HURRIED = -1.99;

describe('webhooks', function () {
  this.timeout(120_000);
  const site = useGateway({}, { random: () => HURRIED });
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await site.newTenant();
  });

  const deliveries = async (exitId: string) =>
    (await tenant.call('GET', `/v1/deliveries?exit_id=${exitId}&limit=100`)).body.data;
  const delivered = (exitId: string) =>
    eventually(() => tenant.core.taken(exitId).at(-1)?.type === 'exit.completed', {
      what: 'the last webhook',
    });
  const assertInOrder = (exitId: string) => {
    const sequences = tenant.core.taken(exitId).map(({ sequence }) => sequence);
    assert.deepEqual(
      sequences,
      sequences.map((_, index) => index + 1),
    );
    assert.equal(tenant.core.refused(), 0, 'a signature did not verify');
  };

  it('are tried again when the endpoint answers 500, and what comes later waits its turn', async () => {
    tenant.core.answer((event, earlier) => (event.type === 'exit.filing_started' && earlier < 2 ? 500 : 204));
    const exitId = await tenant.open();
    await delivered(exitId);
    assertInOrder(exitId);
    const arrived = tenant.core.tries.map(({ event, status }) => `${event.sequence} ${status}`);
    assert.deepEqual(arrived.slice(0, 5), ['1 204', '2 500', '2 500', '2 204', '3 204']);
    const second = (await deliveries(exitId)).find((each: { sequence: number }) => each.sequence === 2);
    assert.deepEqual(
      second.log.map((each: { status: number }) => each.status),
      [500, 500, 204],
    );
    assert.equal(second.state, 'delivered');
    const [times] = [tenant.core.tries.filter(({ event }) => event.sequence === 2)];
    assert.equal(new Set(times.map(({ headers }) => headers['webhook-id'])).size, 1);
  });

  it('of one exit that nobody takes hold up no other exit', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let slow = '';
    tenant.core.answer(async (event) => {
      slow ||= event.exit_id;
      if (event.exit_id === slow) await held;
      return 204;
    });
    const [first, ...others] = await Promise.all([tenant.open(), tenant.open(), tenant.open()]);
    await eventually(() => slow !== '', { what: 'the first webhook' });
    const quick = [first, ...others].filter((id) => id !== slow);
    await Promise.all([...quick, slow].map((id) => tenant.completed(id ?? '')));
    for (const id of quick) await delivered(id ?? '');
    assert.deepEqual(tenant.core.taken(slow), []);
    release();
    await delivered(slow);
    for (const id of [...quick, slow]) assertInOrder(id ?? '');
  });

  it('end when the endpoint says 410 Gone: it is disabled and not called again', async () => {
    tenant.core.answer(() => 410);
    const exitId = await tenant.open();
    const status = async () =>
      (await tenant.call('GET', `/v1/webhook-endpoints/${tenant.endpointId}`)).body.status;
    await eventually(async () => (await status()) === 'disabled', { every: 50 });
    await tenant.completed(exitId);
    assert.equal(tenant.core.tries.length, 1);
    const [first] = (await deliveries(exitId)).filter((each: { sequence: number }) => each.sequence === 1);
    assert.deepEqual([first.state, first.last_status], ['failed', 410]);
    const next = await tenant.open();
    await tenant.completed(next);
    assert.deepEqual(await deliveries(next), [], 'a disabled endpoint was given more');
    assert.equal(tenant.core.tries.length, 1);
  });

  it('do not follow a redirect, and the log says so', async () => {
    tenant.core.answer(() => ({ status: 302, headers: { location: `${tenant.core.url}/elsewhere` } }));
    const exitId = await tenant.open();
    const tried = await eventually(
      async () => (await deliveries(exitId)).find((each: { last_error: unknown }) => each.last_error),
      { what: 'a failed delivery', every: 50 },
    );
    assert.match(tried.last_error, /answered 302: redirects are not followed/);
    assert.deepEqual([...new Set(tenant.core.tries.map(({ path }) => path))], ['/exitgate']);
  });

  it('that wait for a deleted endpoint are cancelled', async () => {
    let deleted = () => {};
    const gone = new Promise<void>((resolve) => {
      deleted = resolve;
    });
    let calls = 0;
    tenant.core.answer(async () => {
      calls++;
      await gone; // the first one is on its way while its endpoint is deleted
      return 503;
    });
    const exitId = await tenant.open();
    await eventually(() => calls > 0);
    const { status } = await tenant.call('DELETE', `/v1/webhook-endpoints/${tenant.endpointId}`);
    assert.equal(status, 204);
    deleted();
    await eventually(
      async () => (await deliveries(exitId)).some((each: { attempts: number }) => each.attempts > 0),
      {
        every: 50,
      },
    );
    await tenant.completed(exitId);
    await eventually(
      async () => {
        const states = (await deliveries(exitId)).map((each: { state: string }) => each.state);
        return states.length > 0 && states.every((state: string) => state === 'cancelled');
      },
      { what: 'every delivery cancelled', every: 50 },
    );
    const before = tenant.core.tries.length;
    tenant.core.answer(() => 204);
    const next = await tenant.open();
    await tenant.completed(next);
    assert.equal(tenant.core.tries.length, before, 'a deleted endpoint was called');
  });
});
