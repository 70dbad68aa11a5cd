// The written list of agencies, in the order of their ports.
import { credit } from './credit/index.ts';
import { insurance } from './insurance/index.ts';
import { insuranceSm2 } from './insurance-sm2/index.ts';
import type { Agency, AgencyName } from './kernel/agency.ts';
import { labor } from './labor/index.ts';

export const AGENCIES: readonly Agency[] = [labor, insurance, credit, insuranceSm2];
export const AGENCY_NAMES: readonly AgencyName[] = AGENCIES.map(({ name }) => name);
