/** The conformance suite: `exitgate/adapters/conformance`. */
export { makeCall, type RecordedCall } from './call.ts';
export { CHECK_NAMES, CHECKS, type CheckName, type FaultName, type Subject, type Trial } from './checks.ts';
export { type Conformance, descriptionFaults, skipsOf, type WithoutAgency } from './description.ts';
export { openSandbox, type RemoteSandbox } from './desk.ts';
export { type Line, openLine, type Said, type Spoil } from './line.ts';
export { makeFilingOrder, UNIT } from './order.ts';
export { type Result, runCheck, runSuite } from './run.ts';
export { type Sandbox, type Staged, type Stand, stage } from './stand.ts';
