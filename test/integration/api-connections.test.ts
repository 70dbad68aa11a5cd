// PATCH /v1/connections/{id}: what it takes, what it refuses, and that nothing secret comes out.
import assert from 'node:assert/strict';
import { useApi } from '../support/api.ts';

describe('the API: changes of a connection', () => {
  const changed: string[] = [];
  const api = useApi({ connectionChanged: async (id) => void changed.push(id) });
  async function made(): Promise<{ readonly id: string; readonly path: string }> {
    const settings = { url: 'https://agency.example', key: 'first-secret', version: '2' };
    const { body } = await api.post('/v1/connections', { name: 'Paper', adapter: 'paper', settings });
    return { id: body.id, path: `/v1/connections/${body.id}` };
  }
  const stored = async (id: string) => (await api.store.connections.open(id))?.settings;

  it('lays settings over those that are there, secrets too, and null takes out an optional one', async () => {
    const { id, path } = await made();
    const moved = await api.ask('PATCH', path, { body: { settings: { url: 'https://moved.example' } } });
    assert.equal(moved.status, 200, JSON.stringify(moved.body));
    assert.deepEqual(moved.body.settings, { url: 'https://moved.example', version: '2' });
    assert.ok(!JSON.stringify(moved.body).includes('first-secret'));
    assert.deepEqual(await stored(id), { url: 'https://moved.example', key: 'first-secret', version: '2' });
    await api.ask('PATCH', path, { body: { settings: { key: 'second-secret', version: null } } });
    assert.deepEqual(await stored(id), { url: 'https://moved.example', key: 'second-secret', version: '1' });
    assert.deepEqual(
      changed.filter((each) => each === id),
      [id, id],
    );
  });

  it('takes another name, and asks nobody for that', async () => {
    const { id, path } = await made();
    const { status, body } = await api.ask('PATCH', path, { body: { name: '北京人社' } });
    assert.deepEqual([status, body.name], [200, '北京人社']);
    assert.equal((await api.get(path)).body.name, '北京人社');
    assert.ok(!changed.includes(id));
    assert.deepEqual(await stored(id), { url: 'https://agency.example', key: 'first-secret', version: '2' });
  });

  it('names what it does not take, and leaves all as it was', async () => {
    const { id, path } = await made();
    for (const [body, pointer, code] of [
      [{ settings: { key: null } }, '/settings/key', 'required'],
      [{ settings: { key: 'x' } }, '/settings/key', 'setting_invalid'],
      [{ settings: { sceret: 'x' } }, '/settings/sceret', 'field_unknown_known'],
      [{ region: '11' }, '/region', 'connection_fixed'],
      [{ adapter: 'paper', name: 'x' }, '/adapter', 'connection_fixed'],
      [{ kinds: ['labor_filing'] }, '/kinds', 'connection_fixed'],
      [{ employer_uscc: '91110105MA001234X4' }, '/employer_uscc', 'connection_fixed'],
      [{ name: null }, '/name', 'type_wrong'],
      [{}, '', 'amended_nothing'],
      [{ settings: {} }, '', 'amended_nothing'],
    ] as const) {
      const { status, body: answer } = await api.ask('PATCH', path, { body });
      assert.deepEqual(
        [status, answer.code, answer.errors?.[0]?.pointer, answer.errors?.[0]?.code],
        [422, 'body_invalid', pointer, code],
        JSON.stringify(body),
      );
    }
    assert.deepEqual(await stored(id), { url: 'https://agency.example', key: 'first-secret', version: '2' });
    assert.equal((await api.get(path)).body.name, 'Paper');
  });

  it('lets changes at the same time each have its own', async () => {
    const { id, path } = await made();
    const changes = [{ url: 'https://a.example' }, { key: 'another-secret' }, { version: '7' }];
    const answers = await Promise.all(
      changes.map((settings) => api.ask('PATCH', path, { body: { settings } })),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.deepEqual(await stored(id), { url: 'https://a.example', key: 'another-secret', version: '7' });
  });

  it('knows none that is somebody else’s, or deleted', async () => {
    const { path } = await made();
    const other = await api.keyOf('Somebody else');
    assert.equal((await api.ask('PATCH', path, { key: other, body: { name: 'x' } })).status, 404);
    assert.equal((await api.ask('DELETE', path)).status, 204);
    const gone = await api.ask('PATCH', path, { body: { name: 'x' } });
    assert.deepEqual([gone.status, gone.body.code], [404, 'connection_not_found']);
  });
});
