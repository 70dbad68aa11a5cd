/** POST, GET /v1/exits · GET /v1/exits/{id} */

import { z } from 'zod';
import { chooseConnection } from '../domain/connections.ts';
import { businessDate } from '../domain/dates.ts';
import { EXIT_STATUSES, open } from '../domain/exit.ts';
import type { Profile } from '../domain/profile.ts';
import type { FilingKind } from '../domain/words.ts';
import { type Fault, faultAt } from '../faults.ts';
import { newId } from '../ids.ts';
import { problem } from '../problem.ts';
import type { Connection } from '../store/connections.ts';
import type { ExitSecret } from '../store/exits.ts';
import type { Caller } from './auth.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { invalid } from './errors.ts';
import { exitDraftExample, exitExample, exitSummaryExample, pageExample } from './examples.ts';
import { type ExitDraft, exitDraftSchema, factsOf, personOf } from './exit-draft.ts';
import { ExitSummary, ExitView, presentExit, presentSummary } from './exit-view.ts';
import { presentWarnings, warningsOf } from './exit-warnings.ts';
import { externalId, id } from './fields.ts';
import { pageAfter, pageFrom, pageOf, pageQuery } from './pagination.ts';
import type { HttpParts } from './parts.ts';
import { wakeAfter } from './wake.ts';

export const exitId = { schema: id('exit'), absent: 'exit_not_found' } as const;

export function exitEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store, profiles, clock } = parts;

  async function create(draft: ExitDraft, caller: Caller) {
    const { orgId, sandbox } = caller;
    const now = clock();
    const profile = profiles.inForce(draft.profile, businessDate(now));
    if (profile === undefined) throw new Error(`no version of profile ${draft.profile} is in force yet`);
    const connections = planConnections(profile, draft, await store.connections.list(orgId, sandbox));
    const disputes = draft.disputes.map(({ amount, ...dispute }) => ({
      ...dispute,
      ...(amount === undefined ? {} : { amount }),
    }));
    const change = open(factsOf(draft), {
      now,
      profile,
      connections,
      disputes,
      clockWork: parts.clockWork,
      distances: parts.distances,
      newId: (kind) => newId(kind, now),
      newSerial: () => newId('filing', now).replace(/^fil_/, 'EG-').toUpperCase(),
    });
    const secret: ExitSecret = { person: personOf(draft), disputes };
    const committed = await store.exits.open(orgId, sandbox, change, secret, now);
    if (committed === undefined) throw await existing(draft, caller);
    await wakeAfter(parts, change.exit, committed);
    return { sandbox, createdAt: now, updatedAt: now, exit: change.exit, secret: () => secret };
  }

  async function existing(draft: ExitDraft, { orgId, sandbox }: Caller) {
    const exit_id = (await store.exits.findByExternalId(orgId, sandbox, draft.external_id)) ?? '';
    return problem('exit_exists', { exit_id }, { members: { exit_id } });
  }

  return [
    endpoint({
      method: 'post',
      path: '/v1/exits',
      name: 'createExit',
      tag: 'Exits',
      summary: 'Open an exit: raises its gates, plans its filings, and files at once when nothing blocks',
      scope: 'exits:write',
      body: exitDraftSchema(profiles.names),
      bodyExample: exitDraftExample,
      answer: ExitView,
      answerExample: exitExample,
      status: 201,
      problems: ['connection_missing', 'exit_exists'],
      handler: async ({ body, caller, language }) => ({
        ...presentExit(await create(body, caller), profiles, language),
        warnings: presentWarnings(warningsOf(body), language),
      }),
    }),
    endpoint({
      method: 'get',
      path: '/v1/exits',
      name: 'listExits',
      tag: 'Exits',
      summary: 'List exits, newest first',
      scope: 'exits:read',
      query: { status: z.enum(EXIT_STATUSES).optional(), external_id: externalId.optional(), ...pageQuery },
      cursor: 'cursor',
      answer: pageOf(ExitSummary),
      answerExample: pageExample(exitSummaryExample),
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({ query: { status, external_id, ...page }, caller: { orgId, sandbox }, language }) => {
        const filter = {
          sandbox,
          ...(status === undefined ? {} : { status }),
          ...(external_id === undefined ? {} : { externalId: external_id }),
        };
        const found = await store.exits.list(orgId, filter, pageAfter('exit', page));
        return pageFrom(
          found,
          page.limit,
          ({ exit }) => exit.id,
          (stored) => presentSummary(stored, profiles, language),
        );
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/exits/{id}',
      name: 'getExit',
      tag: 'Exits',
      summary: 'Read an exit',
      scope: 'exits:read',
      id: exitId,
      answer: ExitView,
      answerExample: exitExample,
      status: 200,
      problems: ['exit_not_found'],
      handler: async ({ id, caller, language }) =>
        presentExit(await loadExit(parts, id, caller), profiles, language),
    }),
  ];
}

/** @throws Problem when the organisation has none, or one of the other world (test or live). */
export async function loadExit({ store }: HttpParts, id: string, { orgId, sandbox }: Caller) {
  const stored = await store.exits.load(orgId, id);
  if (stored === undefined || stored.sandbox !== sandbox) throw problem('exit_not_found', {});
  return stored;
}

/** @throws Problem that names each kind for which nobody could be found. */
function planConnections(profile: Profile, { employer }: ExitDraft, configured: readonly Connection[]) {
  const plan = new Map<FilingKind, Connection>();
  const faults: Fault[] = [];
  for (const { kind } of profile.filings) {
    const connection = chooseConnection(kind, employer, configured);
    if (connection !== undefined) plan.set(kind, connection);
    else {
      const { uscc, region } = employer;
      faults.push(faultAt('/employer', 'connection_missing', { kind, employer: uscc, region }));
    }
  }
  if (faults.length > 0) throw invalid('connection_missing', faults);
  return plan;
}
