/** Tools from outside (xmlsec1, openssl): their tests are skipped where they are not installed, except where CI demands them. */
import { spawnSync } from 'node:child_process';
import type { Context } from 'mocha';

/** Skips the test with a reason, or fails it when EXITGATE_REQUIRE_TOOLS is set. */
export function requireTool(name: string, context: Context): void {
  if (!spawnSync(name, ['--version']).error) return;
  if (process.env.EXITGATE_REQUIRE_TOOLS)
    throw new Error(`${name} is not installed, and EXITGATE_REQUIRE_TOOLS is set`);
  // In a hook, the test that it prepares.
  const test = context.currentTest ?? context.test;
  if (test) test.title += ` (skipped: ${name} is not installed)`;
  context.skip();
}
