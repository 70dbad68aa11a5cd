import assert from 'node:assert/strict';
import { expressPath } from '../../../src/http/service.ts';
import { documentOf, validator } from '../../support/document.ts';
import { offlineService } from '../../support/offline.ts';

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
}

describe('the OpenAPI document', () => {
  const { app, endpoints } = offlineService();
  const { document } = documentOf(endpoints);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

  it('describes every route that express serves, and no other', () => {
    const { stack } = app.router as unknown as { readonly stack: readonly Layer[] };
    const served = stack.flatMap(({ route }) =>
      route === undefined ? [] : Object.keys(route.methods).map((method) => `${method} ${route.path}`),
    );
    const described = operations.map(({ path, method }) => `${method} ${expressPath(path)}`);
    assert.deepEqual(served.toSorted(), described.toSorted());
    assert.ok(described.length >= 20);
  });

  it('has examples that its own schemas take', () => {
    let checked = 0;
    for (const { path, method, operation } of operations) {
      const contents = [
        operation.requestBody?.content,
        ...Object.values(operation.responses).map((each) => each.content),
      ];
      for (const { schema, example } of contents.flatMap((each) => Object.values(each ?? {}))) {
        const validate = validator(endpoints, schema);
        if (example === undefined) continue;
        assert.ok(validate(example), `${method} ${path}: ${JSON.stringify(validate.errors)}`);
        checked++;
      }
    }
    assert.ok(checked >= 20, `${checked} examples`);
  });

  it('gives an example of every body, and of every JSON answer but itself', () => {
    for (const { path, method, body, bodyExample, answer, answerExample, produces } of endpoints) {
      if (body !== undefined) assert.notEqual(bodyExample, undefined, `${method} ${path}`);
      if (body !== undefined)
        assert.ok(body.safeParse(bodyExample).success || path === '/v1/connections', path);
      if (answer !== undefined && produces === undefined && path !== '/openapi.json')
        assert.notEqual(answerExample, undefined, `${method} ${path}`);
    }
  });

  it('names every operation once, asks for a scope under /v1, and closes the objects that come in', () => {
    const names = endpoints.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const { path, scope } of endpoints) assert.equal(scope !== undefined, path.startsWith('/v1/'), path);
    for (const { operation } of operations)
      for (const { schema } of Object.values(operation.requestBody?.content ?? {})) {
        const validate = validator(endpoints, schema);
        validate({ no_such_field: 1 });
        assert.ok(validate.errors?.some(({ keyword }) => keyword === 'additionalProperties'));
      }
  });

  it('refers only to what it holds', () => {
    const text = JSON.stringify(document);
    assert.ok(!text.includes('$defs'));
    const { components } = document as unknown as { components: { schemas: Record<string, unknown> } };
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
      assert.ok(name !== undefined && name in components.schemas, name);
  });
});
