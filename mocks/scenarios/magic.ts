// Magic ID numbers: synthetic people whose number names what happens to them.
import { residentId } from '../kernel/identifiers.ts';
import { MAGIC_REGION, type Scenario } from '../kernel/scenario.ts';

/** One of them. Others differ in the day of birth and in the digit before the two; any valid ones will do. */
export const magicNumber = ({ magic }: Scenario): string => residentId(MAGIC_REGION, '19900101', magic);
