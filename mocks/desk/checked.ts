// Input against its schema, for the desk's routes and for the handle in process: both say the same.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { inLanguage } from '../kernel/language.ts';
import { explain } from './explain.ts';
import { DeskError } from './problem.ts';
import type { Schema } from './schemas.ts';

const ajv = new Ajv2020({
  allErrors: false,
  strict: true,
  strictTypes: false,
  discriminator: false,
  verbose: true,
});
ajv.addVocabulary(['x-zh']);
const compiled = new WeakMap<Schema, ValidateFunction>();

/**
 * Throws DeskError INPUT_INVALID.
 * @param where what the sentence calls the input: `body`, or in process the name of the call
 */
export function requireInput(schema: Schema, value: unknown, where = 'body'): void {
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  if (validate(value)) return;
  const errors = explain(validate.errors ?? []);
  throw new DeskError(
    400,
    'INPUT_INVALID',
    {
      en: errors.map(({ pointer, said }) => `${where}${pointer} ${said.en}`).join(', '),
      zh: errors.map(({ pointer, said }) => `${where}${pointer} ${said.zh}`).join('；'),
    },
    (language) => ({
      errors: errors.map(({ pointer, said }) => ({ pointer, message: inLanguage(said, language) })),
    }),
  );
}
