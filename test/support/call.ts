/** A `Call` as the worker would make it, which remembers what was kept and logged. */
export { makeCall, type RecordedCall } from '../../adapters/conformance/call.ts';
