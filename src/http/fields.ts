/** Fields that several schemas share. Their error messages name faults of the catalogue. */
import { z } from 'zod';
import { isBusinessDate } from '../domain/dates.ts';
import { checkUscc } from '../domain/identifiers.ts';
import { isRegion } from '../domain/regions.ts';
import type { FaultCode } from '../faults.ts';
import { ID_PREFIXES, type IdKind } from '../ids.ts';

/** A schema's way to name a fault. */
export const fault = (code: FaultCode) => `fault:${code}`;

/** PostgreSQL keeps no NUL, and JSON no lone surrogate; no business text needs other control characters. */
const LINE = /^[^\p{Cc}\p{Cs}]*$/u;
const LINES = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;

const clean = (allowed: RegExp) => (value: string) => allowed.test(value);

/** One line, trimmed. */
export const line = (maximum: number) =>
  z.string().trim().min(1).max(maximum).refine(clean(LINE), fault('text_characters'));
/** Lines may break. */
export const text = (maximum: number) =>
  z.string().trim().min(1).max(maximum).refine(clean(LINES), fault('text_characters'));

export const externalId = line(100);

export const date = z
  .string()
  .refine(isBusinessDate, fault('date_invalid'))
  .meta({ format: 'date', examples: ['2026-11-25'] });

export const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, fault('month_invalid'))
  .meta({ examples: ['2026-11'] });

export const money = z
  .string()
  .regex(/^(0|[1-9]\d{0,11})\.\d{2}$/, fault('money_invalid'))
  .meta({ description: 'Yuan with two decimals', examples: ['200000.00'] });

export const uscc = z
  .string()
  .trim()
  .toUpperCase()
  .superRefine((value, context) => {
    const result = checkUscc(value);
    if (!result.ok && result.fault !== 'birth_date')
      context.addIssue({ code: 'custom', message: fault(`uscc_${result.fault}`) });
  })
  .meta({ description: 'Unified social credit code (GB 32100)', examples: ['91110105MA001234X4'] });

export const region = z
  .string()
  .refine(isRegion, fault('region_unknown'))
  .meta({ description: 'GB/T 2260, where the person works', examples: ['110000'] });

export const instant = z.iso.datetime();

/** 128 bits in Crockford's base 32; a delivery's id adds six characters of its endpoint's. */
const BASE32 = '[0-9a-hjkmnp-tv-z]{26}';
const MORE: Partial<Record<IdKind, string>> = { delivery: '[0-9a-hjkmnp-tv-z]{6}' };
export const idPattern = (kind: IdKind) => new RegExp(`^${ID_PREFIXES[kind]}_${BASE32}${MORE[kind] ?? ''}$`);
/** An id of ours. */
export const id = (kind: IdKind) => z.string().regex(idPattern(kind), fault('value_invalid'));
