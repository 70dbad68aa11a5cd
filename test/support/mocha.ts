/**
 * What mocha loads before any test. The servers that tests share live in mocha's own process and start when first asked
 * for, so that a run of unit tests alone starts nothing, and workers of a parallel run share them.
 */
import { sawTest } from './seen.ts';
import { type SharedServers, startSharedServers } from './shared-servers.ts';

let shared: SharedServers | undefined;

export async function mochaGlobalSetup(): Promise<void> {
  shared = await startSharedServers();
  process.env.EXITGATE_TEST_SHARED = String(shared.port);
}

export async function mochaGlobalTeardown(): Promise<void> {
  await shared?.stop();
}

export const mochaHooks: Mocha.RootHookObject = {
  beforeEach(this: Mocha.Context) {
    if (this.currentTest !== undefined) sawTest(this.currentTest);
  },
};
