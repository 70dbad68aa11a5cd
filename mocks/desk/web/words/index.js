import { CODES } from './codes.js';
import { DOOR } from './door.js';
import { PAGE } from './page.js';
import { TOOLS } from './tools.js';
import { WORK } from './work.js';

export const WORDS = { ...DOOR, ...PAGE, ...WORK, ...TOOLS, ...CODES };
