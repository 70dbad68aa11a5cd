/** What a connection to a labour filing agency is configured with. */
import { z } from 'zod';
import { checkIdentity, signedConnection } from '../settings.ts';
import { REASON_TABLES } from './map.ts';

const versions = Object.keys(REASON_TABLES);

export const settings = z
  .object({
    ...signedConnection('labor.agency.mock'),
    reason_version: z
      .enum(versions, `must be a version of the table of reasons: ${versions.join(' or ')}`)
      .default('1')
      .describe("Version of the agency's table of reasons"),
    timeout: z
      .int('must be whole seconds')
      .min(1, 'must be 1 second or more')
      .max(30, 'must be 30 seconds or fewer')
      .default(20)
      .describe('Seconds that one request may take'),
  })
  .superRefine((value, context) => {
    // zod goes on to the whole after a part has failed its refinement.
    if (context.issues.length === 0) checkIdentity(value, context);
  });
