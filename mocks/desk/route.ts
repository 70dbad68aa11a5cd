// What the desk sees of the whole, and what an entry in the tables of its control API looks like.

import type { Hosting } from '../hosting.ts';
import type { AgencyName, Call } from '../kernel/agency.ts';
import { alike } from '../kernel/nearest.ts';
import type { Sandbox, SandboxState } from '../kernel/sandbox.ts';
import type { Stream } from '../kernel/strike.ts';
import { DeskError } from './problem.ts';
import type { Schema } from './schemas.ts';

/** What the desk sees of the whole. */
export interface House {
  readonly names: readonly AgencyName[];
  /** The sandbox of that name, created when there is none. Throws RangeError. */
  open(name: string, over?: { seed?: string; start?: Date; frozen?: boolean }): Sandbox;
  /** A new sandbox that goes on from `state` with the CA of `sandbox`. Throws RangeError. */
  fork(sandbox: Sandbox, name: string, state: SandboxState): Sandbox;
  /** Who may come in. In public, what only makes sense on one's own machine is refused. */
  readonly hosting: Hosting;
  find(name: string): Sandbox | undefined;
  list(): Sandbox[];
  drop(name: string): boolean;
}

export interface Visit {
  readonly house: House;
  readonly sandbox: Sandbox;
  readonly call: Call;
  /** Addresses of this sandbox. */
  readonly base: string;
  /** Where the desk and the agencies of the default sandbox listen, each on a port of its own. */
  readonly urls: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{name}` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly input?: Schema;
  readonly output: Schema;
  readonly status: number;
  /** In public: `everybody` may use it, the `operator` alone; default whoever has the sandbox's admin token. */
  readonly access?: 'everybody' | 'operator';
  /** `body` has passed `input`. */
  run(visit: Visit, body: never): unknown;
}

/** Answers with server-sent events, whose data is `output`. */
export interface StreamRoute extends Omit<Route, 'run'> {
  stream(visit: Visit): Stream;
}

/** Of a house or of a sandbox: both know which agencies run. Throws AGENCY_UNKNOWN. */
export function agencyOf({ names }: Pick<House, 'names'>, name: string | undefined): AgencyName {
  const found = names.find((agency) => agency === name);
  if (found) return found;
  const meant = alike(name ?? '', names);
  throw new DeskError(404, 'AGENCY_UNKNOWN', {
    en: `agencies: ${names.join(', ')}${meant === undefined ? '' : `; nearest: ${meant}`}`,
    zh: `没有该机构；可用机构：${names.join('、')}${meant === undefined ? '' : `；最接近的是 ${meant}`}`,
  });
}
