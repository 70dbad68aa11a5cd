// The control API as one written table: the router, the input checks and /openapi.json are all made from it.
import { CALLBACK_ROUTES } from './callback-routes.ts';
import { CLOCK_ROUTES } from './clock-routes.ts';
import { CONTROL_ROUTES } from './control-routes.ts';
import { EVIDENCE_ROUTES } from './evidence-routes.ts';
import { EXAM_ROUTES } from './exam-routes.ts';
import { OVERVIEW_ROUTES } from './overview-routes.ts';
import type { Route, StreamRoute } from './route.ts';
import { SANDBOX_ROUTES } from './sandbox-routes.ts';
import { SCENARIO_ROUTES } from './scenario-routes.ts';
import { WORK_ROUTES } from './work-routes.ts';

export const ROUTES: readonly (Route | StreamRoute)[] = [
  ...SANDBOX_ROUTES,
  ...CLOCK_ROUTES,
  ...SCENARIO_ROUTES,
  ...CONTROL_ROUTES,
  ...WORK_ROUTES,
  ...EVIDENCE_ROUTES,
  ...OVERVIEW_ROUTES,
  ...EXAM_ROUTES,
  ...CALLBACK_ROUTES,
];
