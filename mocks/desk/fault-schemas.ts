// JSON Schemas of the control API: faults.
import { KINDS, PHASES } from '../kernel/fault-kinds.ts';
import { PRESETS } from '../kernel/presets.ts';
import { agency, day, duration, instant, integer, list, nonEmpty, object, string, words } from './schemas.ts';

export const faultInput = object(
  {
    fault: {
      oneOf: [
        words(...Object.keys(PRESETS)),
        object(
          {
            phase: words(...PHASES),
            kind: words(...Object.keys(KINDS)),
            status: integer(200, 599),
            body: { type: 'string', maxLength: 100_000 },
            headers: { type: 'object', additionalProperties: string },
            retry_after: integer(0, 86_400),
            delay_ms: integer(0, 600_000),
            code: nonEmpty,
            reason: nonEmpty,
          },
          ['phase', 'kind'],
        ),
      ],
    },
    agency,
    operation: { ...nonEmpty, description: 'SubmitTermination, stop, submitRegistrationChange' },
    times: integer(1, 10_000),
    nth: integer(1, 10_000),
    probability: { type: 'number', exclusiveMinimum: 0, maximum: 1, description: 'drawn from the seed' },
    ttl: duration,
    id: nonEmpty,
    code: nonEmpty,
    field: nonEmpty,
    reason: nonEmpty,
    due: day,
  },
  ['fault'],
);
export const faultOut = object(
  {
    id: string,
    preset: string,
    layer: string,
    phase: string,
    kind: string,
    agency,
    operation: string,
    nth: integer(1, 10_000),
    probability: { type: 'number' },
    seen: { type: 'integer' },
    remaining: { type: 'integer' },
    expires_at: instant,
  },
  ['id', 'phase', 'kind', 'remaining', 'expires_at'],
);
export const faultKindsOut = object(
  {
    kinds: list(
      object(
        {
          kind: string,
          layer: string,
          phases: list(string),
          operations: { type: 'object', additionalProperties: list(string) },
        },
        ['kind', 'layer', 'phases', 'operations'],
      ),
    ),
    presets: list(object({ preset: string, kind: string, phase: string }, ['preset', 'kind', 'phase'])),
  },
  ['kinds', 'presets'],
);
