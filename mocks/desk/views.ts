// What leaves the desk, written out field by field.
import type { AgencyName, CaseView, Membership } from '../kernel/agency.ts';
import type { Armed } from '../kernel/director.ts';
import type { Fault, FaultEffect } from '../kernel/faults.ts';
import type { Exchange } from '../kernel/journal.ts';
import { replyBytes } from '../kernel/journal.ts';
import { PRESETS } from '../kernel/presets.ts';
import type { Sandbox, SandboxState } from '../kernel/sandbox.ts';
import type { Scenario } from '../kernel/scenario.ts';
import type { Dispute } from '../labor/disputes.ts';
import { stepsOf } from '../scenarios/document.ts';
import { magicNumber } from '../scenarios/magic.ts';
import { fieldsOf } from './form-fields.ts';
import type { Sm2Client } from './handle.ts';
import type { readWindow } from './windows.ts';

const UPCOMING_SHOWN = 100;

export const sandboxView = (sandbox: Sandbox) => ({
  name: sandbox.name,
  origin: sandbox.origin,
  now: sandbox.clock.now().toISOString(),
  population: sandbox.population,
});

/** @param root the address of the new sandbox */
export const createdView = (sandbox: Sandbox, root: string, agencies: readonly AgencyName[]) => ({
  ...sandboxView(sandbox),
  urls: { desk: root, ...Object.fromEntries(agencies.map((agency) => [agency, `${root}/${agency}`])) },
});

export const snapshotView = ([name, { clock }]: readonly [string, SandboxState]) => ({
  name,
  at: new Date(clock.now).toISOString(),
});

export const windowView = ({ agency, opens, closes, next }: ReturnType<typeof readWindow>) => ({
  agency,
  opens,
  closes,
  next_opening: next?.opens.toISOString(),
  next_closing: next?.closes.toISOString(),
});

export const clockView = ({ clock }: Sandbox) => ({
  now: clock.now().toISOString(),
  running: clock.running,
  upcoming: clock
    .upcoming()
    .slice(0, UPCOMING_SHOWN)
    .map(({ at, agency, event, subject }) => ({
      at: new Date(at).toISOString(),
      agency,
      event,
      subject,
    })),
  recent: clock.recent(),
});

export const faultView = (fault: Fault) => ({
  id: fault.id,
  preset: fault.preset,
  layer: fault.layer,
  phase: fault.phase,
  kind: fault.kind,
  agency: fault.agency,
  operation: fault.operation,
  nth: fault.nth,
  probability: fault.probability,
  seen: fault.seen,
  remaining: fault.remaining,
  expires_at: fault.expiresAt,
});

export const caseView = (view: CaseView) => ({
  agency: view.agency,
  id: view.id,
  serial: view.serial,
  receipt: view.receipt,
  operation: view.operation,
  unit: view.unit,
  person: view.person,
  state: view.state,
  submitted_at: view.submittedAt,
  updated_at: view.updatedAt,
  allowed: view.allowed,
  fields: fieldsOf(view.operation),
  scenario: view.scenario,
  rule: view.rule,
  detail: view.detail,
});

export const membershipView = (row: Membership) => ({
  uscc: row.uscc,
  employment: {
    state: row.employment.state,
    since: row.employment.since,
    ended_on: row.employment.endedOn,
    reason: row.employment.reason,
  },
  enrolments: row.enrolments,
  registration: row.registration,
});

export const disputeView = ({ idNumber, uscc }: Dispute) => ({ id_number: idNumber, uscc });

export const exchangeView = (entry: Exchange) => ({
  id: entry.id,
  agency: entry.agency,
  at: entry.at,
  operation: entry.operation,
  outcome: entry.outcome,
  status: entry.response?.status,
  stages: entry.stages,
  faults: entry.faults,
  rule: entry.rule,
  scenario: entry.scenario,
  code: entry.code,
  error: entry.error,
});

/** As POST /faults takes it; what a preset says anyway is left to the preset. JSON leaves out what is undefined. */
function faultInputView(fault: Fault) {
  const preset: Partial<FaultEffect> = fault.preset === undefined ? {} : PRESETS[fault.preset];
  const effect = ['status', 'body', 'headers', 'retryAfterSeconds', 'delayMs'] as const;
  const named = fault.preset !== undefined && effect.every((key) => fault[key] === preset[key]);
  const usual: Partial<Fault> = { remaining: 1, nth: 1, probability: 1, ...(named ? preset : {}) };
  const told = <K extends keyof Fault>(key: K) => (fault[key] === usual[key] ? undefined : fault[key]);
  const spelled = {
    phase: fault.phase,
    kind: fault.kind,
    status: fault.status,
    body: fault.body,
    headers: fault.headers,
    retry_after: fault.retryAfterSeconds,
    delay_ms: fault.delayMs,
  };
  return {
    fault: named ? fault.preset : spelled,
    agency: fault.agency,
    operation: fault.operation,
    times: told('remaining'),
    nth: told('nth'),
    probability: told('probability'),
    code: told('code'),
    field: told('field'),
    reason: told('reason'),
    due: fault.due,
  };
}

/** With the bytes, as text for reading and as base64 for certainty. */
export const exchangeDetail = (entry: Exchange) => ({
  ...exchangeView(entry),
  armed_faults: entry.armed.map(faultInputView),
  request: {
    method: entry.request.method,
    path: entry.request.path,
    headers: entry.request.headers,
    text: entry.request.body.toString('utf8'),
    base64: entry.request.body.toString('base64'),
  },
  response: entry.response && {
    status: entry.response.status,
    headers: entry.response.headers,
    text: replyBytes(entry.response).toString('utf8'),
    base64: replyBytes(entry.response).toString('base64'),
  },
});

export const armedView = (row: Armed) => ({
  id: row.id,
  scenario: row.scenario,
  remaining: row.remaining,
  operation: row.operation,
  uscc: row.uscc,
  id_number: row.idNumber,
});

export const scenarioView = (scenario: Scenario) => ({
  code: scenario.code,
  agency: scenario.agency,
  magic: scenario.magic,
  magic_number: magicNumber(scenario),
  proves: scenario.proves,
  operations: scenario.operations,
  guards: (scenario.guards ?? []).map(({ name, says }) => ({ name, says })),
  steps: stepsOf(scenario),
  example: scenario.example,
});

export const profileView = ({ director }: Sandbox) => ({
  ...director.profile(),
  profiles: director.profiles.map(({ name, says }) => ({ name, says })),
});

/** As the settings of a connection have it. */
export const sm2View = ({ clientId, privateKey, publicKey, bodyKey, agencyPublicKey }: Sm2Client) => ({
  client_id: clientId,
  private_key: privateKey,
  public_key: publicKey,
  body_key: bodyKey,
  agency_public_key: agencyPublicKey,
});
