// Control API: what the journal shows of a case, and an exchange looked at again or sent again.
import type { CaseView } from '../kernel/agency.ts';
import { exchange } from '../kernel/exchange.ts';
import { type Exchange, replyBytes } from '../kernel/journal.ts';
import * as control from './control.ts';
import { callOf, inspect } from './inspection.ts';
import { DeskError } from './problem.ts';
import { agencyOf, type Route, type Visit } from './route.ts';
import { sentence } from './scenario-schemas.ts';
import * as schema from './schemas.ts';
import * as view from './views.ts';

const certificateOut = schema.object({
  subject: schema.string,
  issuer: schema.string,
  serial: schema.string,
  not_before: schema.string,
  not_after: schema.string,
});
const inspectionOut = schema.object(
  {
    signature: schema.object(
      {
        verdict: { type: 'string', description: 'valid, none, missing, or the code of the refusal' },
        reason: schema.string,
        form: schema.string,
        certificate: certificateOut,
        signed: { type: 'string', description: 'the bytes that the signature covers, as text' },
        sha256: schema.string,
        opened: schema.string,
      },
      ['verdict', 'form'],
    ),
    schema: schema.object(
      {
        valid: { type: 'boolean' },
        errors: schema.list(
          schema.object(
            { line: { type: 'integer' }, field: schema.string, says: sentence, message: schema.string },
            ['says', 'message'],
          ),
        ),
      },
      ['valid', 'errors'],
    ),
    cut: { type: 'boolean', description: 'the journal keeps the first 64 KiB of a body; this is not all' },
  },
  ['signature', 'schema', 'cut'],
);

export const EVIDENCE_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/cases/{agency}/{id}/exchanges',
    summary: 'Exchanges of the journal that name this case, by its serials or its receipt, oldest first.',
    output: schema.list(schema.exchangeOut),
    status: 200,
    run({ house, sandbox, params }) {
      const agency = agencyOf(house, params.agency);
      const names = namesOf(control.findCase(sandbox, agency, params.id ?? ''));
      return sandbox.journal
        .list({ agency })
        .filter((entry) => mentions(entry, names))
        .map(view.exchangeView);
    },
  },
  {
    method: 'GET',
    path: '/exchanges/{id}/inspection',
    summary: 'Who signed the request, what exactly was signed, and what the published schema says to it.',
    output: inspectionOut,
    status: 200,
    async run(visit) {
      const entry = entryOf(visit);
      if (entry.request.kept === 'nothing') throw secret();
      const seen = await inspect(entry, visit.sandbox.room(entry.agency));
      return { signature: seen.signature, schema: seen.schema, cut: entry.request.kept === 'cut' };
    },
  },
  {
    method: 'POST',
    path: '/exchanges/{id}/replay',
    summary: 'Sends the very same bytes once more, and answers with the new exchange.',
    output: schema.exchangeOut,
    status: 201,
    async run(visit) {
      const { sandbox, base } = visit;
      const entry = entryOf(visit);
      const agency = sandbox.agency(entry.agency);
      if (!agency || entry.request.kept === 'cut')
        throw new DeskError(409, 'EXCHANGE_CUT', {
          en: 'the journal has not kept the whole body',
          zh: '日志未保存完整的报文',
        });
      if (entry.request.kept !== 'all') throw secret();
      const pending = exchange(agency, sandbox, callOf(entry, `${base}/${entry.agency}`));
      // An exchange is noted before its first wait, so the newest entry is this one.
      const [again] = sandbox.journal.list({ agency: entry.agency, limit: 1 });
      await pending;
      if (!again)
        throw new DeskError(500, 'DESK_BROKEN', { en: 'the exchange was not noted', zh: '该次交互未被记录' });
      return view.exchangeView(again);
    },
  },
];

function entryOf({ sandbox, params }: Visit): Exchange {
  const entry = sandbox.journal.get(params.id ?? '');
  if (!entry)
    throw new DeskError(404, 'EXCHANGE_UNKNOWN', {
      en: 'no such exchange; the journal keeps the last 500',
      zh: '没有该次交互；日志只保留最近 500 次',
    });
  return entry;
}

/** By what both sides call it: the agency's receipt and every serial of the client's. */
function namesOf({ serial, receipt, detail }: CaseView): string[] {
  const more = Array.isArray(detail.serials) ? detail.serials.map(String) : [];
  return [...new Set([receipt, serial, ...more])].filter(Boolean);
}

const mentions = ({ request, response }: Exchange, names: readonly string[]) =>
  names.some(
    (name) =>
      request.path.includes(name) ||
      request.body.includes(name) ||
      (response !== undefined && replyBytes(response).includes(name)),
  );

const secret = () =>
  new DeskError(409, 'EXCHANGE_SECRET', {
    en: 'it carried a token, a password or an ID number that could be somebody’s, which the journal does not keep: let the client send it again',
    zh: '该报文带有令牌、密码或可能属于真实个人的证件号码，日志不予保存，请由客户端重新发送',
  });
