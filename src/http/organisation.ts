/** GET, PATCH /v1/organisation: what holds for all exits of a firm, live or test as the key is. */
import { z } from 'zod';
import { RELEASE_POLICIES } from '../domain/release.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import type { HttpParts } from './parts.ts';
import { timeOf } from './time.ts';

const release_policy = z.enum(RELEASE_POLICIES).meta({
  description:
    'At the limit until which gates may hold an exit: `require_decision` asks a person, `auto_release` releases it with every open dispute reserved, and says so in exit.released',
});
const OrganisationView = z.object({ release_policy }).meta({ id: 'Organisation' });
const OrganisationDraft = z.strictObject({ release_policy }).meta({ id: 'OrganisationDraft' });

export function organisationEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store } = parts;
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
      handler: async ({ body, caller }) => {
        const now = await timeOf(parts, caller);
        await store.organisations.setReleasePolicy(caller.orgId, caller.sandbox, body.release_policy, now);
        return body;
      },
    }),
  ];
}
