/** POST /v1/exits/{id}/clearances: settling what holds an exit, and taking that back. */
import { z } from 'zod';
import { type ClearanceFault, clear } from '../domain/clearance.ts';
import { blockers, type Exit } from '../domain/exit.ts';
import { CLEARANCE_DECISIONS, type Clearance } from '../domain/exit-secret.ts';
import { faultAt } from '../faults.ts';
import { type Problem, problem } from '../problem.ts';
import { changeExit, exitId, shortList } from './change.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { invalid } from './errors.ts';
import { exitExample } from './examples.ts';
import { ExitView, presentExit } from './exit-view.ts';
import { externalId, line, sha256, text } from './fields.ts';
import type { HttpParts } from './parts.ts';

const ClearanceDraft = z
  .strictObject({
    gate: line(100).meta({ examples: ['open_dispute'] }),
    subject: externalId.optional().meta({ description: 'One item of the gate; without it, all of them' }),
    decision: z.enum(CLEARANCE_DECISIONS).default('cleared').meta({
      description:
        '`cleared`: settled by what the gate asks for. `waived`: let go without it; say why in `note`. `revoked`: a clearance is taken back, while nothing is filed.',
    }),
    actor: line(200).meta({ description: 'Who decided' }),
    note: text(2000).optional(),
    documents: z
      .array(
        z.strictObject({
          title: line(200),
          kind: line(100).optional().meta({ description: 'Of the kinds that the gate asks for' }),
          reference: line(500).optional(),
          sha256: sha256.optional(),
        }),
      )
      .max(20)
      .default([]),
  })
  .superRefine(({ decision, note }, context) => {
    if (decision === 'waived' && note === undefined)
      context.addIssue({ code: 'custom', message: 'fault:note_needed', path: ['note'] });
  })
  .meta({ id: 'ClearanceDraft' });

export function clearanceEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { distances } = parts;
  return [
    endpoint({
      method: 'post',
      path: '/v1/exits/{id}/clearances',
      name: 'clearGate',
      tag: 'Exits',
      summary: 'Settle a gate, waive it, or take that back; the last blocker lets the exit go to filing',
      description:
        'When a dispute is settled, titles, references and digests of the documents go along with the filings as a settlement; notes, names and waived gates stay here.',
      scope: 'exits:write',
      id: exitId,
      body: ClearanceDraft,
      bodyExample: {
        gate: 'open_dispute',
        subject: 'C-88',
        actor: '合规部 王某',
        note: '已达成和解',
        documents: [{ title: '和解协议', kind: 'settlement_agreement', reference: 'DMS-4711' }],
      },
      answer: ExitView,
      answerExample: { ...exitExample, status: 'filing', blockers: [] },
      status: 201,
      problems: [
        'exit_not_found',
        'gate_not_found',
        'gate_already_cleared',
        'gate_not_cleared',
        'exit_not_gated',
        'exit_cancelled',
        'clearance_documents_missing',
        'busy',
      ],
      handler: async ({ id, body, caller, language }) => {
        const clearance = readClearance(body);
        const shown = await changeExit(parts, id, caller, ({ exit }, now) => {
          const change = clear(exit, clearance, { now, distances });
          if (typeof change === 'string' || 'fault' in change) throw refusal(change, exit, clearance.gate);
          return change;
        });
        return presentExit(shown, language);
      },
    }),
  ];
}

function readClearance({
  gate,
  subject,
  decision,
  actor,
  note,
  documents,
}: z.output<typeof ClearanceDraft>): Clearance {
  return {
    gate,
    decision,
    actor,
    ...(subject === undefined ? {} : { subject }),
    ...(note === undefined ? {} : { note }),
    documents: documents.map(({ title, kind, reference, sha256: digest }) => ({
      title,
      ...(kind === undefined ? {} : { kind }),
      ...(reference === undefined ? {} : { reference }),
      ...(digest === undefined ? {} : { sha256: digest }),
    })),
  };
}

function refusal(reason: ClearanceFault, exit: Exit, gate: string): Problem {
  const names = blockers(exit).map(({ code, subject }) => `${code} (${subject})`);
  const open = names.length > 0 ? shortList(names) : { en: 'none', zh: '无' };
  if (typeof reason === 'object') {
    const kinds = reason.kinds.join(', ');
    const code = reason.need === 'all' ? 'documents_needed_all' : 'documents_needed_any';
    return invalid('clearance_documents_missing', [faultAt('/documents', code, { kinds })]);
  }
  switch (reason) {
    case 'no_such_gate':
      return problem('gate_not_found', { open });
    case 'already_cleared':
      return problem('gate_already_cleared', { gate, open });
    case 'not_cleared':
      return problem('gate_not_cleared', { gate });
    case 'filing_started':
      return problem('exit_not_gated', { status: exit.status });
    case 'exit_cancelled':
      return problem('exit_cancelled', {});
  }
}
