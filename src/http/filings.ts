/** GET /v1/filings · GET /v1/filings/{id} */
import { z } from 'zod';
import { FILING_STATES } from '../domain/filing.ts';
import { FILING_KINDS } from '../domain/words.ts';
import { problem } from '../problem.ts';
import type { ListedFiling } from '../store/filings.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { filingExample, filingWithAttemptsExample, pageExample } from './examples.ts';
import { id, instant } from './fields.ts';
import {
  AttemptView,
  CorrectionInWords,
  FilingView,
  presentAttempt,
  presentCorrection,
  presentFiling,
} from './filing-view.ts';
import { pageAfter, pageFrom, pageOf, pageQuery } from './pagination.ts';
import type { HttpParts } from './parts.ts';

export const filingId = { schema: id('filing'), absent: 'filing_not_found' } as const;

const ASKED = 'filing.correction_requested';

const updated = { updated_at: instant };
const ListedFilingView = FilingView.extend(updated).meta({ id: 'ListedFiling' });
const FilingWithAttempts = FilingView.extend({
  ...updated,
  correction: CorrectionInWords.nullable().meta({
    description: 'What the agency asks for before it decides, and why',
  }),
  attempt_log: z.array(AttemptView).meta({ description: 'Every call to the agency, oldest first' }),
}).meta({ id: 'FilingWithAttempts' });

const present = ({ exitId, filing, updatedAt }: ListedFiling) => ({
  ...presentFiling(exitId, filing),
  updated_at: updatedAt.toISOString(),
});

export function filingEndpoints({ store }: HttpParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/filings',
      name: 'listFilings',
      tag: 'Filings',
      summary: 'List filings, newest first',
      scope: 'exits:read',
      query: {
        state: z.enum(FILING_STATES).optional(),
        kind: z.enum(FILING_KINDS).optional(),
        exit_id: id('exit').optional(),
        ...pageQuery,
      },
      cursor: 'cursor',
      answer: pageOf(ListedFilingView),
      answerExample: pageExample({ ...filingExample, updated_at: filingWithAttemptsExample.updated_at }),
      status: 200,
      problems: ['cursor_invalid'],
      handler: async ({ query: { state, kind, exit_id, ...page }, caller: { orgId, sandbox } }) => {
        const filter = {
          sandbox,
          ...(state === undefined ? {} : { state }),
          ...(kind === undefined ? {} : { kind }),
          ...(exit_id === undefined ? {} : { exitId: exit_id }),
        };
        const found = await store.filings.list(orgId, filter, pageAfter('filing', page));
        return pageFrom(found, page.limit, ({ filing }) => filing.id, present);
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/filings/{id}',
      name: 'getFiling',
      tag: 'Filings',
      summary: 'Read a filing with every attempt',
      scope: 'exits:read',
      id: filingId,
      answer: FilingWithAttempts,
      answerExample: filingWithAttemptsExample,
      status: 200,
      problems: ['filing_not_found'],
      handler: async ({ id, caller: { orgId, sandbox } }) => {
        const listed = await store.filings.load(orgId, id, sandbox);
        if (listed === undefined) throw problem('filing_not_found', {});
        const attempts = await store.filings.attempts(orgId, id);
        const { exitId } = listed;
        const shown = present(listed);
        const asked =
          shown.correction && (await store.events.latest(orgId, { exitId, filingId: id, type: ASKED }));
        return {
          ...shown,
          correction: presentCorrection(shown.correction, asked?.data),
          attempt_log: attempts.map(presentAttempt),
        };
      },
    }),
  ];
}
