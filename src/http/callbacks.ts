/** POST /callbacks/{connection}: what agencies send of their own accord, in the words of their own protocols. */
import { problem } from '../problem.ts';
import { type Endpoint, endpoint, RawAnswer, type RawRequest } from './endpoint.ts';
import { id } from './fields.ts';
import type { CallbackDoor, HttpParts } from './parts.ts';

/** One refusal for all that is not there: nobody learns which connections exist, or what their agencies can. */
const UNKNOWN = 'callback_address_unknown';

export function callbackEndpoints({ callbacks }: Pick<HttpParts, 'callbacks'>): readonly Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/callbacks/{id}',
      name: 'receiveCallback',
      tag: 'Callbacks',
      summary: 'For agencies: tell what has happened to a filing',
      description:
        'The address is the `callback_url` of a connection. Body and answer are those of the agency’s own protocol, and its signature takes the place of an API key. ' +
        'A callback makes the filings that it names be asked about at once; what it says is not taken over. The same one again is acknowledged and does nothing.',
      id: { schema: id('connection'), absent: UNKNOWN },
      raw: true,
      produces: '*/*',
      answer: RawAnswer,
      status: 200,
      problems: [UNKNOWN, 'callback_refused', 'callback_stale'],
      handler: async ({ id, raw }) => {
        const door = await callbacks(id);
        if (door === undefined || raw === undefined) throw problem(UNKNOWN, {});
        return receive(door, raw);
      },
    }),
  ];
}

async function receive(door: CallbackDoor, { method, headers, read }: RawRequest): Promise<RawAnswer> {
  const { kind, answer } = await door({ method, headers, body: await read() });
  if (kind === 'stale') throw problem('callback_stale', {});
  if (answer === undefined) throw problem('callback_refused', {});
  return { ...answer, refused: kind === 'refused' };
}
