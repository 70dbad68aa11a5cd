// The desk's errors: RFC 9457 with a code and one sentence, in the language that was asked for.
import { STATUS_CODES } from 'node:http';
import type { Reply } from '../kernel/agency.ts';
import { inLanguage, type Language } from '../kernel/language.ts';
import type { Sentence } from '../kernel/scenario.ts';

export function problem(
  status: number,
  code: string,
  said: Sentence,
  language: Language,
  extra: Record<string, unknown> = {},
): Reply {
  const body = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail: inLanguage(said, language),
    ...extra,
  };
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'content-language': language,
      vary: 'accept-language',
    },
    body: JSON.stringify(body),
  };
}

/** Thrown inside a desk route; becomes a problem. Its message is the English sentence. */
export class DeskError extends Error {
  readonly status: number;
  readonly code: string;
  readonly said: Sentence;
  /** In both languages where it has words: `errors[].message`. */
  readonly extra: (language: Language) => Record<string, unknown>;
  constructor(
    status: number,
    code: string,
    said: Sentence,
    extra: Record<string, unknown> | ((language: Language) => Record<string, unknown>) = {},
  ) {
    super(said.en);
    this.status = status;
    this.code = code;
    this.said = said;
    this.extra = typeof extra === 'function' ? extra : () => extra;
  }
}
