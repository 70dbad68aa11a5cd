#!/usr/bin/env node
// In a checkout the sources run as they are, through tsx; in the published package there is only dist.
import { existsSync } from 'node:fs';

const source = new URL('../src/cli/index.ts', import.meta.url);
if (existsSync(source)) {
  const { register } = await import('tsx/esm/api');
  register();
  await import(source.href);
} else {
  await import('../dist/src/cli/index.js');
}
