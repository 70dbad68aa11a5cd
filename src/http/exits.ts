/** POST, GET /v1/exits · GET /v1/exits/{id} */

import { z } from 'zod';
import { chooseConnection } from '../domain/connections.ts';
import { businessDate } from '../domain/dates.ts';
import { EXIT_STATUSES } from '../domain/exit.ts';
import type { ExitSecret } from '../domain/exit-secret.ts';
import { open } from '../domain/open.ts';
import { type Profile, withOwnGates } from '../domain/profile.ts';
import type { FilingKind } from '../domain/words.ts';
import { type Fault, faultAt } from '../faults.ts';
import { newId, newSerial } from '../ids.ts';
import { problem } from '../problem.ts';
import type { Connection } from '../store/connections.ts';
import { amendExit, checkReason } from './amendments.ts';
import type { Caller } from './auth.ts';
import { exitId, loadExit } from './change.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { invalid } from './errors.ts';
import { exitDraftExample, exitExample, exitSummaryExample, pageExample } from './examples.ts';
import { type ExitDraft, exitDraftSchema, factsOf, itemsOf, personOf } from './exit-draft.ts';
import { ExitSummary, ExitView, presentExit, presentSummary, type Shown } from './exit-view.ts';
import { presentWarnings, warningsOf } from './exit-warnings.ts';
import { externalId } from './fields.ts';
import { pageAfter, pageFrom, pageOf, pageQuery } from './pagination.ts';
import type { HttpParts } from './parts.ts';
import { timeOf } from './time.ts';
import { wakeAfter } from './wake.ts';

export function exitEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store, profiles } = parts;

  async function create(draft: ExitDraft, caller: Caller, now: Date): Promise<Shown> {
    const { orgId, sandbox } = caller;
    const inForce = profiles.inForce(draft.profile, businessDate(now));
    if (inForce === undefined) throw new Error(`no version of profile ${draft.profile} is in force yet`);
    const profile = withOwnGates(inForce, await store.ownGates.rulesFor(orgId, sandbox, draft.profile));
    const configured = await store.connections.list(orgId, sandbox);
    let connections: ReadonlyMap<FilingKind, Connection>;
    try {
      checkReason(profile, draft.reason);
      connections = planConnections(profile, draft, configured);
    } catch (refused) {
      // Today's rules and connections are for new exits; one that is there already goes on as it was planned.
      if ((await store.exits.findByExternalId(orgId, sandbox, draft.external_id)) === undefined)
        throw refused;
      return again(draft, caller);
    }
    const items = itemsOf(draft);
    // Most profiles look at no signal: then nobody is asked for any.
    const signals = profile.gates.some(({ raised_by }) => raised_by === 'signal')
      ? await store.signals.earlier(orgId, sandbox, draft.employee.external_id)
      : [];
    const change = open(factsOf(draft), {
      now,
      profile,
      connections,
      items,
      signals,
      clockWork: parts.clockWork,
      distances: parts.distances,
      newId: (kind) => newId(kind, now),
      newSerial: () => newSerial(now),
    });
    const secret: ExitSecret = {
      person: personOf(draft),
      ...items,
      earlierPersons: [],
      clearances: [],
      answers: [],
    };
    const committed = await store.exits.open(orgId, sandbox, change, secret, now);
    if (committed === undefined) return again(draft, caller);
    await wakeAfter(parts, change.exit, committed);
    return { sandbox, createdAt: now, updatedAt: now, exit: change.exit, secret: () => secret };
  }

  /** HR systems send an approved exit again when it has changed: the same exit, amended. */
  async function again(draft: ExitDraft, caller: Caller): Promise<Shown> {
    const { orgId, sandbox } = caller;
    const id = await store.exits.findByExternalId(orgId, sandbox, draft.external_id);
    if (id === undefined) throw problem('busy', {}, { headers: { 'Retry-After': '1' } });
    return amendExit(parts, id, caller, () => draft);
  }

  return [
    endpoint({
      method: 'post',
      path: '/v1/exits',
      name: 'createExit',
      tag: 'Exits',
      summary: 'Open an exit: raises its gates, plans its filings, and files at once when nothing blocks',
      description:
        'Sent again under the same external_id, it amends the exit that is there (see PATCH), or changes nothing when it says the same.',
      scope: 'exits:write',
      body: exitDraftSchema(profiles.names),
      bodyExample: exitDraftExample,
      answer: ExitView,
      answerExample: exitExample,
      status: 201,
      problems: ['connection_missing', 'exit_cancelled', 'exit_fixed', 'reason_needs_actor', 'busy'],
      handler: async ({ body, caller, language }) => {
        const now = await timeOf(parts, caller);
        const shown = await create(body, caller, now);
        return {
          ...presentExit(shown, language),
          warnings: presentWarnings(warningsOf(body, now), language),
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/exits',
      name: 'listExits',
      tag: 'Exits',
      summary: 'List exits, newest first',
      scope: 'exits:read',
      query: {
        status: z.enum(EXIT_STATUSES).optional(),
        decision: z
          .literal('required')
          .optional()
          .meta({ description: 'Only those whose gates may hold no longer: somebody must clear or release' }),
        external_id: externalId.optional(),
        ...pageQuery,
      },
      cursor: 'cursor',
      answer: pageOf(ExitSummary),
      answerExample: pageExample(exitSummaryExample),
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({ query: { status, decision, external_id, ...page }, caller, language }) => {
        const { orgId, sandbox } = caller;
        const filter = {
          sandbox,
          ...(status === undefined ? {} : { status }),
          ...(decision === undefined ? {} : { undecidedAt: await timeOf(parts, caller) }),
          ...(external_id === undefined ? {} : { externalId: external_id }),
        };
        const found = await store.exits.list(orgId, filter, pageAfter('exit', page));
        return pageFrom(
          found,
          page.limit,
          ({ exit }) => exit.id,
          (stored) => presentSummary(stored, language),
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
      handler: async ({ id, caller, language }) => presentExit(await loadExit(parts, id, caller), language),
    }),
  ];
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
