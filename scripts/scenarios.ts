// `npm run scenarios`: writes the page of the mock agencies' scenarios from their registry.
import { writeFileSync } from 'node:fs';
import { page } from '../mocks/scenarios/document.ts';

writeFileSync(new URL('../mocks/scenarios/README.md', import.meta.url), page());
