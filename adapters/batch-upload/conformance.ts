/** Why the conformance suite cannot drive this adapter. */
import type { WithoutAgency } from '../conformance/description.ts';

export const conformance = {
  withoutAgency: 'a person uploads the file; the adapter itself sends nothing and hears nothing',
} as const satisfies WithoutAgency;
