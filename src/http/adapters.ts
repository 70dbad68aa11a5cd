/** GET /v1/adapters: what connections can be made to, and what each needs. */
import { z } from 'zod';
import { FILING_KINDS } from '../domain/words.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import type { AdapterManifest, HttpParts } from './parts.ts';

const AdapterView = z
  .object({
    name: z.string(),
    title: z.object({ en: z.string(), zh: z.string() }),
    protocol: z.string(),
    kinds: z.array(z.enum(FILING_KINDS)).readonly(),
    regions: z.array(z.string()).readonly().meta({ description: 'GB/T 2260 codes served, or `*`' }),
    person_fields: z
      .array(z.string())
      .readonly()
      .meta({ description: 'Of the person, only these are handed over' }),
    capabilities: z
      .array(z.string())
      .readonly()
      .meta({ description: 'What it can do beyond filing', examples: [['lookup', 'readBack', 'ping']] }),
    rate: z
      .object({ calls: z.int(), seconds: z.number() })
      .nullable()
      .meta({ description: 'Calls that the agency allows a connection' }),
    settings: z
      .record(z.string(), z.unknown())
      .meta({ description: 'JSON Schema of the settings; those with `secret: true` are never shown again' }),
  })
  .meta({ id: 'Adapter' });

const present = (manifest: AdapterManifest): z.output<typeof AdapterView> => ({
  name: manifest.name,
  title: manifest.title,
  protocol: manifest.protocol,
  kinds: manifest.kinds,
  regions: manifest.regions,
  person_fields: manifest.personFields,
  capabilities: manifest.capabilities,
  rate: manifest.rate === undefined ? null : { calls: manifest.rate.calls, seconds: manifest.rate.seconds },
  // What a schema cannot say in JSON Schema (a key that is the certificate's) is left out, and refused when it is saved.
  settings: z.toJSONSchema(manifest.settings, { io: 'input', unrepresentable: 'any' }),
});

const example = {
  name: 'labor-soap',
  title: { en: 'Labour filing (SOAP)', zh: '劳动用工备案（SOAP）' },
  protocol: 'SOAP 1.1, XML-DSig',
  kinds: ['labor_filing' as const],
  regions: ['*'],
  person_fields: ['name', 'id_type', 'id_number'],
  capabilities: ['lookup', 'amend', 'withdraw', 'readBack', 'ping'],
  rate: { calls: 6000, seconds: 60 },
  settings: {
    type: 'object',
    properties: { url: { type: 'string', format: 'uri' }, key: { type: 'string', secret: true } },
    required: ['url', 'key'],
  },
};

export function adapterEndpoints({ manifests }: HttpParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/adapters',
      name: 'listAdapters',
      tag: 'Connections',
      summary: 'List the adapters with what they can do and the settings that a connection needs',
      scope: 'connections',
      answer: z.object({ data: z.array(AdapterView).readonly() }),
      answerExample: { data: [example] },
      status: 200,
      problems: [],
      handler: async () => ({ data: [...manifests.values()].map(present) }),
    }),
  ];
}
