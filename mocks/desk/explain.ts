// What ajv found wrong, for people: with the words that are allowed, and without an error for each branch not taken.
import type { ErrorObject } from 'ajv/dist/2020.js';

export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** ajv must be `verbose`: a choice that has a description is explained by it. */
export function explain(errors: readonly ErrorObject[]): Fault[] {
  const choice = errors.find(({ keyword }) => keyword === 'oneOf');
  const description: unknown = choice?.parentSchema?.description;
  if (choice && typeof description === 'string')
    return [{ pointer: choice.instancePath, message: `must be ${description}` }];
  const said = errors.filter((error) => error !== choice);
  // A branch of another type says nothing about what was meant.
  const meant = said.filter(
    ({ keyword, instancePath, data }) =>
      instancePath !== choice?.instancePath ||
      (keyword !== 'type' && (keyword !== 'enum' || typeof data === 'string')),
  );
  return (meant.length > 0 ? meant : said).map((error) => ({
    pointer: error.instancePath,
    message: messageOf(error),
  }));
}

function messageOf({ keyword, message = 'is wrong', params }: ErrorObject): string {
  if (keyword === 'enum') return `must be one of ${(params.allowedValues as readonly string[]).join(', ')}`;
  if (keyword === 'additionalProperties') return `must not have ${params.additionalProperty}`;
  return message;
}
