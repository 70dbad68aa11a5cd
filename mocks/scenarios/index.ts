// The registry: every scenario of all agencies. Documentation, menus and the magic table are made from it.
import type { Scenario } from '../kernel/scenario.ts';
import { CREDIT_CLERK } from './credit-clerk.ts';
import { CREDIT_STATES } from './credit-state.ts';
import { INSURANCE_CLERK } from './insurance-clerk.ts';
import { INSURANCE_SM2_CLERK } from './insurance-sm2-clerk.ts';
import { INSURANCE_SM2_STATES } from './insurance-sm2-state.ts';
import { INSURANCE_STATES } from './insurance-state.ts';
import { LABOR_CLERK } from './labor-clerk.ts';
import { LABOR_STATES } from './labor-state.ts';

export { EXAM, PROFILES } from './profiles.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...LABOR_CLERK,
  ...LABOR_STATES,
  ...INSURANCE_CLERK,
  ...INSURANCE_STATES,
  ...CREDIT_CLERK,
  ...CREDIT_STATES,
  ...INSURANCE_SM2_CLERK,
  ...INSURANCE_SM2_STATES,
];
