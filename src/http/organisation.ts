/** GET, PATCH /v1/organisation: what holds for all exits of a firm, live or test as the key is. */
import { z } from 'zod';
import { RELEASE_POLICIES } from '../domain/release.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import type { HttpParts } from './parts.ts';

const release_policy = z.enum(RELEASE_POLICIES).meta({
  description:
    'At the limit until which gates may hold an exit: `require_decision` asks a person, `auto_release` releases it with every open dispute reserved, and says so in exit.released',
});
const OrganisationView = z.object({ release_policy }).meta({ id: 'Organisation' });
const OrganisationDraft = z.strictObject({ release_policy }).meta({ id: 'OrganisationDraft' });

export function organisationEndpoints({ store, clock }: HttpParts): readonly Endpoint[] {
  const common = {
    path: '/v1/organisation',
    tag: 'Organisation',
    answer: OrganisationView,
    status: 200,
    problems: [],
  } as const;
  return [
    endpoint({
      ...common,
      method: 'get',
      name: 'getOrganisation',
      summary: 'Read what holds for all exits of the organisation',
      scope: 'exits:read',
      answerExample: { release_policy: 'require_decision' },
      handler: async ({ caller: { orgId, sandbox } }) => ({
        release_policy: await store.organisations.releasePolicy(orgId, sandbox),
      }),
    }),
    endpoint({
      ...common,
      method: 'patch',
      name: 'changeOrganisation',
      summary: 'Change what holds for all exits of the organisation',
      scope: 'organisation',
      body: OrganisationDraft,
      bodyExample: { release_policy: 'auto_release' },
      answerExample: { release_policy: 'auto_release' },
      handler: async ({ body, caller: { orgId, sandbox } }) => {
        await store.organisations.setReleasePolicy(orgId, sandbox, body.release_policy, clock());
        return body;
      },
    }),
  ];
}
