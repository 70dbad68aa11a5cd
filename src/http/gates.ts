/** POST, GET /v1/gates · GET, DELETE /v1/gates/{id}: a firm's own gates beside those of a profile. */
import { z } from 'zod';
import { CHINESE, checkGate, ENGLISH, GATE_SOURCES, gateFields, HOLDS } from '../domain/gate-rule.ts';
import type { Profiles } from '../domain/profile.ts';
import { problem } from '../problem.ts';
import type { OwnGate } from '../store/own-gates.ts';
import type { Caller } from './auth.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { pageExample } from './examples.ts';
import { fault, id, instant, line } from './fields.ts';
import { pageAfter, pageFrom, pageOf, pageQuery, pageWithin } from './pagination.ts';
import type { HttpParts } from './parts.ts';
import { ownGateDraftExample, ownGateExample } from './profile-examples.ts';

const words = z.strictObject({
  en: line(300).regex(ENGLISH, fault('words_not_english')),
  zh: line(300).regex(CHINESE, fault('words_not_chinese')),
});

/** A profile's rule of a gate, with the codes that are known here, and the profiles it belongs to. */
const ownGateDraft = ({ names, vocabulary: { terms } }: Profiles) =>
  z
    .strictObject({
      ...gateFields(words),
      owner: z
        .enum(Object.keys(terms.departments))
        .meta({ description: 'The department that settles it, by its code' }),
      documents: z
        .strictObject({
          need: z.enum(['any', 'all']),
          kinds: z
            .array(z.enum(Object.keys(terms.documents)))
            .min(1)
            .max(20),
        })
        .optional()
        .meta({ description: 'What a clearance must name; left out: nothing' }),
      profiles: z
        .array(z.enum(names, fault('profile_unknown')))
        .max(100)
        .transform((given) => [...new Set(given)])
        .default([])
        .meta({ description: 'Empty: all' }),
    })
    .superRefine(checkGate)
    .meta({ id: 'OwnGateDraft' });
type OwnGateDraft = z.output<ReturnType<typeof ownGateDraft>>;

const text = z.object({ en: z.string(), zh: z.string() });
const OwnGateView = z
  .object({
    id: id('rule'),
    code: z.string(),
    profiles: z.array(z.string()).meta({ description: 'Empty: all' }),
    owner: z.string(),
    raised_by: z.enum(GATE_SOURCES),
    kinds: z.array(z.string()).nullable().meta({ description: 'Null: every kind' }),
    within_days: z.int().nullable().meta({ description: 'Null: for ever' }),
    items: z.array(z.object({ code: z.string(), title: text })),
    title: text,
    clears: text,
    documents: z.object({ need: z.enum(['any', 'all']), kinds: z.array(z.string()) }).nullable(),
    holds: z.enum(HOLDS),
    created_at: instant,
  })
  .meta({ id: 'OwnGate' });

const present = ({ id, profiles, rule, createdAt }: OwnGate): z.output<typeof OwnGateView> => ({
  id,
  code: rule.code,
  profiles: [...profiles],
  owner: rule.owner,
  raised_by: rule.raised_by,
  kinds: rule.kinds ?? null,
  within_days: rule.within_days ?? null,
  items: (rule.items ?? []).map(({ code, title: { en, zh } }) => ({ code, title: { en, zh } })),
  title: { en: rule.title.en, zh: rule.title.zh },
  clears: { en: rule.clears.en, zh: rule.clears.zh },
  documents: rule.documents === undefined ? null : { need: rule.documents.need, kinds: rule.documents.kinds },
  holds: rule.holds,
  created_at: createdAt.toISOString(),
});

const path = '/v1/gates';
const tag = 'Profiles';
const one = { schema: id('rule'), absent: 'own_gate_not_found' } as const;

export function gateEndpoints({ store, profiles }: HttpParts): readonly Endpoint[] {
  async function create(
    { profiles: of, ...rule }: OwnGateDraft,
    { orgId, sandbox }: Caller,
  ): Promise<OwnGate> {
    const { code } = rule;
    const user = profiles.all.find(({ gates }) => gates.some((gate) => gate.code === code));
    if (user !== undefined) throw problem('gate_of_profile', { code, profile: user.name });
    const created = await store.ownGates.create(orgId, sandbox, { rule, profiles: of });
    if (created !== undefined) return created;
    const known = (await store.ownGates.list(orgId, sandbox)).find((each) => each.rule.code === code);
    throw problem('own_gate_exists', { code }, known === undefined ? {} : { members: { gate_id: known.id } });
  }

  return [
    endpoint({
      tag,
      scope: 'exits:write',
      method: 'post',
      path,
      name: 'createGate',
      summary: 'Add a gate of your own, for the exits that are opened from now on',
      description:
        'It is raised beside the gates of the profile, by the same rules. Exits that are open already do not know it.',
      body: ownGateDraft(profiles),
      bodyExample: ownGateDraftExample,
      answer: OwnGateView,
      answerExample: ownGateExample,
      status: 201,
      problems: ['gate_of_profile', 'own_gate_exists'],
      handler: async ({ body, caller }) => present(await create(body, caller)),
    }),
    endpoint({
      tag,
      scope: 'exits:read',
      method: 'get',
      path,
      name: 'listGates',
      summary: 'List your own gates, newest first',
      query: pageQuery,
      cursor: 'cursor',
      answer: pageOf(OwnGateView),
      answerExample: pageExample(ownGateExample),
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({ query, caller: { orgId, sandbox } }) => {
        const found = pageWithin(await store.ownGates.list(orgId, sandbox), pageAfter('rule', query));
        return pageFrom(found, query.limit, (each) => each.id, present);
      },
    }),
    endpoint({
      tag,
      scope: 'exits:read',
      method: 'get',
      path: `${path}/{id}`,
      name: 'getGate',
      summary: 'Read a gate of your own',
      id: one,
      answer: OwnGateView,
      answerExample: ownGateExample,
      status: 200,
      problems: [one.absent],
      handler: async ({ id, caller: { orgId, sandbox } }) => {
        const found = (await store.ownGates.list(orgId, sandbox)).find((each) => each.id === id);
        if (found === undefined) throw problem(one.absent, {});
        return present(found);
      },
    }),
    endpoint({
      tag,
      scope: 'exits:write',
      method: 'delete',
      path: `${path}/{id}`,
      name: 'deleteGate',
      summary: 'Delete a gate of your own; exits that are open keep theirs',
      id: one,
      status: 204,
      problems: [one.absent],
      handler: async ({ id, caller: { orgId, sandbox } }) => {
        if (!(await store.ownGates.remove(orgId, sandbox, id))) throw problem(one.absent, {});
        return undefined;
      },
    }),
  ];
}
