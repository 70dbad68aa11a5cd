/** PATCH /v1/exits/{id}, and POST /v1/exits sent again with other facts: both amend the exit that is there. */
import { z } from 'zod';
import { type AmendFault, type Amendment, amend } from '../domain/amend.ts';
import type { ExitFacts, Person } from '../domain/facts.ts';
import { type Profile, withOwnGates } from '../domain/profile.ts';
import { EXIT_REASONS, type ExitReason } from '../domain/words.ts';
import { faultAt } from '../faults.ts';
import { newId, newSerial } from '../ids.ts';
import { type Problem, problem } from '../problem.ts';
import type { StoredExit } from '../store/exits.ts';
import type { Caller } from './auth.ts';
import { changeExit, exitId, loadExit } from './change.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { invalid } from './errors.ts';
import { exitExample } from './examples.ts';
import {
  contract,
  type ExitDraft,
  exitDraftSchema,
  factsOf,
  items,
  itemsOf,
  nonCompete,
  personOf,
  phone,
} from './exit-draft.ts';
import { ExitView, presentExit, type Shown } from './exit-view.ts';
import { presentWarnings, warningsOf } from './exit-warnings.ts';
import { date, fault, line, month, name, text } from './fields.ts';
import type { HttpParts } from './parts.ts';
import { timeOf } from './time.ts';
import { check, inBody } from './validate.ts';

const AmendmentDraft = z
  .strictObject({
    reason: z.enum(EXIT_REASONS).optional(),
    notice_date: date.optional(),
    last_attendance_date: date.optional(),
    exit_date: date.optional(),
    insurance_end_month: month.optional(),
    employee: z
      .strictObject({
        name: name(100).optional(),
        phone: phone.optional(),
        address: line(300).optional(),
        post: line(100).optional(),
        contract: contract.optional(),
      })
      .optional(),
    non_compete: nonCompete.nullable().optional(),
    disputes: items.disputes.optional(),
    handover: items.handover.optional(),
    finance_items: items.finance_items.optional(),
    amended_by: z
      .strictObject({ actor: line(200), note: text(2000).optional() })
      .optional()
      .meta({ description: 'Who answers for it; needed to change the reason once filing has begun' }),
  })
  .superRefine(({ amended_by: _by, employee, ...changes }, context) => {
    // A misspelt field is fault enough: it was meant to change something.
    if (context.issues.length > 0) return;
    const named = Object.values({ ...changes, ...employee }).some((value) => value !== undefined);
    if (!named) context.addIssue({ code: 'custom', message: fault('amended_nothing') });
  })
  .meta({ id: 'AmendmentDraft' });
type AmendmentDraft = z.output<typeof AmendmentDraft>;

export function amendmentEndpoints(parts: HttpParts): readonly Endpoint[] {
  const { profiles } = parts;
  const whole = exitDraftSchema(profiles.names);
  return [
    endpoint({
      method: 'patch',
      path: '/v1/exits/{id}',
      name: 'amendExit',
      tag: 'Exits',
      summary: 'Amend an exit: other dates, reason or facts',
      description:
        'Before a filing is sent, the plan changes. Afterwards each filing is amended, withdrawn and filed anew, or given to a person, as its agency allows; the event exit.amended says which. Items are added or reworded; only a clearance settles one. What is left out stays; the last day of attendance and the insurance month follow the exit date where they were its own.',
      scope: 'exits:write',
      id: exitId,
      body: AmendmentDraft,
      bodyExample: {
        exit_date: '2026-12-05',
        amended_by: { actor: '人力资源部 赵某', note: '双方协商延后' },
      },
      answer: ExitView,
      answerExample: { ...exitExample, exit_date: '2026-12-05' },
      status: 200,
      problems: ['exit_not_found', 'exit_cancelled', 'reason_needs_actor', 'busy'],
      handler: async ({ id, body, caller, language }) => {
        const { amended_by: by, ...changes } = body;
        const shown = await amendExit(parts, id, caller, (stored) => merged(stored, changes, whole), by);
        const warnings = warningsOf(merged(shown, {}, whole), await timeOf(parts, caller));
        return { ...presentExit(shown, language), warnings: presentWarnings(warnings, language) };
      },
    }),
  ];
}

/** @throws Problem when exits under the profile do not have such a reason. */
export function checkReason({ name: profile, reasons }: Profile, reason: ExitReason): void {
  if (reasons === undefined || reasons.includes(reason)) return;
  throw invalid('body_invalid', [
    faultAt('/reason', 'reason_not_of_profile', { profile, reasons: reasons.join(', ') }),
  ]);
}

/**
 * @param drafted the exit as HR would post it now: made anew of what is there whenever somebody else was faster, so that
 *   what they changed stays.
 * @param by who answers for it; absent: the HR system of its own accord. @throws Problem
 */
export async function amendExit(
  parts: HttpParts,
  id: string,
  caller: Caller,
  drafted: (stored: StoredExit) => ExitDraft,
  by?: { readonly actor: string; readonly note?: string | undefined },
): Promise<Shown> {
  const { profile: name } = (await loadExit(parts, id, caller)).exit.facts;
  const own = await parts.store.ownGates.rulesFor(caller.orgId, caller.sandbox, name);
  const decide = (stored: StoredExit, now: Date) => {
    const { exit } = stored;
    const draft = drafted(stored);
    const amendment: Amendment = {
      facts: factsOf(draft),
      person: personOf(draft),
      items: itemsOf(draft),
      ...(by === undefined ? {} : { actor: by.actor }),
      ...(by?.note === undefined ? {} : { note: by.note }),
    };
    const version = parts.profiles.version(exit.facts.profile, exit.profileVersion);
    const profile = version === undefined ? undefined : withOwnGates(version, own);
    if (profile !== undefined && draft.reason !== exit.facts.reason) checkReason(profile, draft.reason);
    const change = amend(exit, stored.secret(), amendment, {
      now,
      newSerial: () => newSerial(now),
      newGateId: () => newId('gate', now),
      reachOf: parts.reachOf,
      distances: parts.distances,
      clockWork: parts.clockWork,
      rules: profile?.gates ?? [],
      clocksOf: (kind) => profile?.filings.find((each) => each.kind === kind)?.clocks ?? [],
      personFieldsOf: (adapter) => parts.manifests.get(adapter)?.personFields ?? [],
    });
    if (typeof change === 'string' || 'fault' in change) throw refusal(change, exit.id, exit.facts.reason);
    return change;
  };
  return changeExit(parts, id, caller, decide, { guarded: true });
}

function refusal(reason: AmendFault, exit_id: string, was: string): Problem {
  if (typeof reason === 'object' && reason.fault === 'too_many')
    return invalid('body_invalid', [faultAt(reason.pointer, 'list_too_long', { maximum: reason.most })]);
  if (typeof reason === 'object')
    return problem('exit_fixed', { pointer: reason.pointer, exit_id }, { members: { exit_id } });
  if (reason === 'reason_needs_actor')
    return problem('reason_needs_actor', { exit_id, reason: was }, { members: { exit_id } });
  return problem('exit_cancelled', {});
}

/** The exit as HR would now post it. @throws Problem when its fields no longer fit each other. */
function merged(
  stored: Pick<StoredExit, 'exit' | 'secret'>,
  { employee, ...changes }: Omit<AmendmentDraft, 'amended_by'>,
  whole: ReturnType<typeof exitDraftSchema>,
): ExitDraft {
  const { facts } = stored.exit;
  const { person } = stored.secret();
  const before = draftOf(facts, person);
  const moves = changes.exit_date !== undefined;
  const { non_compete = before.non_compete, ...rest } = changes;
  const draft = {
    ...before,
    // Where they were the exit date's own, they follow it.
    ...(moves && facts.lastAttendanceDate === facts.exitDate ? { last_attendance_date: undefined } : {}),
    ...(moves && facts.insuranceEndMonth === facts.exitDate.slice(0, 7)
      ? { insurance_end_month: undefined }
      : {}),
    ...rest,
    employee: { ...before.employee, ...employee },
    ...(non_compete === null || non_compete === undefined ? { non_compete: undefined } : { non_compete }),
  };
  const checked = check(whole, JSON.parse(JSON.stringify(draft)), inBody);
  if (!checked.ok) throw invalid('body_invalid', checked.faults, checked.more);
  return checked.value;
}

/** What was posted, without the items: those that are not named again stay. */
function draftOf(facts: ExitFacts, person: Person) {
  return {
    external_id: facts.externalId,
    profile: facts.profile,
    reason: facts.reason,
    employer: facts.employer,
    employee: {
      external_id: facts.employeeExternalId,
      ...person,
      post: facts.post,
      contract: facts.contract,
    },
    notice_date: facts.noticeDate,
    last_attendance_date: facts.lastAttendanceDate,
    exit_date: facts.exitDate,
    insurance_end_month: facts.insuranceEndMonth,
    non_compete: facts.nonCompete,
  };
}
