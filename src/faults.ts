/**
 * The catalogue of what can be wrong with one field, and of warnings: code → a sentence that says the fix, in English
 * and Chinese. Codes are public: one that is retired is never used again.
 */
import { FORM_FAULTS } from './faults/forms.ts';
import { MEANING_FAULTS } from './faults/meanings.ts';
import { UPLOAD_FAULTS } from './faults/uploads.ts';
import { WARNINGS } from './faults/warnings.ts';
import type { SlotNames, Slots } from './language.ts';

export { WARNINGS };
export const FAULTS = { ...FORM_FAULTS, ...MEANING_FAULTS, ...UPLOAD_FAULTS } as const;

export type FaultCode = keyof typeof FAULTS;
export type WarningCode = keyof typeof WARNINGS;

/** One thing wrong, where, in no language yet. `pointer` is RFC 6901 into the body, `parameter` a query parameter or header. */
export interface Fault {
  readonly code: FaultCode;
  readonly slots: Slots;
  readonly pointer?: string;
  readonly parameter?: string;
}

export interface Warning {
  readonly code: WarningCode;
  readonly slots: Slots;
  readonly pointer: string;
}

type Needs<Code extends FaultCode> = Record<SlotNames<(typeof FAULTS)[Code]['en']>, Slots[string]>;

/** A fault at a place in the body. */
export function faultAt<Code extends FaultCode>(pointer: string, code: Code, slots: Needs<Code>): Fault {
  return { code, slots, pointer };
}
