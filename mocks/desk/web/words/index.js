import { CODES } from './codes.js';
import { PAGE } from './page.js';
import { TOOLS } from './tools.js';
import { WORK } from './work.js';

export const WORDS = { ...PAGE, ...WORK, ...TOOLS, ...CODES };
