/** Weights that tests count with: a profile may change its own without changing what they say. */
import type { RiskRules } from '../../src/domain/risk-rules.ts';

export const RISK_RULES: RiskRules = {
  weights: {
    violation: { points: 15, most: 60, yuan_per_point: 10_000 },
    customer_complaint: { points: 10, most: 40, yuan_per_point: 20_000 },
    disciplinary_decision: { points: 20, most: 60 },
    audit_finding: { points: 12, most: 40, yuan_per_point: 20_000 },
    safety_incident: { points: 15, most: 45 },
    data_handling_breach: { points: 20, most: 60 },
    asset_discrepancy: { points: 8, most: 40, yuan_per_point: 5_000 },
    performance_drop: { points: 4, most: 12 },
    attendance_anomaly: { points: 2, most: 10 },
    training_missed: { points: 3, most: 12 },
    contract_clause_acknowledged: { points: 0, most: 0 },
    open_dispute: { points: 20, most: 60, yuan_per_point: 20_000 },
  },
  decay: [
    { days: 365, percent: 50 },
    { days: 730, percent: 25 },
    { days: 1095, percent: 0 },
  ],
  thresholds: { elevated: 30, high: 60 },
};
