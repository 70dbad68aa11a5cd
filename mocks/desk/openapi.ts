// OpenAPI 3.1 of the control API, from the table of routes.
import { ROUTES } from './routes.ts';
import { problemOut, type Schema } from './schemas.ts';

export function openapi(base: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of ROUTES) {
    const parameters = [
      ...[...route.path.matchAll(/\{(\w+)\}/g)].map((match) => parameter(match[1] ?? '', 'path', true)),
      ...Object.entries(route.query ?? {}).map(([name, description]) => ({
        ...parameter(name, 'query', description === 'required'),
        description,
      })),
    ];
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: {
        summary: route.summary,
        ...(parameters.length > 0 ? { parameters } : {}),
        ...(route.input
          ? { requestBody: { required: true, content: { 'application/json': { schema: route.input } } } }
          : {}),
        responses: {
          [route.status]: {
            description: 'stream' in route ? 'An event changed for each; its data is this.' : 'Done.',
            content: {
              ['stream' in route ? 'text/event-stream' : 'application/json']: { schema: route.output },
            },
          },
          default: {
            description: 'A code and a sentence.',
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Exitgate mock agencies: desk',
      version: '1',
      description:
        'Controls one sandbox of the mock agencies: time, faults, clerk, rolls, identities, journal.',
    },
    servers: [
      { url: base, description: 'this sandbox' },
      { url: '/s/{sandbox}', variables: { sandbox: { default: 'default' } } },
    ],
    paths,
    components: { schemas: { Problem: problemOut } },
  };
}

const parameter = (name: string, place: string, required: boolean) => ({
  name,
  in: place,
  required,
  schema: { type: 'string' },
});
