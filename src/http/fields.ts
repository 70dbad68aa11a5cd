/** Fields that several schemas share. Their error messages name faults of the catalogue. */
import { z } from 'zod';
import { areaOf } from '../domain/connections.ts';
import { isBusinessDate } from '../domain/dates.ts';
import { checkUscc } from '../domain/identifiers.ts';
import { isRegion } from '../domain/regions.ts';
import type { FaultCode } from '../faults.ts';
import { ID_PREFIXES, type IdKind } from '../ids.ts';

/** A schema's way to name a fault. */
export const fault = (code: FaultCode) => `fault:${code}`;

/**
 * PostgreSQL keeps no NUL, JSON no lone surrogate, XML no noncharacter; no business text needs other control
 * characters. What is not seen (zero width, direction marks) makes two names look like one.
 */
const LINE = /^[^\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]*$/u;
const LINES = /^(?:[^\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]|[\n\r\t])*$/u;
const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}]/u;

const clean = (allowed: RegExp) => (value: string) => allowed.test(value);
/** One fault of a field is enough: what follows is not looked at. */
const last = (code: FaultCode) => ({ error: fault(code), abort: true });

/** One line, trimmed. */
export const line = (maximum: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maximum)
    .refine(clean(LINE), last('text_characters'))
    .refine((value) => !UNSEEN.test(value), last('text_unseen'));
/** What somebody is called. */
export const name = (maximum: number) =>
  line(maximum).refine((value) => value === '' || /\p{L}/u.test(value), fault('name_letters'));
/** Lines may break. */
export const text = (maximum: number) =>
  z.string().trim().min(1).max(maximum).refine(clean(LINES), fault('text_characters'));

export const externalId = line(100);

export const sha256 = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f]{64}$/, fault('sha256_invalid'));

/** Inclusive. Beyond them a year is mistyped, and some deadline would have five digits. */
const FIRST_DATE = '1900-01-01';
const LAST_DATE = '2199-12-31';

export const date = z
  .string()
  .refine(isBusinessDate, last('date_invalid'))
  .refine((value) => value >= FIRST_DATE && value <= LAST_DATE, fault('date_out_of_range'))
  .meta({ format: 'date', examples: ['2026-11-25'] });

export const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, last('month_invalid'))
  .refine(
    (value) => value >= FIRST_DATE.slice(0, 7) && value <= LAST_DATE.slice(0, 7),
    fault('month_out_of_range'),
  )
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
    if (!result.ok) context.addIssue({ code: 'custom', message: fault(`uscc_${result.fault}`) });
  })
  .meta({ description: 'Unified social credit code (GB 32100)', examples: ['91110105MA001234X4'] });

export const region = z
  .string()
  .refine(isRegion, fault('region_unknown'))
  .meta({ description: 'GB/T 2260, where the person works', examples: ['110000'] });

/** A GB/T 2260 code or the prefix of many; what has zero pairs at its end is kept without them. */
export const area = (code: FaultCode) =>
  z
    .string()
    .refine((value) => isRegion(value.padEnd(6, '0')) && value.length % 2 === 0, fault(code))
    .transform(areaOf);

export const instant = z.iso.datetime();
/** What comes in and is kept as a time. */
/** A time as somebody gives it, with any offset from UTC; read as UTC. */
export const instantGiven = z.iso
  .datetime({ offset: true, error: fault('instant_invalid'), abort: true })
  .refine((value) => !Number.isNaN(Date.parse(value)), last('instant_invalid'))
  .transform((value) => new Date(value).toISOString())
  .refine((value) => value >= FIRST_DATE && value.slice(0, 10) <= LAST_DATE, fault('date_out_of_range'))
  .meta({ format: 'date-time', examples: ['2026-11-25T22:00:00+08:00'] });

/** 128 bits in Crockford's base 32; a delivery's id adds six characters of its endpoint's. */
const BASE32 = '[0-9a-hjkmnp-tv-z]{26}';
const MORE: Partial<Record<IdKind, string>> = { delivery: '[0-9a-hjkmnp-tv-z]{6}' };
export const idPattern = (kind: IdKind) => new RegExp(`^${ID_PREFIXES[kind]}_${BASE32}${MORE[kind] ?? ''}$`);
/** An id of ours. */
export const id = (kind: IdKind) => z.string().regex(idPattern(kind), fault('value_invalid'));
