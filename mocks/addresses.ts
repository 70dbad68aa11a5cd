// Where the agencies that run are found.
import { AGENCIES } from './agencies.ts';
import type { AgencyName, OwnAgency } from './kernel/agency.ts';

/** Of the desk and of each agency that runs; to read that of an agency of ours which does not throws TypeError. */
export type Urls = Readonly<Record<'desk' | OwnAgency, string>> & Readonly<Record<string, string>>;

/** Those of a sandbox, all under the desk's port. */
export const under = (desk: string, { names, name }: { names: readonly AgencyName[]; name: string }): Urls =>
  addresses(
    `${desk}/s/${name}`,
    names.map((agency) => [agency, `${desk}/s/${name}/${agency}`]),
  );

/** An agency of ours that does not run has no address, and who asks for it learns so: '' would be taken for the desk. */
export function addresses(desk: string, running: readonly (readonly [AgencyName, string])[]): Urls {
  const urls = { desk, ...Object.fromEntries(running) };
  for (const { name } of AGENCIES)
    if (!Object.hasOwn(urls, name))
      Object.defineProperty(urls, name, {
        get() {
          throw new TypeError(
            `the agency ${name} does not run here; those that do: ${running.map(([each]) => each).join(', ')}`,
          );
        },
      });
  return Object.freeze(urls) as Urls; // every own name is there, as an address or as what throws
}
