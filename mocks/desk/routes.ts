// The control API as one written table: the router, the input checks and /openapi.json are all made from it.
import { CONTROL_ROUTES } from './control-routes.ts';
import type { Route } from './route.ts';
import { WORK_ROUTES } from './work-routes.ts';

export const ROUTES: readonly Route[] = [...CONTROL_ROUTES, ...WORK_ROUTES];
