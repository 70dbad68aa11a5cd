/** POST /v1/exits/{id}/clearances: settling what holds an exit. */
import { z } from 'zod';
import { blockers, type Clearance, type ClearanceFault, clear, type Exit } from '../domain/exit.ts';
import { type Problem, problem } from '../problem.ts';
import type { Caller } from './auth.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { exitExample } from './examples.ts';
import { ExitView, presentExit } from './exit-view.ts';
import { exitId, loadExit } from './exits.ts';
import { externalId, fault, line, text } from './fields.ts';
import type { HttpParts } from './parts.ts';
import { wakeAfter } from './wake.ts';

const ClearanceDraft = z
  .strictObject({
    gate: line(100).meta({ examples: ['open_dispute'] }),
    subject: externalId.optional().meta({ description: 'One item of the gate; without it, all of them' }),
    actor: line(200).meta({ description: 'Who decided' }),
    note: text(2000).optional(),
    documents: z
      .array(
        z.strictObject({
          title: line(200),
          reference: line(500).optional(),
          sha256: z
            .string()
            .toLowerCase()
            .regex(/^[0-9a-f]{64}$/, fault('sha256_invalid'))
            .optional(),
        }),
      )
      .max(20)
      .default([]),
  })
  .meta({ id: 'ClearanceDraft' });

/** Writers of one exit meet seldom, and each loses at most once to each other. */
const TRIES = 5;

export function clearanceEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { store, profiles, clock } = parts;

  async function settle(id: string, clearance: Clearance, caller: Caller) {
    for (let tried = 0; tried < TRIES; tried++) {
      const stored = await loadExit(parts, id, caller);
      const now = clock();
      const change = clear(stored.exit, clearance, now);
      if (typeof change === 'string') throw refusal(change, stored.exit, clearance.gate);
      const committed = await store.exits.save(stored, change, { now });
      if (committed === undefined) continue;
      await wakeAfter(parts, change.exit, committed);
      return { ...stored, exit: change.exit, updatedAt: now };
    }
    throw problem('busy', {}, { headers: { 'Retry-After': '1' } });
  }

  return [
    endpoint({
      method: 'post',
      path: '/v1/exits/{id}/clearances',
      name: 'clearGate',
      tag: 'Exits',
      summary: 'Settle a gate; the last one lets the exit go to filing',
      scope: 'exits:write',
      id: exitId,
      body: ClearanceDraft,
      bodyExample: {
        gate: 'open_dispute',
        subject: 'C-88',
        actor: '合规部 王某',
        note: '已达成和解',
        documents: [{ title: '和解协议', reference: 'DMS-4711' }],
      },
      answer: ExitView,
      answerExample: { ...exitExample, status: 'filing', blockers: [] },
      status: 201,
      problems: ['exit_not_found', 'gate_not_found', 'gate_already_cleared', 'exit_not_gated', 'busy'],
      handler: async ({ id, body, caller, language }) =>
        presentExit(await settle(id, clearanceOf(body), caller), profiles, language),
    }),
  ];
}

function clearanceOf({ gate, subject, actor, note, documents }: z.output<typeof ClearanceDraft>): Clearance {
  return {
    gate,
    actor,
    ...(subject === undefined ? {} : { subject }),
    ...(note === undefined ? {} : { note }),
    documents: documents.map(({ title, reference, sha256 }) => ({
      title,
      ...(reference === undefined ? {} : { reference }),
      ...(sha256 === undefined ? {} : { sha256 }),
    })),
  };
}

function refusal(reason: ClearanceFault, exit: Exit, gate: string): Problem {
  const names = blockers(exit).map(({ code, subject }) => `${code} (${subject})`);
  const open = names.length > 0 ? names.join(', ') : { en: 'none', zh: '无' };
  if (reason === 'no_such_gate') return problem('gate_not_found', { open });
  if (reason === 'already_cleared') return problem('gate_already_cleared', { gate, open });
  return problem('exit_not_gated', { status: exit.status });
}
