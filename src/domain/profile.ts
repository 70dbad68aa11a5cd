/** A profile: an industry's gates, filings and clocks, as dated data (profiles/*.yaml). */
import { z } from 'zod';
import { FILING_KINDS } from './words.ts';

export const Profile = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  title: z.strictObject({ en: z.string(), zh: z.string() }),
  effective_from: z.iso.date(),
  gates: z.array(
    z.strictObject({
      code: z.string().regex(/^[a-z][a-z0-9_]*$/),
      /** What raises it: one gate for each open item of that kind in the exit. */
      raised_by: z.literal('open_dispute'),
      owner: z.string(),
      title: z.strictObject({ en: z.string(), zh: z.string() }),
      clears: z.strictObject({ en: z.string(), zh: z.string() }),
    }),
  ),
  filings: z
    .array(
      z.strictObject({
        kind: z.enum(FILING_KINDS),
        /** Kinds that must be verified first. */
        after: z.array(z.enum(FILING_KINDS)),
        /** Names of clocks in profiles/statutes/clocks.yaml; the nearest decides. */
        clocks: z.array(z.string().regex(/^[a-z][a-z0-9_]*$/)).min(1),
      }),
    )
    .min(1)
    .superRefine((filings, context) => {
      const earlier = new Set<string>();
      for (const [index, filing] of filings.entries()) {
        for (const kind of filing.after)
          if (!earlier.has(kind))
            context.addIssue({
              code: 'custom',
              path: [index, 'after'],
              message: `${kind} is not listed before ${filing.kind}`,
            });
        if (earlier.has(filing.kind))
          context.addIssue({
            code: 'custom',
            path: [index, 'kind'],
            message: `${filing.kind} is listed twice`,
          });
        earlier.add(filing.kind);
      }
    }),
});
export type Profile = z.infer<typeof Profile>;
