// Control API: where agencies call back, and what they have sent.
import { type AddressInput, callTo } from './control.ts';
import { DeskError } from './problem.ts';
import { agencyOf, type Route, type Visit } from './route.ts';
import { agency, list, nonEmpty, object, string, uscc } from './schemas.ts';

export const addressInput = object({ agency, url: nonEmpty, uscc }, ['agency', 'url']);
const subscription = object({ agency, url: string, uscc }, ['agency', 'url']);
const deliveryOut = object(
  { id: string, agency, uscc, subject: string, url: string, body: string, fault: string, outcome: string },
  ['id', 'agency', 'subject', 'url', 'body'],
);

const view = ({ sandbox }: Visit) =>
  sandbox.callbacks.list().map((row) => ({ agency: row.agency, url: row.url, uscc: row.unit }));

export const CALLBACK_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/callbacks',
    summary: 'Addresses that agencies call when a case changes.',
    output: list(subscription),
    status: 200,
    run: view,
  },
  {
    method: 'PUT',
    path: '/callbacks',
    summary: 'Leaves an address with an agency that calls back, for one unit or for all.',
    input: addressInput,
    output: list(subscription),
    status: 200,
    run(visit, body: AddressInput) {
      const { house, sandbox } = visit;
      agencyOf(house, body.agency);
      if (house.hosting.isPublic)
        throw new DeskError(403, 'NOT_IN_PUBLIC', {
          en: 'callbacks are for agencies run locally',
          zh: '回调仅适用于本机运行的模拟机构',
        });
      callTo(sandbox, body);
      return view(visit);
    },
  },
  {
    method: 'DELETE',
    path: '/callbacks/{agency}',
    summary: 'Takes the address away; of one unit with uscc.',
    query: { uscc: 'the unit whose own address it is' },
    output: list(subscription),
    status: 200,
    run(visit) {
      const { house, sandbox, params, query } = visit;
      const gone = sandbox.callbacks.unsubscribe(
        agencyOf(house, params.agency),
        query.get('uscc') ?? undefined,
      );
      if (!gone)
        throw new DeskError(404, 'CALLBACK_UNKNOWN', {
          en: 'no such address was left',
          zh: '没有登记过该回调地址',
        });
      return view(visit);
    },
  },
  {
    method: 'GET',
    path: '/callbacks/deliveries',
    summary: 'What was sent, in order, with what came back and the fault that struck.',
    output: list(deliveryOut),
    status: 200,
    async run({ sandbox }) {
      await sandbox.callbacks.flush();
      return sandbox.callbacks.deliveries().map((row) => ({
        id: row.id,
        agency: row.agency,
        uscc: row.unit,
        subject: row.subject,
        url: row.url,
        body: row.body,
        fault: row.fault,
        outcome: row.outcome,
      }));
    },
  },
];
